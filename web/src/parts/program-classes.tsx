// Kinds of carriers side by side: the columns of the ministry's table of 2021, for the law of any day.

import { useEffect, useState } from 'preact/hooks';
import { post } from '../lib/api';
import { CARRIER_KINDS, isDay, TABLE_DUTIES, type Duty, type Program, type WhatIfAnswer } from '../lib/program';
import { errorText, t, tx } from '../lib/ui';
import { say } from '../words/program';
import { ErrorBox, Field, Panel } from './ui';

const PAPER = '2021-05-12';

function Mark({ duty }: { duty: Duty | undefined }) {
  if (!duty || !duty.in_force) return <span class="quiet">{say('classes.not-yet')}</span>;
  const mark = duty.applies === 'yes' && duty.kind === 'recommended' ? 'recommended' : duty.applies;
  return (
    <span class={`program-class-${mark}`}>
      <span aria-hidden="true">{say(`mark.${mark}`)}</span>
      <span class="visually-hidden">{mark === 'recommended' ? say('kind.recommended') : say(`applies.${duty.applies}`)}</span>
    </span>
  );
}

export function ProgramClasses({ program }: { program: Program }) {
  const [date, setDate] = useState(PAPER);
  const [answers, setAnswers] = useState<Duty[][] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    if (!isDay(date)) return;
    let wanted = true;
    const ask = (profile: object) => post<WhatIfAnswer>('/api/v1/program/what-if', { date, compare_date: date, profile }).then((a) => a.obligations);
    const kinds = CARRIER_KINDS.map((kind) => ask({ format: 'tokatsu-profile/1', facts: kind.facts, services: [] }));
    Promise.all([...kinds, ask(program.profile)]).then(
      (all) => wanted && (setAnswers(all), setFailed(null)),
      (e: unknown) => wanted && setFailed(e),
    );
    return () => {
      wanted = false;
    };
  }, [date, program]);
  const find = (column: number, id: string) => answers?.[column]?.find((d) => d.id === id);
  const columns = [...CARRIER_KINDS.map((kind) => kind.id), 'own'] as const;
  return (
    <Panel title={say('classes.table')}>
      <p class="quiet">{say('classes.lead')}</p>
      <div class="row">
      <Field label={say('date')} help={say('date.help')}>
        {(p) => <input {...p} type="date" name="classes-date" min="2021-04-01" value={date} onInput={(e) => setDate((e.target as HTMLInputElement).value)} />}
      </Field>
      </div>
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      {!answers && failed === null && <p class="loading">{t('common.loading')}</p>}
      {answers && (
        <div class="scroll program-scroll" tabIndex={0} role="group" aria-label={say('tab.classes')}>
          <table class="data program-classes">
            <thead>
              <tr>
                <th scope="col">{say('classes.duty')}</th>
                {columns.map((id) => (
                  <th scope="col" key={id}>
                    {id === 'own' ? say('classes.own') : say(`class.${id}`)}
                    {id !== 'own' && date === PAPER && <small>{say(`class.${id}.n`)}</small>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {TABLE_DUTIES.map((id) => {
                const any = answers.flat().find((d) => d.id === id);
                return any ? (
                  <tr key={id}>
                    <th scope="row">
                      {tx(any.name)} <small class="quiet">{any.article}</small>
                    </th>
                    {columns.map((column, at) => (
                      <td key={column}>
                        <Mark duty={find(at, id)} />
                      </td>
                    ))}
                  </tr>
                ) : null;
              })}
            </tbody>
          </table>
        </div>
      )}
      <p class="quiet">{say('classes.key')}</p>
    </Panel>
  );
}
