#include "service/jobs.h"

#define AT_ONCE 2

struct TkJob {
    gint refs; /* of the table and of the thread */
    char *id, *account, *kind;
    TkJobFn work;
    void *data;
    GDestroyNotify free_data;
    gint cancelled;
    GMutex lock; /* of what follows */
    const char *state;
    uint64_t done, total;
    int64_t ended_us; /* monotonic; 0: not yet */
    GBytes *result;
    GError *error;
};

struct TkJobs {
    GMutex lock;
    GHashTable *by_id; /* id → TkJob */
    GThreadPool *pool;
    GThreadPool *alone; /* one thread: what it has not begun waits in its queue */
};

static void job_unref(void *data)
{
    TkJob *job = data;
    if (!g_atomic_int_dec_and_test(&job->refs))
        return;
    if (job->free_data != NULL)
        job->free_data(job->data);
    g_clear_pointer(&job->result, g_bytes_unref);
    g_clear_error(&job->error);
    g_mutex_clear(&job->lock);
    g_free(job->id);
    g_free(job->account);
    g_free(job->kind);
    g_free(job);
}

void tk_job_progress(TkJob *job, uint64_t done, uint64_t total)
{
    if (job == NULL)
        return;
    g_mutex_lock(&job->lock);
    job->done = done;
    job->total = total;
    g_mutex_unlock(&job->lock);
}

bool tk_job_cancelled(const TkJob *job)
{
    return job != NULL && g_atomic_int_get(&job->cancelled) != 0;
}

static void run(void *data, void *user)
{
    TkJob *job = data;
    GError *error = NULL;
    GBytes *result = NULL;
    (void)user;
    if (!tk_job_cancelled(job)) {
        g_mutex_lock(&job->lock);
        job->state = "running";
        g_mutex_unlock(&job->lock);
        result = job->work(job, job->data, &error);
    }
    g_mutex_lock(&job->lock);
    job->state = result != NULL ? "done" : tk_job_cancelled(job) ? "cancelled" : "failed";
    job->result = result;
    job->error = error;
    job->ended_us = g_get_monotonic_time();
    g_mutex_unlock(&job->lock);
    job_unref(job);
}

TkJobs *tk_jobs_new(void)
{
    TkJobs *jobs = g_new0(TkJobs, 1);
    g_mutex_init(&jobs->lock);
    jobs->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, job_unref);
    jobs->pool = g_thread_pool_new(run, jobs, AT_ONCE, FALSE, NULL);
    jobs->alone = g_thread_pool_new(run, jobs, 1, FALSE, NULL);
    return jobs;
}

void tk_jobs_free(TkJobs *jobs)
{
    if (jobs == NULL)
        return;
    GHashTableIter each;
    void *job;
    g_mutex_lock(&jobs->lock);
    g_hash_table_iter_init(&each, jobs->by_id);
    while (g_hash_table_iter_next(&each, NULL, &job))
        g_atomic_int_set(&((TkJob *)job)->cancelled, 1);
    g_mutex_unlock(&jobs->lock);
    g_thread_pool_free(jobs->pool, FALSE, TRUE);
    g_thread_pool_free(jobs->alone, FALSE, TRUE);
    g_hash_table_unref(jobs->by_id);
    g_mutex_clear(&jobs->lock);
    g_free(jobs);
}

static gboolean is_old(void *id, void *data, void *now_us)
{
    TkJob *job = data;
    (void)id;
    g_mutex_lock(&job->lock);
    bool old =
        job->ended_us != 0 && *(const int64_t *)now_us - job->ended_us > TK_JOBS_KEPT_S * G_USEC_PER_SEC;
    g_mutex_unlock(&job->lock);
    return old;
}

static unsigned running_of(TkJobs *jobs, const char *account)
{
    GHashTableIter each;
    void *data;
    unsigned n = 0;
    g_hash_table_iter_init(&each, jobs->by_id);
    while (g_hash_table_iter_next(&each, NULL, &data)) {
        TkJob *job = data;
        g_mutex_lock(&job->lock);
        n += job->ended_us == 0 && strcmp(job->account, account) == 0;
        g_mutex_unlock(&job->lock);
    }
    return n;
}

static bool has_room(TkJobs *jobs, const char *account, GError **error)
{
    int64_t now_us = g_get_monotonic_time();
    g_hash_table_foreach_remove(jobs->by_id, is_old, &now_us);
    if (running_of(jobs, account) < TK_JOBS_OF_ACCOUNT_MAX && g_hash_table_size(jobs->by_id) < TK_JOBS_MAX)
        return true;
    return tk_fail_both(error, TK_ERROR_LIMIT,
                        "実行中の処理が多すぎます。終わるのを待ってからやり直してください。",
                        "too much work is under way; wait until some of it has ended");
}

