// Days and instants as elements, in the calendar of the settings (西暦 or 和暦).

import { day } from '../lib/time';
import { dateText, fullWhen, plainDateText } from '../lib/ui';

/** A calendar day of the server, 2026-11-23. */
export function Day({ value, short }: { value: string | null | undefined; short?: boolean }) {
  return value ? <time dateTime={value}>{short ? plainDateText(day(value)) : dateText(day(value))}</time> : <>—</>;
}
/** An instant of the server, RFC 3339. */
export function When({ value }: { value: string | null | undefined }) {
  return value ? <time dateTime={value}>{fullWhen(value)}</time> : <>—</>;
}
