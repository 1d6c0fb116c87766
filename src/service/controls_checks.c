/* Automatic checks: run every hour and on demand, kept, and turned into controls that want attention.
 *
 * What is kept is small: one record of the last run with all values, written over at each run, and for each
 * check a record whose versions are the changes of its result, so that its history is the store's own. The
 * hour is counted on the service's clock from the run that is recorded: a restart neither skips nor repeats
 * one. */
#include "service/controls_private.h"

#define KIND_CHECK  "control-check"
#define KIND_RUN    "control-check-run"
#define LAST        "last"
#define FIRST_S     60 /* after the start; a minute in which somebody may still be setting up */
#define HISTORY_MAX 500

static const TkActor hourly = {"checks", TK_ROLE_ADMINISTRATOR};

/* ---- what the last run left ---- */

/* Under checks_lock. */
static void read_last(TkApp *app)
{
    TkControls *c = app->controls;
    if (c->results != NULL)
        return;
    g_autoptr(TkRecord) record = tk_store_get(app->store, KIND_RUN, LAST, TK_TIME_NONE, NULL);
    const json_t *results = record == NULL ? NULL : json_object_get(record->body, "results");
    c->results = results == NULL ? json_object() : json_incref((json_t *)results);
    if (record != NULL)
        c->last_run_us = record->at_us;
}

/* The results as they are now (a reference), and when they were made. */
static json_t *results_now(TkApp *app, int64_t *at_us)
{
    TkControls *c = app->controls;
    g_mutex_lock(&c->checks_lock);
    read_last(app);
    json_t *results = json_incref(c->results);
    *at_us = c->last_run_us;
    g_mutex_unlock(&c->checks_lock);
    return results;
}

/* ---- a run ---- */

static json_t *run_one(TkApp *app, const TkControlBook *book, const TkCheck *check)
{
    TkMeasure m;
    tk_control_measure(app, book, check, &m);
    TkCheckResult result = tk_check_judge(check, m.known, m.value);
    json_t *out = json_pack("{s:s, s:o, s:f, s:o}", "result", tk_check_result_text(result), "value",
                            m.known ? json_real(m.value) : json_null(), "threshold", check->threshold,
                            "facts", m.facts);
    if (!m.known)
        json_object_set_new(out, "why", json_pack("{s:s, s:s}", "ja", m.why_ja, "en", m.why_en));
    return out;
}

static bool same_result(const json_t *a, const json_t *b)
{
    return g_strcmp0(json_string_value(json_object_get(a, "result")),
                     json_string_value(json_object_get(b, "result"))) == 0;
}

/* Each check's result, with the time since which it is so; a change is put into `write`. */
static json_t *run_all(TkApp *app, const TkControlBook *book, const json_t *before, int64_t now_us,
                       TkWrite *write)
{
    json_t *results = json_object();
    for (size_t i = 0; i < tk_checks_count(book->checks); i++) {
        const TkCheck *check = tk_checks_at(book->checks, i);
        json_t *result = run_one(app, book, check);
        json_t *old = json_object_get(before, check->id);
        bool changed = old == NULL || !same_result(old, result);
        if (changed)
            tk_write_put(write, KIND_CHECK, check->id, TK_STORE_ANY,
                         json_string_value(json_object_get(result, "result")), result);
        json_object_set_new(result, "since",
                            changed ? tk_json_of_time(now_us) : json_incref(json_object_get(old, "since")));
        json_object_set_new(results, check->id, result);
    }
    return results;
}

static bool run(TkApp *app, const TkActor *actor, GError **error)
{
    TkControls *c = app->controls;
    int64_t last_us, now_us = tk_app_now(app);
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    if (book == NULL)
        return false;
    g_autoptr(json_t) before = results_now(app, &last_us);
    TkWrite *write = tk_write_new(actor->id, now_us);
    g_autoptr(json_t) results = run_all(app, book, before, now_us, write);
    g_autoptr(json_t) document = json_pack("{s:O}", "results", results);
    tk_write_put(write, KIND_RUN, LAST, TK_STORE_ANY, "run", document);
    if (!tk_store_commit(app->store, write, NULL, error))
        return false;
    g_mutex_lock(&c->checks_lock);
    json_decref(c->results);
    c->results = json_incref(results);
    c->last_run_us = now_us;
    g_mutex_unlock(&c->checks_lock);
    return true;
}

bool tk_service_checks_step(TkApp *app, bool *ran, GError **error)
{
    TkControls *c = app->controls;
    int64_t last_us;
    g_mutex_lock(&c->run_lock);
    json_decref(results_now(app, &last_us));
    bool due = last_us == TK_TIME_NONE || tk_app_now(app) - last_us >= TK_CHECKS_EVERY_S * TK_US_PER_S;
    bool done = !due || run(app, &hourly, error);
    g_mutex_unlock(&c->run_lock);
    if (ran != NULL)
        *ran = due && done;
    return done;
}

GBytes *tk_service_checks_run(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_FREEZE_REPORT, error))
        return NULL;
    g_mutex_lock(&app->controls->run_lock);
    bool done = run(app, actor, error);
    g_mutex_unlock(&app->controls->run_lock);
    return done ? tk_service_checks(app, actor, error) : NULL;
}

/* ---- every hour ---- */

