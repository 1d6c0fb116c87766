// Automatic checks: what each proves, its last result, and the controls it looks at.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { controlPage, type Check, type Checks } from '../lib/controls';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';
import { errorText, tx } from '../lib/ui';
import { say } from '../words/controls';
import { CheckMark } from './control-bits';
import { When } from './date';
import { toast } from './toast';
import { ErrorBox, Panel } from './ui';

const counted = (checks: Checks) => ({ pass: checks.summary.pass, fail: checks.summary.fail, cannot: checks.summary.cannot_tell });

function History({ id }: { id: string }) {
  const read = useResource<{ changes: { at: string; result: Check['result']; value: number | null }[] }>(`/api/v1/controls/checks/${id}`);
  if (read.error !== null) return <p class="error">{errorText(read.error)}</p>;
  return (
    <ul class="controls-list-plain">
      {read.value?.changes.map((one) => (
        <li key={one.at}>
          <When value={one.at} /> <CheckMark result={one.result} /> {one.value ?? ''}
        </li>
      ))}
    </ul>
  );
}

function Card({ check }: { check: Check }) {
  const [open, setOpen] = useState(false);
  const limit = say(check.at_least ? 'check.least' : 'check.most', { n: check.threshold, unit: tx(check.unit) });
  return (
    <li class="controls-check-card" data-check={check.id}>
      <h3>
        <CheckMark result={check.result} /> {tx(check.title)}
      </h3>
      <p>{tx(check.proves)}</p>
      <dl class="controls-pairs">
        <dt>{say('check.value')}</dt>
        <dd>{check.value === null || check.value === undefined ? (check.why ? tx(check.why) : '—') : `${check.value} ${tx(check.unit)}`}</dd>
        <dt>{say('check.threshold')}</dt>
        <dd>{limit}</dd>
        {check.facts && Object.keys(check.facts).length > 0 && (
          <>
            <dt>{say('check.facts')}</dt>
            <dd class="quiet">
              {Object.entries(check.facts)
                .map(([name, value]) => `${say.or(`fact.${name}`, name)}: ${value}`)
                .join(', ')}
            </dd>
          </>
        )}
        {check.since && (
          <>
            <dt>{say('check.since')}</dt>
            <dd>
              <When value={check.since} />
            </dd>
          </>
        )}
        <dt>{say('check.feeds')}</dt>
        <dd>
          {check.feeds.map((feed, i) => (
            <span key={`${feed.framework}:${feed.item}`}>
              {i > 0 && '、'}
              <a href={controlPage(feed.framework, feed.item)} title={`${feed.framework} ${tx(feed.title)}`}>
                {feed.item}
              </a>
            </span>
          ))}
        </dd>
      </dl>
      {check.result && (
        <details onToggle={(e) => setOpen((e.target as HTMLDetailsElement).open)}>
          <summary>{say('check.history')}</summary>
          {open && <History id={check.id} />}
        </details>
      )}
    </li>
  );
}

const URGENT = ['fail', 'cannot-tell', 'pass', null];

export function ControlChecks({ onRan }: { onRan: () => void }) {
  const read = useResource<Checks>('/api/v1/controls/checks');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    setFailed(null);
    try {
      const fresh = await post<Checks>('/api/v1/controls/checks', {});
      read.set(fresh);
      toast(say('checks.ran', counted(fresh)));
      onRan();
    } catch (e) {
      setFailed(e);
    } finally {
      setBusy(false);
    }
  };
  const checks = read.value;
  return (
    <Panel
      title={say('tab.checks')}
      aside={
        may('freeze-report') && (
          <button type="button" class="button secondary small no-print" data-action="run-checks" disabled={busy} onClick={() => void run()}>
            {say('checks.run')}
          </button>
        )
      }
    >
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      {checks && (
        <>
          <p>
            {checks.at ? (
              <>
                <b>{say('checks.summary', counted(checks))}</b>{' '}
                <span class="quiet">
                  <When value={checks.at} />
                </span>
              </>
            ) : (
              say('checks.never')
            )}
          </p>
          {!checks.verified && <p class="quiet">{say('checks.mapping', { date: checks.dated })}</p>}
          <ul class="controls-check-list">
            {[...checks.items]
              .sort((a, b) => URGENT.indexOf(a.result) - URGENT.indexOf(b.result))
              .map((check) => (
                <Card key={check.id} check={check} />
              ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
