// One edition of the management rules: outline, section and coverage side by side; comparison, approval and notification,
// history. What is typed is a draft of this browser until it is saved against the version that was read.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, call, get } from '../lib/api';
import { useDraft } from '../lib/draft';
import { query, setGuard, setQuery } from '../lib/router';
import { RULES, begin, editionApi, insert, join, move, redo, resolve, step, undo, type Check, type EditionAnswer, type Joined, type RulesText, type Steps } from '../lib/rules';
import { useRegister } from '../lib/use-register';
import { useResource } from '../lib/resource';
import type { RegisterRecord } from '../lib/registers';
import { DraftNote } from '../parts/draft';
import { RulesApproval } from '../parts/rules-approval';
import { RulesClash } from '../parts/rules-clash';
import { RulesCompare } from '../parts/rules-compare';
import { RulesEditor } from '../parts/rules-editor';
import { RulesHistory } from '../parts/rules-history';
import { RulesImport } from '../parts/rules-import';
import { Downloads } from '../parts/save';
import { Tabs } from '../parts/tabs';
import { toast } from '../parts/toast';
import { Trouble } from '../parts/ui';
import { say } from '../words/rules';
import './rules.css';

const CHECK_AFTER_MS = 500;
const TABS = ['edit', 'compare', 'approval', 'history'] as const;

/** The check of what is on the screen, a moment after the last change. */
function useCheck(rules: RulesText, first: Check, effective: string | null): { check: Check; checking: boolean } {
  const [check, setCheck] = useState(first);
  const [checking, setChecking] = useState(false);
  const round = useRef(0);
  const started = useRef(rules);
  useEffect(() => {
    if (rules === started.current) return;
    const mine = ++round.current;
    setChecking(true);
    const timer = setTimeout(() => {
      call<Check>('POST', `${RULES}/check`, { rules, ...(effective && { effective }) }).then(
        (answer) => mine === round.current && (setCheck(answer), setChecking(false)),
        () => mine === round.current && setChecking(false),
      );
    }, CHECK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [rules, effective]);
  return { check, checking };
}

interface Acts {
  save: () => void;
  back: () => void;
  forth: () => void;
  add: () => void;
  pick: (by: 1 | -1) => void;
  shift: (by: 1 | -1) => void;
}
/** Keys with Ctrl or Alt, which are therefore not switched off with the letter keys. */
function useShortcuts(editing: boolean, writes: boolean, acts: Acts): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || document.querySelector('dialog[open]')) return;
    const control = event.ctrlKey || event.metaKey;
    const { altKey: alt, shiftKey: shift } = event;
    const key = event.key.toLowerCase();
    const by = { arrowdown: 1, arrowup: -1 }[key] as 1 | -1 | undefined;
    const wanted: [boolean, () => void][] = [
      [control && key === 's', acts.save],
      [control && !shift && key === 'z' && writes && editing, acts.back],
      [control && (key === 'y' || (shift && key === 'z')) && writes && editing, acts.forth],
      [control && key === 'enter' && writes && editing, acts.add],
      [alt && !shift && by !== undefined && editing, () => acts.pick(by!)],
      [alt && shift && by !== undefined && writes && editing, () => acts.shift(by!)],
    ];
    const act = wanted.find(([yes]) => yes)?.[1];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event);
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

interface HeadProps {
  answer: EditionAnswer;
  dirty: boolean;
  writes: boolean;
  children: ComponentChildren;
}
function Head({ answer, dirty, writes, children }: HeadProps) {
  const { id, values } = answer.record;
  const name = String(values['name']);
  return (
    <div class="page-head">
      <h1 tabIndex={-1}>
        {say('title')} {name}
      </h1>
      <span class="badge outline">{say(`state.${String(values['state']) as 'draft'}`)}</span>
      {answer.synthetic && <span class="badge synthetic">{say('synthetic')}</span>}
      <span class="rules-saved" role="status">
        {dirty ? say('edit.unsaved') : say('edit.clean')}
      </span>
      {writes && <span class="actions no-print">{children}</span>}
      <Downloads name={name} files={['pdf', 'md', 'txt', 'json'].map((format) => ({ format, href: `${editionApi(id)}/text.${format}` }))} />
    </div>
  );
}

