// One obligation: where it stands at a glance; opened, its deadlines, why it applies or not, what was done, the article.

import { useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { likelyOwner, nextDay, standingOf, type Duty, type DutyDeadline, type DutyFact, type Fulfilment } from '../lib/program';
import { recordApi, recordPage, registerApi, registers } from '../lib/registers';
import { dateText, plainDateText, tx } from '../lib/ui';
import { day } from '../lib/time';
import { say } from '../words/program';
import { ArticleText } from './article-text';
import { AssignDuty } from './program-assign';
import { Confirm } from './confirm';
import { Day } from './date';
import { toast } from './toast';
import { Reference } from './value';

export const mayAssign = () => registers.value?.some((r) => r.id === 'obligations' && r.may_write) ?? false;

export function ruleText(d: DutyDeadline): string {
  return say.or(`rule.${d.rule}`, d.rule).replace('{n}', String(d.count));
}
export function Deadlines({ of }: { of: DutyDeadline[] }) {
  return (
    <ul class="plain program-deadlines">
      {of.map((d, i) => (
        <li key={i}>
          {tx(d.what)} <span class="badge outline">{ruleText(d)}</span>{' '}
          {d.due && <b class="nowrap">{say('deadline.due', { date: dateText(day(d.due)) })}</b>}
        </li>
      ))}
    </ul>
  );
}

const MARK = { true: '✓', false: '✗', null: '?' } as const;
export function Why({ facts }: { facts: DutyFact[] }) {
  if (facts.length === 0) return <p class="quiet">{say('why.none')}</p>;
  return (
    <ul class="plain program-why">
      {facts.map((f, i) => (
        <li key={`${f.fact}-${f.service}-${i}`} class={`program-fact-${f.speaks_for}`}>
          <span class="program-mark" aria-hidden="true">
            {MARK[`${f.speaks_for}`]}
          </span>
          <span>
            {tx(f.text)}{' '}
            <span class="visually-hidden">{say(f.speaks_for === null ? 'why.unknown' : f.speaks_for ? 'why.for' : 'why.against')}</span>
            <span class="quiet">{f.article}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Done({ one }: { one: Fulfilment }) {
  const n = one.evidence?.length ?? 0;
  return (
    <li>
      <a href={recordPage('obligations', one.record)}>{one.title ?? one.record}</a>{' '}
      <span class={`badge ${one.overdue ? 'level-late' : one.fulfilled ? 'level-done' : 'outline'}`}>{say(one.overdue ? 'state.overdue' : `state.${one.state}`)}</span>{' '}
      {one.owner && <Reference register="persons" id={one.owner} />}
      <span class="quiet program-done">
        {one.due && (
          <span>
            {say('next')} <Day value={one.due} short />
          </span>
        )}
        {one.done && <span>{say('done', { date: dateText(day(one.done)) })}</span>}
        <span>{n > 0 ? say('evidence', { n }) : say('evidence.none')}</span>
      </span>
    </li>
  );
}

/** Starting, assigning and stopping: what a person may do about it from here. */
function Acts({ duty, duties, reload }: { duty: Duty; duties: Duty[]; reload: () => void }) {
  const [asking, setAsking] = useState<'assign' | 'volunteer' | 'stop' | null>(null);
  if (!mayAssign()) return null;
  const own = duty.voluntary ? duty.fulfilment[0] : undefined;
  const stop = async () => {
    const record = await call<{ version: number }>('GET', recordApi('obligations', own!.record));
    await call('DELETE', recordApi('obligations', own!.record), undefined, { 'If-Match': `"${record.version}"` });
    setAsking(null);
    toast(say('stop.done', { name: tx(duty.name) }), async () => {
      await post(`${recordApi('obligations', own!.record)}/restore`, {});
      reload();
    });
    reload();
  };
  const made = async (values: Record<string, unknown>, voluntary: boolean) => {
    const record = await post<{ id: string; version: number }>(registerApi('obligations'), { values });
    setAsking(null);
    toast(say(voluntary ? 'volunteer.done' : 'assign.done', { name: tx(duty.name) }), async () => {
      await call('DELETE', recordApi('obligations', record.id), undefined, { 'If-Match': `"${record.version}"` });
      reload();
    });
    reload();
  };
  return (
    <p class="row-tools no-print">
      {duty.applies !== 'no' && (
        <button type="button" class="button secondary small" data-action="assign" onClick={() => setAsking('assign')}>
          {say('assign')}
        </button>
      )}
      {duty.applies === 'no' && !duty.voluntary && (
        <button type="button" class="button secondary small" data-action="volunteer" onClick={() => setAsking('volunteer')}>
          {say('volunteer')}
        </button>
      )}
      {own && (
        <button type="button" class="button secondary small" data-action="stop" onClick={() => setAsking('stop')}>
          {say('stop')}
        </button>
      )}
      {(asking === 'assign' || asking === 'volunteer') && (
        <AssignDuty duty={duty} voluntary={asking === 'volunteer'} owner={likelyOwner(duty, duties)} onClose={() => setAsking(null)} onMade={made} />
      )}
      {asking === 'stop' && (
        <Confirm title={say('stop')} act={say('stop')} onClose={() => setAsking(null)} onConfirm={stop}>
          <p>{say('stop.body', { record: own!.record })}</p>
        </Confirm>
      )}
    </p>
  );
}

interface DutyProps {
  duty: Duty;
  duties: Duty[];
  date: string;
  facts: Map<string, string>;
  reload: () => void;
}
function Inside({ duty, duties, date, facts, reload }: DutyProps) {
  const missing = duty.missing.filter((m) => m !== 'law');
  return (
    <div class="program-inside">
      <div>
        <h3 class="sub">{say('text')}</h3>
        <p>{tx(duty.text)}</p>
        {!duty.verified && (
          <p class="unverified">
            <b>{say('unverified')}</b> {tx(duty.note)}
          </p>
        )}
        <ArticleText article={duty.article.split('・')[0]!} date={date} />
        <h3 class="sub">{say('deadlines')}</h3>
        <Deadlines of={duty.deadlines} />
        <h3 class="sub">{say('proof')}</h3>
        <p>{tx(duty.proof)}</p>
      </div>
      <div>
        <h3 class="sub">{say('why')}</h3>
        <Why facts={duty.why} />
        {duty.missing.includes('law') && <p class="notice">{say('missing.law')}</p>}
        {missing.length > 0 && (
          <div class="notice notice-warn">
            <p>{say('missing')}</p>
            <p>
              <b>{missing.map((m) => facts.get(m) ?? m).join('、')}</b>
            </p>
            <p class="no-print">
              <a href="/registers/profile/+new">{say('record')}</a>
            </p>
          </div>
        )}
        <h3 class="sub">{say('fulfilment')}</h3>
        {duty.fulfilment.length === 0 ? (
          <p class="quiet">{say('fulfilment.none')}</p>
        ) : (
          <ul class="plain program-records">
            {duty.fulfilment.map((one) => (
              <Done key={one.record} one={one} />
            ))}
          </ul>
        )}
        <Acts duty={duty} duties={duties} reload={reload} />
      </div>
    </div>
  );
}

const BADGE: Record<string, string> = {
  overdue: 'level-late',
  unassigned: 'level-soon',
  open: 'level-half',
  fulfilled: 'level-done',
  'cannot-tell': 'outcome-undetermined',
  voluntary: 'program-voluntary',
  noted: 'outline',
  no: 'level-ok',
};

export function DutyRow(props: DutyProps) {
  const { duty, date } = props;
  const [opened, setOpened] = useState(false);
  const standing = standingOf(duty);
  const next = nextDay(duty, date);
  const owners = [...new Set(duty.fulfilment.map((f) => f.owner).filter((o) => o !== null))];
  return (
    <li class={`program-duty program-is-${standing}`}>
      <details data-duty={duty.id} onToggle={(e) => setOpened((e.target as HTMLDetailsElement).open)}>
        <summary>
          <span class={`badge ${BADGE[standing]}`}>{say(`standing.${standing}`)}</span>
          <span class="program-name">
            <b>{tx(duty.name)}</b>
            <span class="quiet">
              {duty.article} {duty.kind !== 'duty' && <span class="program-kind">{say(`kind.${duty.kind}`)}</span>}
              {!duty.verified && <span class="badge level-soon program-small">{say('unverified')}</span>}
            </span>
          </span>
          <span class="program-owner">
            {owners.length > 0 && owners.map((o) => <Reference key={o} register="persons" id={o} plain />)}
          </span>
          <span class="program-next">
            {next ? <Day value={next} short /> : duty.applies === 'yes' && duty.since ? <span class="quiet">{say(duty.since_open ? 'since.open' : 'since', { date: plainDateText(day(duty.since)) })}</span> : null}
          </span>
        </summary>
        {opened && <Inside {...props} />}
      </details>
    </li>
  );
}
