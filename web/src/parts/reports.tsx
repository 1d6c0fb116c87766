// Drafts, what the check finds in them, and the frozen versions with their files and differences.

import { useState } from 'preact/hooks';
import { accidentPath, ApiError, get, post } from '../lib/api';
import { kanjiNumber, number } from '../lib/i18n';
import { lang } from '../lib/store';
import type { Accident, Cell, Change, Draft, Finding, FrozenReport, ReportItem } from '../lib/types';
import { durationText, errorText, fullWhen, t, tOr, tx } from '../lib/ui';
import { say } from '../words/accident';
import { SideBySide } from './side-by-side';
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

function Lint({ findings }: { findings: Finding[] }) {
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

interface DraftDialogProps {
  accident: Accident;
  draft: Draft;
  onFrozen: () => void;
  onClose: () => void;
}
function DraftDialog({ accident, draft, onFrozen, onClose }: DraftDialogProps) {
  const [findings, setFindings] = useState(draft.lint);
  const [reason, setReason] = useState('');
  const [final, setFinal] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const errors = findings.some((f) => f.level === 'error');
  const warnings = findings.some((f) => f.level === 'warning');
  const freeze = async () => {
    if (warnings && !reason.trim()) return setMissing(t('report.freeze.reason.error'));
    setMissing(null);
    try {
      const body = { kind: draft.kind, version: accident.version, final, ...(warnings ? { override: reason } : {}) };
      await post(`${accidentPath(accident.id)}/reports`, body);
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
    </Dialog>
  );
}

function DiffDialog(props: { accident: Accident; from: FrozenReport; to: FrozenReport; changes: Change[]; close: () => void }) {
  const { from, to, changes, close } = props;
  return (
    <Dialog wide title={t('report.diff.title', { from: tx(from.name), to: tx(to.name) })} onClose={close}>
      {changes.length === 0 ? (
        <p>{t('report.diff.none')}</p>
      ) : (
        <table class="data diff">
          <thead>
            <tr>
              <th scope="col">{t('report.diff.item')}</th>
              <th scope="col">{t('report.diff.from')}</th>
              <th scope="col">{t('report.diff.to')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((c) => (
              <tr key={c.item}>
                <th scope="row">{tx(c.label)}</th>
                <td>{c.from === null ? '—' : <del>{tx(c.from)}</del>}</td>
                <td>{c.to === null ? '—' : <ins>{tx(c.to)}</ins>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

export function Reports({ accident, reload }: { accident: Accident; reload: () => void }) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [diff, setDiff] = useState<{ from: FrozenReport; to: FrozenReport; changes: Change[] } | null>(null);
  const [comparing, setComparing] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const look = async (kind: string) => {
    setError(null);
    try {
      setDraft(await get<Draft>(`${accidentPath(accident.id)}/reports/${kind}/draft`));
    } catch (e) {
      setError(errorText(e));
    }
  };
  const compare = async (from: FrozenReport, to: FrozenReport) => {
    setError(null);
    try {
      const path = `${accidentPath(accident.id)}/reports/${from.number}/diff/${to.number}`;
      setDiff({ from, to, changes: (await get<{ changes: Change[] }>(path)).changes });
    } catch (e) {
      setError(errorText(e));
    }
  };
  const before = (r: FrozenReport) =>
    accident.reports.filter((o) => o.kind === r.kind && o.number < r.number).sort((a, b) => b.number - a.number)[0];
  return (
    <>
      {error && <ErrorBox text={error} />}
      <div class="draft-buttons" role="group" aria-label={t('report.draft')}>
        {KINDS.map((kind) => (
          <button key={kind} type="button" class="button secondary small" data-draft={kind} onClick={() => void look(kind)}>
            {t('report.draft')}: {t(`kind.${kind}`)}
          </button>
        ))}
      </div>
      <h3 class="sub">{t('report.frozen')}</h3>
      {accident.reports.length > 1 && (
        <p>
          <button type="button" class="button secondary small" data-action="side-by-side" onClick={() => setComparing(true)}>
            {say('reports.compare')}
          </button>
        </p>
      )}
      {accident.reports.length === 0 && <p class="quiet">{t('report.frozen.none')}</p>}
      <ul class="frozen">
        {accident.reports.map((r) => {
          const last = before(r);
          return (
            <li key={r.number}>
              <p>
                <b>{tx(r.name)}</b> <span class="quiet">{tOr(`kind.${r.kind}`, r.kind)}</span>
              </p>
              <p class="quiet">
                {t('report.frozen.at', { time: fullWhen(r.frozen_at) })} {r.by}
              </p>
              <p class="files">
                {FORMATS.map((format) => (
                  <a
                    key={format}
                    href={`${accidentPath(accident.id)}/reports/${r.number}.${format}`}
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
          accident={accident}
          draft={draft}
          onClose={() => setDraft(null)}
          onFrozen={() => {
            setDraft(null);
            reload();
          }}
        />
      )}
      {comparing && <SideBySide accident={accident} close={() => setComparing(false)} />}
      {diff && <DiffDialog accident={accident} {...diff} close={() => setDiff(null)} />}
    </>
  );
}
