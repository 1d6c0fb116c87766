// The course of an accident as a picture: what happened on the hours, the criteria's moments, and the days of the
// reports below. Everything in it stands as text beside it, so that the picture may be one image to a screen reader.

import { useEffect, useRef, useState } from 'preact/hooks';
import { people } from '../lib/i18n';
import { lang, now } from '../lib/store';
import { instant, minute, shortDate } from '../lib/time';
import { dues, events, limits, rows } from '../lib/timeline';
import type { Accident } from '../lib/types';
import { tx } from '../lib/ui';
import { say } from '../words/accident';
import './accident.css';

const LEFT = 8;
const ROW = 17;
const width = (text: string) => [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e7f ? 12.5 : 7), 0);

interface Placed {
  x: number;
  from: number;
  kind: string;
  text: string;
  row: number;
}
/** Labels right of their mark; as far to the left as the edge asks for. */
function place(marks: { ms: number; kind: string; text: string }[], x: (ms: number) => number, right: number): Placed[] {
  const boxes = marks.map((m) => {
    const w = width(m.text) + 6;
    const at = x(m.ms);
    return { at, from: Math.max(LEFT, Math.min(at + 4, right - w)), width: w, kind: m.kind, text: m.text };
  });
  const order = boxes.map((_, i) => i).sort((a, b) => boxes[a]!.from - boxes[b]!.from);
  const row = rows(order.map((i) => ({ x: boxes[i]!.from, width: boxes[i]!.width })));
  const placed: Placed[] = [];
  order.forEach((i, n) => (placed[i] = { x: boxes[i]!.at, from: boxes[i]!.from, kind: boxes[i]!.kind, text: boxes[i]!.text, row: row[n]! }));
  return placed;
}

function Flags({ marks, base }: { marks: Placed[]; base: number }) {
  return (
    <>
      {marks.map((m, i) => {
        const y = base + 16 + m.row * ROW;
        return (
          <g key={`${m.kind}-${i}`} class={`time-mark ${m.kind}`}>
            <line x1={m.x} x2={m.x} y1={base - 9} y2={y - 3} />
            <circle cx={m.x} cy={base} r="4" />
            <text x={m.from} y={y}>
              {m.text}
            </text>
          </g>
        );
      })}
    </>
  );
}

export function Timeline({ accident }: { accident: Accident }) {
  const box = useRef<HTMLDivElement>(null);
  const [w, setW] = useState(640);
  useEffect(() => {
    const watch = new ResizeObserver(() => box.current && setW(Math.max(280, box.current.clientWidth)));
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const right = w - LEFT;
  const start = instant(accident.started_at);
  const end = accident.recovered_at ? instant(accident.recovered_at) : now.value;
  const near = limits(accident, now.value).filter((l) => l.ms - start <= Math.max(2.2 * (end - start), 2 * 3600_000));
  const span = Math.max(end - start, ...near.map((l) => l.ms - start), 60_000) * 1.06;
  const x = (ms: number) => LEFT + (Math.max(0, Math.min(span, ms - start)) / span) * (right - LEFT);
  const happened = events(accident).filter((e) => e.ms <= start + span);
  const hours = [
    ...happened.map((e) => ({ ...e, text: `${say(`time.${e.kind}` as 'time.occurred')} ${minute(e.ms)}` })),
    ...near.map((l) => ({ ...l, kind: `limit ${l.phase}`, text: `${say('time.limit', { hours: l.hours, users: people(l.users, lang.value) })} ${minute(l.ms)}` })),
  ].sort((a, b) => a.ms - b.ms);
  const flags = place(hours, x, right);
  const rows1 = Math.max(0, ...flags.map((f) => f.row)) + 1;
  const due = dues(accident);
  const from = start - (start % 86400_000);
  const until = Math.max(now.value, ...due.map((d) => d.ms)) + 86400_000;
  const xd = (ms: number) => LEFT + ((Math.max(from, Math.min(until, ms)) - from) / (until - from)) * (right - LEFT);
  const days = [
    { ms: start, kind: 'occurred', text: `${say('time.occurred')} ${shortDate(start, lang.value)}` },
    ...(now.value > start + 43200_000 ? [{ ms: now.value, kind: 'now', text: say('time.now') }] : []),
    ...due.map((d) => ({
      ...d,
      text: `${say(d.kind === 'safe' ? 'time.safe' : 'time.due', { name: tx(d.name) })} ${shortDate(d.ms - 1, lang.value)}`,
    })),
  ];
  const dayFlags = place(days, xd, right);
  const base1 = 30;
  const base2 = base1 + rows1 * ROW + 62;
  const rows2 = Math.max(0, ...dayFlags.map((f) => f.row)) + 1;
  const height = due.length > 0 ? base2 + rows2 * ROW + 14 : base1 + rows1 * ROW + 14;
  return (
    <div class="timeline" ref={box}>
      <svg width={w} height={height} viewBox={`0 0 ${w} ${height}`} role="img" aria-label={say('time.picture')} data-rows={rows1}>
        <text class="time-head" x={LEFT} y="13">
          {say('time.hours')}
        </text>
        <line class="time-axis" x1={LEFT} x2={right} y1={base1} y2={base1} />
        <line class={`time-outage ${accident.outcome}`} x1={x(start)} x2={x(end)} y1={base1} y2={base1} />
        <Flags marks={flags} base={base1} />
        {due.length > 0 && (
          <>
            <text class="time-head" x={LEFT} y={base2 - 17}>
              {say('time.days')}
            </text>
            <line class="time-axis" x1={LEFT} x2={right} y1={base2} y2={base2} />
            <line class="time-passed" x1={xd(start)} x2={xd(now.value)} y1={base2} y2={base2} />
            <Flags marks={dayFlags} base={base2} />
          </>
        )}
      </svg>
    </div>
  );
}
