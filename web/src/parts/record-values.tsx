import type { Register } from '../lib/registers';
import type { Values } from '../lib/merge';
import { tx } from '../lib/ui';
import { Value } from './value';

interface RecordValuesProps {
  register: Register;
  values: Values;
  /** Fields that are pointed out, such as those a version changed. */
  marked?: string[];
}
/** A record's fields, for reading. Empty ones stay in sight: what is missing is a fact too. */
export function RecordValues({ register, values, marked = [] }: RecordValuesProps) {
  return (
    <dl class="record-values">
      {register.fields.map((field) => {
        const value = values[field.id];
        const there = value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
        return (
          <div key={field.id} class={`draft-item${marked.includes(field.id) ? ' marked' : ''}`}>
            <dt>{tx(field.label)}</dt>
            <dd>{there ? <Value field={field} value={value} /> : <span class="quiet">—</span>}</dd>
          </div>
        );
      })}
    </dl>
  );
}
