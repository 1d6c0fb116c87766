// A synthetic outage in the shapes of docs/api.md, for working on the page without a server and for its unit
// tests. Nothing here is data of a real carrier, and nothing here is judged: numbers follow a fixed script.

const START = Date.parse('2026-11-23T13:00:00+09:00');
const HOUR = 3600_000;
export const jst = (ms) => new Date(ms + 9 * HOUR).toISOString().slice(0, 19) + '+09:00';
const day = (ms) => jst(ms).slice(0, 10);

export const SERVICES = [
  { id: 'voice-emergency', name: { ja: '緊急通報を取り扱う音声', en: 'Voice with emergency calls' } },
  { id: 'internet-access', name: { ja: 'インターネット接続', en: 'Internet access' } },
  { id: 'lpwa', name: { ja: 'LPWA', en: 'LPWA' } },
  { id: 'mail-messaging-free', name: { ja: '無料の電子メール・メッセージ', en: 'Free mail and messaging' } },
];
const RULES = {
  'voice-emergency': [[1, 30000]],
  'internet-access': [[2, 30000], [1, 100000]],
  lpwa: [[12, 30000], [2, 1000000]],
  'mail-messaging-free': [[4, 100000], [2, 1000000]],
};
const NAMES = '北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県'.split(' ');
const ENGLISH = 'Hokkaido Aomori Iwate Miyagi Akita Yamagata Fukushima Ibaraki Tochigi Gunma Saitama Chiba Tokyo Kanagawa Niigata Toyama Ishikawa Fukui Yamanashi Nagano Gifu Shizuoka Aichi Mie Shiga Kyoto Osaka Hyogo Nara Wakayama Tottori Shimane Okayama Hiroshima Yamaguchi Tokushima Kagawa Ehime Kochi Fukuoka Saga Nagasaki Kumamoto Oita Miyazaki Kagoshima Okinawa'.split(' ');

// Users of one accident and service at an instant: grows by steps, falls when it recovers.
const SCRIPT = [
  {
    id: 'A2026-0003', title: '東京西部の集約ノード停止による通信障害', from: 0, to: null, detected: 40, known: 180,
    prefectures: ['13', '14', '19'], causes: [{ id: 'agg-tyo-w-02', name: '立川集約ノード2号', kind: 'aggregation', prefecture: '13' }],
    down: (m) => (m < 20 ? 24 : 137),
    users: { 'voice-emergency': (m) => (m < 20 ? 21400 : 48210), 'internet-access': (m) => (m < 20 ? 38700 : m < 35 ? 86300 : 124530) },
    grown: { 'voice-emergency': 20, 'internet-access': [0, 35] },
  },
  {
    id: 'A2026-0004', title: '長野県北部の局舎停電', from: 47, to: null, detected: 20, known: 300,
    prefectures: ['20'], causes: [{ id: 'bld-nag-117', name: '長野北局', kind: 'building', prefecture: '20' }],
    down: () => 9,
    users: { 'internet-access': () => 4120, lpwa: () => 310 }, grown: {},
  },
  {
    id: 'A2026-0002', title: '福岡市内の加入者収容装置の故障', from: -150, to: 15, detected: 60, known: 400,
    prefectures: ['40'], causes: [{ id: 'olt-fuk-031', name: '博多OLT31号', kind: 'access', prefecture: '40' }],
    down: () => 0,
    users: { 'internet-access': () => 31850 }, grown: {},
  },
];

function branchOf([hours, need], startMs, grownMs, users, endMs) {
  const met = users >= need;
  const timeAt = startMs + hours * HOUR;
  const at = met ? Math.max(timeAt, grownMs ?? startMs) : null;
  const reached = at !== null && (endMs === null || at <= endMs);
  return { hours, users: need, time_met_at: jst(timeAt), users_met: met, users_short: Math.max(0, need - users), at: reached ? at : null };
}

