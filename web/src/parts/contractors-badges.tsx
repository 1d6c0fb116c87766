// Small marks of the contractors' pages: counts, scores with their grade, findings, countries.

import type { Country, Finding, Grade, Row } from '../lib/contractors';
import { worst } from '../lib/contractors';
import { number } from '../lib/i18n';
import { tx } from '../lib/ui';
import { recordPage } from '../lib/registers';
import { say } from '../words/contractors';
import { countryName } from './value';

export const Level = ({ n }: { n: number }) => <span class="badge outline">{number(n)}</span>;

const TONE: Record<string, string> = { high: 'level-late', medium: 'level-soon', low: 'level-half' };
export const FindingLevel = ({ level }: { level: Finding['level'] }) => <span class={`badge ${TONE[level]}`}>{say(`level.${level}`)}</span>;

export function FindingCount({ findings }: { findings: Finding[] }) {
  const level = worst(findings);
  if (!level) return <span class="quiet">{say('findings.none')}</span>;
  return (
    <span class={`badge ${TONE[level]}`}>
      {say(`level.${level}`)} {say('findings.n', { n: findings.length })}
    </span>
  );
}
export function Findings({ findings }: { findings: Finding[] }) {
  if (findings.length === 0) return <p class="quiet">{say('findings.none')}</p>;
  return (
    <ul class="plain contractors-findings">
      {findings.map((finding, i) => (
        <li key={i}>
          <FindingLevel level={finding.level} /> <a href={recordPage(finding.record.register, finding.record.id)}>{tx(finding)}</a>
        </li>
      ))}
    </ul>
  );
}

/** A score with its grade in words; the colour says the same once more. `good`: more is better. */
export function Score({ score, grade, grades, good }: { score: number | null; grade: string | null; grades: Grade[]; good?: boolean }) {
  if (score === null) return <span class="badge outline">{say('country.unknown')}</span>;
  const at = grades.findIndex((g) => g.id === grade);
  const bad = good ? grades.length - 1 - at : at;
  const tone = bad <= 0 ? 'level-ok' : bad === grades.length - 1 ? 'level-late' : 'level-soon';
  return (
    <span class={`badge ${tone}`}>
      {score} {tx(grades[at]?.label) || grade}
    </span>
  );
}

/** A country by the carrier's own name for it, where there is one. */
export function CountryCode({ code, countries }: { code: string; countries?: Country[] | undefined }) {
  const label = countries?.find((c) => c.country === code)?.label;
  return (
    <span class="contractors-country" title={code}>
      {label ? `${label}(${code})` : countryName(code)}
    </span>
  );
}
export function Abroad({ row, countries }: { row: Row; countries?: Country[] | undefined }) {
  const codes = [...new Set(Object.values(row.countries).flat())];
  return (
    <>
      {codes.map((code, i) => (
        <span key={code}>
          {i > 0 && '、'}
          <CountryCode code={code} countries={countries} />
        </span>
      ))}
    </>
  );
}
