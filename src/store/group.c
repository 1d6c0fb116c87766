/* Group commit. Committers put their writes into a queue and sleep; one thread takes everything that waits,
 * writes it in one transaction, and wakes them. While it waits for the disk the next batch gathers, so that
 * the number of writes per fsync grows with the load by itself.
 *
 * Many who were woken together come back one after another. A batch of the first few of them would cost the
 * same fsync and the same ledger rows as one of all: so the writer begins again when half of those it knows
 * of, just answered or waiting, are there, and waits GATHER_US for that at most. One or two committers never
 * wait, nor does a write that comes later than that.
 *
 * When a batch fails half-way (no space, a broken connection, a row the database refuses), it is rolled back
 * and each of its writes tried alone: only the one at fault fails. The exception is a connection that breaks
 * during the commit: then nobody knows, nothing is tried again, and the answer says so. */
#include "store/internal.h"

#define STATISTICS_LEAST 1000 /* operations */

#define BATCH_WRITES 2048
#define BATCH_BYTES  (16 * 1024 * 1024)
#define QUEUE_MAX    65536 /* writes that may wait; more are refused at once */
#define GATHER_US    1000

typedef struct {
    TkWrite *write; /* or NULL: work */
    TkWorkFn work;
    gpointer data;
    TkCommitted *committed;
    bool failed; /* its own check said no */
    bool done;   /* guarded by the group's lock, as is the rest once queued */
    GError *error;
    GCond wake;
} Job;

struct TkGroup {
    TkStore *store;
    TkDb *db;
    TkLeaves leaves;
    GThread *thread;
    GMutex lock;
    GCond arrived;
    GQueue queue; /* Job */
    guint enough; /* the writer is woken when so many wait */
    bool closing;
    uint64_t written;  /* operations since the statistics were gathered … */
    uint64_t gathered; /* … and before */
};

/* From here on: the writer's thread. */

static void forget(TkGroup *group, GPtrArray *jobs)
{
    group->db->engine->rollback(group->db);
    group->leaves.loaded = false;
    for (guint i = 0; i < jobs->len; i++) {
        Job *job = jobs->pdata[i];
        tk_committed_clear(job->committed);
        g_clear_error(&job->error);
        job->failed = false;
    }
}

static bool check_all(TkGroup *group, GPtrArray *jobs, guint *passed, GError **error)
{
    TkCurrents *currents = tk_currents_new();
    g_autoptr(GPtrArray) writes = g_ptr_array_sized_new(jobs->len);
    for (guint i = 0; i < jobs->len; i++)
        g_ptr_array_add(writes, ((Job *)jobs->pdata[i])->write);
    bool done = tk_currents_preload(currents, group->db, writes, error);
    *passed = 0;
    for (guint i = 0; i < jobs->len && done; i++) {
        Job *job = jobs->pdata[i];
        bool holds = false;
        done = tk_apply_check(currents, group->db, job->write, &holds, &job->error, error);
        job->failed = !holds;
        *passed += holds ? 1 : 0;
    }
    tk_currents_free(currents);
    return done;
}

static bool apply_all(TkGroup *group, GPtrArray *jobs, GError **error)
{
    for (guint i = 0; i < jobs->len; i++) {
        Job *job = jobs->pdata[i];
        if (job->failed)
            continue;
        tk_index_refresh(group->store, job->write);
        if (!tk_apply(group->db, &group->leaves, job->write, job->committed, error))
            return false;
    }
    return tk_leaves_write(&group->leaves, group->db, error);
}

typedef enum { BATCH_KEPT, BATCH_FAILED, BATCH_HOPELESS /* trying again would do no good, or harm */ } Batch;

