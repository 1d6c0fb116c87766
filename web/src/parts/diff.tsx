// From → to, field by field. Nothing is said by colour alone: the columns have names, and del/ins are read out.

import type { ComponentChildren } from 'preact';
import { say } from '../words/common';

export interface Difference {
  id: string;
  label: string;
  from: ComponentChildren;
  to: ComponentChildren;
}
const isEmpty = (value: ComponentChildren) => value === null || value === undefined || value === '';
const EMPTY = () => <span class="quiet">{say('diff.empty')}</span>;

interface DifferencesProps {
  changes: Difference[];
  from?: string;
  to?: string;
  /** Something beside each line, such as a choice of what to keep. */
  aside?: (change: Difference) => ComponentChildren;
  asideName?: string;
  /** Two states side by side, of which none is the older one: no striking out. */
  sideBySide?: boolean;
}
export function Differences({ changes, from, to, aside, asideName, sideBySide }: DifferencesProps) {
  if (changes.length === 0) return <p class="quiet">{say('diff.none')}</p>;
  return (
    <div class="scroll tall" tabIndex={0}>
      <table class="data differences">
        <thead>
          <tr>
            <th scope="col">{say('diff.item')}</th>
            <th scope="col">{from ?? say('diff.from')}</th>
            <th scope="col">{to ?? say('diff.to')}</th>
            {aside && <th scope="col">{asideName}</th>}
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.id}>
              <th scope="row">{change.label}</th>
              <td>
                {isEmpty(change.from) ? EMPTY() : sideBySide ? change.from : <del>{change.from}</del>}
              </td>
              <td>
                {isEmpty(change.to) ? EMPTY() : sideBySide ? change.to : <ins>{change.to}</ins>}
              </td>
              {aside && <td>{aside(change)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
