import { say } from '../words/down';

/** A kind of facility in words; as the topology writes it where the page does not know it. */
export const kindName = (kind: string) => say.or(`kind.${kind}`, kind);
