// A field's value as people read it: days in their calendar, countries by name, references as links.

import { number } from '../lib/i18n';
import { fullWhen, tx } from '../lib/ui';
import { isFile, isSealed, recordPage, titleOf, type RegisterField } from '../lib/registers';
import { lang } from '../lib/store';
import { say } from '../words/registers';
import { Day } from './date';

export function Reference({ register, id, plain }: { register: string; id: string; plain?: boolean }) {
  const title = titleOf(register, id) ?? id;
  return plain ? <>{title}</> : <a href={recordPage(register, id)}>{title}</a>;
}

/** XA to XZ are no countries: whoever uses them says what they stand for. (XK is in common use for one.) */
export function countryName(code: string): string {
  if (/^X[A-JL-Z]$/.test(code)) return code;
  try {
    return new Intl.DisplayNames([lang.value], { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}

interface ValueProps {
  field: RegisterField;
  value: unknown;
  /** In a list: one line, no links but the row's own. */
  plain?: boolean;
}
export function Value({ field, value, plain }: ValueProps) {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return null;
  if (isSealed(value)) return <span class="sealed">{say('sealed')}</span>;
  const text = String(value);
  switch (field.type) {
    case 'boolean':
      return <>{say(value === true ? 'yes' : 'no')}</>;
    case 'integer':
    case 'number':
      return (
        <span class="num">
          {field.type === 'integer' ? number(Number(value)) : text}
          {field.unit && <span class="unit"> {field.unit}</span>}
        </span>
      );
    case 'date':
      return <Day value={text} {...(plain ? { short: plain } : {})} />;
    case 'time':
      return <>{fullWhen(text)}</>;
    case 'enum':
      return <>{tx(field.options?.find((o) => o.id === value)?.label) || text}</>;
    case 'country':
      return <>{countryName(text)}</>;
    case 'list-of-enum':
      return <>{(value as string[]).map((id) => tx(field.options?.find((o) => o.id === id)?.label) || id).join('、')}</>;
    case 'list-of-country':
      return <>{(value as string[]).map(countryName).join('、')}</>;
    case 'ref':
      return <Reference register={field.ref ?? ''} id={text} {...(plain ? { plain } : {})} />;
    case 'list-of-ref':
      return (
        <>
          {(value as string[]).map((id, i) => (
            <span key={id}>
              {i > 0 && '、'}
              <Reference register={field.ref ?? ''} id={id} {...(plain ? { plain } : {})} />
            </span>
          ))}
        </>
      );
    case 'file':
      if (!isFile(value)) return <>{text}</>;
      return plain ? (
        <>{value.name}</>
      ) : (
        <span class="file-value">
          <a href={`/api/v1/register-files/${value.sha256}`} download={value.name}>
            {value.name}
          </a>
          <span class="sha quiet">
            {say('file.sha')}: {value.sha256}
          </span>
        </span>
      );
    case 'url':
      return plain ? (
        <>{text}</>
      ) : (
        <a href={text} target="_blank" rel="noopener noreferrer">
          {text}
        </a>
      );
    default:
      return <>{text}</>;
  }
}
