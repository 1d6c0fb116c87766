// Respondents of a campaign: invited by link, reminded, renewed, revoked. A link is told once, when it is made.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { linkOf, type Campaign, type Link, type Respondent } from '../lib/survey';
import { errorText } from '../lib/ui';
import { say } from '../words/campaign';
import { Confirm } from './confirm';
import { When } from './date';
import { toast } from './toast';
import { Bar, ErrorBox, Field, Panel, Trouble } from './ui';

interface Links {
  links: Link[];
}

export function NewLinks({ links }: { links: Link[] }) {
  const [copied, setCopied] = useState('');
  if (links.length === 0) return null;
  return (
    <div class="notice notice-good" role="status">
      <p>
        <b>{say('links')}</b> {say('links.body')}
      </p>
      <ul class="plain campaign-links">
        {links.map((link) => (
          <li key={link.sheet}>
            <span>
              {link.name} <small class="quiet">{link.sheet}</small> {link.mailed && <span class="badge level-done">{say('mailed')}</span>}
            </span>
            <code data-link={link.sheet}>{linkOf(link.token)}</code>
            <span>
              <button type="button" class="button secondary small" onClick={() => void navigator.clipboard?.writeText(linkOf(link.token)).then(() => setCopied(link.sheet))}>
                {say(copied === link.sheet ? 'copied' : 'copy')}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function people(text: string) {
  return text
    .split('\n')
    .map((line) => line.split(/[,、，\t]/).map((cell) => cell.trim()))
    .filter(([name]) => name)
    .map(([name = '', department = '', email = '']) => ({ name, department, email }));
}

function Invite({ id, onLinks }: { id: string; onLinks: (links: Link[]) => void }) {
  const [text, setText] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const send = (event: Event) => {
    event.preventDefault();
    setFailed(null);
    post<Links>(`/api/v1/campaigns/${id}/respondents`, { respondents: people(text) }).then(({ links }) => {
      setText('');
      onLinks(links);
    }, setFailed);
  };
  return (
    <form class="form no-print" onSubmit={send}>
      <Field label={say('invite')} help={say('invite.help')}>
        {(p) => <textarea {...p} class="campaign-people" name="people" rows={3} value={text} onInput={(e) => setText((e.target as HTMLTextAreaElement).value)} />}
      </Field>
      <p>
        <button type="submit" class="button" data-action="invite" disabled={people(text).length === 0}>
          {say('invite.do')}
        </button>
      </p>
      {failed !== null && <Trouble error={failed} />}
    </form>
  );
}

interface RowProps {
  campaign: Campaign;
  one: Respondent;
  onAct: (one: Respondent, action: 'renew' | 'revoke') => void;
}
function Row({ campaign, one, onAct }: RowProps) {
  const acts = campaign.may_run && campaign.state === 'open' && one.state !== 'submitted';
  return (
    <tr>
      <th scope="row">
        <a href={`/campaigns/${campaign.id}/${encodeURIComponent(one.sheet)}`}>{one.name}</a>
        <small>{one.department}</small>
      </th>
      <td>
        <span class={`badge ${one.state === 'submitted' ? 'level-done' : one.state === 'revoked' ? 'outline' : 'level-half'}`}>{say.or(`sheet.${one.state}`, one.state)}</span>
        <small>{one.submitted_at ? <When value={one.submitted_at} /> : one.saved_at ? <When value={one.saved_at} /> : null}</small>
      </td>
      <td class="nowrap">
        {one.answered} / {one.questions}
        <Bar fraction={one.questions === 0 ? 0 : one.answered / one.questions} tone="good" />
      </td>
      <td>
        <ul class="plain campaign-trace">
          {(one.trace ?? []).map((line) => (
            <li key={line.at + line.what}>
              {say.or(`trace.${line.what}`, line.what)} {line.to && `→ ${line.to}`} <small class="quiet"><When value={line.at} /> {line.note}</small>
            </li>
          ))}
        </ul>
      </td>
      <td class="no-print">
        {acts && (
          <>
            <button type="button" class="button secondary small" data-renew={one.sheet} onClick={() => onAct(one, 'renew')}>
              {say('renew')}
            </button>{' '}
            {one.state !== 'revoked' && (
              <button type="button" class="button secondary small" data-revoke={one.sheet} onClick={() => onAct(one, 'revoke')}>
                {say('revoke')}
              </button>
            )}
          </>
        )}
      </td>
    </tr>
  );
}

export function People({ campaign, onChange }: { campaign: Campaign; onChange: () => void }) {
  const [links, setLinks] = useState<Link[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  const [revoking, setRevoking] = useState<Respondent | null>(null);
  const base = `/api/v1/campaigns/${campaign.id}`;
  const act = async (one: Respondent, action: 'renew' | 'revoke') => {
    const made = await post<Links>(`${base}/respondents/${encodeURIComponent(one.sheet)}`, { action });
    setLinks(made.links);
    setRevoking(null);
    onChange();
  };
  const remind = () =>
    post<{ reminded: number; without_address: number }>(`${base}/reminders`, {}).then(
      (done) => toast(say('reminded', { n: done.reminded, without: done.without_address })),
      (e: unknown) => setFailed(e),
    );
  return (
    <Panel
      title={say('tab.people')}
      aside={
        campaign.may_run &&
        campaign.mail &&
        campaign.state === 'open' && (
          <button type="button" class="button secondary small no-print" data-action="remind" onClick={() => void remind()}>
            {say('remind')}
          </button>
        )
      }
    >
      {campaign.may_run && campaign.state === 'open' && (
        <Invite
          id={campaign.id}
          onLinks={(made) => {
            setLinks(made);
            onChange();
          }}
        />
      )}
      <NewLinks links={links} />
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      {campaign.respondents.length === 0 ? (
        <p class="quiet">{say('people.none')}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={say('table', { name: say('tab.people') })}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{say('person')}</th>
                <th scope="col">{say('state')}</th>
                <th scope="col">{say('progress')}</th>
                <th scope="col">{say('trace')}</th>
                <th scope="col" class="no-print">
                  {say('col.tools')}
                </th>
              </tr>
            </thead>
            <tbody>
              {campaign.respondents.map((one) => (
                <Row key={one.sheet} campaign={campaign} one={one} onAct={(who, action) => (action === 'revoke' ? setRevoking(who) : void act(who, action).catch(setFailed))} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {revoking && (
        <Confirm title={say('revoke.ask')} act={say('revoke')} onClose={() => setRevoking(null)} onConfirm={() => act(revoking, 'revoke')}>
          <p>{say('revoke.body', { name: revoking.name ?? revoking.sheet })}</p>
        </Confirm>
      )}
    </Panel>
  );
}
