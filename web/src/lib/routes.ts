// Which page an address belongs to. A pattern is a path whose pieces may be names: /accidents/:id.

export type Params = Record<string, string>;

export function match(pattern: string, path: string): Params | null {
  const [want, have] = [pattern.split('/'), path.replace(/(.)\/$/, '$1').split('/')];
  if (want.length !== have.length) return null;
  const params: Params = {};
  for (const [i, piece] of want.entries()) {
    const value = have[i] ?? '';
    if (!piece.startsWith(':')) {
      if (piece !== value) return null;
      continue;
    }
    if (value === '') return null;
    try {
      params[piece.slice(1)] = decodeURIComponent(value);
    } catch {
      return null; // a broken %-sequence is no address of ours
    }
  }
  return params;
}
