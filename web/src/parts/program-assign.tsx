// Who answers for an obligation, and by when: one record, two clicks where the suggestions are right.

import { useState } from 'preact/hooks';
import { assignment, nextDay, type Duty } from '../lib/program';
import { now } from '../lib/store';
import { toInput } from '../lib/time';
import { tx } from '../lib/ui';
import { say } from '../words/program';
import { RefInput } from './ref-picker';
import { Dialog, Field, Trouble } from './ui';

interface AssignProps {
  duty: Duty;
  voluntary: boolean;
  /** Who is suggested. */
  owner: string | null;
  onClose: () => void;
  onMade: (values: Record<string, unknown>, voluntary: boolean) => Promise<void>;
}
export function AssignDuty({ duty, voluntary, owner, onClose, onMade }: AssignProps) {
  const [who, setWho] = useState<string[]>(owner ? [owner] : []);
  const [next, setNext] = useState(nextDay(duty, toInput(now.peek()).slice(0, 10)) ?? '');
  const [tried, setTried] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (who[0]) onMade(assignment(duty, who[0], next, voluntary), voluntary).catch(setFailed);
  };
  return (
    <Dialog
      title={say(voluntary ? 'volunteer.title' : 'assign.title', { name: tx(duty.name) })}
      onClose={onClose}
      actions={
        <button type="submit" form="assign-duty" class="button" data-action="assign-it">
          {say('assign.do')}
        </button>
      }
    >
      <form id="assign-duty" class="form" onSubmit={submit}>
        <p class="quiet">{say(voluntary ? 'volunteer.lead' : 'assign.lead')}</p>
        <Field label={say('owner')} error={tried && who.length === 0 ? say('assign.owner.missing') : null}>
          {(p) => <RefInput register="persons" control={p} name="owner" many={false} value={who} onChange={setWho} />}
        </Field>
        <Field label={say('assign.next')} help={say('assign.next.help')}>
          {(p) => <input {...p} type="date" name="next" value={next} onInput={(e) => setNext((e.target as HTMLInputElement).value)} />}
        </Field>
        {failed !== null && <Trouble error={failed} />}
      </form>
    </Dialog>
  );
}
