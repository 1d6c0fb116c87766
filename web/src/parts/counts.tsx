// The labelled counts of one service, which of them the verdict uses, and the operator's own estimate.

import { useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import type { AccidentService, CountName } from '../lib/types';
import { fullWhen, t } from '../lib/ui';
import { Field } from './ui';

export type Act = (body: Record<string, unknown>) => Promise<boolean>;

export function wholeNumber(text: string): number | null {
  // Full-width digits and separators are what a Japanese keyboard gives.
  const plain = text.normalize('NFKC').replace(/[,\s]/g, '');
  return /^\d{1,12}$/.test(plain) ? Number(plain) : null;
}

function rows(service: AccidentService): { name: CountName | 'concurrent'; label: string; users: number; note?: string }[] {
  const c = service.counts;
  const list: ReturnType<typeof rows> = [
    { name: 'concurrent', label: t('count.concurrent'), users: c.concurrent },
    { name: 'peak', label: t('count.peak'), users: c.peak },
    { name: 'ever', label: t('count.ever'), users: c.ever },
  ];
  if (c.at_least)
    list.push({ name: 'at_least', label: t('count.at_least', { minutes: c.at_least.minutes }), users: c.at_least.users });
  list.push({ name: 'under_failed', label: t('count.under_failed'), users: c.under_failed });
  if (c.estimate) {
    const { users, method, author, at } = c.estimate;
    const note = t('count.estimate.by', { method, author, time: fullWhen(at) });
    list.push({ name: 'estimate', label: t('count.estimate'), users, note });
  }
  return list;
}

export function countName(service: AccidentService): string {
  return rows(service).find((row) => row.name === service.chosen)?.label ?? service.chosen;
}

export function Counts({ service, act, readOnly }: { service: AccidentService; act: Act; readOnly: boolean }) {
  return (
    <table class="data counts">
      <thead>
        <tr>
          <th scope="col">{t('detail.counts.method')}</th>
          <th scope="col" class="num">
            {t('detail.counts.value')}
          </th>
          <th scope="col">
            <span class="visually-hidden">{t('detail.counts.chosen')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows(service).map((row) => (
          <tr key={row.name} class={row.name === service.chosen ? 'chosen' : ''}>
            <th scope="row">
              {row.label}
              {row.note && <small>{row.note}</small>}
            </th>
            <td class="num">{row.users < 0 ? t('common.unknown') : number(row.users)}</td>
            <td class="row-action">
              {row.name === service.chosen ? (
                <b>{t('detail.counts.chosen')}</b>
              ) : (
                row.name !== 'concurrent' &&
                !readOnly && (
                  <button
                    type="button"
                    class="button secondary small"
                    aria-label={`${t('detail.counts.choose')}: ${row.label}`}
                    onClick={() => void act({ action: 'choose', service: service.service, count: row.name })}
                  >
                    {t('detail.counts.choose')}
                  </button>
                )
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function EstimateForm({ service, act }: { service: AccidentService; act: Act }) {
  const [form, setForm] = useState({ users: '', method: '', author: '' });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const submit = async (event: Event) => {
    event.preventDefault();
    const users = wholeNumber(form.users);
    const found: Record<string, string> = {};
    if (users === null) found['users'] = t('estimate.error.users');
    if (!form.method.trim()) found['method'] = t('estimate.error.method');
    if (!form.author.trim()) found['author'] = t('estimate.error.author');
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    const { method, author } = form;
    if (await act({ action: 'estimate', service: service.service, users, method, author }))
      setForm({ users: '', method: '', author: '' });
  };
  const input = (name: 'users' | 'method' | 'author') => ({
    value: form[name],
    onInput: (e: Event) => setForm({ ...form, [name]: (e.target as HTMLInputElement).value }),
  });
  return (
    <details class="fold">
      <summary>{t('estimate.title')}</summary>
      <form class="form" noValidate onSubmit={submit}>
        <Field label={t('estimate.users')} error={errors['users']}>
          {(p) => <input {...p} {...input('users')} class="number" inputMode="numeric" autoComplete="off" />}
        </Field>
        <Field label={t('estimate.method')} help={t('estimate.method.help')} error={errors['method']}>
          {(p) => <input {...p} {...input('method')} maxLength={500} />}
        </Field>
        <Field label={t('estimate.author')} error={errors['author']}>
          {(p) => <input {...p} {...input('author')} maxLength={100} autoComplete="name" />}
        </Field>
        <button class="button secondary">{t('estimate.save')}</button>
      </form>
    </details>
  );
}