function accidentAt(script, nowMs) {
  const startMs = START + script.from * 60_000;
  if (nowMs < startMs + script.detected * 1000) return null;
  const endMs = script.to === null ? null : START + script.to * 60_000;
  const over = endMs !== null && nowMs >= endMs;
  const minutes = ((over ? endMs : nowMs) - START) / 60_000;
  let serious = null;
  const services = Object.entries(script.users).map(([service, users]) => {
    const n = users(minutes);
    const branches = RULES[service].map((rule, i) => {
      const grown = script.grown[service];
      const grownAt = grown === undefined ? null : START + (Array.isArray(grown) ? grown[i] : grown) * 60_000;
      const b = branchOf(rule, startMs, grownAt, n, over ? endMs : null);
      const { at, ...rest } = b;
      if (at !== null && at <= nowMs) serious = Math.min(serious ?? at, at);
      const elapsed = ((over ? endMs : nowMs) - startMs) / 1000;
      return { ...rest, serious_at: at === null ? null : jst(at), remaining_s: at === null ? null : Math.max(0, (at - nowMs) / 1000), progress: Math.min(1, elapsed / (rule[0] * 3600), n / rule[1]) };
    });
    const isSerious = branches.some((b) => b.serious_at && Date.parse(b.serious_at) <= nowMs);
    const outcome = isSerious ? 'serious' : n >= 30000 ? 'periodic-detailed' : 'not-reportable';
    return {
      service, name: SERVICES.find((s) => s.id === service).name, chosen: 'ever', users: n, outcome,
      article: isSerious ? '施行規則58条2項' : '報告規則7条の3',
      why: isSerious ? ['利用者数と継続時間の両方が基準に達した'] : ['継続時間または利用者数が基準に満たない'],
      counts: { concurrent: over ? 0 : Math.round(n * 0.94), peak: Math.round(n * 0.97), ever: n, at_least: { minutes: 30, users: Math.round(n * 0.8) }, under_failed: Math.round(n * 1.2), estimate: null },
      branches,
    };
  });
  const rank = ['serious', 'periodic-detailed', 'periodic-simplified', 'not-reportable'];
  const outcome = rank.find((o) => services.some((s) => s.outcome === o));
  const due = (n) => day(startMs + n * 24 * HOUR);
  const deadlines = outcome === 'serious'
    ? [
        { accident: script.id, kind: 'serious-initial', name: { ja: '第一報', en: 'First report' }, form: null, due: null, due_safe: null, level: 'soon', done: false },
        { accident: script.id, kind: 'serious-detailed', name: { ja: '詳細報告(30日)', en: 'Detailed report (30 days)' }, form: '様式第50の3', due: due(30), due_safe: due(29), level: 'ok', done: false },
      ]
    : outcome === 'periodic-detailed'
      ? [{ accident: script.id, kind: 'periodic-detailed', name: { ja: '定期報告(詳細)', en: 'Periodic report (detailed)' }, form: '様式第27', due: '2027-05-31', due_safe: null, level: 'ok', done: false }]
      : [];
  return {
    id: script.id, version: 3, title: script.title, state: over ? 'recovered' : outcome === 'serious' ? 'confirmed' : 'suspected', origin: 'engine',
    started_at: jst(startMs), detected_at: jst(startMs + script.detected * 1000), known_at: jst(startMs + script.known * 1000),
    recovered_at: over ? jst(endMs) : null, closed_at: null, duration_s: Math.round(((over ? endMs : nowMs) - startMs) / 1000),
    causes: script.causes, prefectures: script.prefectures, down: over ? 0 : script.down(minutes), outcome,
    article: services[0].article, law: '2026-04-01', services, serious_at: serious === null ? null : jst(serious), deadlines,
  };
}

