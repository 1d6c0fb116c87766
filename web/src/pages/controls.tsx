// Controls (管理策): frameworks with coverage, the list with one control beside it, assessments, automatic checks, OSCAL.

import { useEffect, useMemo, useState } from 'preact/hooks';
import { keyOf, type Controls, type ControlState, type Framework, type Item, type Wanted } from '../lib/controls';
import { number } from '../lib/i18n';
import { loadRegisters, registers } from '../lib/registers';
import { useResource } from '../lib/resource';
import { query, setQuery } from '../lib/router';
import { lang } from '../lib/store';
import { errorText, tx } from '../lib/ui';
import { ControlAssessments } from '../parts/control-assessments';
import { CoverageBar } from '../parts/control-bits';
import { ControlChecks } from '../parts/control-checks';
import { ControlDocuments } from '../parts/control-documents';
import { ControlList } from '../parts/control-list';
import { ControlPanel } from '../parts/control-panel';
import { Statement, statementFiles } from '../parts/control-statement';
import { Downloads, PrintButton } from '../parts/save';
import { Tabs } from '../parts/tabs';
import { ErrorBox, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/controls';
import './controls.css';

const TABS = ['frameworks', 'list', 'assessments', 'checks', 'documents'] as const;
type TabId = (typeof TABS)[number];

const counts = ({ coverage }: Framework) =>
  [
    ['implemented', coverage.implemented],
    ['partial', coverage.partial],
    ['planned', coverage.planned],
    ['not-applicable', coverage.not_applicable],
    ['open', coverage.open],
  ]
    .map(([state, n]) => `${say(`state.${state as ControlState}`)} ${number(n as number)}`)
    .join(' · ');

function Row({ framework, onOpen, onStatement }: { framework: Framework; onOpen: () => void; onStatement: () => void }) {
  const { coverage } = framework;
  const name = tx(framework.title);
  const facts = [
    say('frameworks.own', { n: number(coverage.own) }),
    say('frameworks.carried', { n: number(coverage.carried) }),
    say('frameworks.evidence', { n: number(coverage.evidence_valid) }),
    ...(coverage.evidence_expired > 0 ? [say('frameworks.expired', { n: number(coverage.evidence_expired) })] : []),
  ];
  return (
    <li class="controls-framework" data-framework={framework.id}>
      <div class="controls-framework-head">
        <button type="button" class="controls-open" data-open={framework.id} onClick={onOpen}>
          {name}
        </button>
        <span class="quiet">
          {framework.edition} · {framework.published} · {say('frameworks.units', { n: number(framework.units) })}
          {framework.unverified > 0 && ' *'}
          {framework.imported && ` · ${say('frameworks.imported')}`}
        </span>
      </div>
      <CoverageBar name={name} coverage={coverage} units={framework.units} />
      <p class="controls-framework-facts">
        <span>
          {answered(framework) === 0 ? `${say('state.open')} ${number(coverage.open)}` : counts(framework)}
        </span>
        {answered(framework) > 0 && <span class="quiet">{facts.join(' · ')}</span>}
        {coverage.attention > 0 && <span class="badge level-soon">{say('frameworks.attention', { n: number(coverage.attention) })}</span>}
        <span class="no-print controls-soa">
          {say('soa')}{' '}
          <button type="button" class="button secondary small" data-statement={framework.id} aria-label={`${say('soa.preview')} ${name}`} onClick={onStatement}>
            {say('soa.preview')}
          </button>
          <Downloads name={`${say('soa')} ${name}`} files={statementFiles(framework.id)} />
        </span>
      </p>
    </li>
  );
}

const answered = (one: Framework) => one.units - one.coverage.open;
const mostAnswered = (a: Framework, b: Framework) => Number(answered(b) > 0) - Number(answered(a) > 0) || answered(b) - answered(a);

function Frameworks({ controls, onOpen }: { controls: Controls; onOpen: (framework: string) => void }) {
  const [statement, setStatement] = useState<Framework | null>(null);
  return (
    <Panel title={say('tab.frameworks')} aside={<span class="quiet">{say('frameworks.mappings', { n: number(controls.mappings), u: number(controls.mappings_unverified) })}</span>}>
      <ul class="controls-frameworks">
        {[...controls.frameworks].sort(mostAnswered).map((one) => (
          <Row key={one.id} framework={one} onOpen={() => onOpen(one.id)} onStatement={() => setStatement(one)} />
        ))}
      </ul>
      <p class="quiet">* {say('unverified.what')}</p>
      {statement && <Statement framework={statement} onClose={() => setStatement(null)} />}
      {controls.findings.length > 0 && (
        <details>
          <summary>
            {say('findings')} ({controls.findings.length})
          </summary>
          <ul class="controls-findings">
            {controls.findings.map((one, i) => (
              <li key={i}>
                {one.record && <code>{one.record}</code>} {tx(one)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

/** What the address asks for. */
function useAsked() {
  const asked = new URLSearchParams(query.value);
  const at = asked.get('tab');
  const tab: TabId = TABS.find((one) => one === at) ?? 'frameworks';
  const wanted: Wanted = { framework: asked.get('framework') ?? '', text: asked.get('text') ?? '', only: asked.get('only') ?? '' };
  const set = (part: Record<string, string | null>) => {
    const next = new URLSearchParams(query.value);
    for (const [key, value] of Object.entries(part)) {
      if (value) next.set(key, value);
      else next.delete(key);
    }
    setQuery(next);
  };
  return { tab, wanted, item: asked.get('item'), of: asked.get('of'), set };
}

export default function ControlsPage() {
  const { tab, wanted, item, of, set } = useAsked();
  const [round, setRound] = useState(0);
  const controls = useResource<Controls>('/api/v1/controls');
  const list = useResource<{ date: string; items: Item[] }>(tab === 'list' || controls.value ? '/api/v1/controls/items' : null); // the list comes ahead of the click
  useEffect(() => void loadRegisters().catch(() => undefined), []);
  useEffect(() => {
    if (round === 0) return;
    controls.reload();
    list.reload();
  }, [round]);
  const mayWrite = registers.value?.find((one) => one.id === 'control-answers')?.may_write ?? false;
  const changed = () => setRound((n) => n + 1);
  const framework = of ?? wanted.framework;
  const picked = tab === 'list' && item && framework ? keyOf({ framework, id: item }) : null;
  const items = list.value?.items ?? null;
  const tabs = useMemo(() => TABS.map((id) => ({ id, name: say(`tab.${id}`) })), [lang.value]);
  return (
    <div class="page controls-page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <PrintButton />
      </div>
      <p class="quiet">{say('lead')}</p>
      {controls.value?.synthetic && <Synthetic />}
      {controls.error !== null && <ErrorBox text={errorText(controls.error)} onRetry={controls.reload} />}
      <Tabs label={say('tabs')} tabs={tabs} value={tab} onPick={(next) => set({ tab: next === 'frameworks' ? null : next, item: null, of: null })}>
        {tab === 'frameworks' && controls.value && <Frameworks controls={controls.value} onOpen={(id) => set({ tab: 'list', framework: id, item: null, of: null })} />}
        {tab === 'list' && (
          <div class={picked ? 'controls-split' : ''}>
            {list.error !== null && <ErrorBox text={errorText(list.error)} onRetry={list.reload} />}
            <ControlList
              items={items}
              controls={controls.value}
              wanted={wanted}
              picked={picked}
              onWant={(part) => set({ ...part, item: null, of: null })}
              onOpen={(one) => set({ item: one.id, of: one.framework === wanted.framework ? null : one.framework })}
            />
            {picked && <ControlPanel framework={framework} item={item!} today={list.value?.date ?? ''} mayWrite={mayWrite} onClose={() => set({ item: null, of: null })} onSaved={changed} />}
          </div>
        )}
        {tab === 'assessments' && <ControlAssessments mayWrite={registers.value?.find((one) => one.id === 'assessments')?.may_write ?? false} />}
        {tab === 'checks' && <ControlChecks onRan={changed} />}
        {tab === 'documents' && <ControlDocuments controls={controls.value} mayWrite={mayWrite} onTaken={changed} />}
      </Tabs>
    </div>
  );
}
