// Made-up data are marked where they are shown, in one way.

import { say } from '../words/common';

/** `text`: what is made up, where it is more than the carrier. */
export function Synthetic({ text }: { text?: string }) {
  return (
    <p class="synthetic-note">
      <span class="badge synthetic">{say('synthetic')}</span> <span class="quiet">{text ?? say('synthetic.of')}</span>
    </p>
  );
}