export function boardAt(nowMs, seq = 1, speed = 1, empty = false) {
  const rank = { serious: 0, 'periodic-detailed': 1, 'not-reportable': 2 };
  const accidents = empty ? [] : SCRIPT.map((s) => accidentAt(s, nowMs)).filter(Boolean)
    .sort((a, b) => Number(Boolean(a.recovered_at)) - Number(Boolean(b.recovered_at)) || rank[a.outcome] - rank[b.outcome]);
  const affectedAt = (ms) => {
    const sum = {};
    if (empty) return sum;
    for (const s of SCRIPT) {
      const from = START + s.from * 60_000;
      const to = s.to === null ? Infinity : START + s.to * 60_000;
      if (ms < from || ms >= to) continue;
      for (const [id, f] of Object.entries(s.users)) sum[id] = (sum[id] ?? 0) + Math.round(f((ms - START) / 60_000) * 0.94);
    }
    return sum;
  };
  const affected = affectedAt(nowMs);
  const services = Object.fromEntries(SERVICES.map(({ id }) => [id, []]));
  const from = Math.floor(nowMs / 30_000) * 30_000 - 239 * 30_000;
  for (let i = 0; i < 240; i++) {
    const at = affectedAt(from + i * 30_000);
    for (const { id } of SERVICES) services[id].push(at[id] ?? 0);
  }
  const spread = { 13: 0.55, 14: 0.3, 19: 0.15 };
  const prefectures = NAMES.map((ja, i) => {
    const code = String(i + 1).padStart(2, '0');
    const users = Object.fromEntries(SERVICES.map(({ id }, k) => [id, Math.round((40000 + ((i * 7919) % 90000)) / (k + 1))]));
    const here = {};
    let down = 0;
    for (const a of accidents) {
      if (a.recovered_at || !a.prefectures.includes(code)) continue;
      const part = a.prefectures.length > 1 ? spread[Number(code)] : 1;
      down += Math.round(a.down * part);
      for (const s of a.services) here[s.service] = Math.round(s.counts.concurrent * part);
    }
    return { code, name: { ja, en: ENGLISH[i] }, down, affected: here, users };
  });
  return {
    seq, now: jst(nowMs), carrier: '架空モバイル株式会社', demo: true, synthetic: true, speed, law: '2026-04-01',
    network: { facilities: 12847, down: accidents.reduce((n, a) => n + a.down, 0), alarms: 214, affected, users: { 'voice-emergency': 4200000, 'internet-access': 5100000, lpwa: 180000, 'mail-messaging-free': 900000 }, lost_sources: [] },
    services: SERVICES, prefectures, accidents, series: { from: jst(from), step_s: 30, services },
    deadlines: accidents.flatMap((a) => a.deadlines),
  };
}

// The whole record of an accident of the script; `edits` are what the page has changed in this process.
export function wholeAt(id, nowMs, edits = {}) {
  const summary = boardAt(nowMs).accidents.find((a) => a.id === id);
  if (!summary) return null;
  const entry = (at, kind, ja, en) => ({ at, kind, text: { ja, en } });
  const timeline = [
    entry(summary.started_at, 'occurred', '発生', 'Occurred'),
    entry(summary.detected_at, 'detected', '警報で検知', 'Detected by alarm'),
    entry(summary.known_at, 'known', '担当者が認知', 'Known to the operator'),
  ];
  if (summary.serious_at) timeline.push(entry(summary.serious_at, 'classified', '重大な事故に該当', 'Became a serious accident'));
  if (summary.recovered_at) timeline.push(entry(summary.recovered_at, 'recovered', '復旧', 'Recovered'));
  return {
    ...summary, place: '立川ビル(東京都立川市)', summary: '', cause: '', measures: '', prevention: '', user_notice: '', contact: '',
    fault: 'telecom-equipment', equipment: 'other', timeline,
    history: [{ version: 1, at: summary.detected_at, who: 'engine', action: 'open', text: { ja: '警報から登録', en: 'Opened from alarms' } }],
    reports: [], merged_into: null, split_from: null, undo: null, ...edits,
  };
}
