// The saved versions of an edition: compared with what there is now, or brought back.

import { useState } from 'preact/hooks';
import { get } from '../lib/api';
import { recordApi, type HistoryItem } from '../lib/registers';
import { useResource } from '../lib/resource';
import { setQuery } from '../lib/router';
import { editionApi, type EditionAnswer, type RulesText } from '../lib/rules';
import { say } from '../words/rules';
import { When } from './date';
import { Panel, Trouble } from './ui';

interface HistoryProps {
  id: string;
  version: number;
  restore: ((then: RulesText) => void) | null;
}
export function RulesHistory({ id, version, restore }: HistoryProps) {
  const read = useResource<{ items: HistoryItem[] }>(`${recordApi('rule-editions', id)}/history?v=${version}`);
  const [failed, setFailed] = useState<unknown>(null);
  const bring = (at: string) => {
    get<EditionAnswer>(`${editionApi(id)}?as_of=${encodeURIComponent(at)}`).then((then) => restore?.(then.rules), setFailed);
  };
  const items = [...(read.value?.items ?? [])].reverse();
  return (
    <Panel title={say('tab.history')}>
      {read.error !== null && <Trouble error={read.error} onRetry={read.reload} />}
      {failed !== null && <Trouble error={failed} />}
      <ol class="rules-history">
        {items.map((item) => {
          const text = item.changes.some((c) => c.field === 'content');
          return (
            <li key={item.version} data-version={item.version}>
              <b>v{item.version}</b> <When value={item.at} /> {item.who} <span class="quiet">{say(text ? 'history.text' : 'history.other')}</span>
              {item.version < version && text && (
                <span class="actions">
                  <button type="button" class="button secondary small" data-action="history-compare" onClick={() => setQuery(new URLSearchParams({ tab: 'compare', before: item.at }))}>
                    {say('history.compare')}
                  </button>
                  {restore && (
                    <button type="button" class="button secondary small" data-action="history-restore" onClick={() => bring(item.at)}>
                      {say('history.restore')}
                    </button>
                  )}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
