// OSCAL in and out. A document is looked at before it is taken; what has a fault is not taken.

import { useEffect, useState } from 'preact/hooks';
import { ApiError, call } from '../lib/api';
import type { Controls, Imported } from '../lib/controls';
import { recordPage, registerApi, registerPage, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import { errorText, tx } from '../lib/ui';
import { say } from '../words/controls';
import { StateMark } from './control-bits';
import { toast } from './toast';
import { ErrorBox, Field, Panel } from './ui';

const EXPORTS = ['component-definition', 'system-security-plan', 'plan-of-action-and-milestones'] as const;
const SHOWN = 50;
const typed = (e: Event) => (e.target as HTMLInputElement).value;

function Findings({ findings }: { findings: Imported['findings'] }) {
  if (findings.length === 0) return null;
  return (
    <ul class="controls-findings">
      {findings.slice(0, SHOWN).map((one, i) => (
        <li key={i}>
          <b>{say(one.level === 'fault' ? 'import.fault' : 'import.warning')}</b> {one.pointer && <code>{one.pointer}</code>} {one.message}
        </li>
      ))}
      {findings.length > SHOWN && <li class="quiet">{say('effect.more', { n: findings.length - SHOWN })}</li>}
    </ul>
  );
}

function Seen({ seen }: { seen: Imported }) {
  const count = (action: string) => seen.answers.filter((one) => one.action === action).length;
  return (
    <div class="controls-seen" role="status">
      <p>
        <b>{say.or(`oscal.${seen.kind}`, seen.kind)}</b> {seen.title} {seen.controls > 0 && say('import.controls', { n: seen.controls })}
      </p>
      <p class={seen.sound ? 'notice notice-good' : 'notice notice-error'}>{say(seen.sound ? 'import.sound' : 'import.faulty')}</p>
      <Findings findings={seen.findings} />
      {seen.answers.length > 0 && <p>{say('import.answers', { n: seen.answers.length, add: count('add'), replace: count('replace'), keep: count('keep') + count('same') })}</p>}
      <ul class="controls-list-plain">
        {seen.answers.slice(0, SHOWN).map((one) => (
          <li key={one.item}>
            {one.item} {tx(one.title)}: {one.before && <StateMark state={one.before} />} {one.before && '→ '}
            <StateMark state={one.state} />
          </li>
        ))}
      </ul>
      {seen.unknown.length > 0 && <p class="notice notice-warn">{say('import.unknown', { n: seen.unknown.length, ids: seen.unknown.slice(0, 20).join(' ') })}</p>}
    </div>
  );
}

function findingsOf(error: unknown): Imported['findings'] {
  const listed = error instanceof ApiError ? (error.body as { findings?: unknown } | null)?.findings : null;
  return Array.isArray(listed) ? (listed as Imported['findings']) : [];
}

function Import({ controls, onTaken }: { controls: Controls | null; onTaken: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [framework, setFramework] = useState('');
  const [catalog, setCatalog] = useState('');
  const [replace, setReplace] = useState(false);
  const [seen, setSeen] = useState<Imported | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const again = () => {
    setSeen(null);
    setFailed(null);
  };
  const send = async (dry: boolean) => {
    if (!file) return;
    setBusy(true);
    again();
    const asked = new URLSearchParams({ name: file.name, ...(framework.trim() && { framework: framework.trim() }), ...(catalog.trim() && { catalog: catalog.trim() }) });
    if (dry) asked.set('dry_run', '1');
    if (replace) asked.set('replace', '1');
    try {
      const answer = await call<Imported>('POST', `/api/v1/controls/documents?${asked}`, new Blob([file], { type: 'application/octet-stream' }));
      setSeen(answer);
      if (!dry) {
        toast(say('import.taken'));
        onTaken();
      }
    } catch (e) {
      setFailed(e);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={say('import.title')} class="no-print">
      <p class="quiet">{say('import.lead')}</p>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault();
          void send(true);
        }}
      >
        <Field label={say('import.file')}>
          {(p) => (
            <input
              {...p}
              type="file"
              name="file"
              accept=".json,.xlsx"
              onChange={(e) => {
                setFile((e.target as HTMLInputElement).files?.[0] ?? null);
                again();
              }}
            />
          )}
        </Field>
        <Field label={say('import.framework')} help={say('import.framework.help')}>
          {(p) => <input {...p} name="framework" list="controls-frameworks" autoComplete="off" value={framework} onInput={(e) => setFramework(typed(e))} />}
        </Field>
        <datalist id="controls-frameworks">
          {controls?.frameworks.map((one) => (
            <option key={one.id} value={one.id}>
              {tx(one.title)}
            </option>
          ))}
        </datalist>
        <Field label={say('import.catalog')}>{(p) => <input {...p} name="catalog" autoComplete="off" placeholder="OSC-0001" value={catalog} onInput={(e) => setCatalog(typed(e))} />}</Field>
        <label class="controls-tick">
          <input type="checkbox" name="replace" checked={replace} onChange={(e) => setReplace((e.target as HTMLInputElement).checked)} /> {say('import.replace')}
        </label>
        <div class="form-end">
          <button class="button secondary" data-action="look-import" disabled={!file || busy}>
            {say('import.look')}
          </button>
          <button type="button" class="button" data-action="take-import" disabled={!file || busy || !seen?.sound || !seen.dry_run} onClick={() => void send(false)}>
            {say('import.take')}
          </button>
        </div>
      </form>
      {failed !== null && (
        <>
          <ErrorBox text={errorText(failed)} />
          <Findings findings={findingsOf(failed)} />
        </>
      )}
      {seen && <Seen seen={seen} />}
      <p class="quiet">
        {say('import.kept')} <a href={registerPage('oscal-documents')}>{say('import.documents')}</a>
      </p>
    </Panel>
  );
}

function Received({ round }: { round: number }) {
  const read = useResource<{ items: RegisterRecord[] }>(`${registerApi('oscal-documents')}?limit=100`);
  useEffect(() => {
    if (round > 0) read.reload();
  }, [round]);
  const givenBack = (kind: unknown) => kind === 'component-definition' || kind === 'system-security-plan';
  return (
    <Panel title={say('import.received')}>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value?.items.length === 0 && <p class="quiet">{say('import.none')}</p>}
      <ul class="controls-exports">
        {read.value?.items.map((one) => (
          <li key={one.id}>
            <span>
              <a href={recordPage('oscal-documents', one.id)}>{one.title}</a> <span class="quiet">{say.or(`oscal.${String(one.values['kind'])}`, '')}</span>
            </span>
            {givenBack(one.values['kind']) && (
              <a class="button secondary small no-print" download href={`/api/v1/controls/documents/${encodeURIComponent(one.id)}`}>
                {say('import.back')}
              </a>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function ControlDocuments({ controls, mayWrite, onTaken }: { controls: Controls | null; mayWrite: boolean; onTaken: () => void }) {
  const [round, setRound] = useState(0);
  return (
    <div class="controls-stack">
      {mayWrite && (
        <Import
          controls={controls}
          onTaken={() => {
            setRound((n) => n + 1);
            onTaken();
          }}
        />
      )}
      <Received round={round} />
      <Panel title={say('export.title')}>
        <p class="quiet">{say('export.lead')}</p>
        <ul class="controls-exports">
          {controls?.frameworks
            .filter((one) => one.coverage.open < one.units)
            .map((one) => (
              <li key={one.id}>
                <b>{tx(one.title)}</b>
                <span class="files">
                  {EXPORTS.map((kind) => (
                    <a key={kind} class="button secondary small" download href={`/api/v1/controls/frameworks/${one.id}/oscal/${kind}`} aria-label={`${say('export.of', { name: tx(one.title) })}: ${say(`oscal.${kind}`)}`}>
                      {say(`oscal.${kind}`)}
                    </a>
                  ))}
                </span>
              </li>
            ))}
        </ul>
      </Panel>
    </div>
  );
}
