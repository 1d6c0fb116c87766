// Events of the ledger, page by page from the newest on, each with its proof, which is checked here.

import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api';
import { number } from '../lib/i18n';
import { pinnedKey } from '../lib/ledger';
import { checkInclusion, fromBase64, leafHash, same, type Hash } from '../lib/merkle';
import { readCheckpoint, readKey, signedBy } from '../lib/note';
import { fromInput } from '../lib/time';
import { errorText, t } from '../lib/ui';
import { say } from '../words/ledger';
import { When } from './date';
import { Dialog, Empty, ErrorBox, Field, Panel } from './ui';

interface LedgerEvent {
  leaf: number;
  event: { at: string; who: string; what: string; kind?: string; id?: string; version?: number };
}
interface Page {
  items: LedgerEvent[];
  next: number | null;
  scanned: number;
  size: number;
}
interface Proof {
  index: number;
  size: number;
  leaf_hash: string;
  proof: string[];
  root: string;
  checkpoint: string;
  entry: string;
}

// ---- one proof ----

type Checked = { holds: boolean; signed: boolean | null };
/** Believes nothing of the answer but what leads from the entry to the head that the note names. */
async function check(proof: Proof): Promise<Checked> {
  const checkpoint = readCheckpoint(proof.checkpoint);
  const leaf = await leafHash(new TextEncoder().encode(proof.entry));
  const path = proof.proof.map(fromBase64);
  const named = fromBase64(proof.leaf_hash);
  if (!checkpoint || !named || !same(leaf, named) || path.includes(null)) return { holds: false, signed: null };
  const holds = await checkInclusion(BigInt(proof.index), BigInt(checkpoint.size), leaf, path as Hash[], checkpoint.root);
  const text = pinnedKey();
  const key = text === null ? null : await readKey(text);
  return { holds, signed: key === null ? null : (await signedBy(checkpoint, key)) !== null };
}

function ProofDialog({ leaf, onClose }: { leaf: number; onClose: () => void }) {
  const [proof, setProof] = useState<Proof | null>(null);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    get<Proof>(`/api/v1/ledger/proof?index=${leaf}`)
      .then(async (answer) => {
        setProof(answer);
        setChecked(answer.index === leaf ? await check(answer) : { holds: false, signed: null });
      })
      .catch(setFailed);
  }, [leaf]);
  const bad = checked && (!checked.holds || checked.signed === false);
  const saved = proof && `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(proof, null, 1))}`;
  return (
    <Dialog wide title={say('proof.title', { n: leaf })} onClose={onClose}>
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      {!checked && failed === null && <p class="loading">{t('common.loading')}</p>}
      {checked && (
        <div class={`notice ${bad ? 'notice-error' : 'notice-good'}`} role={bad ? 'alert' : 'status'} data-proof={bad ? 'bad' : 'good'}>
          <p>{bad ? say('proof.bad') : say('proof.ok')}</p>
          {!bad && <p>{say(checked.signed ? 'proof.signed' : 'proof.unsigned')}</p>}
        </div>
      )}
      {proof && (
        <>
          <h3 class="sub">{say('proof.entry')}</h3>
          <pre class="entry" tabIndex={0}>
            {proof.entry}
          </pre>
          <h3 class="sub">{say('head')}</h3>
          <pre class="entry" tabIndex={0}>
            {proof.checkpoint}
          </pre>
          <p>
            <a class="button secondary small" href={saved!} download={`proof-${leaf}.json`}>
              {say('proof.save')}
            </a>
          </p>
        </>
      )}
    </Dialog>
  );
}

// ---- the list ----

const FIELDS = ['who', 'what', 'kind', 'id'] as const;
type Question = Record<(typeof FIELDS)[number] | 'from' | 'to', string>;
const NOTHING: Question = { who: '', what: '', kind: '', id: '', from: '', to: '' };

