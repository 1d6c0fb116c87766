// Japan as tiles: each prefecture is a square of the same size, so that Tokyo (small, many users) reads as
// well as Hokkaidō on a phone and across a room. Places drawn by hand for this program; codes are JIS X 0401.

export interface Tile {
  code: string;
  x: number;
  y: number;
  w: number;
  h: number;
  ja: string;
  en: string;
}

const ROWS: [code: string, x: number, y: number, ja: string, en: string, w?: number, h?: number][] = [
  ['01', 11, 0, '北海道', 'HKD', 2, 2],
  ['02', 11, 2, '青森', 'AOM'],
  ['05', 10, 3, '秋田', 'AKT'],
  ['03', 11, 3, '岩手', 'IWT'],
  ['06', 10, 4, '山形', 'YGT'],
  ['04', 11, 4, '宮城', 'MYG'],
  ['17', 8, 4, '石川', 'ISK'],
  ['18', 8, 5, '福井', 'FKI'],
  ['16', 9, 5, '富山', 'TYM'],
  ['15', 10, 5, '新潟', 'NGT'],
  ['07', 11, 5, '福島', 'FKS'],
  ['32', 3, 6, '島根', 'SMN'],
  ['31', 4, 6, '鳥取', 'TTR'],
  ['28', 5, 6, '兵庫', 'HYG'],
  ['26', 6, 6, '京都', 'KYT'],
  ['25', 7, 6, '滋賀', 'SIG'],
  ['21', 8, 6, '岐阜', 'GIF'],
  ['20', 9, 6, '長野', 'NGN'],
  ['10', 10, 6, '群馬', 'GNM'],
  ['09', 11, 6, '栃木', 'TCG'],
  ['08', 12, 6, '茨城', 'IBR'],
  ['35', 2, 7, '山口', 'YGC'],
  ['34', 3, 7, '広島', 'HRS'],
  ['33', 4, 7, '岡山', 'OKY'],
  ['27', 6, 7, '大阪', 'OSK'],
  ['29', 7, 7, '奈良', 'NAR'],
  ['23', 8, 7, '愛知', 'AIC'],
  ['19', 9, 7, '山梨', 'YMN'],
  ['11', 10, 7, '埼玉', 'STM'],
  ['13', 11, 7, '東京', 'TKY'],
  ['12', 12, 7, '千葉', 'CHB'],
  ['41', 0, 8, '佐賀', 'SAG'],
  ['40', 1, 8, '福岡', 'FKO'],
  ['44', 2, 8, '大分', 'OIT'],
  ['30', 6, 8, '和歌山', 'WKY'],
  ['24', 7, 8, '三重', 'MIE'],
  ['22', 9, 8, '静岡', 'SZO', 2],
  ['14', 11, 8, '神奈川', 'KNG'],
  ['42', 0, 9, '長崎', 'NGS'],
  ['43', 1, 9, '熊本', 'KUM'],
  ['45', 2, 9, '宮崎', 'MYZ'],
  ['38', 4, 9, '愛媛', 'EHM'],
  ['37', 5, 9, '香川', 'KGW'],
  ['46', 1, 10, '鹿児島', 'KGS'],
  ['39', 4, 10, '高知', 'KOC'],
  ['36', 5, 10, '徳島', 'TKS'],
  ['47', 0, 11, '沖縄', 'OKN'],
];
export const TILES: Tile[] = ROWS.map(([code, x, y, ja, en, w = 1, h = 1]) => ({ code, x, y, ja, en, w, h }));
export const COLUMNS = 13;
export const LINES = 12;

// The worst share over the services: a prefecture with all voice lost is red though data still runs.
export function share(affected: Record<string, number>, users: Record<string, number>): number {
  let worst = 0;
  for (const [service, n] of Object.entries(affected)) {
    const all = users[service] ?? 0;
    if (n > 0) worst = Math.max(worst, all > 0 ? Math.min(1, n / all) : 1);
  }
  return worst;
}
export const STEPS = [0.01, 0.05, 0.2, 0.5] as const;
// 0 no impact, 1 below 1 %, … 5 half or more
export function shareLevel(fraction: number): number {
  if (fraction <= 0) return 0;
  return 1 + STEPS.filter((step) => fraction >= step).length;
}
export function largest(counts: Record<string, number>): number {
  return Math.max(0, ...Object.values(counts));
}
