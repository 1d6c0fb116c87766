// Bow ties: the drawing as the server makes it, and the same as tables. One page for the list and for one of them.

import { useEffect, useRef } from 'preact/hooks';
import { ApiError } from '../lib/api';
import { recordPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import type { Named } from '../lib/risks';
import { lang } from '../lib/store';
import type { Text } from '../lib/types';
import { errorText, t, tx } from '../lib/ui';
import { PrintButton } from '../parts/save';
import { Empty, ErrorBox, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/bow-ties';
import './bow-ties.css';

interface Barrier extends Named {
  state: string;
  symbol: string;
  words: Text;
  checked: string | null;
  measures: Named[];
  controls: Named[];
}
interface Line extends Named {
  barriers: Barrier[];
}
interface Tie extends Named {
  risk: Named | null;
  bare: number;
  causes: Line[];
  consequences: Line[];
  synthetic?: boolean;
}
interface Ties {
  items: Tie[];
  loose: (Named & { kind: string })[];
  synthetic: boolean;
}
const adding = (values: Record<string, string>) => `/registers/bow-ties/+new?${new URLSearchParams(values)}`;

function Drawing({ tie }: { tie: Tie }) {
  const box = useRef<HTMLDivElement>(null);
  const address = `/api/v1/risks/bow-ties/${encodeURIComponent(tie.id)}/picture.svg?lang=${lang.value}`;
  useEffect(() => {
    let wanted = true;
    void fetch(address)
      .then((r) => (r.ok ? r.text() : Promise.reject(new Error(String(r.status)))))
      .then((text) => {
        const svg = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
        if (wanted && svg.nodeName === 'svg') box.current?.replaceChildren(document.importNode(svg, true));
      })
      .catch(() => undefined); // the table says the same
    return () => void (wanted = false);
  }, [address, tie]);
  return (
    <>
      <div class="bow-ties-scroll" tabIndex={0} role="region" aria-label={say('area', { title: tie.title })}>
        <div ref={box} class="bow-ties-drawing" aria-label={say('picture', { title: tie.title })} role="img" />
      </div>
      <p class="files no-print">
        <a class="button secondary small" href={address} download={`${tie.id}.svg`}>
          {say('svg')}
        </a>
      </p>
    </>
  );
}

function Lines({ title, lines, kind, event }: { title: string; lines: Line[]; kind: 'cause' | 'consequence'; event: string }) {
  const barrier = kind === 'cause' ? 'preventive' : 'recovery';
  return (
    <div>
      <h3>{title}</h3>
      <ul class="bow-ties-lines">
        {lines.map((line) => (
          <li key={line.id}>
            <a href={recordPage('bow-ties', line.id)}>{line.title}</a>
            {line.barriers.length === 0 && <span class="bow-ties-bare"> {say('line.bare')}</span>}
            <ul>
              {line.barriers.map((b) => (
                <li key={b.id}>
                  <span class={`bow-ties-state ${b.state}`}>
                    {b.symbol} {tx(b.words)}
                  </span>{' '}
                  <a href={recordPage('bow-ties', b.id)}>{b.title}</a>{' '}
                  <span class="quiet">
                    {b.checked && say('checked', { date: b.checked })}{' '}
                    {b.measures.map((m) => (
                      <a key={m.id} href={recordPage('countermeasures', m.id)}>
                        {m.title}
                      </a>
                    ))}{' '}
                    {b.controls.map((c) => (
                      <a key={c.id} href={recordPage('control-answers', c.id)}>
                        {c.title}
                      </a>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
            <a class="no-print" href={adding({ kind: barrier, of: line.id })}>
              {say('add.barrier')}
            </a>
          </li>
        ))}
      </ul>
      <a class="button secondary small no-print" href={adding({ kind, of: event })}>
        {say(kind === 'cause' ? 'add.cause' : 'add.consequence')}
      </a>
    </div>
  );
}

function TiePanel({ tie }: { tie: Tie }) {
  return (
    <Panel
      title={tie.title}
      aside={
        <span class="files no-print">
          {tie.risk && (
            <a class="button secondary small" href={`/risks/${encodeURIComponent(tie.risk.id)}`}>
              {say('risk')} {tie.risk.id}
            </a>
          )}
          <a class="button secondary small" href={recordPage('bow-ties', tie.id)}>
            {say('record')}
          </a>
        </span>
      }
    >
      {tie.bare > 0 && <p class="notice notice-warn">{say('bare', { n: tie.bare })}</p>}
      <Drawing tie={tie} />
      <div class="bow-ties-pair">
        <Lines title={say('causes')} lines={tie.causes} kind="cause" event={tie.id} />
        <Lines title={say('consequences')} lines={tie.consequences} kind="consequence" event={tie.id} />
      </div>
    </Panel>
  );
}

export default function BowTiesPage({ params }: { params: { id?: string } }) {
  const id = params.id;
  const list = useResource<Ties>(id ? null : '/api/v1/risks/bow-ties');
  const one = useResource<Tie>(id ? `/api/v1/risks/bow-ties/${encodeURIComponent(id)}` : null);
  const read = id ? one : list;
  const gone = read.error instanceof ApiError && read.error.status === 404;
  const ties = id ? (one.value ? [one.value] : null) : (list.value?.items ?? null);
  return (
    <div class="page">
      {id && (
        <p class="crumbs">
          <a href="/bow-ties">{say('back')}</a>
        </p>
      )}
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <div class="actions no-print">
          <a class="button" href={adding({ kind: 'event' })}>
            {say('add')}
          </a>
          <a class="button secondary small" href="/registers/bow-ties">
            {say('open.register')}
          </a>
          <PrintButton />
        </div>
      </div>
      <p class="quiet">{say('lead')}</p>
      {(list.value ?? one.value)?.synthetic && <Synthetic />}
      {gone && <Empty title={say('missing', { id: id ?? '' })} />}
      {read.error !== null && !gone && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!ties && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {ties?.length === 0 && (
        <Empty title={say('empty')}>
          <p>{say('empty.how')}</p>
        </Empty>
      )}
      {ties?.map((tie) => <TiePanel key={tie.id} tie={tie} />)}
      {list.value && list.value.loose.length > 0 && (
        <Panel title={say('loose')}>
          <ul>
            {list.value.loose.map((p) => (
              <li key={p.id}>
                <a href={recordPage('bow-ties', p.id)}>{p.title}</a>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}