interface EditionProps {
  answer: EditionAnswer;
  reload: () => void;
}
function Edition({ answer, reload }: EditionProps) {
  const { record } = answer;
  const { register } = useRegister('rule-editions');
  const draft = useDraft<RulesText>(`rules.${record.id}`, answer.rules, String(record.version));
  const [steps, setSteps] = useState<Steps<RulesText>>(begin(draft.value));
  const [base, setBase] = useState(answer.rules);
  const [version, setVersion] = useState(record.version);
  const [at, setAt] = useState<string | null>(draft.value.sections[0]?.id ?? null);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [clash, setClash] = useState<{ joined: Joined; theirs: EditionAnswer } | null>(null);
  const [importing, setImporting] = useState(false);
  const rules = steps.now;
  const state = String(record.values['state']);
  const locked = state === 'approved';
  const writes = (register?.may_write ?? false) && !locked;
  const dirty = rules !== base;
  const { check, checking } = useCheck(rules, answer.check, (record.values['effective'] as string | undefined) ?? null);
  const asked = new URLSearchParams(query.value);
  const tab = TABS.find((t) => t === asked.get('tab')) ?? 'edit';

  const take = (next: Steps<RulesText>) => {
    setSteps(next);
    draft.set(next.now);
  };
  const change = (next: RulesText, key = '') => take(step(steps, next, key, Date.now()));
  useEffect(() => {
    setGuard(dirty ? () => confirm(say('edit.leave')) : null);
    return () => setGuard(null);
  }, [dirty]);

  const meet = async () => {
    const theirs = await get<EditionAnswer>(editionApi(record.id));
    setClash({ joined: join(base, rules, theirs.rules), theirs });
  };
  const send = async (text: RulesText, against: number) => {
    setBusy(true);
    setFailed(null);
    try {
      const saved = await call<RegisterRecord>('PUT', editionApi(record.id), { rules: text }, { 'If-Match': `"${against}"` });
      setVersion(saved.version);
      setBase(text);
      if (text !== rules) setSteps(step(steps, text, '', Date.now()));
      setClash(null);
      draft.done();
      toast(say('edit.saved'));
    } catch (e) {
      if (e instanceof ApiError && (e.status === 409 || e.status === 412)) await meet().catch(setFailed);
      else setFailed(e);
    } finally {
      setBusy(false);
    }
  };
  const save = () => {
    if (writes && dirty && !busy) void send(rules, version);
  };
  const back = () => take(undo(steps));
  const forth = () => take(redo(steps));

  const pick = (by: 1 | -1) => {
    const i = rules.sections.findIndex((s) => s.id === at);
    const next = rules.sections[Math.max(0, Math.min(rules.sections.length - 1, i + by))];
    if (next) setAt(next.id);
  };
  const add = () => {
    const made = insert(rules, at);
    change(made.rules);
    setAt(made.id);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('input[name="section-heading"]')?.focus());
  };
  useShortcuts(tab === 'edit', writes, { save, back, forth, add, pick, shift: (by) => at !== null && change(move(rules, at, by)) });

  const name = String(record.values['name']);
  return (
    <>
      <Head answer={answer} dirty={dirty} writes={writes}>
        <button type="button" class="button secondary small" data-action="undo" disabled={steps.past.length === 0} onClick={back}>
          {say('edit.undo')}
        </button>
        <button type="button" class="button secondary small" data-action="redo" disabled={steps.future.length === 0} onClick={forth}>
          {say('edit.redo')}
        </button>
        <button type="button" class="button secondary small" data-action="import-rules" onClick={() => setImporting(true)}>
          {say('import.open')}
        </button>
        <button type="button" class="button small" data-action="save-rules" disabled={!dirty || busy} onClick={save}>
          {say('edit.save')}
        </button>
      </Head>
      <p>
        <a href="/rules">{say('back')}</a>
      </p>
      {failed !== null && <Trouble error={failed} />}
      <DraftNote draft={{ ...draft, drop: () => (draft.drop(), setSteps(begin(base))) }} />
      {locked && <p class="notice notice-good">{say('edit.locked')}</p>}
      {!locked && register && !register.may_write && <p class="notice">{say('edit.read')}</p>}
      <Tabs
        label={name}
        tabs={TABS.map((id) => ({ id, name: say(`tab.${id}`) }))}
        value={tab}
        onPick={(next) => setQuery(new URLSearchParams(next === 'edit' ? {} : { tab: next }))}
      >
        {tab === 'edit' && (
          <RulesEditor rules={rules} check={check} checking={checking} at={at} writes={writes} pick={setAt} change={change} add={add} importFile={() => setImporting(true)} />
        )}
        {tab === 'compare' && <RulesCompare id={record.id} previous={(record.values['previous'] as string | undefined) ?? null} asOf={asked.get('before')} />}
        {tab === 'approval' && <RulesApproval record={{ ...record, version, title: name, review_due: null }} check={check} dirty={dirty} onChange={reload} />}
        {tab === 'history' && (
          <RulesHistory
            id={record.id}
            version={version}
            restore={
              writes
                ? (then) => {
                    change(then);
                    setQuery(new URLSearchParams());
                    toast(say('history.restored'));
                  }
                : null
            }
          />
        )}
      </Tabs>
      {importing && (
        <RulesImport
          onClose={() => setImporting(false)}
          onTake={(next) => {
            setImporting(false);
            change({ ...next, title: next.title || rules.title });
            setAt(next.sections[0]?.id ?? null);
            toast(say('import.applied'), async () => setSteps((s) => undo(s)));
          }}
        />
      )}
      {clash && (
        <RulesClash
          joined={clash.joined}
          who={clash.theirs.record.who}
          onClose={() => setClash(null)}
          onSave={(keep) => {
            setBase(clash.theirs.rules);
            void send(resolve(clash.joined, keep), clash.theirs.record.version);
          }}
        />
      )}
    </>
  );
}

export default function RulesEditionPage({ params }: { params: { id: string } }) {
  const read = useResource<EditionAnswer>(editionApi(params.id));
  return (
    <div class="page rules-page">
      {read.error !== null && <Trouble error={read.error} onRetry={read.reload} />}
      {read.value && <Edition key={`${read.value.record.id}.${read.value.record.version}`} answer={read.value} reload={read.reload} />}
      {!read.value && read.error === null && <h1 tabIndex={-1}>{say('title')}</h1>}
    </div>
  );
}
