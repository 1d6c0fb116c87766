// Periodic lists (定期報告, 報告規則7条の3): a quarter or a fiscal year by the law of the day, what it would say now,
// what speaks against it, and its frozen versions.

import { useMemo, useState } from 'preact/hooks';
import { get, post } from '../lib/api';
import { number } from '../lib/i18n';
import { periods, type Period } from '../lib/period';
import { useResource } from '../lib/resource';
import { now } from '../lib/store';
import { day } from '../lib/time';
import type { Draft, FrozenReport, ReportItem } from '../lib/types';
import { dateText, errorText, t, tx } from '../lib/ui';
import { cellText, Lint, Reports } from '../parts/reports';
import { Downloads } from '../parts/save';
import { fixedRows, Table } from '../parts/table';
import { Empty, ErrorBox, Field, Panel } from '../parts/ui';
import { say } from '../words/periodic';

type Form = 'detailed' | 'simplified';
interface Versions {
  id: string;
  kind: string;
  version: number;
  reports: FrozenReport[];
}
const OLDEST = 2019;
const WIDE: Record<string, number> = { time: 2.4, text: 2 };
const nameOf = (p: Period) => (p.quarter === null ? say('year', { year: p.year }) : say('quarter', { year: p.year, q: p.quarter }));

function Rows({ item, label }: { item: ReportItem; label: string }) {
  const rows = item.rows ?? [];
  const columns = item.columns ?? [];
  if (rows.length === 0)
    return (
      <Empty title={say('rows.none')}>
        <p>{say('rows.none.how')}</p>
      </Empty>
    );
  return (
    <>
      <p class="quiet">{say('rows', { n: number(rows.length) })}</p>
      <Table
        label={label}
        columns={columns.map((c, i) => ({
          id: c.id,
          label: tx(c.label),
          num: typeof rows[0]?.[i] === 'number',
          share: WIDE[c.type] ?? 1,
          cell: (row: (typeof rows)[number]) => cellText(row[i], c.type),
        }))}
        rows={fixedRows(rows)}
        keyOf={(row) => JSON.stringify(row.slice(0, 4))}
      />
    </>
  );
}

function List({ period, form, versions, reload }: { period: Period; form: Form; versions: Versions; reload: () => void }) {
  const draft = useResource<Draft>(`/api/v1/periodic/${versions.id}/draft`);
  const table = draft.value?.model.sections.flatMap((s) => s.items).find((item) => item.columns);
  const query = `from=${period.from}&to=${period.to}&form=${form}`;
  const again = () => (draft.reload(), reload());
  return (
    <>
      <div class="detail-main">
        <Panel title={say('preview')} aside={<span class="card-id">{versions.id}</span>}>
          <p class="quiet">{say('days', { from: dateText(day(period.from)), to: dateText(day(period.to)) })}</p>
          {draft.error !== null && <ErrorBox text={errorText(draft.error)} onRetry={draft.reload} />}
          {table && <Rows item={table} label={say('list', { name: versions.id })} />}
          <p class="row">
            {say('as-is')}{' '}
            <Downloads
              name={versions.id}
              files={['pdf', 'xlsx', 'csv', 'json'].map((format) => ({ format, href: `/api/v1/periodic?${query}&format=${format}` }))}
            />
          </p>
        </Panel>
      </div>
      <div class="detail-side">
        <Panel title={say('lint')}>{draft.value && <Lint findings={draft.value.lint} />}</Panel>
        <Panel title={say('frozen')}>
          <p class="quiet">{say('freeze.lead')}</p>
          <Reports
            of={{
              path: `/api/v1/periodic/${versions.id}`,
              kinds: [{ kind: versions.kind, name: versions.id }],
              reports: versions.reports,
              draft: () => get<Draft>(`/api/v1/periodic/${versions.id}/draft`),
              freeze: ({ final, override }) =>
                post('/api/v1/periodic', {
                  from: period.from,
                  to: period.to,
                  form,
                  final,
                  version: versions.version,
                  ...(override ? { override } : {}),
                }),
              confirmName: versions.id,
            }}
            reload={again}
          />
        </Panel>
      </div>
    </>
  );
}

export default function Periodic() {
  const list = useMemo(() => periods(now.peek(), OLDEST), []);
  const [chosen, setChosen] = useState(0);
  const [form, setForm] = useState<Form>('detailed');
  const period = list[chosen]!;
  const read = useResource<Versions>(`/api/v1/periodic/versions?from=${period.from}&to=${period.to}&form=${form}`);
  const versions = read.value?.kind === `periodic-${form}` ? read.value : null;
  return (
    <div class="page detail">
      <header class="detail-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <p class="quiet">{say('lead')}</p>
        <div class="row">
          <Field label={say('period')}>
            {(p) => (
              <select {...p} name="period" value={chosen} onChange={(e) => setChosen(Number((e.target as HTMLSelectElement).value))}>
                {list.map((x, i) => (
                  <option key={x.from} value={i}>
                    {nameOf(x)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={say('form')}>
            {(p) => (
              <select {...p} name="form" value={form} onChange={(e) => setForm((e.target as HTMLSelectElement).value as Form)}>
                <option value="detailed">{say('form.detailed')}</option>
                <option value="simplified">{say('form.simplified')}</option>
              </select>
            )}
          </Field>
        </div>
      </header>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {versions ? (
        <List key={versions.id} period={period} form={form} versions={versions} reload={read.reload} />
      ) : (
        read.error === null && <p class="loading">{t('common.loading')}</p>
      )}
    </div>
  );
}