static gpointer keep_running(gpointer data)
{
    TkApp *app = data;
    TkControls *c = app->controls;
    for (;;) {
        g_mutex_lock(&c->checks_lock);
        gint64 until = g_get_monotonic_time() + FIRST_S * G_TIME_SPAN_SECOND;
        while (!c->stopping && g_cond_wait_until(&c->wake, &c->checks_lock, until))
            continue;
        bool stopping = c->stopping;
        g_mutex_unlock(&c->checks_lock);
        if (stopping)
            return NULL;
        g_autoptr(GError) error = NULL;
        if (!tk_service_checks_step(app, NULL, &error))
            g_warning("automatic checks: %s", error->message);
    }
}

void tk_service_checks_start(TkApp *app)
{
    app->controls->thread = g_thread_new("checks", keep_running, app);
}

void tk_service_checks_stop(TkApp *app)
{
    TkControls *c = app->controls;
    if (c == NULL || c->thread == NULL)
        return;
    g_mutex_lock(&c->checks_lock);
    c->stopping = true;
    g_cond_broadcast(&c->wake);
    g_mutex_unlock(&c->checks_lock);
    g_thread_join(c->thread);
    c->thread = NULL;
}

/* ---- what is seen ---- */

static json_t *feeds_view(const TkCheck *check)
{
    json_t *list = json_array();
    for (size_t i = 0; i < check->n_feeds; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "framework", check->feeds[i]->framework->id,
                                              "item", check->feeds[i]->id, "title",
                                              tk_control_title(check->feeds[i])));
    return list;
}

static json_t *check_view(const TkCheck *check, json_t *result)
{
    json_t *out =
        json_pack("{s:s, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:b, s:f, s:o}", "id", check->id, "title",
                  "ja", check->title_ja, "en", check->title_en, "proves", "ja", check->proves_ja, "en",
                  check->proves_en, "unit", "ja", check->unit_ja, "en", check->unit_en, "at_least",
                  check->at_least, "threshold", check->threshold, "feeds", feeds_view(check));
    json_object_set_new(out, "result", json_null()); /* where it has not run yet */
    if (result != NULL)
        json_object_update(out, result);
    return out;
}

GBytes *tk_service_checks(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    if (book == NULL)
        return NULL;
    int64_t at_us;
    g_autoptr(json_t) results = results_now(app, &at_us);
    json_int_t counts[TK_CHECK_PASS + 1] = {0};
    json_t *list = json_array();
    for (size_t i = 0; i < tk_checks_count(book->checks); i++) {
        const TkCheck *check = tk_checks_at(book->checks, i);
        json_t *result = json_object_get(results, check->id);
        const char *text = json_string_value(json_object_get(result, "result"));
        for (int r = TK_CHECK_FAIL; r <= TK_CHECK_PASS; r++)
            counts[r] += g_strcmp0(text, tk_check_result_text((TkCheckResult)r)) == 0;
        json_array_append_new(list, check_view(check, result));
    }
    int64_t next_us = at_us == TK_TIME_NONE ? TK_TIME_NONE : at_us + TK_CHECKS_EVERY_S * TK_US_PER_S;
    g_autoptr(json_t) out =
        json_pack("{s:o, s:o, s:s, s:b, s:{s:I, s:I, s:I}, s:o, s:b}", "at", tk_json_of_time(at_us), "next",
                  tk_json_of_time(next_us), "dated", tk_checks_dated(book->checks), "verified",
                  tk_checks_verified(book->checks), "summary", "pass", counts[TK_CHECK_PASS], "fail",
                  counts[TK_CHECK_FAIL], "cannot_tell", counts[TK_CHECK_CANNOT_TELL], "items", list,
                  "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

static bool take_change(const TkRecord *record, gpointer data)
{
    char at[TK_TIME_TEXT_MAX];
    json_t *one = json_pack("{s:s, s:s}", "at", tk_time_text(record->at_us, at), "who", record->who);
    json_object_update(one, record->body);
    json_array_insert_new(data, 0, one);
    if (json_array_size(data) > HISTORY_MAX)
        json_array_remove(data, HISTORY_MAX);
    return true;
}

GBytes *tk_service_check_history(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) list = json_array();
    if (!tk_store_history(app->store, KIND_CHECK, id, take_change, list, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:s, s:O}", "id", id, "changes", list);
    return tk_json_bytes(out);
}

/* ---- attention ---- */

static void attend(GHashTable *items, const TkFrameworkItem *item, const char *check)
{
    GPtrArray *list = g_hash_table_lookup(items, item);
    if (list == NULL)
        g_hash_table_insert(items, (gpointer)item, list = g_ptr_array_new());
    g_ptr_array_add(list, (gpointer)check);
}

GHashTable *tk_control_attention(TkApp *app, const TkControlBook *book)
{
    GHashTable *items = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
    int64_t at_us;
    g_autoptr(json_t) results = results_now(app, &at_us);
    for (size_t i = 0; i < tk_checks_count(book->checks); i++) {
        const TkCheck *check = tk_checks_at(book->checks, i);
        const char *result =
            json_string_value(json_object_get(json_object_get(results, check->id), "result"));
        for (size_t n = 0; g_strcmp0(result, "fail") == 0 && n < check->n_feeds; n++)
            attend(items, check->feeds[n], check->id);
    }
    return items;
}
