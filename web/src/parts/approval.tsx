// What a record's approval asks for next: to ask for it, to decide it, or to take the decision back. Who asked does not
// decide; the server says so where somebody tries.

import { useState } from 'preact/hooks';
import { ApiError, call } from '../lib/api';
import type { Values } from '../lib/merge';
import { approvalState, recordApi, type Register, type RegisterRecord } from '../lib/registers';
import { errorText, fieldErrors, fullWhen, t, tx } from '../lib/ui';
import { say } from '../words/registers';
import { ErrorBox } from './ui';
import { toast } from './toast';

interface ApprovalProps {
  register: Register;
  record: RegisterRecord;
  onChange: (next: RegisterRecord) => void;
}
export function ApprovalPanel({ register, record, onChange }: ApprovalProps) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const { approval } = register;
  const state = approvalState(register, record.values);
  if (!approval || state === null) return null;
  const field = register.fields.find((f) => f.id === approval.field);
  const option = (id: string) => tx(field?.options?.find((o) => o.id === id)?.label) || id;
  const open = (field?.options ?? []).map((o) => o.id).filter((id) => !approval.asked.includes(id) && !approval.decided.includes(id));
  const move = async (to: string) => {
    setBusy(true);
    setWrong('');
    try {
      const values: Values = { ...record.values, [approval.field]: to };
      onChange(await call<RegisterRecord>('PUT', recordApi(register.id, record.id), { values }, { 'If-Match': `"${record.version}"` }));
      toast(say('approval.done', { state: option(to) }));
    } catch (e) {
      const named = e instanceof ApiError ? Object.values(fieldErrors(e)) : [];
      setWrong(named.length > 0 ? named.join(' ') : errorText(e));
    } finally {
      setBusy(false);
    }
  };
  const button = (to: string, name: string, kind: string) => (
    <button key={to} type="button" class={kind} data-action={`state-${to}`} disabled={busy} onClick={() => void move(to)}>
      {name}
    </button>
  );
  const decided = { who: String(record.values[approval.who ?? ''] ?? ''), at: String(record.values[approval.at ?? ''] ?? '') };
  const roles = approval.by.map((role) => t(`role.${role}` as 'role.engineer')).join('・');
  return (
    <section class={`approval approval-${state}`} aria-label={say('approval')}>
      <p class="approval-state">
        <strong>{option(String(record.values[approval.field] ?? ''))}</strong>
        {state === 'decided' && decided.at && <span class="quiet"> {say('approval.by', { who: decided.who, time: fullWhen(decided.at) })}</span>}
        {state === 'asked' && <span class="quiet"> {say(register.may_decide ? 'approval.asked.you' : 'approval.asked', { roles })}</span>}
        {state === 'open' && <span class="quiet"> {say('approval.open', { roles })}</span>}
      </p>
      {register.may_write && (
        <p class="actions">
          {state === 'open' && approval.asked.map((id) => button(id, say('approval.to', { state: option(id) }), 'button'))}
          {state === 'asked' &&
            register.may_decide &&
            approval.decided.map((id, i) => button(id, say('approval.to', { state: option(id) }), i === 0 ? 'button' : 'button secondary'))}
          {state !== 'open' && open.slice(0, 1).map((id) => button(id, say('approval.back', { state: option(id) }), 'button secondary'))}
        </p>
      )}
      {wrong && <ErrorBox text={wrong} />}
    </section>
  );
}
