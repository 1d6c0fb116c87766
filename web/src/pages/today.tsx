// Today: what needs me. The first page of a desk; a wall has the board.

import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api';
import { nextThreshold } from '../lib/countdown';
import { grouped } from '../lib/deadlines';
import { number } from '../lib/i18n';
import { opens } from '../lib/pages';
import { loadRegisters, recordPage, registerApi, registerPage, registers } from '../lib/registers';
import { useResource } from '../lib/resource';
import { may, session } from '../lib/session';
import { board, now } from '../lib/store';
import { instant } from '../lib/time';
import { FIRST_STEPS, firstSteps, tasks, WHEN, whenOf, type FirstStep, type Task } from '../lib/today';
import type { AccidentSummary, Board, Deadline } from '../lib/types';
import { dateText, durationText, t, tOr, tx } from '../lib/ui';
import { Day } from '../parts/date';
import { Due } from '../parts/deadlines';
import { Reference } from '../parts/value';
import { TodayLaw, TodayOrders, TodayWaiting } from '../parts/today-program';
import { Empty, LevelBadge, OutcomeBadge, Panel, StateBadge, Trouble } from '../parts/ui';
import { say } from '../words/today';
import './today.css';

interface DueItem {
  register: string;
  id: string;
  title: string;
  field: string;
  date: string;
  overdue: boolean;
}
interface DueAnswer {
  total: number;
  items: DueItem[];
}
const TASKS_SHOWN = 8;
const REVIEWS_SHOWN = 50;
const REVIEWS_LISTED = 12; // the rest stands in the calendar

