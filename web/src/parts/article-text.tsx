// The text of an article as the law data have it on the day of the accident, fetched when somebody wants to read it.

import { useState } from 'preact/hooks';
import { get } from '../lib/api';
import { day } from '../lib/time';
import type { LawEntry } from '../lib/types';
import { dateText, errorText, tx } from '../lib/ui';
import { say } from '../words/accident';
import { ErrorBox } from './ui';
import './accident.css';

export function ArticleText({ article, date }: { article: string; date: string }) {
  const [entries, setEntries] = useState<LawEntry[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const read = () => {
    if (entries) return;
    // 施行規則58条2項1号 表二の項: the row of the table belongs to the article's one text.
    const name = article.split(' ')[0]!;
    get<{ entries: LawEntry[] }>(`/api/v1/law/${encodeURIComponent(name)}?date=${date}`).then(
      (answer) => setEntries(answer.entries),
      (e: unknown) => setError(e),
    );
  };
  return (
    <details class="fold" data-fold="article" onToggle={(e) => (e.target as HTMLDetailsElement).open && read()}>
      <summary>{say('law.open')}</summary>
      {error !== null && <ErrorBox text={errorText(error)} />}
      {entries?.length === 0 && <p class="quiet">{say('law.none')}</p>}
      {entries?.map((entry) => (
        <div key={entry.id}>
          <p class="quiet">
            {entry.article} {say('law.version', { date: dateText(day(entry.from)) })}
          </p>
          <p class="law-text">{tx(entry.text)}</p>
          {!entry.verified && <p class="quiet">{say('law.unverified')}</p>}
          {entry.note && <p class="quiet">{tx(entry.note)}</p>}
          <p class="quiet source">{entry.source}</p>
        </div>
      ))}
    </details>
  );
}
