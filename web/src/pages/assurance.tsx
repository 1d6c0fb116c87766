// Functional assurance as a tree that is walked and built by keyboard, after the ARIA tree pattern.

import { useEffect, useRef, useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { number, people } from '../lib/i18n';
import { recordPage, registerApi } from '../lib/registers';
import { useResource } from '../lib/resource';
import type { Named } from '../lib/risks';
import { go } from '../lib/router';
import { lang } from '../lib/store';
import type { Text } from '../lib/types';
import { errorText, t, tx } from '../lib/ui';
import { RefInput } from '../parts/ref-picker';
import { PrintButton } from '../parts/save';
import { toast } from '../parts/toast';
import { Dialog, Empty, ErrorBox, Field, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/assurance';
import './assurance.css';

const KINDS = ['objective', 'service', 'work', 'resource', 'event', 'cause'] as const;
type Kind = (typeof KINDS)[number];
interface Node {
  id: string;
  depth: number;
  children: number;
  kind: Kind;
  title: string;
  parent: string | null;
  gaps: (Text & { code: string })[];
  resource?: (Named & { register: string }) | null;
  risk?: Named | null;
  service?: Named | null;
  level?: string;
  tolerable_hours?: number | null;
  tolerable_users?: number | null;
  tolerable_user_hours?: number | null;
  limits?: { hours: number; users: number }[];
}
interface Tree {
  nodes: Node[];
  gaps: number;
  synthetic: boolean;
}
const below = (kind: Kind): Kind | undefined => KINDS[KINDS.indexOf(kind) + 1];

// ---- what a row says ----

function Service({ node }: { node: Node }) {
  const limits = (node.limits ?? []).map((l) => say('limit', { hours: l.hours, users: people(l.users, lang.value) })).join(' / ');
  return (
    <span class="assurance-say">
      {node.service && <a href={recordPage('services', node.service.id)} tabIndex={-1}>{node.service.title}</a>} {node.level}{' '}
      {node.tolerable_hours != null && node.tolerable_users != null && (
        <b>
          {say('tolerable', { hours: node.tolerable_hours, users: people(node.tolerable_users, lang.value) })}{' '}
          <span class="quiet">({say('user.hours', { n: number(node.tolerable_user_hours ?? 0) })})</span>
        </b>
      )}{' '}
      {limits && <span class="quiet">{say('limits', { list: limits })}</span>}
    </span>
  );
}

function Row({ node }: { node: Node }) {
  return (
    <>
      <span class={`assurance-kind ${node.kind}`}>{say(`kind.${node.kind}`)}</span> <span class="assurance-title">{node.title}</span>{' '}
      {node.kind === 'service' && <Service node={node} />}
      {node.resource && (
        <a class="assurance-say" href={recordPage(node.resource.register, node.resource.id)} tabIndex={-1}>
          {node.resource.title}
        </a>
      )}
      {node.risk && (
        <a class="assurance-say" href={`/risks/${encodeURIComponent(node.risk.id)}`} tabIndex={-1}>
          {say('risk')} {node.risk.id}
        </a>
      )}
      {node.gaps.map((g) => (
        <span key={g.code} class="assurance-gap">
          {tx(g)}
        </span>
      ))}
    </>
  );
}

// ---- adding ----

function Add({ parent, close, done }: { parent: Node | null; close: () => void; done: () => void }) {
  const kind = parent ? below(parent.kind)! : 'objective';
  const [title, setTitle] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const save = async () => {
    try {
      await call('POST', registerApi('assurance'), { values: { title: title.trim(), kind, ...(parent && { parent: parent.id }) } });
      done();
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <Dialog
      title={parent ? say('add.title', { title: parent.title }) : say('add.first')}
      onClose={close}
      actions={
        <button type="button" class="button" data-action="add-node" disabled={title.trim() === ''} onClick={() => void save()}>
          {say('save')}
        </button>
      }
    >
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      <Field label={say('add.name', { kind: say(`kind.${kind}`) })}>
        {(p) => (
          <input
            {...p}
            name="title"
            maxLength={200}
            value={title}
            autoFocus
            onInput={(e) => setTitle((e.target as HTMLInputElement).value)}
            onKeyDown={(e) => {
              if (e.key === 'Enter' && title.trim() !== '') void save();
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}

// ---- risks of leaves ----

function Make({ close, done }: { close: () => void; done: () => void }) {
  const [matrix, setMatrix] = useState<string[]>([]);
  const [owner, setOwner] = useState<string[]>([]);
  const [found, setFound] = useState<{ node: string; values: { title: string } }[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const ask = (dry_run: boolean) => post<{ items: { node: string; values: { title: string } }[] }>('/api/v1/risks/assurance/risks', { matrix: matrix[0], owner: owner[0], dry_run });
  useEffect(() => {
    if (!matrix[0] || !owner[0]) return setFound(null);
    ask(true).then((a) => setFound(a.items), setFailed);
  }, [matrix[0], owner[0]]);
  const make = async () => {
    try {
      const made = await ask(false);
      toast(say('make.done', { n: made.items.length }));
      done();
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <Dialog
      title={say('make.title')}
      wide
      onClose={close}
      actions={
        <button type="button" class="button" data-action="make-risks" disabled={!found?.length} onClick={() => void make()}>
          {say('make.act', { n: found?.length ?? 0 })}
        </button>
      }
    >
      <p>{say('make.lead')}</p>
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      <Field label={say('make.matrix')}>{(p) => <RefInput register="risk-matrices" name="matrix" control={p} value={matrix} many={false} onChange={setMatrix} />}</Field>
      <Field label={say('make.owner')}>{(p) => <RefInput register="persons" name="owner" control={p} value={owner} many={false} onChange={setOwner} />}</Field>
      {found && found.length === 0 && <p role="status">{say('make.none')}</p>}
      <ul>
        {found?.map((f) => (
          <li key={f.node}>{f.values.title}</li>
        ))}
      </ul>
    </Dialog>
  );
}

// ---- the tree ----

/** The nodes in sight: none below a folded one; with `only`, those with gaps and what stands above them. */
function inSight(nodes: Node[], folded: Set<string>, only: boolean): Node[] {
  const kept = new Set<string>();
  if (only)
    for (const node of nodes.filter((n) => n.gaps.length > 0))
      for (let at: Node | undefined = node; at && !kept.has(at.id); at = nodes.find((n) => n.id === at!.parent)) kept.add(at.id);
  const shown: Node[] = [];
  let under = Infinity;
  for (const node of nodes) {
    if (node.depth > under) continue;
    under = Infinity;
    if (only && !kept.has(node.id)) continue;
    shown.push(node);
    if (folded.has(node.id)) under = node.depth;
  }
  return shown;
}

function TreeView({ tree, only, onAdd }: { tree: Tree; only: boolean; onAdd: (node: Node) => void }) {
  const [folded, setFolded] = useState(new Set<string>());
  const [at, setAt] = useState(tree.nodes[0]?.id ?? '');
  const box = useRef<HTMLUListElement>(null);
  const shown = inSight(tree.nodes, folded, only);
  const place = Math.max(0, shown.findIndex((n) => n.id === at));
  const move = (to: Node | undefined) => {
    if (!to) return;
    setAt(to.id);
    box.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(to.id)}"]`)?.focus();
  };
  const fold = (id: string, closed: boolean) => {
    const next = new Set(folded);
    if (closed) next.add(id);
    else next.delete(id);
    setFolded(next);
  };
  const onKey = (e: KeyboardEvent) => {
    const node = shown[place];
    if (!node || e.target !== e.currentTarget && !(e.target as Element).matches('[role="treeitem"]')) return;
    const acts: Record<string, () => void> = {
      ArrowDown: () => move(shown[place + 1]),
      ArrowUp: () => move(shown[place - 1]),
      Home: () => move(shown[0]),
      End: () => move(shown[shown.length - 1]),
      ArrowRight: () => (node.children > 0 && folded.has(node.id) ? fold(node.id, false) : node.children > 0 && move(shown[place + 1])),
      ArrowLeft: () => (node.children > 0 && !folded.has(node.id) ? fold(node.id, true) : move(shown.find((n) => n.id === node.parent))),
      Enter: () => go(recordPage('assurance', node.id)),
      '+': () => below(node.kind) && onAdd(node),
    };
    const act = acts[e.key];
    if (!act || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    act();
  };
  return (
    <ul class="assurance-tree" role="tree" aria-label={say('tree')} ref={box} onKeyDown={onKey}>
      {shown.map((node, i) => (
        <li
          key={node.id}
          role="treeitem"
          aria-level={node.depth + 1}
          aria-expanded={node.children > 0 ? !folded.has(node.id) : undefined}
          aria-selected={i === place}
          data-node={node.id}
          tabIndex={i === place ? 0 : -1}
          class="assurance-node"
          style={{ '--assurance-depth': String(node.depth) }}
          onFocus={() => setAt(node.id)}
        >
          <button
            type="button"
            class="assurance-fold"
            aria-hidden="true"
            tabIndex={-1}
            disabled={node.children === 0}
            onClick={() => fold(node.id, !folded.has(node.id))}
          >
            {node.children === 0 ? '·' : folded.has(node.id) ? '▸' : '▾'}
          </button>
          <span class="assurance-row">
            <Row node={node} />
          </span>
          <span class="assurance-acts no-print">
            {below(node.kind) && (
              <button type="button" class="button secondary small" tabIndex={-1} data-add={node.id} onClick={() => onAdd(node)}>
                {say('add')}
              </button>
            )}
            <a class="button secondary small" tabIndex={-1} href={recordPage('assurance', node.id)}>
              {say('open')}
            </a>
          </span>
        </li>
      ))}
    </ul>
  );
}

export default function AssurancePage() {
  const read = useResource<Tree>('/api/v1/risks/assurance');
  const [adding, setAdding] = useState<Node | null | undefined>(undefined);
  const [making, setMaking] = useState(false);
  const [only, setOnly] = useState(false);
  const tree = read.value;
  const first = (
    <button type="button" class="button" data-action="add-objective" onClick={() => setAdding(null)}>
      {say('add.first')}
    </button>
  );
  const done = () => {
    setAdding(undefined);
    setMaking(false);
    read.reload();
  };
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <div class="actions no-print">
          {tree && tree.nodes.length > 0 && first}
          {tree && tree.nodes.length > 0 && (
            <button type="button" class="button secondary" data-action="make" onClick={() => setMaking(true)}>
              {say('make')}
            </button>
          )}
          <PrintButton />
        </div>
      </div>
      <p class="quiet">{say('lead')}</p>
      {tree?.synthetic && <Synthetic />}
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!tree && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {tree && tree.nodes.length === 0 && (
        <Empty title={say('empty')}>
          <p>{say('empty.how')}</p>
          {first}
        </Empty>
      )}
      {tree && tree.nodes.length > 0 && (
        <Panel
          title={tree.gaps > 0 ? say('gaps', { n: tree.gaps }) : say('gaps.none')}
          aside={
            <label class="check no-print">
              <input type="checkbox" name="only" checked={only} onChange={(e) => setOnly((e.target as HTMLInputElement).checked)} /> {say('gaps.only')}
            </label>
          }
        >
          <TreeView tree={tree} only={only} onAdd={setAdding} />
        </Panel>
      )}
      {adding !== undefined && <Add parent={adding} close={() => setAdding(undefined)} done={done} />}
      {making && <Make close={() => setMaking(false)} done={done} />}
    </div>
  );
}
