// The table of pages. A page that is not in it does not exist: no link, no address. The board stays in the first load,
// for a wall screen that starts while something is down; every other page is a piece of its own, fetched when asked
// for (or pointed at).
//
// A new page: a file here with `export default`, its words in ../words/PAGE.ts, its style in its own css file, one row.

import type { ComponentType } from 'preact';
import type { Text } from '../lib/types';
import Board from './board';

export interface PageProps<K extends string = string> {
  params: Record<K, string>;
}
// Each page names the parameters of its own pattern; the table cannot.
type Component = ComponentType<any>;

export type Group = 'today' | 'accidents' | 'program' | 'risk' | 'registers' | 'reports' | 'proof';
/** Groups of the navigation, in their order. */
export const GROUPS: { id: Group; name: Text }[] = [
  { id: 'today', name: { ja: 'きょう', en: 'Today' } },
  { id: 'accidents', name: { ja: '障害と事故', en: 'Outages and accidents' } },
  { id: 'program', name: { ja: '計画と点検', en: 'Programme' } },
  { id: 'risk', name: { ja: 'リスクと対策', en: 'Risk and controls' } },
  { id: 'registers', name: { ja: '台帳', en: 'Registers' } },
  { id: 'reports', name: { ja: '報告と法令', en: 'Reports and law' } },
  { id: 'proof', name: { ja: '証跡と管理', en: 'Proof and administration' } },
];

export interface Page {
  /** The address; `:name` stands for one piece of it. */
  pattern: string;
  name: Text;
  /** Where it stands in the navigation; null: reached from other pages. */
  group: Group | null;
  /** What the person must be allowed (the session's `may`); `sign-in`: somebody who has signed in; null: everybody. */
  right: string | null;
  /** The pattern of the page in the navigation that this one belongs to. */
  under?: string;
  load: () => Promise<{ default: Component }>;
  /** The page itself, where it is part of the first load. */
  here?: Component;
}

