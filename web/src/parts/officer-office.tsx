// One office of the Act: who holds it, what each must fulfil, what is missing, and the notification of each appointment.

import { useState } from 'preact/hooks';
import { inOrder, officeGaps, worst, type Appointment, type Check, type Office } from '../lib/officers';
import { registers, recordPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import { day } from '../lib/time';
import { errorText, plainDateText, t, tx } from '../lib/ui';
import type { Text } from '../lib/types';
import { say } from '../words/officers';
import { Downloads } from './save';
import { Dialog, ErrorBox } from './ui';

const BADGE = { met: 'level-done', 'not-met': 'level-late', 'not-known': 'level-soon' } as const;
const MARK = { true: '✓', false: '✗', null: '?' } as const;
const NOTIFIED = ['general-manager', 'user-information-manager', 'chief-engineer'];
const nice = (date: string) => plainDateText(day(date));

function Checks({ checks }: { checks: Check[] }) {
  return (
    <ul class="plain officer-checks">
      {checks.map((c) => (
        <li key={c.check} class={`officer-met-${c.met}`}>
          <span class="officer-mark" aria-hidden="true">
            {MARK[`${c.met}`]}
          </span>
          <span>
            {tx(c.text)} {c.due && <b class="nowrap">{say('due', { date: nice(c.due) })}</b>} <span class="visually-hidden">{say(`met.${c.met}`)}</span>
            <small class="quiet">{c.article}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}

interface NoticeItem {
  id: string;
  label: Text;
  article: string;
  verified: boolean;
  type: string;
  value?: unknown;
}
interface Model {
  form: { title: Text; lead: Text; statement: Text; addressee: Text };
  sections: { id: string; title: Text; items: NoticeItem[] }[];
}
function shown(item: NoticeItem): string {
  if (item.value === null || item.value === undefined) return '';
  return item.type === 'date' ? nice(String(item.value)) : String(item.value);
}

/** The notification as it would be printed, before it is. */
function Notice({ appointment, name, onClose }: { appointment: Appointment; name: string; onClose: () => void }) {
  const path = `/api/v1/program/officers/${encodeURIComponent(appointment.record)}/notice`;
  const read = useResource<Model>(`${path}.json`);
  const model = read.value;
  return (
    <Dialog
      title={say('notice.title', { name })}
      wide
      onClose={onClose}
      actions={<Downloads name={say('notice.files', { record: appointment.record })} files={['pdf', 'xlsx', 'csv'].map((format) => ({ format, href: `${path}.${format}` }))} />}
    >
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!model && read.error === null && <p class="quiet">{t('common.loading')}</p>}
      {model && (
        <div class="officer-notice">
          <p class="officer-notice-to">{tx(model.form.addressee)}</p>
          <h3>{tx(model.form.title)}</h3>
          <p>{tx(model.form.lead)}</p>
          {model.sections.map((section) => (
            <section key={section.id}>
              <h4 class="sub">{tx(section.title)}</h4>
              <dl>
                {section.items.map((item) => (
                  <div key={item.id}>
                    <dt>
                      {tx(item.label)}
                      {!item.verified && <span title={say('notice.unverified')}> ※</span>}
                    </dt>
                    <dd>{shown(item) || <span class="quiet">{say('notice.empty')}</span>}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
          <p class="notice notice-warn">{tx(model.form.statement)}</p>
        </div>
      )}
    </Dialog>
  );
}

function Holder({ office, appointment }: { office: Office; appointment: Appointment }) {
  const [noticing, setNoticing] = useState(false);
  const state = worst(appointment);
  const name = appointment.name ?? appointment.person ?? appointment.record;
  const area = appointment.prefectures ?? '';
  return (
    <li class="officer-holder">
      <details open={state !== 'met' && office.appointments.length < 4} data-appointment={appointment.record}>
        <summary>
          <span class={`badge ${BADGE[state]}`}>{say(`worst.${state}`)}</span>
          <span class="officer-name">
            <b>{name}</b> {appointment.deputy && <span class="badge outline">{say('deputy')}</span>}{' '}
            {appointment.certificate_kind && <span class="badge outline">{say(`kind.${appointment.certificate_kind}`)}</span>}
            <span class="quiet">
              {appointment.appointed && say('since', { date: nice(appointment.appointed) })}
              {(area || (appointment.sites?.length ?? 0) > 0) && ` · ${area || say('sites', { n: appointment.sites!.length })}`}
            </span>
          </span>
        </summary>
        <div class="officer-inside">
          <Checks checks={appointment.checks} />
          <p class="row-tools">
            <a class="button secondary small" href={recordPage('appointments', appointment.record)}>
              {appointment.record}
            </a>
            {NOTIFIED.includes(office.office) ? (
              <button type="button" class="button secondary small no-print" data-action="notice" onClick={() => setNoticing(true)}>
                {say('notice')}
              </button>
            ) : (
              <span class="quiet">{say('office.installation')}</span>
            )}
          </p>
        </div>
      </details>
      {noticing && <Notice appointment={appointment} name={name} onClose={() => setNoticing(false)} />}
    </li>
  );
}

export function OfficePanel({ office }: { office: Office }) {
  const gaps = officeGaps(office);
  const may = registers.value?.some((r) => r.id === 'appointments' && r.may_write) ?? false;
  return (
    <section class="panel officer-office" data-office={office.office}>
      <header class="panel-head">
        <h2>{tx(office.name)}</h2>
        <span class="officer-head">
          <span class={`badge ${office.applies === 'yes' ? 'level-half' : office.applies === 'no' ? 'level-ok' : 'outcome-undetermined'}`}>{say(`applies.${office.applies}`)}</span>
          {office.voluntary && <span class="badge outline">{say('voluntary')}</span>}
        </span>
      </header>
      <p class="quiet">{office.article}</p>
      {gaps.length > 0 && (
        <ul class="plain officer-gaps">
          {gaps.map((g, i) => (
            <li key={i}>
              <span class={`badge ${g.level === 'missing' ? 'level-late' : 'level-soon'}`}>{say(`gap.${g.level}`)}</span> {tx(g.text)}
            </li>
          ))}
        </ul>
      )}
      {office.appointments.length === 0 && <p class="quiet">{say('nobody')}</p>}
      <ul class="plain officer-holders">
        {inOrder(office.appointments).map((a) => (
          <Holder key={a.record} office={office} appointment={a} />
        ))}
      </ul>
      {may && (
        <p class="no-print">
          <a class="tool" href="/registers/appointments/+new">
            {say('appoint')}
          </a>
        </p>
      )}
    </section>
  );
}
