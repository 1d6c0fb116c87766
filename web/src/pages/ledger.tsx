// The ledger (証跡): checked in this browser without trusting the server, searched, and who else vouches for it.

import { useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { useResource } from '../lib/resource';
import { errorText, t } from '../lib/ui';
import { When } from '../parts/date';
import { Events } from '../parts/ledger-events';
import { Tabs } from '../parts/tabs';
import { Empty, ErrorBox, Panel } from '../parts/ui';
import { KeyPanel, Verify } from '../parts/verify-ledger';
import { say } from '../words/ledger';
import './ledger.css';

export interface LedgerStatus {
  origin: string;
  size: number;
  root: string;
  checkpoint: string;
  published: boolean;
  witness: boolean;
  keys: string[];
  witness_keys: string[];
  witnesses: { id: string; url: string; key: string; every_s: number; size: number; cosigned_at: string | null; trouble: string | null }[];
  witnessed: { origin: string; keys: string; size: number; root?: string; cosigned_at?: string }[];
}

function Head({ status }: { status: LedgerStatus }) {
  return (
    <Panel title={say('head')}>
      <dl class="pairs">
        <dt>{say('origin')}</dt>
        <dd>
          <code>{status.origin}</code>
        </dd>
        <dt>{say('size')}</dt>
        <dd>{number(status.size)}</dd>
        <dt>{say('root')}</dt>
        <dd>
          <code class="sha">{status.root}</code>
        </dd>
      </dl>
      <p class="quiet">{say(status.published ? 'published' : 'not.published')}</p>
    </Panel>
  );
}

function Witnesses({ status }: { status: LedgerStatus }) {
  return (
    <>
      <Panel title={say('keys')}>
        <p class="quiet">{say('keys.lead')}</p>
        {status.keys.map((key) => (
          <p key={key}>
            <code class="sha">{key}</code>
          </p>
        ))}
        {status.witness_keys.length > 0 && <h3 class="sub">{say('witness.keys')}</h3>}
        {status.witness_keys.map((key) => (
          <p key={key}>
            <code class="sha">{key}</code>
          </p>
        ))}
      </Panel>
      <Panel title={say('witnesses')}>
        {status.witnesses.length === 0 && (
          <Empty title={say('witnesses.none')}>
            <p>{say('witnesses.how')}</p>
          </Empty>
        )}
        <ul class="plain witness-list">
          {status.witnesses.map((w) => (
            <li key={w.id}>
              <b>{w.url}</b>
              <p>
                {w.cosigned_at ? say('witness.size', { n: number(w.size) }) : say('witness.never')} <When value={w.cosigned_at} />
              </p>
              {w.trouble && <p class="unverified">{say('witness.trouble', { why: w.trouble })}</p>}
              <code class="sha">{w.key}</code>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={say('witnessed')}>
        {status.witnessed.length === 0 && <p class="quiet">{say('witnessed.none')}</p>}
        <ul class="plain witness-list">
          {status.witnessed.map((log) => (
            <li key={log.origin}>
              <b>{log.origin}</b>
              <p>
                {log.cosigned_at ? say('witness.size', { n: number(log.size) }) : say('witness.never')} <When value={log.cosigned_at} />
              </p>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={say('stamps')}>
        <p>{say('stamps.lead')}</p>
      </Panel>
    </>
  );
}

const TABS = ['verify', 'events', 'witnesses'] as const;

export default function LedgerPage() {
  const read = useResource<LedgerStatus>('/api/v1/ledger');
  const [tab, setTab] = useState<(typeof TABS)[number]>('verify');
  const [round, setRound] = useState(0);
  const status = read.value;
  return (
    <div class="page ledger-page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
      </div>
      <p class="quiet">{say('lead')}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!status && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {status && (
        <Tabs label={say('title')} tabs={TABS.map((id) => ({ id, name: say(`tab.${id}`) }))} value={tab} onPick={setTab}>
          <div class="stack">
            {tab === 'verify' && (
              <>
                <Verify round={round} />
                <KeyPanel offered={status.keys} onChange={() => setRound(round + 1)} />
                <Head status={status} />
              </>
            )}
            {tab === 'events' && <Events />}
            {tab === 'witnesses' && <Witnesses status={status} />}
          </div>
        </Tabs>
      )}
    </div>
  );
}