export const PAGES: Page[] = [
  { pattern: '/', name: { ja: '今日', en: 'Today' }, group: 'today', right: 'read', load: () => import('./today') },
  { pattern: '/board', name: { ja: '障害', en: 'Live board' }, group: 'accidents', right: 'read', load: () => Promise.resolve({ default: Board }), here: Board },
  { pattern: '/what-if', name: { ja: 'もしも', en: 'What if' }, group: 'accidents', right: 'read', load: () => import('./what-if') },
  { pattern: '/accidents', name: { ja: '事故', en: 'Accidents' }, group: 'accidents', right: 'read', load: () => import('./accidents') },
  { pattern: '/accidents/:id', name: { ja: '事故', en: 'Accident' }, group: null, right: 'read', under: '/accidents', load: () => import('./accident') },
  { pattern: '/registers', name: { ja: '台帳', en: 'Registers' }, group: 'registers', right: null, load: () => import('./registers') },
  { pattern: '/registers/:register', name: { ja: '台帳', en: 'Register' }, group: null, right: null, under: '/registers', load: () => import('./register') },
  { pattern: '/registers/:register/+import', name: { ja: '取込', en: 'Import' }, group: null, right: null, under: '/registers', load: () => import('./register-import') },
  { pattern: '/registers/:register/:id', name: { ja: '台帳', en: 'Record' }, group: null, right: null, under: '/registers', load: () => import('./record') },
  { pattern: '/cases', name: { ja: '事態', en: 'Near misses and leaks' }, group: 'accidents', right: 'read', load: () => import('./cases') },
  { pattern: '/cases/:id', name: { ja: '事態', en: 'Near miss or leak' }, group: null, right: 'read', under: '/cases', load: () => import('./case') },
  // obligations, officers, calendar
  { pattern: '/program', name: { ja: '義務', en: 'Obligations' }, group: 'program', right: 'read', load: () => import('./program') },
  { pattern: '/officers', name: { ja: '責任者', en: 'Officers' }, group: 'program', right: 'read', load: () => import('./officers') },
  { pattern: '/calendar', name: { ja: '予定', en: 'Calendar' }, group: 'program', right: 'read', load: () => import('./calendar') },

  // standards
  { pattern: '/standards', name: { ja: '技術基準', en: 'Technical standards' }, group: 'program', right: 'read', load: () => import('./standards') },
  { pattern: '/reliability', name: { ja: '安全・信頼性基準', en: 'Safety and reliability' }, group: 'program', right: 'read', load: () => import('./reliability') },

  // management rules
  { pattern: '/rules', name: { ja: '管理規程', en: 'Management rules' }, group: 'program', right: 'read', load: () => import('./rules') },
  { pattern: '/rules/:id', name: { ja: '管理規程', en: 'Edition of the rules' }, group: null, right: 'read', under: '/rules', load: () => import('./rules-edition') },
  // user information
  { pattern: '/user-information', name: { ja: '利用者情報', en: 'User information' }, group: 'program', right: 'read', load: () => import('./user-information') },

  // inspections and surveys
  { pattern: '/campaigns', name: { ja: '点検・調査', en: 'Inspections and surveys' }, group: 'program', right: 'read', load: () => import('./campaigns') },
  { pattern: '/campaigns/:id', name: { ja: '点検・調査', en: 'Inspection or survey' }, group: null, right: 'read', under: '/campaigns', load: () => import('./campaign') },
  { pattern: '/campaigns/:id/:sheet', name: { ja: '回答', en: 'Answers' }, group: null, right: 'read', under: '/campaigns', load: () => import('./campaign-sheet') },
  { pattern: '/answer', name: { ja: '回答', en: 'Your answers' }, group: null, right: null, load: () => import('./answer') },

  // risks
  { pattern: '/risks', name: { ja: 'リスク', en: 'Risks' }, group: 'risk', right: 'read', load: () => import('./risks') },
  { pattern: '/risks/:id', name: { ja: 'リスク', en: 'Risk' }, group: null, right: 'read', under: '/risks', load: () => import('./risk') },
  { pattern: '/risk-criteria', name: { ja: 'リスク基準', en: 'Risk criteria' }, group: null, right: 'read', under: '/risks', load: () => import('./risk-criteria') },
  { pattern: '/assurance', name: { ja: '機能保証', en: 'Functional assurance' }, group: 'risk', right: 'read', load: () => import('./assurance') },
  { pattern: '/bow-ties', name: { ja: 'ボウタイ', en: 'Bow ties' }, group: 'risk', right: 'read', load: () => import('./bow-ties') },
  { pattern: '/bow-ties/:id', name: { ja: 'ボウタイ', en: 'Bow tie' }, group: null, right: 'read', under: '/bow-ties', load: () => import('./bow-ties') },
  { pattern: '/risk-sources', name: { ja: 'リスク源', en: 'Sources of risk' }, group: 'risk', right: 'read', load: () => import('./risk-sources') },
  { pattern: '/references', name: { ja: '規格・認証の比較', en: 'Standards compared' }, group: 'risk', right: 'read', load: () => import('./references') },
  { pattern: '/simulation', name: { ja: '障害リスクの試算', en: 'Outage risk simulated' }, group: 'risk', right: 'read', load: () => import('./simulation') },
  { pattern: '/simulation/:id', name: { ja: '障害リスクの試算', en: 'Simulation' }, group: null, right: 'read', under: '/simulation', load: () => import('./simulation-result') },

  // controls
  { pattern: '/controls', name: { ja: '管理策', en: 'Controls' }, group: 'risk', right: 'read', load: () => import('./controls') },

  // contractors
  { pattern: '/contractors', name: { ja: '委託先', en: 'Contractors' }, group: 'risk', right: 'read', load: () => import('./contractors') },
  { pattern: '/contractors/:id', name: { ja: '委託先', en: 'Contractor' }, group: null, right: 'read', under: '/contractors', load: () => import('./contractors-one') },

  { pattern: '/software', name: { ja: 'ソフトウェアと脆弱性', en: 'Software and advisories' }, group: 'risk', right: 'read', load: () => import('./software') },

  { pattern: '/periodic', name: { ja: '定期報告', en: 'Periodic reports' }, group: 'reports', right: 'read', load: () => import('./periodic') },
  { pattern: '/statistics', name: { ja: '統計', en: 'Statistics' }, group: 'reports', right: 'read', load: () => import('./statistics') },
  { pattern: '/board-report', name: { ja: '経営会議', en: 'Board report' }, group: 'reports', right: 'read', load: () => import('./board-report') },
  { pattern: '/law', name: { ja: '法令', en: 'Law' }, group: 'reports', right: 'read', load: () => import('./law') },
  { pattern: '/ledger', name: { ja: '証跡', en: 'Ledger' }, group: 'proof', right: 'read', load: () => import('./ledger') },
  { pattern: '/administration', name: { ja: '管理', en: 'Administration' }, group: 'proof', right: 'see-accounts', load: () => import('./administration') },
  { pattern: '/accounts', name: { ja: '利用者', en: 'Accounts' }, group: 'proof', right: 'see-accounts', load: () => import('./accounts') },
  { pattern: '/account', name: { ja: '自分のアカウント', en: 'My account' }, group: null, right: 'sign-in', load: () => import('./account') },
];
