// Officers as the page sees them: what is wrong with an appointment, what runs out, and which prefecture lacks whom.

import { TILES } from './tiles';
import type { Text } from './types';
import type { RegisterRecord } from './registers';

export interface Check {
  check: string;
  article: string;
  text: Text;
  met: boolean | null;
  due: string | null;
}
export interface Appointment {
  record: string;
  person: string | null;
  name: string | null;
  deputy: boolean;
  appointed: string | null;
  dismissed: string | null;
  notified: string | null;
  sites: string[] | null;
  prefectures: string | null;
  certificate_kind: 'transmission' | 'line' | 'installation' | null;
  checks: Check[];
}
export interface Gap {
  level: 'missing' | 'not-met' | 'not-known' | 'advice';
  article: string;
  about: string | null;
  text: Text;
}
export interface Office {
  office: string;
  name: Text;
  article: string;
  obligation: string;
  applies: 'yes' | 'no' | 'cannot-tell';
  voluntary: boolean;
  appointments: Appointment[];
  gaps: Gap[];
}
export interface Officers {
  date: string;
  offices: Office[];
  opinions: { open: number; answered: number; adopted: number; article: string };
  synthetic: boolean;
}

/** The worst of an appointment's checks. */
export function worst(appointment: Appointment): 'not-met' | 'not-known' | 'met' {
  if (appointment.checks.some((c) => c.met === false)) return 'not-met';
  return appointment.checks.some((c) => c.met === null) ? 'not-known' : 'met';
}
/** Principals first, those with something wrong before the others. */
export function inOrder(appointments: Appointment[]): Appointment[] {
  const rank = (a: Appointment) => (a.deputy ? 10 : 0) + ['not-met', 'not-known', 'met'].indexOf(worst(a));
  return [...appointments].sort((a, b) => rank(a) - rank(b) || a.record.localeCompare(b.record));
}
/** Gaps about no appointment, site or prefecture: those stand at the appointment and on the map. */
export const officeGaps = (office: Office) => office.gaps.filter((g) => g.about === null);

export interface RunsOut {
  office: Office;
  appointment: Appointment;
  check: Check;
}
/** What must be done again by a day, soonest first; what is met for good has no day. */
export function runsOut(offices: Office[], until: string): RunsOut[] {
  return offices
    .flatMap((office) => office.appointments.flatMap((appointment) => appointment.checks.map((check) => ({ office, appointment, check }))))
    .filter(({ check }) => check.due !== null && check.due <= until && (check.check === 'training' || check.met === false))
    .sort((a, b) => a.check.due!.localeCompare(b.check.due!));
}

// ---- the map of Japan ----

export interface Place {
  code: string;
  ja: string;
  en: string;
  x: number;
  y: number;
  w: number;
  h: number;
  /** `none`: no site of this carrier. */
  state: 'none' | 'covered' | 'gap';
  sites: RegisterRecord[];
  gaps: Gap[];
}
/** 東京都 or 東京: registers are written by people. */
const isOf = (name: string, tile: string) => name === tile || (name.length === tile.length + 1 && name.startsWith(tile) && /[都府県]$/.test(name));

/** Each prefecture with its sites in operation and what is missing there; gaps name a site or a prefecture. */
export function places(sites: RegisterRecord[], gaps: Gap[]): Place[] {
  return TILES.map((tile) => {
    const here = sites.filter((s) => s.values['status'] === 'active' && isOf(String(s.values['prefecture'] ?? ''), tile.ja));
    const about = gaps.filter((g) => g.about !== null && (isOf(g.about, tile.ja) || here.some((s) => s.id === g.about)));
    return { ...tile, state: about.length > 0 ? 'gap' : here.length > 0 ? 'covered' : 'none', sites: here, gaps: about };
  });
}
