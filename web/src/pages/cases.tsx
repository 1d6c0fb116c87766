// Near misses (おそれ事態) and leaks: what was entered, how it was judged, what is due next.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { useDraft } from '../lib/draft';
import { useResource } from '../lib/resource';
import { go } from '../lib/router';
import { may } from '../lib/session';
import { now } from '../lib/store';
import { toInput } from '../lib/time';
import { errorText } from '../lib/ui';
import { CaseFields, toSend, type Facts, type Kind } from '../parts/case-form';
import { Day, When } from '../parts/date';
import { DraftNote } from '../parts/draft';
import { Tabs } from '../parts/tabs';
import { Dialog, Empty, ErrorBox, LevelBadge, Panel, Trouble } from '../parts/ui';
import { say } from '../words/cases';
import { CaseOutcome, CaseState, type Case } from './case';

function NextDue({ item }: { item: Case }) {
  const open = item.deadlines.filter((d) => !d.done).sort((a, b) => (a.due ?? '').localeCompare(b.due ?? ''));
  const next = item.state === 'closed' ? undefined : open[0];
  if (!next) return <span class="quiet">{say('due.none')}</span>;
  return (
    <>
      <LevelBadge level={next.level} done={false} /> {next.due ? <Day value={next.due} /> : say('due.at-once')}
    </>
  );
}

function List({ items, label }: { items: Case[]; label: string }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="data wide">
        <thead>
          <tr>
            {(['title', 'outcome', 'state', 'known', 'due'] as const).map((column) => (
              <th key={column} scope="col">
                {say(`col.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <th scope="row">
                <a href={`/cases/${item.id}`} data-step>
                  {item.title}
                </a>
                <small>{item.id}</small>
              </th>
              <td>
                <CaseOutcome item={item} />
              </td>
              <td>
                <CaseState item={item} />
              </td>
              <td class="nowrap">
                <When value={item.known_at} />
              </td>
              <td class="nowrap">
                <NextDue item={item} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NewCase({ kind, onClose }: { kind: Kind; onClose: () => void }) {
  const nothing: Facts = { started_at: toInput(now.peek()), ...(kind === 'leak' ? { leak: 'secrecy' } : {}) };
  const draft = useDraft<Facts>(`case.${kind}`, nothing);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState<unknown>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const sent = toSend(kind, draft.value, {});
    if (!draft.value['title']?.trim()) sent.errors['title'] = say('error.title');
    if (!draft.value['started_at']) sent.errors['started_at'] = say('error.started');
    setErrors(sent.errors);
    if (Object.keys(sent.errors).length > 0) return;
    try {
      const made = await post<Case>(`/api/v1/cases?kind=${kind}`, sent.fields);
      draft.done();
      go(`/cases/${made.id}`);
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <Dialog
      wide
      title={say('new.title', { kind: say(`kind.${kind}`) })}
      onClose={onClose}
      actions={
        <button type="submit" form="new-case" class="button" data-action="open-case">
          {say('new')}
        </button>
      }
    >
      <form id="new-case" class="form" onSubmit={submit} noValidate>
        <p class="quiet">{say('new.lead')}</p>
        <DraftNote draft={draft} />
        {failed !== null && <Trouble error={failed} />}
        <CaseFields kind={kind} facts={draft.value} set={draft.set} errors={errors} />
      </form>
    </Dialog>
  );
}

const fromAddress = (): Kind => (new URLSearchParams(location.search).get('kind') === 'leak' ? 'leak' : 'near-miss');

export default function Cases() {
  const [kind, setKind] = useState<Kind>(fromAddress);
  const [opening, setOpening] = useState(false);
  const read = useResource<{ total: number; items: Case[] }>(`/api/v1/cases?kind=${kind}`);
  const items = read.value?.items.filter((item) => item.kind === kind);
  const enter = may('handle-accident') && (
    <button type="button" class="button" data-action="new-case" onClick={() => setOpening(true)}>
      {say('new')}
    </button>
  );
  const pick = (next: Kind) => {
    history.replaceState(null, '', `/cases?kind=${next}`);
    setKind(next);
  };
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        {enter}
      </div>
      <Tabs
        label={say('title')}
        tabs={(['near-miss', 'leak'] as const).map((id) => ({ id, name: say(`kind.${id}`) }))}
        value={kind}
        onPick={pick}
      >
        <Panel title={say(`kind.${kind}`)}>
          <p class="quiet">{say(`lead.${kind}`)}</p>
          {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
          {items?.length === 0 && (
            <Empty title={say(`empty.${kind}`)}>
              <p>{say(`empty.${kind}.how`)}</p>
            </Empty>
          )}
          {items && items.length > 0 && <List items={items} label={say('list', { kind: say(`kind.${kind}`) })} />}
        </Panel>
      </Tabs>
      {opening && <NewCase kind={kind} onClose={() => setOpening(false)} />}
    </div>
  );
}
