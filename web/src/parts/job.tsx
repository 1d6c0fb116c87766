// A long piece of work on the server: how far it is, in words and as a bar, and a button that stops it.

import { useEffect, useState } from 'preact/hooks';
import { call, get } from '../lib/api';
import { number } from '../lib/i18n';
import type { Text } from '../lib/types';
import { errorText } from '../lib/ui';
import { say } from '../words/common';
import { ErrorBox } from './ui';

export interface Job {
  id: string;
  kind: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  result?: unknown;
  error?: Text;
}
export const jobPath = (id: string) => `/api/v1/jobs/${encodeURIComponent(id)}`;
const over = (job: Job) => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';

interface ProgressProps {
  id: string;
  label: string;
  onEnd: (job: Job) => void;
}
export function JobProgress({ id, label, onEnd }: ProgressProps) {
  const [job, setJob] = useState<Job | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    let timer = 0;
    let wanted = true;
    const look = () => {
      get<Job>(jobPath(id)).then(
        (now) => {
          if (!wanted) return;
          setFailed(null);
          setJob(now);
          if (over(now)) onEnd(now);
          else timer = window.setTimeout(look, 300);
        },
        (error: unknown) => {
          if (!wanted) return;
          setFailed(error);
          timer = window.setTimeout(look, 2000);
        },
      );
    };
    look();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [id]);
  const cancel = () => call('DELETE', jobPath(id)).catch(setFailed);
  return <Progress label={label} done={job?.done ?? 0} total={job?.total ?? null} onCancel={() => void cancel()} failed={failed} />;
}

interface BarProps {
  label: string;
  done: number;
  /** Null: not known yet. */
  total: number | null;
  onCancel?: () => void;
  failed?: unknown;
}
/** The bar alone, for work that the page itself does (such as sending a file). */
export function Progress({ label, done, total, onCancel, failed }: BarProps) {
  return (
    <div class="progress" role="group" aria-label={label}>
      <p>
        <b>{label}</b> <span class="quiet">{total ? say('job.of', { done: number(done), total: number(total) }) : say('job.running')}</span>
      </p>
      <progress aria-label={label} {...(total ? { value: done, max: total } : {})} />
      {failed !== null && failed !== undefined && <ErrorBox text={errorText(failed)} />}
      {onCancel && (
        <button type="button" class="button secondary small" data-action="cancel-job" onClick={onCancel}>
          {say('job.cancel')}
        </button>
      )}
    </div>
  );
}
