// One record: its content, its form, its history. Sealed fields open only after a warning, and only on this page.

import { useEffect, useState } from 'preact/hooks';
import { ApiError, call, get } from '../lib/api';
import type { Values } from '../lib/merge';
import { heading, opens } from '../lib/pages';
import { homeOf, isClassified, isSealed, recordApi, recordPage, registerPage, type Register, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import { go, query } from '../lib/router';
import { useRegister } from '../lib/use-register';
import { fullWhen, tx } from '../lib/ui';
import { ApprovalPanel } from '../parts/approval';
import { Confirm } from '../parts/confirm';
import { Day } from '../parts/date';
import { RecordEditor } from '../parts/record-editor';
import { RecordHistory } from '../parts/record-history';
import { RecordValues } from '../parts/record-values';
import { PrintButton } from '../parts/save';
import { Tabs } from '../parts/tabs';
import { toast } from '../parts/toast';
import { Empty, Panel, Trouble } from '../parts/ui';
import { say } from '../words/registers';
import type { PageProps } from './index';
import './registers.css';

interface RecordProps {
  register: Register;
  record: RegisterRecord;
  onChange: (next: RegisterRecord) => void;
}
function Record({ register, record, onChange }: RecordProps) {
  const [tab, setTab] = useState<'record' | 'history'>('record');
  const [editing, setEditing] = useState<{ begin?: Values } | null>(null);
  const [asking, setAsking] = useState<'delete' | 'reveal' | null>(null);
  const [opened, setOpened] = useState(false);
  const sealed = register.fields.some((f) => isClassified(f) && record.values[f.id] !== undefined);
  const home = register.kind === 'view' ? homeOf(register.id, record.id) : null;
  const closed = Object.values(record.values).some(isSealed);
  const reveal = async () => {
    onChange(await get<RegisterRecord>(`${recordApi(register.id, record.id)}?reveal=1`));
    setOpened(true);
    setAsking(null);
  };
  const remove = async () => {
    await call('DELETE', recordApi(register.id, record.id), undefined, { 'If-Match': `"${record.version}"` });
    const back = async () => {
      await call('POST', `${recordApi(register.id, record.id)}/restore`);
      go(recordPage(register.id, record.id));
    };
    go(registerPage(register.id));
    toast(say('delete.done', { title: record.title }), back);
  };
  return (
    <>
      <div class="page-head">
        <div class="detail-head">
          <h1 tabIndex={-1}>{record.title || record.id}</h1>
          <p class="quiet record-meta">
            <span>{record.id}</span>
            <span>{say('meta.version', { n: record.version })}</span>
            <span>{say('meta.changed', { time: fullWhen(record.at), who: record.who })}</span>
            {record.review_due && (
              <span>
                {say('meta.review')} <Day value={record.review_due} />
              </span>
            )}
          </p>
        </div>
        <div class="actions">
          {register.may_write && !editing && (
            <>
              <button type="button" class="button" data-action="edit-record" onClick={() => (setTab('record'), setEditing({}))}>
                {say('edit')}
              </button>
              <button type="button" class="button secondary" data-action="delete-record" onClick={() => setAsking('delete')}>
                {say('delete')}
              </button>
            </>
          )}
          {register.may_reveal && closed && !editing && (
            <button type="button" class="button secondary" data-action="reveal" onClick={() => setAsking('reveal')}>
              {say('reveal')}
            </button>
          )}
          {home && opens(home) && (
            <a class="button" href={home}>
              {say('record.home')}
            </a>
          )}
          <PrintButton />
        </div>
      </div>
      {opened && (
        <div class="notice notice-warn" role="status">
          <p>{say('reveal.open')}</p>
        </div>
      )}
      <Tabs
        label={say('tabs')}
        tabs={[
          { id: 'record', name: say('tab.record') },
          { id: 'history', name: say('tab.history') },
        ]}
        value={tab}
        onPick={setTab}
      >
        {tab === 'history' ? (
          <RecordHistory
            register={register}
            id={record.id}
            version={record.version}
            onRestore={
              register.may_write
                ? (version, values) => {
                    setEditing({ begin: values });
                    setTab('record');
                    toast(say('history.restored', { n: version }));
                  }
                : null
            }
          />
        ) : editing ? (
          <RecordEditor
            register={register}
            record={record}
            {...editing}
            onCancel={() => setEditing(null)}
            onSaved={(next) => {
              setEditing(null);
              setOpened(false);
              onChange(next);
              toast(say('save.done', { id: next.id }));
            }}
          />
        ) : (
          <Panel title={tx(register.label)}>
            <ApprovalPanel register={register} record={record} onChange={onChange} />
            <RecordValues register={register} values={record.values} />
          </Panel>
        )}
      </Tabs>
      {asking === 'delete' && (
        <Confirm
          title={say('delete.title', { title: record.title || record.id })}
          act={say('delete.act')}
          onClose={() => setAsking(null)}
          onConfirm={remove}
        >
          <p>{say('delete.body')}</p>
        </Confirm>
      )}
      {asking === 'reveal' && (
        <Confirm title={say('reveal.title')} act={say('reveal.act')} onClose={() => setAsking(null)} onConfirm={reveal}>
          <p>{say('reveal.body')}</p>
        </Confirm>
      )}
      {sealed && <p class="quiet">{say('sealed.note')}</p>}
    </>
  );
}

function Existing({ register, id }: { register: Register; id: string }) {
  const read = useResource<RegisterRecord>(recordApi(register.id, id));
  const title = read.value?.title;
  useEffect(() => {
    if (title) heading.value = title;
  }, [title]);
  if (read.error instanceof ApiError && read.error.status === 404)
    return (
      <Empty title={say('record.missing', { id })}>
        <p>{say('record.missing.how')}</p>
      </Empty>
    );
  if (read.error !== null) return <Trouble error={read.error} onRetry={read.reload} />;
  if (!read.value) return null;
  return <Record register={register} record={read.value} onChange={read.set} />;
}

/** What another page proposes for a new record: fields in the address. */
function proposed(register: Register): Values {
  const asked = new URLSearchParams(query.value);
  const values: Values = {};
  for (const field of register.fields) {
    const text = asked.get(field.id);
    if (text === null || text === '') continue;
    if (field.type === 'list-of-ref') values[field.id] = text.split(',');
    else if (field.type === 'integer' || field.type === 'number') values[field.id] = Number(text);
    else values[field.id] = text;
  }
  return values;
}

function New({ register }: { register: Register }) {
  return (
    <>
      <div class="page-head">
        <h1 tabIndex={-1}>{say('new', { name: tx(register.label) })}</h1>
      </div>
      <p class="quiet">{tx(register.purpose)}</p>
      <RecordEditor
        register={register}
        record={null}
        begin={proposed(register)}
        onCancel={() => go(registerPage(register.id))}
        onSaved={(made) => {
          go(recordPage(register.id, made.id));
          toast(say('new.added', { id: made.id }));
        }}
      />
    </>
  );
}

export default function RecordPage({ params }: PageProps<'register' | 'id'>) {
  const { register, missing, error, retry } = useRegister(params.register);
  return (
    <div class="page record">
      <p class="crumbs">
        <a href="/registers">{say('back')}</a> <span aria-hidden="true">›</span>{' '}
        <a href={registerPage(params.register)}>{register ? tx(register.label) : params.register}</a>
      </p>
      {error !== null && <Trouble error={error} onRetry={retry} />}
      {missing && <Empty title={say('all.missing', { name: params.register })} />}
      {register && (params.id === '+new' ? <New register={register} /> : <Existing register={register} id={params.id} />)}
    </div>
  );
}
