// Two frozen versions of a report beside each other, item by item, with what differs marked.

import { useState } from 'preact/hooks';
import { useResource } from '../lib/resource';
import type { FrozenReport, ReportItem, ReportModel } from '../lib/types';
import { errorText, tOr, tx } from '../lib/ui';
import { say } from '../words/accident';
import { cellText } from './reports';
import { Dialog, ErrorBox, Field } from './ui';
import './accident.css';

/** What an item says, as one text. */
function text(item: ReportItem | undefined): string {
  if (!item) return '';
  if (item.columns)
    return (item.rows ?? []).map((row) => row.map((cell, i) => cellText(cell, item.columns?.[i]?.type ?? 'text')).join(' ・ ')).join('\n');
  const said = cellText(item.value, item.type);
  return said === '—' ? '' : `${said}${item.unit ? ` ${tx(item.unit)}` : ''}`;
}

interface Line {
  id: string;
  label: string;
  left: string;
  right: string;
}
export function lines(left: ReportModel, right: ReportModel): Line[] {
  const of = (model: ReportModel) => new Map(model.sections.flatMap((s) => s.items).map((item) => [item.id, item]));
  const [a, b] = [of(left), of(right)];
  return [...new Set([...a.keys(), ...b.keys()])].map((id) => ({
    id,
    label: tx((b.get(id) ?? a.get(id))!.label),
    left: text(a.get(id)),
    right: text(b.get(id)),
  }));
}

interface ChoiceProps {
  label: string;
  name: string;
  value: number;
  reports: FrozenReport[];
  set: (number: number) => void;
}
function Choice({ label, name, value, reports, set }: ChoiceProps) {
  return (
    <Field label={label}>
      {(p) => (
        <select {...p} name={name} value={value} onChange={(e) => set(Number((e.target as HTMLSelectElement).value))}>
          {reports.map((r) => (
            <option key={r.number} value={r.number}>
              {tx(r.name)} {tOr(`kind.${r.kind}`, r.kind)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface SideBySideProps {
  /** Of what is reported: …/reports/1.json. */
  path: string;
  reports: FrozenReport[];
  close: () => void;
}
export function SideBySide({ path, reports: frozen, close }: SideBySideProps) {
  const reports = [...frozen].sort((a, b) => a.number - b.number);
  const last = reports[reports.length - 1]!;
  const before = [...reports].reverse().find((r) => r.number < last.number && r.kind === last.kind) ?? reports[0]!;
  const [left, setLeft] = useState(before.number);
  const [right, setRight] = useState(last.number);
  const [only, setOnly] = useState(true);
  const a = useResource<ReportModel>(`${path}/reports/${left}.json`);
  const b = useResource<ReportModel>(`${path}/reports/${right}.json`);
  const error = a.error ?? b.error;
  const all = a.value && b.value ? lines(a.value, b.value) : [];
  const shown = only ? all.filter((l) => l.left !== l.right) : all;
  const name = (number: number) => tx(reports.find((r) => r.number === number)?.name);
  return (
    <Dialog wide title={say('reports.compare')} onClose={close}>
      <div class="row">
        <Choice label={say('reports.left')} name="left" value={left} reports={reports} set={setLeft} />
        <Choice label={say('reports.right')} name="right" value={right} reports={reports} set={setRight} />
      </div>
      <label class="check">
        <input type="checkbox" name="only-changed" checked={only} onChange={() => setOnly(!only)} />
        {say('reports.changed')}
      </label>
      {error !== null && <ErrorBox text={errorText(error)} />}
      {a.value && b.value && shown.length === 0 && <p>{say('reports.same')}</p>}
      {shown.length > 0 && (
        <div class="scroll tall" tabIndex={0} role="region" aria-label={say('reports.compare')}>
          <table class="data side-by-side">
            <thead>
              <tr>
                <th scope="col">{say('reports.item')}</th>
                <th scope="col">{name(left)}</th>
                <th scope="col">{name(right)}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((line) => {
                const differs = line.left !== line.right;
                return (
                  <tr key={line.id} class={differs ? 'differs' : ''} data-item={line.id}>
                    <th scope="row">
                      {line.label} {differs && !only && <span class="badge">{say('reports.differs')}</span>}
                    </th>
                    <td>{differs ? <del>{line.left || '—'}</del> : line.left || '—'}</td>
                    <td>{differs ? <ins>{line.right || '—'}</ins> : line.right || '—'}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}
