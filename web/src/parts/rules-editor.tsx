// The editor of the management rules: outline on the left, one section in the middle, what the article asks on the right.

import { useEffect, useRef, useState } from 'preact/hooks';
import { day } from '../lib/time';
import { patch, move, remove, toggleItem, insert, type Check, type CheckedItem, type Finding, type RulesText, type Section } from '../lib/rules';
import { dateText, tx } from '../lib/ui';
import { say } from '../words/rules';
import { Empty, Field } from './ui';

const value = (event: Event) => (event.target as HTMLInputElement).value;
const nameOf = (section: Section) => section.heading || say('edit.untitled');

// ---- outline ----

interface OutlineProps {
  rules: RulesText;
  at: string | null;
  findings: Finding[];
  pick: (id: string) => void;
}
function Outline({ rules, at, findings, pick }: OutlineProps) {
  const worst = (id: string) => findings.find((f) => f.section === id && f.level !== 'note')?.level;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <ol class="rules-outline" ref={list}>
      {rules.sections.map((s) => (
        <li key={s.id} class={`rules-level-${s.level}`}>
          <button type="button" data-section={s.id} aria-current={s.id === at} onClick={() => pick(s.id)}>
            <span>{nameOf(s)}</span>
            {worst(s.id) && <span class={`rules-mark rules-${worst(s.id)}`} title={say(`level.${worst(s.id)!}`)} role="img" aria-label={say(`level.${worst(s.id)!}`)} />}
            {s.items.length > 0 && <span class="rules-count">{s.items.length}</span>}
          </button>
        </li>
      ))}
    </ol>
  );
}

// ---- one section ----