static Batch write_batch(TkGroup *group, GPtrArray *jobs, GError **error)
{
    TkDb *db = group->db;
    guint passed = 0;
    bool unknown = false;
    if (!db->engine->begin(db, TK_DB_WRITE, error))
        return BATCH_HOPELESS;
    uint64_t size = group->leaves.frontier.size;
    if (!tk_leaves_load(&group->leaves, db, error) ||
        (size != group->leaves.frontier.size && !tk_indexes_load(group->store, db, error))) {
        forget(group, jobs); /* another process wrote: it may have declared an index, too */
        return BATCH_HOPELESS;
    }
    if (!check_all(group, jobs, &passed, error)) {
        forget(group, jobs);
        return BATCH_FAILED;
    }
    if (passed == 0) {
        db->engine->rollback(db);
        return BATCH_KEPT;
    }
    if (apply_all(group, jobs, error) && db->engine->commit(db, &unknown, error))
        return BATCH_KEPT;
    forget(group, jobs);
    if (!unknown)
        return BATCH_FAILED;
    g_prefix_error(error,
                   "the connection broke while committing, it is not known whether the write was kept: ");
    return BATCH_HOPELESS;
}

static void fail_all(GPtrArray *jobs, const GError *error)
{
    for (guint i = 0; i < jobs->len; i++) {
        Job *job = jobs->pdata[i];
        if (job->error == NULL)
            job->error = g_error_copy(error);
    }
}

static bool erases(GPtrArray *jobs)
{
    for (guint i = 0; i < jobs->len; i++) {
        const GArray *ops = ((Job *)jobs->pdata[i])->write->ops;
        for (guint j = 0; j < ops->len; j++)
            if (g_array_index(ops, TkOp, j).type == TK_OP_ERASE)
                return true;
    }
    return false;
}

static void process(TkGroup *group, GPtrArray *jobs)
{
    g_autoptr(GError) error = NULL;
    Batch batch = write_batch(group, jobs, &error);
    if (batch == BATCH_KEPT) {
        tk_store_set_problem(group->store, NULL);
        if (erases(jobs))
            group->db->engine->scrub(group->db);
        return;
    }
    if (batch == BATCH_FAILED && jobs->len > 1) {
        for (guint i = 0; i < jobs->len; i++) {
            g_autoptr(GPtrArray) alone = g_ptr_array_new();
            g_ptr_array_add(alone, jobs->pdata[i]);
            process(group, alone);
        }
        return;
    }
    fail_all(jobs, error);
    if (!g_error_matches(error, TK_ERROR, TK_ERROR_NOT_FOUND))
        tk_store_set_problem(group->store, error->message);
}

static void process_work(TkGroup *group, Job *job)
{
    TkDb *db = group->db;
    bool done = db->engine->begin(db, TK_DB_WRITE, &job->error);
    if (done) {
        done = tk_leaves_load(&group->leaves, db, &job->error) &&
               job->work(group->store, db, &group->leaves, job->data, &job->error) &&
               db->engine->commit(db, NULL, &job->error);
        if (!done) {
            db->engine->rollback(db);
            group->leaves.loaded = false;
        }
    }
    job->failed = !done;
}

/* Takes what waits, up to a batch; work is a batch of its own. Called with the lock held. */
static void take(TkGroup *group, GPtrArray *jobs)
{
    size_t bytes = 0;
    while (!g_queue_is_empty(&group->queue) && jobs->len < BATCH_WRITES && bytes < BATCH_BYTES) {
        Job *next = g_queue_peek_head(&group->queue);
        if (next->work != NULL && jobs->len > 0)
            return;
        g_queue_pop_head(&group->queue);
        g_ptr_array_add(jobs, next);
        if (next->work != NULL)
            return;
        bytes += next->write->bytes;
    }
}

/* After a batch that answered so many. Called with the lock held. */
static void gather(TkGroup *group, guint answered)
{
    gint64 until_us = g_get_monotonic_time() + GATHER_US;
    group->enough = MAX((answered + g_queue_get_length(&group->queue)) / 2, 1);
    while (group->enough > 1 && !group->closing && g_queue_get_length(&group->queue) < group->enough)
        if (!g_cond_wait_until(&group->arrived, &group->lock, until_us))
            break;
    group->enough = 1;
}

/* PostgreSQL plans by statistics that it gathers itself about once a minute. Until then a list right after a
 * large import could walk the wrong index for seconds; so they are gathered here whenever the tables have
 * grown by a quarter. SQLite is not asked to plan. */
