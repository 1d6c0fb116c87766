// Self-inspections of the management rules (施行規則29条1項5号): section by section whether it is kept, and from a finding a
// countermeasure.

import { useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { useResource } from '../lib/resource';
import { recordApi, recordPage, registerApi, type RegisterRecord } from '../lib/registers';
import { editionApi, type EditionAnswer, type Inspection, type RulesOverview, type Section } from '../lib/rules';
import { errorText } from '../lib/ui';
import { say } from '../words/rules';
import { Day } from './date';
import { RefInput } from './ref-picker';
import { toast } from './toast';
import { Dialog, Empty, ErrorBox, Field, Panel, Trouble } from './ui';

const value = (event: Event) => (event.target as HTMLInputElement).value;
const RESULTS = ['kept', 'partly', 'not-kept', 'not-applicable'] as const;
type Result = (typeof RESULTS)[number];
const isBad = (result: unknown) => result === 'partly' || result === 'not-kept';

// ---- a countermeasure from a finding ----

function Measure({ result, onMade, onClose }: { result: RegisterRecord; onMade: () => void; onClose: () => void }) {
  const finding = String(result.values['finding'] ?? '');
  const [title, setTitle] = useState(`${String(result.values['heading'])} ${finding}`.slice(0, 200));
  const [what, setWhat] = useState('');
  const [owner, setOwner] = useState<string[]>([]);
  const [deadline, setDeadline] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const make = async (event: Event) => {
    event.preventDefault();
    try {
      const values = { title, source: 'audit', source_id: result.id, cause: finding, measure: what, owner: owner[0], deadline, status: 'open' };
      const made = await post<RegisterRecord>(registerApi('countermeasures'), { values });
      await call('PUT', recordApi('rule-inspection-results', result.id), { values: { ...result.values, countermeasure: made.id } }, { 'If-Match': `"${result.version}"` });
      toast(say('inspection.saved'));
      onMade();
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <Dialog
      title={say('inspection.measure')}
      onClose={onClose}
      actions={
        <button type="submit" form="rules-measure" class="button" data-action="make-measure">
          {say('inspection.measure.make')}
        </button>
      }
    >
      <form id="rules-measure" class="form" onSubmit={(e) => void make(e)}>
        {failed !== null && <Trouble error={failed} />}
        <Field label={say('inspection.measure.title')}>{(p) => <input {...p} name="measure-title" required maxLength={200} value={title} onInput={(e) => setTitle(value(e))} />}</Field>
        <Field label={say('inspection.measure.what')}>{(p) => <textarea {...p} name="measure-what" required rows={4} value={what} onInput={(e) => setWhat(value(e))} />}</Field>
        <Field label={say('inspection.measure.owner')}>
          {(p) => <RefInput register="persons" control={p} name="measure-owner" value={owner} many={false} onChange={setOwner} />}
        </Field>
        <Field label={say('inspection.measure.deadline')}>
          {(p) => <input {...p} type="date" name="measure-deadline" required value={deadline} onInput={(e) => setDeadline(value(e))} />}
        </Field>
      </form>
    </Dialog>
  );
}

// ---- one inspection ----

interface RowProps {
  inspection: Inspection;
  section: Section;
  result: RegisterRecord | null;
  writes: boolean;
  onSaved: () => void;
}
function Row({ inspection, section, result, writes, onSaved }: RowProps) {
  const [finding, setFinding] = useState(String(result?.values['finding'] ?? ''));
  const [failed, setFailed] = useState('');
  const [measuring, setMeasuring] = useState(false);
  const [picked, setPicked] = useState<Result | ''>((result?.values['result'] as Result) ?? '');
  const save = async (next: Result | '', words: string) => {
    setPicked(next);
    setFailed('');
    if (next === '' || (next === 'not-kept' && words.trim() === '')) return; // it waits for its finding
    const values = { ...result?.values, inspection: inspection.id, section: section.id, heading: section.heading, result: next, finding: words.trim() };
    try {
      if (result) await call('PUT', recordApi('rule-inspection-results', result.id), { values }, { 'If-Match': `"${result.version}"` });
      else await post(registerApi('rule-inspection-results'), { values });
      onSaved();
    } catch (e) {
      setFailed(errorText(e));
    }
  };
  const measure = result?.values['countermeasure'];
  return (
    <tr data-section={section.id}>
      <th scope="row">{section.heading}</th>
      <td>
        <select aria-label={`${say('inspection.result')}: ${section.heading}`} name={`result-${section.id}`} value={picked} disabled={!writes} onChange={(e) => void save(value(e) as Result, finding)}>
          <option value="">{say('result.none')}</option>
          {RESULTS.map((r) => (
            <option key={r} value={r}>
              {say(`result.${r}`)}
            </option>
          ))}
        </select>
        {failed && <ErrorBox text={failed} />}
      </td>
      <td>
        {isBad(picked) && (
          <textarea
            aria-label={`${say('inspection.finding')}: ${section.heading}`}
            name={`finding-${section.id}`}
            rows={2}
            value={finding}
            disabled={!writes}
            onInput={(e) => setFinding(value(e))}
            onChange={(e) => void save(picked, value(e))}
          />
        )}
      </td>
      <td>
        {typeof measure === 'string' && <a href={recordPage('countermeasures', measure)}>{measure}</a>}
        {isBad(picked) && !measure && result && writes && (
          <button type="button" class="button secondary small" data-action="measure" onClick={() => setMeasuring(true)}>
            {say('inspection.measure.make')}
          </button>
        )}
        {measuring && result && <Measure result={result} onClose={() => setMeasuring(false)} onMade={() => (setMeasuring(false), onSaved())} />}
      </td>
    </tr>
  );
}
function Sheet({ inspection, writes, onChange }: { inspection: Inspection; writes: boolean; onChange: () => void }) {
  const edition = useResource<EditionAnswer>(editionApi(inspection.edition));
  const results = useResource<{ items: RegisterRecord[] }>(`${registerApi('rule-inspection-results')}?inspection=${encodeURIComponent(inspection.id)}&limit=500`);
  const error = edition.error ?? results.error;
  if (error !== null) return <Trouble error={error} onRetry={() => (edition.reload(), results.reload())} />;
  if (!edition.value || !results.value) return null;
  const sections = edition.value.rules.sections.filter((s) => s.text !== '');
  const of = new Map(results.value.items.map((r) => [String(r.values['section']), r]));
  const saved = () => {
    results.reload();
    onChange();
  };
  return (
    <>
      <p class="quiet">
        {say('inspection.lead')} <a href={recordPage('rule-inspections', inspection.id)}>{say('inspection.record')}</a>
      </p>
      {sections.length === 0 && <p class="quiet">{say('inspection.none')}</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label={inspection.title}>
        <table class="data rules-sheet">
          <thead>
            <tr>
              {(['compare.section', 'inspection.result', 'inspection.finding', 'inspection.measure'] as const).map((k) => (
                <th key={k} scope="col">
                  {say(k)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sections.map((s) => (
              <Row key={`${s.id}.${of.get(s.id)?.version ?? 0}`} inspection={inspection} section={s} result={of.get(s.id) ?? null} writes={writes} onSaved={saved} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

// ---- all of them ----

function NewInspection({ of, onMade, onClose }: { of: RulesOverview; onMade: (id: string) => void; onClose: () => void }) {
  const [title, setTitle] = useState('');
  const [planned, setPlanned] = useState('');
  const [edition, setEdition] = useState(of.in_force ?? of.editions[0]?.id ?? '');
  const [failed, setFailed] = useState<unknown>(null);
  const make = async (event: Event) => {
    event.preventDefault();
    try {
      const made = await post<RegisterRecord>(registerApi('rule-inspections'), { values: { title: title.trim(), planned, edition, state: 'under-way' } });
      onMade(made.id);
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <Dialog
      title={say('inspection.new')}
      onClose={onClose}
      actions={
        <button type="submit" form="rules-inspect" class="button" data-action="make-inspection">
          {say('inspection.make')}
        </button>
      }
    >
      <form id="rules-inspect" class="form" onSubmit={(e) => void make(e)}>
        {failed !== null && <Trouble error={failed} />}
        <Field label={say('inspection.title')}>{(p) => <input {...p} name="inspection-title" required maxLength={200} value={title} onInput={(e) => setTitle(value(e))} />}</Field>
        <Field label={say('inspection.planned')}>
          {(p) => <input {...p} type="date" name="inspection-planned" required value={planned} onInput={(e) => setPlanned(value(e))} />}
        </Field>
        <Field label={say('inspection.edition')}>
          {(p) => (
            <select {...p} name="inspection-edition" value={edition} onChange={(e) => setEdition(value(e))}>
              {of.editions.map((e) => (
                <option key={e.id} value={e.id}>
                  {e.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}
function Progress({ one }: { one: Inspection }) {
  const r = one.results;
  const bad = (r.partly ?? 0) + (r['not-kept'] ?? 0);
  const seen = bad + (r.kept ?? 0) + (r['not-applicable'] ?? 0);
  return (
    <span class="quiet">
      {say('inspection.progress', { n: seen, bad })}
      {(r.without_measure ?? 0) > 0 && <b class="rules-bad"> {say('inspection.without-measure', { n: r.without_measure ?? 0 })}</b>}
    </span>
  );
}
export function Inspections({ of, onChange }: { of: RulesOverview; onChange: () => void }) {
  const [making, setMaking] = useState(false);
  const [open, setOpen] = useState<string | null>(of.inspections.find((i) => i.state === 'under-way')?.id ?? null);
  return (
    <Panel
      title={say('tab.inspections')}
      aside={
        of.may_write &&
        of.editions.length > 0 && (
          <button type="button" class="button" data-action="new-inspection" onClick={() => setMaking(true)}>
            {say('inspection.new')}
          </button>
        )
      }
    >
      {of.inspections.length === 0 && (
        <Empty title={say('inspections.none')}>
          <p>{say('inspections.none.how')}</p>
        </Empty>
      )}
      {of.inspections.map((one) => (
        <details key={one.id} class="fold rules-inspection" open={open === one.id} data-inspection={one.id}>
          <summary onClick={(e) => (e.preventDefault(), setOpen(open === one.id ? null : one.id))}>
            <b>{one.title}</b> <span class="badge outline">{say(`inspection.state.${one.state}`)}</span> {one.overdue && <span class="badge level-late">{say('overdue')}</span>}{' '}
            <Day value={one.done_on ?? one.planned} short /> <Progress one={one} />
          </summary>
          {open === one.id && <Sheet inspection={one} writes={of.may_write} onChange={onChange} />}
        </details>
      ))}
      {making && (
        <NewInspection
          of={of}
          onClose={() => setMaking(false)}
          onMade={(id) => {
            setMaking(false);
            setOpen(id);
            onChange();
          }}
        />
      )}
    </Panel>
  );
}