function Figures({ data, due }: { data: Board | null; due: DueAnswer | null }) {
  const running = (data?.accidents ?? []).filter((a) => !a.recovered_at);
  const serious = running.filter((a) => a.outcome === 'serious').length;
  const open = (data?.deadlines ?? []).filter((d) => !d.done);
  const at = (...parts: string[]) => grouped(open.filter((d) => parts.includes(whenOf(d, now.value)))).length;
  const late = at('late');
  const overdue = due?.items.filter((i) => i.overdue).length ?? 0;
  const figures: [string, number, boolean][] = data
    ? [
        [say('fig.serious'), serious, serious > 0],
        [say('fig.running'), running.length, false],
        [say('fig.late'), late, late > 0],
        [say('fig.week'), at('at-once', 'today', 'week'), false],
      ]
    : [];
  if (due) figures.push([say('fig.due'), overdue, false]);
  return (
    <dl class="figures today-figures">
      {figures.map(([name, n, alarm]) => (
        <div key={name} class={alarm ? 'figure alarm' : 'figure'}>
          <dt>{name}</dt>
          <dd>
            <b>{say('n', { n: number(n) })}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What a deadline is of: an accident by its title, a near miss or leak by its number, a list by how many it holds. */
function Of({ accident, ids, isCase }: { accident: AccidentSummary | null; ids: string[]; isCase: boolean }) {
  const id = ids[0] ?? '';
  if (ids.length > 1) return <a href="/accidents">{t('deadline.accidents', { n: ids.length })}</a>;
  const href = `/${isCase ? 'cases' : 'accidents'}/${encodeURIComponent(id)}`;
  const name = accident?.title ?? id;
  return opens(href) ? (
    <a href={href} data-step>
      {name}
    </a>
  ) : (
    <>{name}</>
  );
}

function TaskRow({ task }: { task: Task }) {
  const { accident, deadline } = task;
  const id = deadline?.case ?? deadline?.accident ?? accident?.id ?? '';
  return (
    <li>
      <span class="task-what">
        <Of accident={accident} ids={[id]} isCase={deadline !== null && deadline.accident === null} />
        <span class="quiet">{deadline ? tx(deadline.name) : accident?.id}</span>
      </span>
      <span class="task-when">
        {deadline ? (
          <>
            <LevelBadge level={deadline.level} done={false} /> <Due deadline={deadline} short />
          </>
        ) : (
          accident && <StateBadge state={accident.state} />
        )}
      </span>
    </li>
  );
}

/** Periodic reports stand for many accidents: one line. Tasks of one kind stand under one heading. */
function Mine({ data }: { data: Board }) {
  const [all, setAll] = useState(false);
  const periodic = (d: Deadline) => d.kind.startsWith('periodic');
  const found = tasks(data.accidents, data.deadlines.filter((d) => !periodic(d)), may);
  const shown = all ? found : found.slice(0, TASKS_SHOWN);
  const kinds = [...new Set(shown.map((task) => task.kind))];
  return (
    <Panel title={say('mine')} class="panel-mine">
      {found.length === 0 && <p class="quiet">{say('mine.none')}</p>}
      {kinds.map((kind) => (
        <section key={kind} class={`tasks task-${kind}`}>
          <h3 class="sub">{say(`task.${kind}`)}</h3>
          <ul>
            {shown
              .filter((task) => task.kind === kind)
              .map((task) => (
                <TaskRow key={`${kind}-${task.accident?.id ?? task.deadline?.case}-${task.deadline?.kind}`} task={task} />
              ))}
          </ul>
        </section>
      ))}
      {found.length > shown.length && (
        <button type="button" class="tool" onClick={() => setAll(true)}>
          {say('mine.more', { n: found.length - shown.length })}
        </button>
      )}
    </Panel>
  );
}

function Deadlines({ data }: { data: Board }) {
  const open = data.deadlines.filter((d) => !d.done);
  return (
    <Panel title={say('deadlines')}>
      {open.length === 0 && <p class="quiet">{say('deadlines.none')}</p>}
      {WHEN.map((part) => {
        const these = open.filter((d) => whenOf(d, now.value) === part);
        if (these.length === 0) return null;
        return (
          <section key={part} class={`deadline-part part-${part}`}>
            <h3 class="sub">{say(`when.${part}`)}</h3>
            <ul class="tasks">
              {grouped(these).map(({ first, accidents }) => (
                <li key={`${accidents[0]}-${first.kind}`}>
                  <span class="task-what">
                    <b>{tx(first.name)}</b>
                    <span class="quiet">
                      <Of accident={data.accidents.find((a) => a.id === first.accident) ?? null} ids={accidents} isCase={first.accident === null} />
                    </span>
                  </span>
                  <span class="task-when">
                    <LevelBadge level={first.level} done={false} /> <Due deadline={first} short />
                  </span>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </Panel>
  );
}

function Accident({ accident }: { accident: AccidentSummary }) {
  const next = nextThreshold([accident], now.value);
  return (
    <li class="today-accident">
      <span class="task-what">
        <a href={`/accidents/${accident.id}`} data-step>
          {accident.title}
        </a>
        <span class="quiet num">
          {t('accident.elapsed')} {durationText((now.value - instant(accident.started_at)) / 1000)}
          {' · '}
          {number(Math.max(0, ...accident.services.map((s) => s.users)))} {t('common.people')}
        </span>
      </span>
      <span class="task-when">
        {next && accident.outcome !== 'serious' && (
          <b class="today-next num">{say('accidents.in', { time: durationText((next.at - now.value) / 1000) })}</b>
        )}
        <OutcomeBadge outcome={accident.outcome} />
      </span>
    </li>
  );
}

function Accidents({ data }: { data: Board }) {
  const running = data.accidents.filter((a) => !a.recovered_at);
  return (
    <Panel title={say('accidents')} aside={<a href="/board">{say('accidents.board')}</a>}>
      {running.length === 0 ? (
        <p class="quiet">{say('accidents.none')}</p>
      ) : (
        <ul>
          {running.map((a) => (
            <Accident key={a.id} accident={a} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** What names a record: an option by its label, another record by its name, else the text itself. */
function DueTitle({ item }: { item: DueItem }) {
  const register = registers.value?.find((r) => r.id === item.register);
  const field = register?.fields.find((f) => f.id === register.title);
  if (field?.type === 'ref' && field.ref) return <Reference register={field.ref} id={item.title} plain />;
  const option = field?.options?.find((o) => o.id === item.title);
  return <>{option ? tx(option.label) : item.title || item.id}</>;
}

function ReviewList({ items }: { items: DueItem[] }) {
  return (
    <ul class="reviews">
      {items.slice(0, REVIEWS_LISTED).map((item) => {
        const register = registers.value?.find((r) => r.id === item.register);
        const field = register?.fields.find((f) => f.id === item.field);
        return (
          <li key={`${item.register}/${item.id}/${item.field}`}>
            <span class="task-what">
              <a href={recordPage(item.register, item.id)} data-step>
                <DueTitle item={item} />
              </a>
              <span class="quiet">
                {register ? tx(register.label) : item.register} · {field ? tx(field.label) : say('reviews.review')}
              </span>
            </span>
            <span class="task-when">
              {item.overdue && <span class="badge level-soon">{say('reviews.overdue')}</span>} <Day value={item.date} short />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Reviews({ due, failed, retry }: { due: DueAnswer | null; failed: unknown; retry: () => void }) {
  const writes = (item: DueItem) => registers.value?.find((r) => r.id === item.register)?.may_write ?? false;
  const [mine, others] = [due?.items.filter(writes) ?? [], due?.items.filter((i) => !writes(i)) ?? []];
  return (
    <Panel title={say('reviews')} aside={<a href="/calendar">{say('law.all')}</a>}>
      {failed !== null && <Trouble error={failed} onRetry={retry} />}
      {due && due.items.length === 0 && <p class="quiet">{say('reviews.none')}</p>}
      {mine.length > 0 && <ReviewList items={mine} />}
      {others.length > 0 && (
        <details class="fold" open={mine.length === 0}>
          <summary>{say('reviews.others', { n: others.length })}</summary>
          <ReviewList items={others} />
        </details>
      )}
      {due && due.total > REVIEWS_LISTED && <p class="quiet">{say('reviews.all', { n: number(due.total), shown: REVIEWS_LISTED })}</p>}
    </Panel>
  );
}

/** For those who may record them; gone as soon as each register holds something. */
function FirstSteps() {
  const [counts, setCounts] = useState<Partial<Record<FirstStep, number>>>({});
  const writable = FIRST_STEPS.filter((step) => registers.value?.some((r) => r.id === step && r.may_write)).join();
  useEffect(() => {
    if (writable === '') return;
    const count = async (step: FirstStep) => [step, (await get<{ total: number }>(`${registerApi(step)}?limit=1`)).total] as const;
    Promise.all((writable.split(',') as FirstStep[]).map(count)).then((all) => setCounts(Object.fromEntries(all)), () => undefined);
  }, [writable]);
  const steps = firstSteps(counts);
  if (steps.length === 0) return null;
  return (
    <Panel title={say('steps')} class="panel-steps">
      <p class="quiet">{say('steps.lead')}</p>
      <ol class="first-steps">
        {steps.map(({ step, done, next }, i) => (
          <li key={step} class={done ? 'done' : next ? 'next' : ''}>
            <span class="step-mark" aria-hidden="true">
              {done ? '✓' : i + 1}
            </span>
            <span class="task-what">
              <a href={registerPage(step)} data-step>
                {say(`step.${step}`)}
              </a>
              <span class="visually-hidden">{say(done ? 'step.done' : 'step.todo')}</span>
              {!done && <span class="quiet">{say(`step.${step}.why`)}</span>}
            </span>
            {next && (
              <a class="button small" href={`${registerPage(step)}/${step === 'facilities' ? '+import' : '+new'}`}>
                {say('step.open')}
              </a>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const whoText = (who: string, role: string) => (who === role ? role : say('role', { who, role }));

export default function Today() {
  const data = board.value;
  const who = session.value;
  const due = useResource<DueAnswer>(`/api/v1/registers/due?limit=${REVIEWS_SHOWN}`);
  useEffect(() => {
    loadRegisters().catch(() => undefined);
  }, []);
  return (
    <div class="page today">
      <div class="page-head">
        <h1 tabIndex={-1}>
          {say('title')} <span class="today-date">{dateText(now.value)}</span>
        </h1>
        {who && <p class="quiet">{whoText(who.display, tOr(`role.${who.role}`, who.role))}</p>}
      </div>
      <Figures data={data} due={due.value} />
      <div class="detail-main">
        {!data && may('read') && <Empty title={t('common.loading')} />}
        <FirstSteps />
        <TodayWaiting />
        {data && <Mine data={data} />}
        {data && <Accidents data={data} />}
      </div>
      <div class="detail-side">
        {data && <Deadlines data={data} />}
        <TodayOrders />
        <TodayLaw />
        <Reviews due={due.value} failed={due.error} retry={due.reload} />
      </div>
      {data?.synthetic && <p class="synthetic-note">{t('demo.synthetic.long')}</p>}
    </div>
  );
}
