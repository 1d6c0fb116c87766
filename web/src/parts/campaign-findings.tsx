// Findings of a campaign and their turns: plan, do (in the register of countermeasures), verify by another person.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { recordPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import type { Campaign, Finding } from '../lib/survey';
import { tx } from '../lib/ui';
import { say } from '../words/campaign';
import { Day, When } from './date';
import { Dialog, Field, Panel, Trouble } from './ui';

const SEVERITIES = ['high', 'medium', 'low'] as const;
type Act = 'measure' | 'verify' | 'accept';
type Fields = Record<string, string>;

interface FormProps {
  title: string;
  first: Fields;
  onClose: () => void;
  onSend: (fields: Fields) => Promise<void>;
  children: (fields: Fields, set: (name: string) => (e: Event) => void) => preact.ComponentChildren;
}
function FormDialog({ title, first, onClose, onSend, children }: FormProps) {
  const [fields, setFields] = useState(first);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const set = (name: string) => (e: Event) => setFields({ ...fields, [name]: (e.target as HTMLInputElement).value });
  const send = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    onSend(fields)
      .catch(setFailed)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <button type="submit" form="finding" class="button" data-action="finding-save" disabled={busy}>
          {say('save')}
        </button>
      }
    >
      <form id="finding" class="form" onSubmit={send}>
        {children(fields, set)}
        {failed !== null && <Trouble error={failed} />}
      </form>
    </Dialog>
  );
}

