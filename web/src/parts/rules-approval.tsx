// Approval of an edition by another person than who asked, and its notification (様式第21・第22).

import { useState } from 'preact/hooks';
import { call } from '../lib/api';
import { recordApi, recordPage, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import { RULES, editionApi, type Check, type RulesOverview } from '../lib/rules';
import { day } from '../lib/time';
import { useRegister } from '../lib/use-register';
import { dateText } from '../lib/ui';
import { say } from '../words/rules';
import { ApprovalPanel } from './approval';
import { toast } from './toast';
import { Field, Panel, Trouble } from './ui';

const value = (event: Event) => (event.target as HTMLInputElement).value;

interface FilingProps {
  record: RegisterRecord;
  lawful: string | null;
  writes: boolean;
  onChange: () => void;
}
function Filing({ record, lawful, writes, onChange }: FilingProps) {
  const had = (field: string) => String(record.values[field] ?? '');
  const [form, setForm] = useState({ filing: had('filing') || 'to-file', filing_due: had('filing_due'), filed_on: had('filed_on'), filing_reference: had('filing_reference') });
  const [failed, setFailed] = useState<unknown>(null);
  const kind = had('kind') as 'new' | 'designated' | 'change';
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const save = async (event: Event) => {
    event.preventDefault();
    setFailed(null);
    const given = Object.fromEntries(Object.entries(form).map(([key, v]) => [key, v || null]));
    try {
      await call('PUT', recordApi('rule-editions', record.id), { values: { ...record.values, ...given } }, { 'If-Match': `"${record.version}"` });
      toast(say('filing.saved'));
      onChange();
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <form class="form" onSubmit={(e) => void save(e)}>
      <p>{say(`filing.lead.${kind}`)}</p>
      {lawful && (
        <p>
          {say('filing.lawful', { date: dateText(day(lawful)) })}{' '}
          {writes && form.filing_due !== lawful && (
            <button type="button" class="button secondary small" onClick={() => set({ filing_due: lawful })}>
              {say('filing.take')}
            </button>
          )}
        </p>
      )}
      {failed !== null && <Trouble error={failed} />}
      <fieldset class="row rules-filing" disabled={!writes}>
        <Field label={say('filing.state')}>
          {(p) => (
            <select {...p} name="filing" value={form.filing} onChange={(e) => set({ filing: value(e) })}>
              {(['to-file', 'filed', 'not-needed'] as const).map((f) => (
                <option key={f} value={f}>
                  {say(`filing.${f}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={say('filing.due.label')}>{(p) => <input {...p} type="date" name="filing-due" value={form.filing_due} onInput={(e) => set({ filing_due: value(e) })} />}</Field>
        <Field label={say('filing.on')}>{(p) => <input {...p} type="date" name="filed-on" value={form.filed_on} onInput={(e) => set({ filed_on: value(e) })} />}</Field>
        <Field label={say('filing.reference')}>
          {(p) => <input {...p} name="filing-reference" maxLength={200} value={form.filing_reference} onInput={(e) => set({ filing_reference: value(e) })} />}
        </Field>
      </fieldset>
      {writes && (
        <button class="button" data-action="save-filing">
          {say('filing.save')}
        </button>
      )}
    </form>
  );
}

interface ApprovalProps {
  record: RegisterRecord;
  check: Check;
  dirty: boolean;
  onChange: () => void;
}
export function RulesApproval({ record, check, dirty, onChange }: ApprovalProps) {
  const { register } = useRegister('rule-editions');
  const all = useResource<RulesOverview>(RULES);
  const errors = check.findings.filter((f) => f.level === 'error').length;
  const lawful = all.value?.editions.find((e) => e.id === record.id)?.lawful_due ?? null;
  if (!register) return null;
  const approved = record.values['state'] === 'approved';
  return (
    <>
      <Panel title={say('tab.approval')}>
        {dirty && <p class="notice notice-warn">{say('edit.unsaved')}</p>}
        {!approved && errors > 0 && <p class="notice notice-warn">{say('submit.warning', { n: errors })}</p>}
        <ApprovalPanel register={register} record={record} onChange={onChange} />
      </Panel>
      <Panel
        title={say('filing.title')}
        class="rules-next"
        aside={
          <span class="actions">
            <a class="button secondary small" href={`${editionApi(record.id)}/notice.pdf`} download data-action="notice-pdf">
              {say('filing.notice')}
            </a>
            <a href={recordPage('rule-editions', record.id)}>{say('filing.record')}</a>
          </span>
        }
      >
        {approved ? <Filing record={record} lawful={lawful} writes={register.may_write} onChange={onChange} /> : <p class="quiet">{say('filing.first')}</p>}
      </Panel>
    </>
  );
}