static void keep_statistics(TkGroup *group, const GPtrArray *jobs)
{
    for (guint i = 0; i < jobs->len; i++) {
        const Job *job = jobs->pdata[i];
        group->written += job->write != NULL ? job->write->ops->len : STATISTICS_LEAST;
    }
    if (!group->db->engine->is_postgres || group->written < STATISTICS_LEAST + group->gathered / 4)
        return;
    g_autoptr(GError) why = NULL;
    if (!group->db->engine->query(group->db, "ANALYZE records, index_values, search", NULL, 0, false, NULL,
                                  NULL, &why))
        g_debug("statistics: %s", why->message); /* plans only get worse */
    group->gathered += group->written;
    group->written = 0;
}

static gpointer writer(gpointer data)
{
    TkGroup *group = data;
    g_autoptr(GPtrArray) jobs = g_ptr_array_new();
    g_mutex_lock(&group->lock);
    for (;;) {
        while (g_queue_is_empty(&group->queue) && !group->closing)
            g_cond_wait(&group->arrived, &group->lock);
        if (g_queue_is_empty(&group->queue))
            break;
        take(group, jobs);
        g_mutex_unlock(&group->lock);
        Job *first = jobs->pdata[0];
        if (first->work != NULL)
            process_work(group, first);
        else
            process(group, jobs);
        keep_statistics(group, jobs);
        g_mutex_lock(&group->lock);
        for (guint i = 0; i < jobs->len; i++) {
            Job *job = jobs->pdata[i];
            job->done = true;
            g_cond_signal(&job->wake);
        }
        guint answered = jobs->len;
        g_ptr_array_set_size(jobs, 0);
        gather(group, answered);
    }
    g_mutex_unlock(&group->lock);
    return NULL;
}

/* From here on: any thread. */

TkGroup *tk_group_new(TkStore *store, TkDb *db)
{
    TkGroup *group = g_new0(TkGroup, 1);
    group->store = store;
    group->db = db;
    group->enough = 1;
    tk_leaves_init(&group->leaves);
    g_mutex_init(&group->lock);
    g_cond_init(&group->arrived);
    g_queue_init(&group->queue);
    group->thread = g_thread_new("store-writer", writer, group);
    return group;
}

void tk_group_free(TkGroup *group)
{
    if (group == NULL)
        return;
    g_mutex_lock(&group->lock);
    group->closing = true;
    g_cond_signal(&group->arrived);
    g_mutex_unlock(&group->lock);
    g_thread_join(group->thread);
    tk_leaves_clear(&group->leaves);
    tk_db_close(group->db);
    g_mutex_clear(&group->lock);
    g_cond_clear(&group->arrived);
    g_free(group);
}

static bool wait_for(TkGroup *group, Job *job, GError **error)
{
    g_cond_init(&job->wake);
    g_mutex_lock(&group->lock);
    bool taken = !group->closing && g_queue_get_length(&group->queue) < QUEUE_MAX;
    if (taken) {
        g_queue_push_tail(&group->queue, job);
        if (g_queue_get_length(&group->queue) >= group->enough)
            g_cond_signal(&group->arrived);
        while (!job->done)
            g_cond_wait(&job->wake, &group->lock);
    }
    g_mutex_unlock(&group->lock);
    g_cond_clear(&job->wake);
    if (!taken)
        return tk_fail(error, TK_ERROR_IO, "the store is %s; try again",
                       group->closing ? "closing" : "overloaded");
    if (job->error == NULL)
        return true;
    g_propagate_error(error, job->error);
    return false;
}

bool tk_group_commit(TkGroup *group, TkWrite *write, TkCommitted *committed, GError **error)
{
    Job job = {.write = write, .committed = committed};
    return wait_for(group, &job, error);
}

bool tk_group_work(TkGroup *group, TkWorkFn work, gpointer data, GError **error)
{
    Job job = {.work = work, .data = data};
    return wait_for(group, &job, error);
}