function query(asked: Question): string {
  const params = new URLSearchParams({ limit: '50' });
  for (const name of FIELDS) if (asked[name].trim()) params.set(name, asked[name].trim());
  for (const name of ['from', 'to'] as const) {
    const at = fromInput(asked[name]);
    if (at) params.set(name, at);
  }
  return params.toString();
}

export function Events() {
  const [asked, setAsked] = useState<Question>(NOTHING);
  const [sent, setSent] = useState<Question>(NOTHING);
  const [items, setItems] = useState<LedgerEvent[]>([]);
  const [last, setLast] = useState<Page | null>(null);
  const [scanned, setScanned] = useState(0);
  const [failed, setFailed] = useState<unknown>(null);
  const [proof, setProof] = useState<number | null>(null);
  const read = async (question: Question, before: number | null) => {
    try {
      const page = await get<Page>(`/api/v1/ledger/events?${query(question)}${before === null ? '' : `&before=${before}`}`);
      setItems((old) => (before === null ? page.items : [...old, ...page.items]));
      setScanned((old) => (before === null ? page.scanned : old + page.scanned));
      setLast(page);
      setFailed(null);
    } catch (e) {
      setFailed(e);
    }
  };
  useEffect(() => void read(sent, null), [sent]);
  const field = (name: keyof Question) => (
    <Field key={name} label={say(name)}>
      {(p) => {
        const value = asked[name];
        const onInput = (e: Event) => setAsked({ ...asked, [name]: (e.target as HTMLInputElement).value });
        if (name === 'from' || name === 'to') return <input {...p} {...{ name, value, onInput }} type="datetime-local" />;
        return <input {...p} {...{ name, value, onInput }} autoComplete="off" />;
      }}
    </Field>
  );
  return (
    <Panel title={say('tab.events')}>
      <p class="quiet">{say('events.lead')}</p>
      <form
        class="row event-search"
        role="search"
        onSubmit={(e) => {
          e.preventDefault();
          setSent({ ...asked });
        }}
      >
        {FIELDS.map(field)}
        {field('from')}
        {field('to')}
        <button class="button" data-action="search">
          {say('search')}
        </button>
        <button type="button" class="button secondary" onClick={() => (setAsked(NOTHING), setSent(NOTHING))}>
          {say('clear')}
        </button>
      </form>
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      {last && items.length === 0 && last.next === null && (
        <Empty title={say('events.none')}>
          <p>{say('events.none.how')}</p>
        </Empty>
      )}
      {items.length > 0 && (
        <div class="scroll tall" tabIndex={0} role="region" aria-label={say('events.table')}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col" class="num">
                  {say('col.leaf')}
                </th>
                <th scope="col">{say('col.at')}</th>
                <th scope="col">{say('col.who')}</th>
                <th scope="col">{say('col.what')}</th>
                <th scope="col">{say('col.record')}</th>
                <th scope="col">{say('proof')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ leaf, event }) => (
                <tr key={leaf}>
                  <th scope="row" class="num">
                    {number(leaf)}
                  </th>
                  <td class="nowrap">
                    <When value={event.at} />
                  </td>
                  <td>{event.who}</td>
                  <td>{event.what}</td>
                  <td>
                    {event.kind} {event.id}
                    {event.version ? <span class="quiet"> v{event.version}</span> : null}
                  </td>
                  <td>
                    <button type="button" class="tool" data-leaf={leaf} aria-label={say('proof.title', { n: leaf })} onClick={() => setProof(leaf)}>
                      {say('proof')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {last && (
        <p class="quiet" role="status">
          {items.length === 0 && last.next !== null ? say('far', { n: number(scanned) }) : say('scanned', { n: number(scanned) })}
        </p>
      )}
      {last && last.next !== null && (
        <p class="more">
          <button type="button" class="button secondary" data-action="more" onClick={() => void read(sent, last.next)}>
            {say('more')}
          </button>
        </p>
      )}
      {proof !== null && <ProofDialog leaf={proof} onClose={() => setProof(null)} />}
    </Panel>
  );
}
