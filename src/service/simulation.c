#include "service/simulation.h"

#include <sys/resource.h>

#define GENTLE 10 /* steps of nice */

typedef struct {
    const TkRiskModel *model;
    const TkSimulation *how;
    gint next, n; /* streams */
    gint done;
    TkRiskTally *
        *by_stream; /* kept apart, so that they are added up in order: the years of a tally are a list */
} Work;

static bool is_cancelled(const TkSimulation *how)
{
    return tk_job_cancelled(how->job) || (how->cancelled != NULL && g_atomic_int_get(how->cancelled) != 0);
}

static void tell(Work *work)
{
    gint done = g_atomic_int_add(&work->done, 1) + 1;
    if (work->how->done != NULL)
        g_atomic_int_set(work->how->done, done);
    tk_job_progress(work->how->job, work->how->job_before + (uint64_t)done * TK_RISK_STREAM_YEARS,
                    work->how->job_total);
}

static void *run_streams(void *data)
{
    Work *work = data;
    if (work->how->gentle)
        setpriority(PRIO_PROCESS, 0, GENTLE); /* of this thread only: Linux keeps it by thread */
    for (;;) {
        if (is_cancelled(work->how))
            return NULL;
        gint stream = g_atomic_int_add(&work->next, 1);
        if (stream >= work->n)
            return NULL;
        TkRiskRun run = {work->how->seed, (uint32_t)stream, 1, work->how->spared, work->how->n_spared};
        TkRiskTally *tally = tk_risk_tally_new(work->model);
        tk_risk_simulate(work->model, &run, NULL, NULL, tally);
        work->by_stream[stream] = tally;
        tell(work);
    }
}

TkRiskTally *tk_simulation_run(const TkRiskModel *model, const TkSimulation *how)
{
    Work work = {.model = model, .how = how};
    work.n = (gint)((how->years + TK_RISK_STREAM_YEARS - 1) / TK_RISK_STREAM_YEARS);
    work.by_stream = g_new0(TkRiskTally *, (size_t)work.n + 1);
    if (how->all != NULL)
        g_atomic_int_set(how->all, work.n);
    unsigned n_threads = how->threads > 0 ? how->threads : g_get_num_processors();
    g_autoptr(GPtrArray) threads = g_ptr_array_new();
    for (unsigned i = how->gentle ? 0 : 1; i < n_threads; i++)
        g_ptr_array_add(threads, g_thread_new("simulation", run_streams, &work));
    if (!how->gentle)
        run_streams(&work);
    for (unsigned i = 0; i < threads->len; i++)
        g_thread_join(threads->pdata[i]);
    TkRiskTally *sum = tk_risk_tally_new(model);
    for (gint i = 0; i < work.n; i++)
        if (work.by_stream[i] != NULL) {
            tk_risk_tally_add(sum, work.by_stream[i]);
            tk_risk_tally_free(work.by_stream[i]);
        }
    g_free(work.by_stream);
    return sum;
}
