// Which contractor (委託先) an account of that role is tied to.

import { useResource } from '../lib/resource';
import type { Account } from '../lib/account';
import { say } from '../words/sso';

interface Records {
  items: { id: string; title: string }[];
}
interface Props {
  account: Account;
  manages: boolean;
  onPick: (contractor: string | null) => void;
}

export function ContractorSelect({ account, manages, onPick }: Props) {
  const list = useResource<Records>('/api/v1/registers/contractors?limit=500');
  const items = list.value?.items ?? [];
  const own = account.contractor;
  if (!manages) return <small>{items.find((item) => item.id === own)?.title ?? own ?? say('contractor.none')}</small>;
  return (
    <select
      name="contractor"
      aria-label={say('contractor.of', { name: account.name })}
      value={own ?? ''}
      onChange={(e) => onPick((e.target as HTMLSelectElement).value || null)}
    >
      <option value="">{say('contractor.none')}</option>
      {own && !items.some((item) => item.id === own) && <option value={own}>{own}</option>}
      {items.map((item) => (
        <option key={item.id} value={item.id}>
          {item.title}
        </option>
      ))}
    </select>
  );
}