static char *begin(TkJobs *jobs, GThreadPool *pool, const char *account, const char *kind, TkJobFn work,
                   void *data, GDestroyNotify free_data, GError **error)
{
    TkJob *job = g_new0(TkJob, 1);
    *job = (TkJob){.refs = 2,
                   .id = g_uuid_string_random(),
                   .account = g_strdup(account),
                   .kind = g_strdup(kind),
                   .work = work,
                   .data = data,
                   .free_data = free_data,
                   .state = "waiting"};
    g_mutex_init(&job->lock);
    char *id = g_strdup(job->id);
    g_mutex_lock(&jobs->lock);
    bool begun = has_room(jobs, account, error);
    if (begun)
        g_hash_table_insert(jobs->by_id, job->id, job);
    g_mutex_unlock(&jobs->lock);
    if (begun) {
        g_thread_pool_push(pool, job, NULL);
        return id;
    }
    job_unref(job);
    job_unref(job);
    g_free(id);
    return NULL;
}

char *tk_jobs_begin(TkJobs *jobs, const char *account, const char *kind, TkJobFn work, void *data,
                    GDestroyNotify free_data, GError **error)
{
    return begin(jobs, jobs->pool, account, kind, work, data, free_data, error);
}

char *tk_jobs_begin_alone(TkJobs *jobs, const char *account, const char *kind, TkJobFn work, void *data,
                          GDestroyNotify free_data, GError **error)
{
    return begin(jobs, jobs->alone, account, kind, work, data, free_data, error);
}

static TkJob *find(TkJobs *jobs, const char *account, const char *id, GError **error)
{
    g_mutex_lock(&jobs->lock);
    TkJob *job = g_hash_table_lookup(jobs->by_id, id);
    if (job != NULL && strcmp(job->account, account) == 0)
        g_atomic_int_inc(&job->refs);
    else
        job = NULL;
    g_mutex_unlock(&jobs->lock);
    if (job == NULL)
        tk_fail_both(
            error, TK_ERROR_NOT_FOUND,
            "この処理は見つかりません。終わってから10分を過ぎたか、サーバーが再起動しました。",
            "there is no such job; it ended more than ten minutes ago, or the server was started again");
    return job;
}

/* The result is written as it is: it may have 100,000 rows. */
static GBytes *describe(TkJob *job)
{
    TkBuf buf;
    tk_buf_init(&buf, 256u << 20);
    TkJson w = tk_json_to(&buf);
    g_mutex_lock(&job->lock);
    tk_json_begin_object(&w);
    tk_json_member(&w, "id", job->id);
    tk_json_member(&w, "kind", job->kind);
    tk_json_member(&w, "state", job->state);
    tk_json_key(&w, "done");
    tk_json_int(&w, (int64_t)job->done);
    tk_json_key(&w, "total");
    if (job->total > 0)
        tk_json_int(&w, (int64_t)job->total);
    else
        tk_json_null(&w);
    if (job->error != NULL) {
        const char *ja = tk_error_ja(job->error);
        tk_json_key(&w, "error");
        tk_json_begin_object(&w);
        tk_json_member(&w, "ja", ja != NULL ? ja : job->error->message);
        tk_json_member(&w, "en", job->error->message);
        tk_json_end_object(&w);
    }
    if (job->result != NULL) {
        tk_json_key(&w, "result");
        tk_buf_add(&buf, g_bytes_get_data(job->result, NULL), g_bytes_get_size(job->result));
        w.comma = true;
    }
    tk_json_end_object(&w);
    g_mutex_unlock(&job->lock);
    GBytes *out = g_bytes_new(buf.data, buf.len);
    tk_buf_clear(&buf);
    return out;
}

GBytes *tk_jobs_get(TkJobs *jobs, const char *account, const char *id, GError **error)
{
    TkJob *job = find(jobs, account, id, error);
    if (job == NULL)
        return NULL;
    GBytes *out = describe(job);
    job_unref(job);
    return out;
}

GBytes *tk_jobs_cancel(TkJobs *jobs, const char *account, const char *id, GError **error)
{
    TkJob *job = find(jobs, account, id, error);
    if (job == NULL)
        return NULL;
    g_atomic_int_set(&job->cancelled, 1);
    GBytes *out = describe(job);
    job_unref(job);
    return out;
}
