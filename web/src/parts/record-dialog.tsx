// A record of a register, written from the page that is about it: the register's own form in a dialog, so that checks,
// drafts and conflicts are the same everywhere. A new one begins with what the page knows already.

import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api';
import type { Values } from '../lib/merge';
import { loadRegisters, recordApi, registers, type RegisterRecord } from '../lib/registers';
import { t } from '../lib/ui';
import { RecordEditor } from './record-editor';
import { Dialog, Trouble } from './ui';

interface RecordDialogProps {
  register: string;
  /** Null: a new one. */
  id: string | null;
  begin?: Values;
  title: string;
  onSaved: () => void;
  onClose: () => void;
}
export default function RecordDialog({ register: name, id, begin, title, onSaved, onClose }: RecordDialogProps) {
  const [record, setRecord] = useState<RegisterRecord | null>(null);
  const [error, setError] = useState<unknown>(null);
  const load = () => {
    setError(null);
    loadRegisters().catch(setError);
    if (id !== null) get<RegisterRecord>(recordApi(name, id)).then(setRecord, setError);
  };
  useEffect(load, [name, id]);
  const register = registers.value?.find((r) => r.id === name) ?? null;
  const ready = register !== null && (id === null || record !== null);
  const about = begin ? `.${Object.values(begin).join('.')}` : '';
  return (
    <Dialog title={title} onClose={onClose} wide>
      {error !== null && <Trouble error={error} onRetry={load} />}
      {!ready && error === null && <p class="loading">{t('common.loading')}</p>}
      {ready && <RecordEditor register={register} record={record} {...(begin && id === null ? { begin, about } : {})} onSaved={onSaved} onCancel={onClose} />}
    </Dialog>
  );
}

/** Whether the person may write records of this register. */
export const mayWrite = (register: string) => registers.value?.some((r) => r.id === register && r.may_write) ?? false;
