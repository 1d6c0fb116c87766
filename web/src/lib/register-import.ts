// The pure part of an import: reading a file's kind and encoding, and what the server answered.

export interface ImportItem {
  line: number;
  id: string | null;
  action: 'add' | 'change' | 'same' | 'error';
  fields?: { field: string; from: unknown; to: unknown }[];
  errors?: { field: string | null; ja: string; en: string }[];
}
export interface ImportAnswer {
  dry_run: boolean;
  total: number;
  add: number;
  change: number;
  same: number;
  error: number;
  applied: number;
  items: ImportItem[];
}
export type Encoding = 'utf-8' | 'shift_jis';
export const IMPORT_MAX = 16 * 1024 * 1024;
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function kindOf(name: string): 'csv' | 'xlsx' | null {
  const end = /\.(csv|xlsx)$/i.exec(name)?.[1]?.toLowerCase();
  return end === 'csv' || end === 'xlsx' ? end : null;
}
/** A spreadsheet program in Japan may write CSV as Shift_JIS; what is no UTF-8 is read as that. */
export function readText(bytes: ArrayBuffer): { text: string; encoding: Encoding } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: new TextDecoder('shift_jis').decode(bytes), encoding: 'shift_jis' };
  }
}
/** One value for CSV: quoted where it must be, and never a formula of a spreadsheet. */
export function csvCell(value: string): string {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
export const csvLine = (cells: string[]) => `${cells.map(csvCell).join(',')}\r\n`;
