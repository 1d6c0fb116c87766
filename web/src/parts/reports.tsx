// Drafts, what the check finds in them, and the frozen versions with their files and differences.

import { useState } from 'preact/hooks';
import { accidentPath, ApiError, get, post } from '../lib/api';
import { kanjiNumber, number } from '../lib/i18n';
import { lang } from '../lib/store';
import type { Accident, Cell, Change, Draft, Finding, FrozenReport, ReportItem } from '../lib/types';
import { durationText, errorText, fullWhen, t, tOr, tx } from '../lib/ui';
import { say } from '../words/accident';
import { SideBySide } from './side-by-side';
import { say as common } from '../words/common';
import { Differences } from './diff';
import { Dialog, ErrorBox, Field } from './ui';

const KINDS = ['serious-initial', 'serious-detailed'] as const;
const FORMATS = ['pdf', 'xlsx', 'csv', 'json'] as const;

export function cellText(cell: Cell | undefined, type: string): string {
  if (cell === null || cell === undefined || cell === '') return '—';
  if (typeof cell === 'object') return tx(cell);
  if (typeof cell === 'number') return type === 'duration' ? durationText(cell) : number(cell);
  if (type === 'time') return fullWhen(cell);
  return cell;
}

function Item({ item }: { item: ReportItem }) {
  return (
    <div class="draft-item">
      <dt>
        {tx(item.label)}
        {item.required && item.required !== 'never' && (
          <span class="required">{tOr(`stage.${item.required}`, item.required)}</span>
        )}
      </dt>
      <dd>
        {item.columns ? (
          <div class="scroll" tabIndex={0} role="region" aria-label={tx(item.label)}>
            <table class="data">
              <thead>
                <tr>
                  {item.columns.map((c) => (
                    <th key={c.id} scope="col" class={typeof item.rows?.[0]?.[0] === 'number' ? 'num' : ''}>
                      {tx(c.label)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {(item.rows ?? []).slice(0, 50).map((row, i) => (
                  <tr key={i}>
                    {row.map((cell, j) => (
                      <td key={j} class={typeof cell === 'number' ? 'num' : ''}>
                        {cellText(cell, item.columns?.[j]?.type ?? 'text')}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : (
          <>
            {cellText(item.value, item.type)}
            {item.unit && item.value !== null && ` ${tx(item.unit)}`}
          </>
        )}
      </dd>
    </div>
  );
}

export function Lint({ findings }: { findings: Finding[] }) {
  if (findings.length === 0) return <p class="notice notice-good">{t('report.lint.none')}</p>;
  const errors = findings.filter((f) => f.level === 'error').length;
  return (
    <div class={`notice ${errors > 0 ? 'notice-error' : 'notice-warn'}`}>
      <p>
        {[
          errors > 0 ? t('report.lint.errors', { n: errors }) : '',
          findings.length > errors ? t('report.lint.warnings', { n: findings.length - errors }) : '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <ul class="lint">
        {findings.map((f, i) => (
          <li key={i} class={f.level}>
            <b>{t(f.level === 'error' ? 'report.lint.error' : 'report.lint.warning')}</b> {tx(f.text)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is reported, as far as drafts and frozen versions go: an accident, a near miss, a leak, a periodic list. */
export interface Reportable {
  /** Where its frozen files are: …/reports/1.pdf, …/reports/1/diff/2. */
  path: string;
  kinds: readonly { kind: string; name: string }[];
  reports: FrozenReport[];
  draft: (kind: string) => Promise<Draft>;
  freeze: (body: { kind: string; final: boolean; override?: string }) => Promise<unknown>;
  /** Typed before freezing, where a version closes something for others too. */
  confirmName?: string;
}
/** An accident or a case: reports lie below the record, and are frozen from the version on the screen. */
export function recordReports(path: string, version: number) {
  return {
    path,
    draft: (kind: string) => get<Draft>(`${path}/reports/${kind}/draft`),
    freeze: (body: object) => post(`${path}/reports`, { ...body, version }),
  };
}
export const accidentReports = (accident: Accident): Reportable => ({
  ...recordReports(accidentPath(accident.id), accident.version),
  kinds: KINDS.map((kind) => ({ kind, name: t(`kind.${kind}`) })),
  reports: accident.reports,
});

interface DraftDialogProps {
  of: Reportable;
  draft: Draft;
  onFrozen: () => void;
  onClose: () => void;
}
function DraftDialog({ of, draft, onFrozen, onClose }: DraftDialogProps) {
  const [findings, setFindings] = useState(draft.lint);
  const [reason, setReason] = useState('');
  const [final, setFinal] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [misnamed, setMisnamed] = useState(false);
  const errors = findings.some((f) => f.level === 'error');
  const warnings = findings.some((f) => f.level === 'warning');
  const freeze = async () => {
    if (warnings && !reason.trim()) return setMissing(t('report.freeze.reason.error'));
    setMissing(null);
    if (of.confirmName !== undefined && typed.normalize('NFKC').trim() !== of.confirmName) return setMisnamed(true);
    try {
      await of.freeze({ kind: draft.kind, final, ...(warnings ? { override: reason } : {}) });
      onFrozen();
    } catch (e) {
      const lint = e instanceof ApiError ? (e.body as { lint?: Finding[] } | null)?.lint : undefined;
      if (lint) setFindings(lint);
      setError(errorText(e));
    }
  };
  return (
    <Dialog
      wide
      title={`${t('report.draft.title')}: ${tx(draft.model.form.title)}`}
      onClose={onClose}
      actions={
        <button type="button" class="button" data-action="freeze" disabled={errors} onClick={() => void freeze()}>
          {final ? t('report.freeze.last') : t('report.freeze', { n: lang.value === 'ja' ? kanjiNumber(draft.next_number) : draft.next_number })}
        </button>
      }
    >
      {error && <ErrorBox text={error} />}
      <Lint findings={findings} />
      {draft.model.form.lead && <p class="quiet">{tx(draft.model.form.lead)}</p>}
      {draft.model.sections.map((section) => (
        <section key={section.id} class="draft-section">
          <h3>{tx(section.title)}</h3>
          <dl>
            {section.items.map((item) => (
              <Item key={item.id} item={item} />
            ))}
          </dl>
        </section>
      ))}
      {draft.model.form.statement && <p class="quiet">{tx(draft.model.form.statement)}</p>}
      <p>{t('report.freeze.body')}</p>
      <label class="check">
        <input type="checkbox" name="final" checked={final} onChange={() => setFinal(!final)} />
        {t('report.final')}
      </label>
      {warnings && !errors && (
        <Field label={t('report.freeze.reason')} error={missing}>
          {(p) => (
            <input {...p} name="override" value={reason} onInput={(e) => setReason((e.target as HTMLInputElement).value)} />
          )}
        </Field>
      )}
      {of.confirmName !== undefined && !errors && (
        <Field
          label={common('confirm.type', { name: of.confirmName })}
          error={misnamed ? common('confirm.differs', { name: of.confirmName }) : null}
        >
          {(p) => (
            <input
              {...p}
              name="confirm-name"
              autoComplete="off"
              value={typed}
              onInput={(e) => (setTyped((e.target as HTMLInputElement).value), setMisnamed(false))}
            />
          )}
        </Field>
      )}
    </Dialog>
  );
}

interface DiffDialogProps {
  from: FrozenReport;
  to: FrozenReport;
  changes: Change[];
  close: () => void;
}
function DiffDialog({ from, to, changes, close }: DiffDialogProps) {
  return (
    <Dialog wide title={t('report.diff.title', { from: tx(from.name), to: tx(to.name) })} onClose={close}>
      <Differences
        changes={changes.map((c) => ({ id: c.item, label: tx(c.label), from: tx(c.from), to: tx(c.to) }))}
        from={tx(from.name)}
        to={tx(to.name)}
      />
    </Dialog>
  );
}

export function Reports({ of, reload }: { of: Reportable; reload: () => void }) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [diff, setDiff] = useState<{ from: FrozenReport; to: FrozenReport; changes: Change[] } | null>(null);
  const [comparing, setComparing] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const look = async (kind: string) => {
    setError(null);
    try {
      setDraft(await of.draft(kind));
    } catch (e) {
      setError(errorText(e));
    }
  };
  const compare = async (from: FrozenReport, to: FrozenReport) => {
    setError(null);
    try {
      const path = `${of.path}/reports/${from.number}/diff/${to.number}`;
      setDiff({ from, to, changes: (await get<{ changes: Change[] }>(path)).changes });
    } catch (e) {
      setError(errorText(e));
    }
  };
  const before = (r: FrozenReport) =>
    of.reports.filter((o) => o.kind === r.kind && o.number < r.number).sort((a, b) => b.number - a.number)[0];
  return (
    <>
      {error && <ErrorBox text={error} />}
      <div class="draft-buttons" role="group" aria-label={t('report.draft')}>
        {of.kinds.map(({ kind, name }) => (
          <button key={kind} type="button" class="button secondary small" data-draft={kind} onClick={() => void look(kind)}>
            {t('report.draft')}: {name}
          </button>
        ))}
      </div>
      <h3 class="sub">{t('report.frozen')}</h3>
      {of.reports.length > 1 && (
        <p>
          <button type="button" class="button secondary small" data-action="side-by-side" onClick={() => setComparing(true)}>
            {say('reports.compare')}
          </button>
        </p>
      )}
      {of.reports.length === 0 && <p class="quiet">{t('report.frozen.none')}</p>}
      <ul class="frozen">
        {of.reports.map((r) => {
          const last = before(r);
          return (
            <li key={r.number}>
              <p>
                <b>{tx(r.name)}</b> <span class="quiet">{of.kinds.find((k) => k.kind === r.kind)?.name ?? tOr(`kind.${r.kind}`, r.kind)}</span>
              </p>
              <p class="quiet">
                {t('report.frozen.at', { time: fullWhen(r.frozen_at) })} {r.by}
              </p>
              <p class="files">
                {FORMATS.map((format) => (
                  <a
                    key={format}
                    href={`${of.path}/reports/${r.number}.${format}`}
                    download
                    aria-label={t('report.download', { name: tx(r.name), format: format.toUpperCase() })}
                  >
                    {format.toUpperCase()}
                  </a>
                ))}
                {last && (
                  <button type="button" class="tool" onClick={() => void compare(last, r)}>
                    {t('report.diff')}
                  </button>
                )}
              </p>
              <details class="fold">
                <summary>{t('report.sha')}</summary>
                <code class="sha">{r.sha256}</code>
              </details>
            </li>
          );
        })}
      </ul>
      {draft && (
        <DraftDialog
          of={of}
          draft={draft}
          onClose={() => setDraft(null)}
          onFrozen={() => {
            setDraft(null);
            reload();
          }}
        />
      )}
      {comparing && <SideBySide path={of.path} reports={of.reports} close={() => setComparing(false)} />}
      {diff && <DiffDialog {...diff} close={() => setDiff(null)} />}
    </>
  );
}
