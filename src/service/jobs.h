/* Long work that somebody waits for: it runs beside the requests, says how far it is, and can be stopped.
 * Jobs live in memory and belong to the account that began them; one that has ended is kept for ten minutes.
 * After a restart there is none: what it had committed stays. */
#ifndef TK_SERVICE_JOBS_H
#define TK_SERVICE_JOBS_H

#include "base/base.h"

#define TK_JOBS_OF_ACCOUNT_MAX 8u   /* that have not ended */
#define TK_JOBS_MAX            256u /* kept in all */
#define TK_JOBS_KEPT_S         600

typedef struct TkJobs TkJobs;
typedef struct TkJob TkJob;

/* The work itself, on a thread of its own. Its answer is one JSON document; NULL and *error otherwise. It
 * asks tk_job_cancelled between steps and ends with TK_ERROR_CONFLICT where that is true. */
typedef GBytes *(*TkJobFn)(TkJob *job, void *data, GError **error);

TkJobs *tk_jobs_new(void);
/* Asks all jobs to stop and waits for them. */
void tk_jobs_free(TkJobs *jobs);

/* Begins a job; `data` is released by `free_data`, also where the beginning is refused (TK_ERROR_LIMIT). The
 * id, owned by the caller; NULL and *error otherwise. */
char *tk_jobs_begin(TkJobs *jobs, const char *account, const char *kind, TkJobFn work, void *data,
                    GDestroyNotify free_data, GError **error);
/* The same for work that takes the whole machine: one such job runs at a time on this server, the others wait
 * in the order they were begun, and the short ones do not wait for it. */
char *tk_jobs_begin_alone(TkJobs *jobs, const char *account, const char *kind, TkJobFn work, void *data,
                          GDestroyNotify free_data, GError **error);
/* {"id","kind","state":"waiting|running|done|failed|cancelled","done","total":n|null,"result"?,"error"?:{"ja","en"}}.
 * NULL and TK_ERROR_NOT_FOUND for another account's. */
GBytes *tk_jobs_get(TkJobs *jobs, const char *account, const char *id, GError **error);
/* Asks it to stop, and answers as tk_jobs_get. */
GBytes *tk_jobs_cancel(TkJobs *jobs, const char *account, const char *id, GError **error);

/* ---- for the work; `job` may be NULL: somebody waits for it directly ---- */

void tk_job_progress(TkJob *job, uint64_t done, uint64_t total);
bool tk_job_cancelled(const TkJob *job);

#endif
