// The statement of applicability (適用宣言書) as it stands, before it is saved as a file.

import type { ControlState, Framework, Item } from '../lib/controls';
import { useResource } from '../lib/resource';
import { lang } from '../lib/store';
import { errorText, tx } from '../lib/ui';
import { say } from '../words/controls';
import { EvidenceMark, Rests, StateMark } from './control-bits';
import { Downloads } from './save';
import { Dialog, ErrorBox } from './ui';

export const statementFiles = (framework: string) =>
  ['pdf', 'xlsx'].map((format) => ({ format, href: `/api/v1/controls/frameworks/${encodeURIComponent(framework)}/applicability/${format}?lang=${lang.value}` }));

function applies(state: ControlState): string {
  if (state === 'open') return say('soa.undecided');
  return say(state === 'not-applicable' ? 'soa.no' : 'soa.yes');
}

export function Statement({ framework, onClose }: { framework: Framework; onClose: () => void }) {
  const id = encodeURIComponent(framework.id);
  const items = useResource<{ items: Item[] }>(`/api/v1/controls/items?framework=${id}`);
  const words = useResource<{ items: { id: string; justification: string | null }[] }>(`/api/v1/controls/frameworks/${id}/applicability/json`);
  const why = new Map(words.value?.items.map((one) => [one.id, one.justification]));
  const error = items.error ?? words.error;
  return (
    <Dialog title={`${say('soa')} — ${tx(framework.title)}`} wide onClose={onClose}>
      {error !== null && <ErrorBox text={errorText(error)} />}
      <p>
        <Downloads name={`${say('soa')} ${tx(framework.title)}`} files={statementFiles(framework.id)} />
      </p>
      <div class="scroll controls-statement" tabIndex={0} role="region" aria-label={say('soa')}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">{say('col.id')}</th>
              <th scope="col">{say('col.title')}</th>
              <th scope="col">{say('soa.applies')}</th>
              <th scope="col">{say('col.state')}</th>
              <th scope="col">{say('soa.why')}</th>
              <th scope="col">{say('col.via')}</th>
              <th scope="col">{say('col.evidence')}</th>
            </tr>
          </thead>
          <tbody>
            {items.value?.items
              .filter((item) => item.state)
              .map((item) => (
                <tr key={item.id}>
                  <th scope="row">{item.id}</th>
                  <td>{lang.value === 'en' ? (item.en ?? item.ja) : item.ja}</td>
                  <td>{applies(item.state!)}</td>
                  <td>
                    <StateMark state={item.state!} />
                  </td>
                  <td>{why.get(item.id)}</td>
                  <td>
                    <Rests item={item} />
                  </td>
                  <td>{item.state !== 'open' && <EvidenceMark state={item.evidence ?? 'none'} />}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
