// What may be done with an accident in its present state. Each asks before it acts where others see the effect.

import { useState } from 'preact/hooks';
import { board, now } from '../lib/store';
import { fromInput, toInput } from '../lib/time';
import type { Accident } from '../lib/types';
import { t, tx } from '../lib/ui';
import type { Act } from './counts';
import { Dialog, Field } from './ui';

type Ask = 'recover' | 'close' | 'merge' | 'split';

function offered(accident: Accident): (Ask | 'confirm' | 'reopen')[] {
  if (accident.merged_into) return [];
  if (accident.state === 'closed') return ['reopen'];
  const list: (Ask | 'confirm' | 'reopen')[] = [];
  if (accident.state === 'suspected') list.push('confirm');
  if (!accident.recovered_at) list.push('recover');
  if (accident.state === 'recovered') list.push('close');
  list.push('merge');
  if (accident.causes.length > 1) list.push('split');
  return list;
}

function Ask({ ask, accident, act, close }: { ask: Ask; accident: Accident; act: Act; close: () => void }) {
  const [time, setTime] = useState(toInput(now.peek()));
  const others = (board.value?.accidents ?? []).filter((a) => a.id !== accident.id && (a.drill ?? false) === (accident.drill ?? false));
  const [other, setOther] = useState(others[0]?.id ?? '');
  const [causes, setCauses] = useState<string[]>([]);
  const body: Record<Ask, Record<string, unknown>> = {
    recover: { at: fromInput(time) },
    close: {},
    merge: { other },
    split: { causes },
  };
  const ready =
    (ask !== 'merge' || other !== '') &&
    (ask !== 'split' || (causes.length > 0 && causes.length < accident.causes.length)) &&
    (ask !== 'recover' || fromInput(time) !== null);
  const submit = async () => {
    if (await act({ action: ask, ...body[ask] })) close();
  };
  return (
    <Dialog
      title={t(`action.${ask}`)}
      onClose={close}
      actions={
        <button type="button" class="button" disabled={!ready} onClick={() => void submit()}>
          {t(`action.${ask}`)}
        </button>
      }
    >
      <p>{t(`action.${ask}.body`)}</p>
      {ask === 'recover' && (
        <Field label={`${t('action.recover.at')}(${t('common.jst')})`}>
          {(p) => (
            <input
              {...p}
              type="datetime-local"
              step="1"
              value={time}
              onInput={(e) => setTime((e.target as HTMLInputElement).value)}
            />
          )}
        </Field>
      )}
      {ask === 'merge' &&
        (others.length === 0 ? (
          <p>{t('action.merge.none')}</p>
        ) : (
          <Field label={t('action.merge.other')}>
            {(p) => (
              <select {...p} value={other} onChange={(e) => setOther((e.target as HTMLSelectElement).value)}>
                {others.map((a) => (
                  <option key={a.id} value={a.id}>
                    {a.id} {a.title}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ))}
      {ask === 'split' && (
        <fieldset class="choice column">
          <legend>{t('action.split.causes')}</legend>
          {accident.causes.map((c) => (
            <label key={c.id}>
              <input
                type="checkbox"
                checked={causes.includes(c.id)}
                onChange={() => setCauses(causes.includes(c.id) ? causes.filter((x) => x !== c.id) : [...causes, c.id])}
              />
              {c.name || c.id}
            </label>
          ))}
        </fieldset>
      )}
    </Dialog>
  );
}

export function Actions({ accident, act }: { accident: Accident; act: Act }) {
  const [ask, setAsk] = useState<Ask | null>(null);
  const list = offered(accident);
  if (list.length === 0 && !accident.undo) return null;
  return (
    <div class="actions" role="group" aria-label={t('actions.title')}>
      {list.map((name, i) => (
        <button
          key={name}
          type="button"
          class={`button${i === 0 ? '' : ' secondary'}`}
          data-action={name}
          onClick={() => (name === 'confirm' || name === 'reopen' ? void act({ action: name }) : setAsk(name))}
        >
          {t(`action.${name}`)}
        </button>
      ))}
      {accident.undo && (
        <button type="button" class="button secondary" data-action="undo" onClick={() => void act({ action: 'undo' })}>
          {t('action.undo', { text: tx(accident.undo.text) })}
        </button>
      )}
      {ask && <Ask ask={ask} accident={accident} act={act} close={() => setAsk(null)} />}
    </div>
  );
}