interface SectionProps {
  rules: RulesText;
  section: Section;
  items: CheckedItem[];
  findings: Finding[];
  writes: boolean;
  change: (next: RulesText, key?: string) => void;
  pick: (id: string | null) => void;
}
function Chips({ rules, section, items, writes, change }: SectionProps) {
  const item = (id: string) => items.find((i) => i.item === id);
  return (
    <div class="rules-chips" role="group" aria-label={say('edit.items')}>
      {section.items.length === 0 && <span class="quiet">{say('edit.items.none')}</span>}
      {section.items.map((id) => {
        const known = item(id);
        const name = known ? `${known.place} ${tx(known.name)}` : id;
        return (
          <span key={id} class="chip">
            {name}
            {writes && (
              <button type="button" class="chip-x" aria-label={say('edit.items.drop', { name })} onClick={() => change(toggleItem(rules, section.id, id))}>
                ×
              </button>
            )}
          </span>
        );
      })}
      {section.suggested && section.items.length > 0 && (
        <span class="rules-guess">
          {say('edit.suggested')}{' '}
          {writes && (
            <button type="button" class="button secondary small" data-action="confirm-items" onClick={() => change(patch(rules, section.id, { suggested: false }))}>
              {say('edit.confirm')}
            </button>
          )}
        </span>
      )}
    </div>
  );
}
function Tools({ rules, section, change, pick }: SectionProps) {
  const i = rules.sections.findIndex((s) => s.id === section.id);
  const drop = () => {
    change(remove(rules, section.id));
    pick(rules.sections[i + 1]?.id ?? rules.sections[i - 1]?.id ?? null);
  };
  return (
    <div class="rules-tools">
      <span class="switch" role="group" aria-label={say('edit.level')}>
        {([1, 2, 3] as const).map((level) => (
          <button key={level} type="button" aria-pressed={section.level === level} onClick={() => change(patch(rules, section.id, { level }))}>
            {say(`edit.level.${level}`)}
          </button>
        ))}
      </span>
      <button type="button" class="button secondary small" data-action="section-up" disabled={i <= 0} onClick={() => change(move(rules, section.id, -1))}>
        {say('edit.up')}
      </button>
      <button type="button" class="button secondary small" data-action="section-down" disabled={i >= rules.sections.length - 1} onClick={() => change(move(rules, section.id, 1))}>
        {say('edit.down')}
      </button>
      <button type="button" class="button secondary small" data-action="section-remove" onClick={drop}>
        {say('edit.remove')}
      </button>
    </div>
  );
}
function Writing(props: SectionProps) {
  const { rules, section, findings, writes, change } = props;
  const own = findings.filter((f) => f.section === section.id);
  return (
    <div class="rules-section" data-at={section.id}>
      {writes && <Tools {...props} />}
      <Field label={say('edit.heading')}>
        {(p) => (
          <input
            {...p}
            name="section-heading"
            maxLength={200}
            autoComplete="off"
            placeholder={say('edit.heading.example')}
            readOnly={!writes}
            value={section.heading}
            onInput={(e) => change(patch(rules, section.id, { heading: value(e) }), `heading.${section.id}`)}
          />
        )}
      </Field>
      <Field label={`${say('edit.text')} (${say('edit.chars', { n: [...section.text].length })})`}>
        {(p) => (
          <textarea
            {...p}
            class="rules-text"
            name="section-text"
            rows={16}
            readOnly={!writes}
            value={section.text}
            onInput={(e) => change(patch(rules, section.id, { text: value(e) }), `text.${section.id}`)}
          />
        )}
      </Field>
      <h3 class="sub">{say('edit.items')}</h3>
      <Chips {...props} />
      {own.length > 0 && (
        <ul class="rules-findings">
          {own.map((f) => (
            <li key={`${f.kind}.${f.item}.${tx(f.text)}`} class={`rules-${f.level}`}>
              <b>{say(`level.${f.level}`)}</b> {tx(f.text)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// ---- what the article asks ----

interface CoverageProps {
  rules: RulesText;
  check: Check;
  checking: boolean;
  section: Section | null;
  writes: boolean;
  pick: (id: string) => void;
  change: (next: RulesText) => void;
}
function ItemRow({ item, rules, section, writes, pick, change }: CoverageProps & { item: CheckedItem }) {
  const name = `${item.place} ${tx(item.name)}`;
  const there = item.sections.map((id) => rules.sections.find((s) => s.id === id)).filter((s) => s !== undefined);
  return (
    <li class={`rules-item rules-item-${item.state}`} data-item={item.item}>
      <details>
        <summary>
          <span class="rules-place">{item.place}</span> <span>{tx(item.name)}</span>{' '}
          <span class={`badge rules-state-${item.state}`}>{say(`item.${item.state}`)}</span>
          {item.new && <span class="badge outline">{say('coverage.new')}</span>}
          {!item.verified && <span class="badge outline">{say('unverified')}</span>}
        </summary>
        <p class="rules-guide">{tx(item.guidance)}</p>
        <p class="quiet">
          {item.article}
          {item.until && ` ・ ${say('transition', { date: dateText(day(item.until)) })}`}
        </p>
        {there.map((s) => (
          <button key={s.id} type="button" class="button secondary small" onClick={() => pick(s.id)}>
            {say('coverage.go', { name: nameOf(s) })}
          </button>
        ))}
      </details>
      {writes && section && (
        <label class="check rules-here">
          <input type="checkbox" name={`here-${item.item}`} checked={section.items.includes(item.item)} onChange={() => change(toggleItem(rules, section.id, item.item))} />
          <span>
            {say('coverage.here')}
            <span class="visually-hidden"> {name}</span>
          </span>
        </label>
      )}
    </li>
  );
}
function Coverage(props: CoverageProps) {
  const { check, checking } = props;
  const [only, setOnly] = useState(false);
  const items = check.items.filter((i) => !only || i.state === 'missing' || i.state === 'until' || i.state === 'cannot-tell');
  const { covered, asked } = check.counts;
  const placed = check.findings.filter((f) => f.section !== null && f.level !== 'note');
  return (
    <>
      <h2>{say('coverage.title')}</h2>
      <p aria-live="polite">
        {say('coverage.of', { date: dateText(day(check.date)), n: covered, all: asked })} {checking && <span class="quiet">{say('coverage.checking')}</span>}
      </p>
      <progress class="rules-progress" max={Math.max(1, asked)} value={covered} aria-label={say('coverage.title')} />
      <label class="check">
        <input type="checkbox" name="only-missing" checked={only} onChange={() => setOnly(!only)} /> {say('coverage.only')}
      </label>
      {items.length === 0 && <p class="quiet">{say('coverage.done')}</p>}
      <ul class="rules-items">
        {items.map((item) => (
          <ItemRow key={item.item} {...props} item={item} />
        ))}
      </ul>
      <h3 class="sub">
        {say('findings')} ({placed.length})
      </h3>
      {placed.length === 0 && <p class="quiet">{say('findings.none')}</p>}
      <ul class="rules-findings">
        {placed.map((f) => (
          <li key={`${f.section}.${f.kind}.${tx(f.text)}`} class={`rules-${f.level}`}>
            <button type="button" class="rules-jump" onClick={() => props.pick(f.section!)}>
              <b>{say(`level.${f.level}`)}</b> {tx(f.text)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

// ---- together ----

const KEYS: [string, 'key.save' | 'key.undo' | 'key.step' | 'key.move' | 'key.add'][] = [
  ['Ctrl+S', 'key.save'],
  ['Ctrl+Z / Ctrl+Y', 'key.undo'],
  ['Alt+↑ / Alt+↓', 'key.step'],
  ['Alt+Shift+↑ / ↓', 'key.move'],
  ['Ctrl+Enter', 'key.add'],
];
/** A section for each item that is asked, grouped by the article's own numbers. */
function skeleton(check: Check): RulesText {
  let rules: RulesText = { format: 'tokatsu-rules/1', title: '事業用電気通信設備管理規程', sections: [] };
  check.items
    .filter((i) => i.applies !== 'no')
    .forEach((item, n) => {
      const made = insert(rules, null);
      rules = patch(made.rules, made.id, { level: 3, heading: `第${n + 1}条(${item.name.ja})`, items: [item.item] });
    });
  return rules;
}

interface EditorProps {
  rules: RulesText;
  check: Check;
  checking: boolean;
  at: string | null;
  writes: boolean;
  pick: (id: string | null) => void;
  change: (next: RulesText, key?: string) => void;
  add: () => void;
  importFile: () => void;
}
export function RulesEditor({ rules, check, checking, at, writes, pick, change, add, importFile }: EditorProps) {
  const section = rules.sections.find((s) => s.id === at) ?? null;
  return (
    <div class="rules-editor">
      <nav class="panel rules-side" aria-label={say('edit.outline')}>
        <h2>{say('edit.outline')}</h2>
        {writes && (
          <Field label={say('edit.title')}>
            {(p) => <input {...p} name="rules-title" maxLength={200} value={rules.title} onInput={(e) => change({ ...rules, title: value(e) }, 'title')} />}
          </Field>
        )}
        <Outline rules={rules} at={at} findings={check.findings} pick={pick} />
        {writes && (
          <button type="button" class="button secondary small" data-action="add-section" onClick={add}>
            {say('edit.add')}
          </button>
        )}
      </nav>
      <section class="panel rules-main" aria-label={section ? nameOf(section) : say('edit.text')}>
        {section ? (
          <Writing rules={rules} section={section} items={check.items} findings={check.findings} writes={writes} change={change} pick={pick} />
        ) : (
          <Empty title={say('edit.empty')}>
            {writes && (
              <>
                <p>{say('edit.empty.how')}</p>
                <p class="actions">
                  <button type="button" class="button" data-action="import-empty" onClick={importFile}>
                    {say('import.open')}
                  </button>
                  <button
                    type="button"
                    class="button secondary"
                    data-action="skeleton"
                    onClick={() => {
                      const made = skeleton(check);
                      change(made);
                      pick(made.sections[0]?.id ?? null);
                    }}
                  >
                    {say('edit.skeleton')}
                  </button>
                </p>
              </>
            )}
          </Empty>
        )}
        {writes && (
          <details class="fold no-print">
            <summary>{say('edit.keys')}</summary>
            <dl class="keys rules-keys">
              {KEYS.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{say(what)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </section>
      <aside class="panel rules-side rules-coverage" aria-label={say('coverage.title')}>
        <Coverage rules={rules} check={check} checking={checking} section={section} writes={writes} pick={pick} change={change} />
      </aside>
    </div>
  );
}
