// A table of numbers as text with tabs, as spreadsheets take it from the clipboard.

export interface Counted {
  id: string;
  title: { ja: string; en: string };
  rows_are: { ja: string; en: string };
  columns: { id: string; label: { ja: string; en: string } }[];
  rows: { id: string; label: { ja: string; en: string }; values: number[] }[];
  total: number[] | null;
}

const clean = (text: string) => text.replace(/[\t\r\n]+/g, ' ');
export function tabbed(table: Counted, lang: 'ja' | 'en', total: string): string {
  const lines = [[table.rows_are[lang], ...table.columns.map((c) => c.label[lang])]];
  for (const row of table.rows) lines.push([row.label[lang], ...row.values.map(String)]);
  if (table.total) lines.push([total, ...table.total.map(String)]);
  return lines.map((line) => line.map(clean).join('\t')).join('\n') + '\n';
}
