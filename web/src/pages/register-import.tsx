// Import in three steps: choose a file, look at what every row would do, then write it all or nothing.

import { useRef, useState } from 'preact/hooks';
import { call } from '../lib/api';
import { number } from '../lib/i18n';
import { csvLine, IMPORT_MAX, kindOf, readText, XLSX, type ImportAnswer, type ImportItem } from '../lib/register-import';
import { recordPage, registerApi, registerPage, type Register } from '../lib/registers';
import { useRegister } from '../lib/use-register';
import { tx } from '../lib/ui';
import { JobProgress, Progress, type Job } from '../parts/job';
import { fixedRows, Table, type Column } from '../parts/table';
import { Empty, ErrorBox, Field, Panel, Trouble } from '../parts/ui';
import { say } from '../words/registers';
import type { PageProps } from './index';
import './registers.css';

const ACTIONS = ['add', 'change', 'same', 'error'] as const;
const ERRORS_SHOWN = 200;
type Step = 'file' | 'check' | 'done';

/** Hands a text to the person as a file, without a request. */
function saveText(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`\ufeff${text}`], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function Steps({ at }: { at: Step }) {
  const steps: Step[] = ['file', 'check', 'done'];
  return (
    <ol class="steps">
      {steps.map((step, i) => (
        <li key={step} aria-current={step === at ? 'step' : undefined}>
          <span class="step-n">{i + 1}</span> {say(`import.step.${step}`)}
        </li>
      ))}
    </ol>
  );
}

const errorText = (e: { field: string | null; ja: string; en: string }, register: Register) => {
  const name = tx(register.fields.find((f) => f.id === e.field)?.label) || e.field;
  return name ? `${name}: ${tx(e)}` : tx(e);
};
const cellText = (value: unknown): string => {
  if (value === null || value === undefined) return say('import.nil');
  if (Array.isArray(value)) return value.join('、');
  if (typeof value === 'object') return 'name' in value ? String(value.name) : say('sealed');
  return typeof value === 'boolean' ? say(value ? 'yes' : 'no') : String(value);
};
function what(item: ImportItem, register: Register): string {
  if (item.errors) return item.errors.map((e) => errorText(e, register)).join(' / ');
  return (item.fields ?? [])
    .map((f) => {
      const name = tx(register.fields.find((field) => field.id === f.field)?.label) || f.field;
      return item.action === 'add' ? `${name}: ${cellText(f.to)}` : `${name}: ${cellText(f.from)} → ${cellText(f.to)}`;
    })
    .join(' / ');
}

function Badge({ action }: { action: ImportItem['action'] }) {
  const look = { add: 'level-done', change: 'level-half', same: 'level-ok', error: 'level-late' }[action];
  return <span class={`badge ${look}`}>{say(`import.${action}`)}</span>;
}

