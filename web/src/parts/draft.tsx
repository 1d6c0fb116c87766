// The word about a restored draft, above its form.

import type { Draft } from '../lib/draft';
import { fullTime } from '../lib/ui';
import { say } from '../words/common';

export function DraftNote<T>({ draft }: { draft: Draft<T> }) {
  if (draft.restoredAt === null) return null;
  return (
    <div class="notice" role="status">
      <p>{say('draft.restored', { time: fullTime(draft.restoredAt) })}</p>
      <button type="button" class="button secondary small" data-action="drop-draft" onClick={draft.drop}>
        {say('draft.drop')}
      </button>
    </div>
  );
}
