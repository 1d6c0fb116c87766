import { expect, test } from 'vitest';
import { Tree, TREE_PAGE } from '../src/lib/tree';

interface N {
  id: string;
  children: number;
}
const node = (id: string, children = 0): N => ({ id, children });
/** A forest of 3 roots; b has 2 children, d of b has 250. */
const LEVELS: Record<string, N[]> = {
  '': [node('a'), node('b', 2), node('c')],
  b: [node('d', 250), node('e')],
  d: Array.from({ length: 250 }, (_, i) => node(`d${i}`)),
};
function forest() {
  const asked: string[] = [];
  const tree = new Tree<N>(
    (group, offset, limit) => {
      asked.push(`${group}@${offset}`);
      const all = LEVELS[group] ?? [];
      return Promise.resolve({ total: all.length, items: all.slice(offset, offset + limit) });
    },
    () => undefined,
  );
  return { tree, asked };
}
const settle = () => new Promise((done) => setTimeout(done));
const ids = (tree: Tree<N>) => Array.from({ length: tree.rows() }, (_, i) => tree.row(i).node?.id ?? '…');

test('unfolds in place and folds back', async () => {
  const { tree } = forest();
  tree.want(0, 30);
  await settle();
  expect(ids(tree)).toEqual(['a', 'b', 'c']);
  tree.unfold(node('b', 2));
  await settle();
  expect(ids(tree)).toEqual(['a', 'b', 'd', 'e', 'c']);
  expect(tree.row(2)).toMatchObject({ level: 2, position: 0, setSize: 2, parent: 1, group: 'b' });
  expect(tree.row(4)).toMatchObject({ level: 1, position: 2, setSize: 3, parent: -1 });
  tree.fold(node('b', 2));
  expect(ids(tree)).toEqual(['a', 'b', 'c']);
});

test('rows deep inside know their parent, and only their page is fetched', async () => {
  const { tree, asked } = forest();
  tree.want(0, 30);
  await settle();
  tree.unfold(node('b', 2));
  await settle();
  tree.unfold(node('d', 250));
  await settle();
  expect(tree.rows()).toBe(255);
  expect(tree.row(200)).toMatchObject({ level: 3, position: 197, parent: 2, node: undefined });
  tree.want(180, 220);
  await settle();
  expect(tree.row(200).node?.id).toBe('d197');
  expect(asked).toEqual(['@0', 'b@0', 'd@0', `d@${TREE_PAGE}`, `d@${2 * TREE_PAGE}`]);
  expect(tree.row(253).node?.id).toBe('e');
  expect(tree.row(254).node?.id).toBe('c');
});

test('what is old stays in sight until the answer has come, and what is open stays open', async () => {
  const { tree } = forest();
  tree.want(0, 30);
  await settle();
  tree.unfold(node('b', 2));
  await settle();
  LEVELS[''] = [node('b', 2), node('c')];
  tree.stale();
  expect(ids(tree)).toEqual(['a', 'b', 'd', 'e', 'c']);
  tree.want(0, 5);
  await settle();
  expect(ids(tree)).toEqual(['b', 'd', 'e', 'c']);
  LEVELS[''] = [node('a'), node('b', 2), node('c')];
});
