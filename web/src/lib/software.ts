// What the server computes of software: findings, systems, what is due.

import type { Text } from './types';

export type Status = 'known-affected' | 'under-investigation' | 'fixed' | 'not-affected' | 'cannot-tell';
export const STATUSES: Status[] = ['known-affected', 'cannot-tell', 'under-investigation', 'fixed', 'not-affected'];
export interface Finding {
  id: string;
  vulnerability: string;
  title: string;
  score: number | null;
  vector: string;
  remedy: string;
  justification: string;
  advisory: string;
  advisory_title: string;
  system: string;
  system_name: string;
  sbom: string;
  component: { name: string; version: string; purl: string };
  status: Status;
  by: string;
  why: Text;
  work: 'none' | 'open' | 'planned' | 'done' | 'accepted' | 'acceptance-expired';
  overdue: boolean;
  facilities: number;
  users: Record<string, number> | null;
  patch: { record: string; state: string; deadline: string; accepted_until: string | null } | null;
}
export interface Component {
  id: string;
  name: string;
  version: string;
  supplier: string;
  kind: string;
  purl: string;
  system: string;
  system_name: string;
  sbom: string;
}
export interface Software {
  date: string;
  synthetic: boolean;
  counts: Record<string, number>;
  systems: {
    record: string;
    name: string;
    system: string;
    system_name: string;
    facilities: number;
    affected: number;
    investigated: number;
    cannot_tell: number;
    users: Record<string, number> | null;
    format?: string;
    components?: number;
    notes?: string[];
    error?: string;
  }[];
  advisories: { record: string; tracking_id: string; title: string; findings: number; publisher?: string; score?: number | null; vulnerabilities?: number; error?: string }[];
  retention_overdue: { record: string; name: string; category: string; oldest_on: string; retention_months: number; kept_until: string; overdue_days: number }[];
  training_due: { person: string; person_name: string; course: string; course_name: string; audience: string; state: 'missing' | 'expired' | 'soon'; valid_until: string | null }[];
}

/** The services with most users first; the largest alone stands for the size of the matter. */
export function reach(users: Record<string, number> | null): [string, number][] {
  return Object.entries(users ?? {}).sort((a, b) => b[1] - a[1]);
}
/** CVSS v3.1, section 5. */
export function severity(score: number | null): 'critical' | 'high' | 'medium' | 'low' | 'none' {
  if (score === null || score <= 0) return 'none';
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
}