function AddForm({ campaign, onClose, onDone }: { campaign: Campaign; onClose: () => void; onDone: () => void }) {
  const questions = campaign.document.areas.flatMap((area) => area.questions);
  const send = async (fields: Fields) => {
    await post(`/api/v1/campaigns/${campaign.id}/findings`, fields);
    onDone();
  };
  return (
    <FormDialog title={say('finding.add')} first={{ title: '', description: '', severity: 'medium', question: '' }} onClose={onClose} onSend={send}>
      {(fields, set) => (
        <>
          <Field label={say('finding.title')}>{(p) => <input {...p} name="title" required maxLength={90} value={fields['title']} onInput={set('title')} />}</Field>
          <Field label={say('finding.severity')}>
            {(p) => (
              <select {...p} name="severity" value={fields['severity']} onChange={set('severity')}>
                {SEVERITIES.map((s) => (
                  <option key={s} value={s}>
                    {say(`severity.${s}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={say('finding.question')}>
            {(p) => (
              <select {...p} name="question" value={fields['question']} onChange={set('question')}>
                <option value="">{say('none')}</option>
                {questions.map((q) => (
                  <option key={q.id} value={q.id}>
                    {tx(q.text)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={say('finding.description')}>{(p) => <textarea {...p} name="description" rows={3} maxLength={1300} value={fields['description']} onInput={set('description')} />}</Field>
        </>
      )}
    </FormDialog>
  );
}

function MeasureFields({ fields, set }: { fields: Fields; set: (name: string) => (e: Event) => void }) {
  const people = useResource<{ items: { id: string; title: string }[] }>('/api/v1/registers/persons?limit=500');
  return (
    <>
      <Field label={say('measure.text')}>{(p) => <textarea {...p} name="measure" rows={3} required maxLength={1300} value={fields['measure']} onInput={set('measure')} />}</Field>
      <Field label={say('measure.owner')}>
        {(p) => (
          <select {...p} name="owner" required value={fields['owner']} onChange={set('owner')}>
            <option value="">{say('choose')}</option>
            {people.value?.items.map((one) => (
              <option key={one.id} value={one.id}>
                {one.title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={say('measure.deadline')}>{(p) => <input {...p} name="deadline" type="date" required value={fields['deadline']} onInput={set('deadline')} />}</Field>
    </>
  );
}

function ActForm({ finding, act, onClose, onDone }: { finding: Finding; act: Act; onClose: () => void; onDone: () => void }) {
  const first: Fields = act === 'measure' ? { measure: '', owner: '', deadline: '' } : act === 'verify' ? { result: 'effective', note: '' } : { note: '' };
  const send = async (fields: Fields) => {
    await post(`/api/v1/findings/${finding.id}`, { action: act, version: finding.version, ...fields });
    onDone();
  };
  return (
    <FormDialog title={`${say(act)}: ${finding.title}`} first={first} onClose={onClose} onSend={send}>
      {(fields, set) =>
        act === 'measure' ? (
          <MeasureFields fields={fields} set={set} />
        ) : (
          <>
            {act === 'verify' && (
              <Field label={say('verify.result')}>
                {(p) => (
                  <select {...p} name="result" value={fields['result']} onChange={set('result')}>
                    <option value="effective">{say('verify.effective')}</option>
                    <option value="not-effective">{say('verify.not-effective')}</option>
                  </select>
                )}
              </Field>
            )}
            <Field label={say('note')}>{(p) => <textarea {...p} name="note" rows={3} required maxLength={1300} value={fields['note']} onInput={set('note')} />}</Field>
          </>
        )
      }
    </FormDialog>
  );
}

function One({ finding, mayRun, onAct }: { finding: Finding; mayRun: boolean; onAct: (act: Act) => void }) {
  const done = finding.state === 'verified';
  return (
    <li class="campaign-finding">
      <span>
        <span class={`badge ${finding.severity === 'high' ? 'level-late' : finding.severity === 'medium' ? 'level-soon' : 'outline'}`}>{say(`severity.${finding.severity}`)}</span> <b>{finding.title}</b>{' '}
        <small class="quiet">{finding.id}</small> <span class={`badge ${done ? 'level-done' : 'level-half'}`}>{say(`fstate.${finding.state}`)}</span>
      </span>
      {finding.description && <p>{finding.description}</p>}
      {finding.measure && (
        <p>
          {say('measure.text')}: <a href={recordPage('countermeasures', finding.measure.id)}>{finding.measure.title}</a>{' '}
          <small class="quiet">
            {say('measure.deadline')} <Day value={finding.measure.deadline} short />
          </small>
        </p>
      )}
      {finding.trace.length > 1 && (
        <ul class="plain campaign-trace quiet">
          {finding.trace.map((line) => (
            <li key={line.at}>
              {say.or(`action.${line.action}`, line.action)} {line.result && say.or(`verify.${line.result}`, line.result)} {line.note} — {line.who} <When value={line.at} />
            </li>
          ))}
        </ul>
      )}
      {mayRun && (
        <span class="no-print">
          {finding.state === 'open' && (
            <>
              <button type="button" class="button small" data-measure={finding.id} onClick={() => onAct('measure')}>
                {say('measure')}
              </button>{' '}
              <button type="button" class="button secondary small" onClick={() => onAct('accept')}>
                {say('accept')}
              </button>
            </>
          )}
          {finding.may_verify && (
            <button type="button" class="button small" data-verify={finding.id} onClick={() => onAct('verify')}>
              {say('verify')}
            </button>
          )}
          {finding.state === 'measure' && !finding.may_verify && <small class="quiet">{finding.measure?.status === 'done' && finding.why_not ? tx(finding.why_not) : say('verify.wait')}</small>}
        </span>
      )}
    </li>
  );
}

export function Findings({ campaign, onChange }: { campaign: Campaign; onChange: () => void }) {
  const [adding, setAdding] = useState(false);
  const [acting, setActing] = useState<{ finding: Finding; act: Act } | null>(null);
  const done = () => {
    setAdding(false);
    setActing(null);
    onChange();
  };
  return (
    <Panel
      title={say('tab.findings')}
      aside={
        campaign.may_run && (
          <button type="button" class="button secondary small no-print" data-action="finding-add" onClick={() => setAdding(true)}>
            {say('finding.add')}
          </button>
        )
      }
    >
      {campaign.findings.length === 0 && <p class="quiet">{say('findings.none')}</p>}
      <ul class="plain">
        {campaign.findings.map((finding) => (
          <One key={finding.id} finding={finding} mayRun={campaign.may_run} onAct={(act) => setActing({ finding, act })} />
        ))}
      </ul>
      {adding && <AddForm campaign={campaign} onClose={() => setAdding(false)} onDone={done} />}
      {acting && <ActForm {...acting} onClose={() => setActing(null)} onDone={done} />}
    </Panel>
  );
}