function Errors({ items, register }: { items: ImportItem[]; register: Register }) {
  const save = () => {
    const head = csvLine([say('import.line'), say('col.id'), say('import.what')]);
    saveText(`${register.id}-errors.csv`, 'text/csv', head + items.map((i) => csvLine([String(i.line), i.id ?? '', what(i, register)])).join(''));
  };
  return (
    <>
      <div class="scroll tall" tabIndex={0}>
        <table class="data import-errors">
          <thead>
            <tr>
              <th scope="col" class="num">
                {say('import.line')}
              </th>
              <th scope="col">{say('col.id')}</th>
              <th scope="col">{say('import.what')}</th>
            </tr>
          </thead>
          <tbody>
            {items.slice(0, ERRORS_SHOWN).map((item) => (
              <tr key={item.line}>
                <th scope="row" class="num">
                  {item.line}
                </th>
                <td>{item.id}</td>
                <td>
                  {(item.errors ?? []).map((e, i) => (
                    <p key={i}>{errorText(e, register)}</p>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {items.length > ERRORS_SHOWN && <p class="quiet">{say('import.shown', { n: ERRORS_SHOWN })}</p>}
      <p>
        <button type="button" class="button secondary small" onClick={save}>
          {say('import.errors.csv')}
        </button>
      </p>
    </>
  );
}

function Rows({ items, register }: { items: ImportItem[]; register: Register }) {
  const columns: Column<ImportItem>[] = [
    { id: 'line', label: say('import.line'), share: 0.7, num: true, cell: (i) => i.line },
    { id: 'action', label: say('import.action'), share: 1, cell: (i) => <Badge action={i.action} /> },
    { id: 'id', label: say('col.id'), share: 1.2, cell: (i) => i.id ?? '' },
    { id: 'what', label: say('import.what'), share: 6, cell: (i) => what(i, register) },
  ];
  return <Table label={say('import.step.check')} columns={columns} rows={fixedRows(items)} keyOf={(i) => String(i.line)} />;
}

interface CheckProps {
  register: Register;
  answer: ImportAnswer;
  onApply: () => void;
  onAgain: () => void;
}
function Check({ register, answer, onApply, onAgain }: CheckProps) {
  const [only, setOnly] = useState<ImportItem['action'] | 'all'>(answer.error > 0 ? 'error' : 'all');
  const items = only === 'all' ? answer.items : answer.items.filter((i) => i.action === only);
  const nothing = answer.error === 0 && answer.add + answer.change === 0;
  return (
    <Panel
      title={say('import.step.check')}
      aside={
        <div class="switch" role="group" aria-label={say('import.action')}>
          {(['all', ...ACTIONS] as const).map((action) => (
            <button key={action} type="button" aria-pressed={only === action} data-only={action} onClick={() => setOnly(action)}>
              {say(`import.${action}`)} {number(action === 'all' ? answer.total : answer[action])}
            </button>
          ))}
        </div>
      }
    >
      {answer.error > 0 && <ErrorBox text={say('import.errors', { n: number(answer.error) })} />}
      {nothing && <p class="notice">{say('import.nothing')}</p>}
      {answer.error === 0 && !nothing && (
        <p class="notice">{say('import.ready', { add: number(answer.add), change: number(answer.change) })}</p>
      )}
      <div class="import-rows">
        {only === 'error' ? <Errors items={items} register={register} /> : <Rows key={only} items={items} register={register} />}
      </div>
      <div class="form-end">
        {answer.error === 0 && !nothing && (
          <button type="button" class="button" data-action="apply-import" onClick={onApply}>
            {say('import.act')}
          </button>
        )}
        <button type="button" class="button secondary" data-action="again" onClick={onAgain}>
          {say('import.again')}
        </button>
      </div>
    </Panel>
  );
}

function Wizard({ register }: { register: Register }) {
  const [step, setStep] = useState<Step>('file');
  const [file, setFile] = useState<Blob | null>(null);
  const [busy, setBusy] = useState<'checking' | 'applying' | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [answer, setAnswer] = useState<ImportAnswer | null>(null);
  const stop = useRef<AbortController | null>(null);
  const [job, setJob] = useState<string | null>(null);
  const head = csvLine(['id', ...register.fields.map((f) => tx(f.label))]);

  const take = async (chosen: File | undefined) => {
    setWrong(null);
    setNote(null);
    setFile(null);
    if (!chosen) return;
    const kind = kindOf(chosen.name);
    if (!kind) return setWrong(say('import.kind'));
    if (chosen.size > IMPORT_MAX) return setWrong(say('import.large'));
    if (kind === 'xlsx') return setFile(new Blob([chosen], { type: XLSX }));
    const { text, encoding } = readText(await chosen.arrayBuffer());
    if (encoding === 'shift_jis') setNote(say('import.sjis'));
    setFile(new Blob([text], { type: 'text/csv' }));
  };
  const run = async (dry: boolean) => {
    if (!file) return setWrong(say('import.kind'));
    setFailed(null);
    setBusy(dry ? 'checking' : 'applying');
    stop.current = new AbortController();
    try {
      const begun = await call<Job>('POST', `${registerApi(register.id)}/import${dry ? '?dry_run=1' : ''}`, file, { Prefer: 'respond-async' }, stop.current.signal);
      setJob(begun.id);
    } catch (e) {
      if (stop.current.signal.aborted) setNote(say('import.cancelled'));
      else setFailed(e);
      setBusy(null);
    }
  };
  const ended = (job: Job) => {
    const dry = busy === 'checking';
    setJob(null);
    setBusy(null);
    if (job.state === 'done') {
      const said = job.result as ImportAnswer;
      setAnswer(said);
      setStep(dry || said.error > 0 ? 'check' : 'done');
    } else {
      setNote(job.state === 'cancelled' && dry ? say('import.cancelled') : tx(job.error));
      setStep('file');
    }
  };
  return (
    <>
      <Steps at={step} />
      {failed !== null && <Trouble error={failed} />}
      {busy ? (
        <Panel title={say(`import.${busy}`)}>
          {job ? (
            <JobProgress id={job} label={say(`import.${busy}`)} onEnd={ended} />
          ) : (
            <Progress label={say('import.sending')} done={0} total={null} onCancel={() => stop.current?.abort()} />
          )}
        </Panel>
      ) : step === 'file' ? (
        <Panel title={say('import.step.file')}>
          <p class="quiet">{say('import.lead')}</p>
          <p class="files">
            <button type="button" class="button secondary small" onClick={() => saveText(`${register.id}.csv`, 'text/csv', head)}>
              {say('import.template')}
            </button>
            <a class="button secondary small" href={`${registerApi(register.id)}/export.csv`} download>
              {say('import.current')}
            </a>
          </p>
          <form
            class="form"
            onSubmit={(e) => {
              e.preventDefault();
              void run(true);
            }}
          >
            <Field label={say('import.file')} error={wrong}>
              {(p) => <input {...p} type="file" name="file" accept=".csv,.xlsx" onChange={(e) => void take((e.target as HTMLInputElement).files?.[0])} />}
            </Field>
            {note && <p role="status">{note}</p>}
            <button class="button" data-action="check-import" disabled={!file}>
              {say('import.check')}
            </button>
          </form>
        </Panel>
      ) : step === 'check' && answer ? (
        <Check register={register} answer={answer} onApply={() => void run(false)} onAgain={() => (setStep('file'), setFile(null))} />
      ) : (
        answer && (
          <Panel title={say('import.step.done')}>
            <p class="notice notice-good" role="status">
              {say('import.done', { add: number(answer.add), change: number(answer.change) })}
            </p>
            <p class="form-end">
              <a class="button" href={registerPage(register.id)}>
                {say('import.list')}
              </a>
              {answer.items.length === 1 && answer.items[0]?.id && <a href={recordPage(register.id, answer.items[0].id)}>{answer.items[0].id}</a>}
            </p>
          </Panel>
        )
      )}
    </>
  );
}

export default function RegisterImport({ params }: PageProps<'register'>) {
  const { register, missing, error, retry } = useRegister(params.register);
  return (
    <div class="page">
      <p class="crumbs">
        <a href="/registers">{say('back')}</a> <span aria-hidden="true">›</span>{' '}
        <a href={registerPage(params.register)}>{register ? tx(register.label) : params.register}</a>
      </p>
      <h1 tabIndex={-1}>{say('import.title', { name: register ? tx(register.label) : params.register })}</h1>
      {error !== null && <Trouble error={error} onRetry={retry} />}
      {missing && <Empty title={say('all.missing', { name: params.register })} />}
      {register && !register.may_write && <Empty title={say('import.refused')} />}
      {register?.may_write && <Wizard register={register} />}
    </div>
  );
}
