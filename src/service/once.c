#include "service/once.h"

#include "service/people_private.h"

#define KIND        "once"
#define KEEP_US     ((int64_t)TK_ONCE_HOURS * 3600 * G_USEC_PER_SEC)
#define UNDER_WAY_S 120 /* no request takes longer: a claim older than that has lost its server */
#define SWEEP_MAX   16
#define ANSWER_MAX  (512 * 1024)

static bool is(const json_t *document, const char *key, const char *text)
{
    return g_strcmp0(json_string_value(json_object_get(document, key)), text) == 0;
}

static json_t *document_of(const TkOnce *once, int64_t at_us, const char *state)
{
    return json_pack("{s:s, s:s, s:I}", "request", once->hash, "state", state, "at_us", (json_int_t)at_us);
}

/* ---- what is too old ---- */

static bool take_id(const TkRecord *record, gpointer ids)
{
    g_ptr_array_add(ids, g_strdup(record->id));
    return true;
}

/* An answer may hold what is personal: it goes with the key. */
static void forget_old(TkApp *app, int64_t now_us)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    const TkFilter old = {.pointer = "/at_us", .op = TK_FILTER_LT, .number = (double)(now_us - KEEP_US)};
    const TkQuery query = {.kind = KIND, .filters = &old, .filter_count = 1, .limit = SWEEP_MAX};
    if (!tk_store_index(app->store, KIND, "/at_us", NULL) ||
        !tk_store_list(app->store, &query, take_id, ids, NULL, NULL))
        return;
    for (unsigned i = 0; i < ids->len; i++) {
        TkWrite *erase = tk_write_new("system", now_us);
        tk_write_erase(erase, KIND, ids->pdata[i], "expired");
        tk_store_commit(app->store, erase, NULL, NULL); /* one without an answer has nothing to erase */
        TkWrite *write = tk_write_new("system", now_us);
        tk_write_delete(write, KIND, ids->pdata[i], TK_STORE_ANY, "expire");
        tk_store_commit(app->store, write, NULL, NULL);
    }
}

/* ---- begin ---- */

static bool claim(TkApp *app, TkOnce *once, int64_t now_us, GError **error)
{
    g_autoptr(json_t) document = document_of(once, now_us, "open");
    TkWrite *write = tk_write_new(once->who, now_us);
    TkCommitted committed = {0};
    tk_write_put(write, KIND, once->id, once->version == 0 ? TK_STORE_NEW : once->version, "claim", document);
    GError *why = NULL;
    if (tk_store_commit(app->store, write, &committed, &why)) {
        once->version = committed.versions[0];
        tk_committed_clear(&committed);
        return true;
    }
    if (!g_error_matches(why, TK_ERROR, TK_ERROR_CONFLICT)) {
        g_propagate_error(error, why);
        return false;
    }
    g_error_free(why);
    return tk_fail_both(error, TK_ERROR_CONFLICT, "同じ要求を処理中です。少し待ってからやり直してください。",
                        "the request with this Idempotency-Key is under way; ask again in a moment");
}

/* What there is of a key that was used before, unless it has expired. */
static bool read_before(const TkRecord *record, TkOnce *once, int64_t now_us, GError **error)
{
    int64_t age_us = now_us - json_integer_value(json_object_get(record->body, "at_us"));
    if (!is(record->body, "request", once->hash))
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "この Idempotency-Key は別の要求に使われています。新しいキーで送ってください。",
                            "this Idempotency-Key was used for another request; use a new key for a new one");
    if (is(record->body, "state", "open") && age_us < UNDER_WAY_S * G_USEC_PER_SEC)
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "同じ要求を処理中です。少し待ってからやり直してください。",
                            "the request with this Idempotency-Key is under way; ask again in a moment");
    if (is(record->body, "state", "open"))
        return tk_fail_both(
            error, TK_ERROR_CONFLICT,
            "前の要求の結果が分かりません。登録されたか一覧で確かめ、なければ新しいキーで送ってください。",
            "it is not known how the request with this Idempotency-Key ended; look whether it was "
            "done, and send it with a new key where it was not");
    json_t *answer = json_object_get(record->body, "answer");
    if (!json_is_object(answer))
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "この要求は受け付け済みです。応答は一度しか表示されません。",
                            "this request was done; its answer is shown only once");
    once->status = (unsigned)json_integer_value(json_object_get(record->body, "status"));
    once->answer = tk_json_bytes(answer);
    return true;
}

bool tk_once_begin(TkApp *app, const char *who, const char *key, const char *hash, TkOnce *once,
                   GError **error)
{
    int64_t now_us = tk_people_now(app);
    g_autofree char *whole = g_strdup_printf("%s\n%s", who, key);
    g_autofree char *id = g_compute_checksum_for_string(G_CHECKSUM_SHA256, whole, -1);
    *once = (TkOnce){.who = g_strdup(who), .hash = g_strdup(hash)};
    g_strlcpy(once->id, id, sizeof once->id);
    forget_old(app, now_us);
    g_autoptr(TkRecord) record = tk_store_get(app->store, KIND, id, TK_TIME_NONE, NULL);
    if (record == NULL)
        return claim(app, once, now_us, error);
    return read_before(record, once, now_us, error);
}

/* ---- end ---- */

void tk_once_end(TkApp *app, TkOnce *once, unsigned status, GBytes *answer)
{
    int64_t now_us = tk_people_now(app);
    g_autoptr(json_t) document = document_of(once, now_us, "done");
    TkWrite *write = tk_write_new(once->who, now_us);
    if (status == 0) {
        tk_write_delete(write, KIND, once->id, once->version, "release");
    } else {
        gsize len = 0;
        const char *text = answer == NULL ? NULL : g_bytes_get_data(answer, &len);
        json_t *parsed = text == NULL ? NULL : tk_json_read("the answer", text, len, ANSWER_MAX, NULL);
        json_object_set_new(document, "status", json_integer(status));
        json_object_set_new(document, "answer", parsed == NULL ? json_null() : parsed);
        tk_write_put(write, KIND, once->id, once->version, "answer", document);
        tk_write_mark_personal(write, "/answer");
    }
    g_autoptr(GError) error = NULL;
    if (!tk_store_commit(app->store, write, NULL, &error))
        g_warning("the answer to a request with an Idempotency-Key was not kept: %s", error->message);
}

void tk_once_clear(TkOnce *once)
{
    g_clear_pointer(&once->who, g_free);
    g_clear_pointer(&once->hash, g_free);
    g_clear_pointer(&once->answer, g_bytes_unref);
}
