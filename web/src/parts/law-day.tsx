// The day whose law and records a page speaks of: today, until another one is chosen.

import { say } from '../words/common';
import { Field } from './ui';

interface LawDayProps {
  label: string;
  /** The day shown. */
  date: string;
  /** What was chosen; "": nothing, the day is today. */
  chosen: string;
  onChoose: (day: string) => void;
}
export function LawDay({ label, date, chosen, onChoose }: LawDayProps) {
  return (
    <div class="row">
      <Field label={label}>
        {(p) => <input {...p} type="date" name="date" min="2021-04-01" value={date} onInput={(e) => onChoose((e.target as HTMLInputElement).value)} />}
      </Field>
      {chosen !== '' && (
        <button type="button" class="tool no-print" onClick={() => onChoose('')}>
          {say('today.back')}
        </button>
      )}
    </div>
  );
}
