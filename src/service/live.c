/* The live thread: one writer for the network state. Callers with alarms queue a batch and wait; a step
 * takes all that wait, writes them in one transaction, applies them in the same order, and only then
 * answers. One order for the store and for the engine means that a restart, which replays the store, ends
 * in the same state even where two alarms carry the same time. */
#include "service/app.h"

typedef struct {
    TkBuf good;      /* lines that could be read, as they came */
    GArray *numbers; /* uint64_t: their line numbers in the call */
    int64_t min_at_us, max_at_us;
    json_t *rejected;
    uint64_t rejected_total;
    uint64_t refused; /* of the good ones, by the engine */
    char *who;
    bool done; /* under queue_lock, like `failed` */
    GError *failed;
} TkBatch;

static void batch_clear(TkBatch *batch)
{
    tk_buf_clear(&batch->good);
    g_clear_pointer(&batch->numbers, g_array_unref);
    g_clear_pointer(&batch->rejected, json_decref);
    g_clear_pointer(&batch->who, g_free);
    g_clear_error(&batch->failed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkBatch, batch_clear)

/* ---- reading ---- */

static void reject(TkBatch *batch, uint64_t line, const char *message)
{
    batch->rejected_total++;
    if (json_array_size(batch->rejected) >= TK_ALARMS_REJECTED_MAX)
        return;
    json_array_append_new(batch->rejected,
                          json_pack("{s:I, s:s}", "line", (json_int_t)line, "message", message));
}

/* The parser's message begins with the field's name where it knows one: “at: …”. */
static void reject_error(TkBatch *batch, uint64_t line, GError *error)
{
    size_t before = json_array_size(batch->rejected);
    reject(batch, line, error->message);
    json_t *entry = json_array_get(batch->rejected, before); /* NULL past the ceiling */
    static const char *const fields[] = {"at", "source", "key", "object", "severity", "service_affecting"};
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        size_t len = strlen(fields[i]);
        if (strncmp(error->message, fields[i], len) == 0 && !g_ascii_isalpha(error->message[len]) &&
            error->message[len] != '_')
            json_object_set_new(entry, "field", json_string(fields[i]));
    }
    g_error_free(error);
}

static void take_line(TkApp *app, TkBatch *batch, const TkLine *line)
{
    if (line->len == 0)
        return;
    TkAlarm alarm;
    GError *error = NULL;
    if (!tk_alarm_parse(line->text, line->len, &alarm, &error)) {
        reject_error(batch, line->number, error);
        return;
    }
    if (tk_topology_find(app->topology, alarm.object, alarm.object_len) == TK_NO_FACILITY) {
        tk_fail(&error, TK_ERROR_NOT_FOUND,
                "object “%.*s” is not in the topology; add it or correct the name",
                (int)MIN(alarm.object_len, 80), alarm.object);
        reject_error(batch, line->number, error);
        return;
    }
    batch->min_at_us = MIN(batch->min_at_us, alarm.at_us);
    batch->max_at_us = MAX(batch->max_at_us, alarm.at_us);
    tk_buf_add(&batch->good, line->text, line->len);
    tk_buf_add_char(&batch->good, '\n');
    g_array_append_val(batch->numbers, line->number);
}

static void read_batch(TkApp *app, TkBatch *batch, const char *text, size_t len)
{
    tk_buf_init(&batch->good, len + 2);
    batch->numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    batch->rejected = json_array();
    batch->min_at_us = INT64_MAX;
    batch->max_at_us = INT64_MIN;
    g_autoptr(TkLines) lines = tk_lines_new_memory(text, len, TK_ALARM_LINE_MAX);
    TkLine line;
    for (TkLineStatus status; (status = tk_lines_next(lines, &line)) != TK_LINE_END;) {
        if (status == TK_LINE_TOO_LONG)
            reject(batch, line.number,
                   "the line is longer than the 16 KiB an alarm may have; send it shorter");
        else if (status == TK_LINE_BAD_UTF8)
            reject(batch, line.number, "the line is not UTF-8; send it as UTF-8");
        else
            take_line(app, batch, &line);
    }
}

/* ---- applying ---- */

static void apply_batch(TkApp *app, TkBatch *batch)
{
    g_autoptr(TkLines) lines = tk_lines_new_memory(batch->good.data, batch->good.len, TK_ALARM_LINE_MAX);
    TkLine line;
    for (unsigned i = 0; tk_lines_next(lines, &line) == TK_LINE_OK; i++) {
        TkAlarm alarm;
        GError *error = NULL;
        if (!tk_alarm_parse(line.text, line.len, &alarm, &error) ||
            !tk_engine_apply(app->engine, &alarm, &error)) {
            reject_error(batch, g_array_index(batch->numbers, uint64_t, i), error);
            batch->refused++;
        }
    }
}

static bool make_durable(TkApp *app, GPtrArray *batches, GError **error)
{
    TkWrite *write = NULL;
    for (unsigned i = 0; i < batches->len; i++) {
        TkBatch *batch = g_ptr_array_index(batches, i);
        if (batch->numbers->len == 0)
            continue;
        if (write == NULL)
            write = tk_write_new(batch->who, tk_app_now(app));
        tk_write_alarms(write, batch->good.data, batch->good.len, batch->numbers->len, batch->min_at_us,
                        batch->max_at_us);
    }
    return write == NULL || tk_store_commit(app->store, write, NULL, error);
}

static GPtrArray *take_queue(TkApp *app)
{
    GPtrArray *batches = g_ptr_array_new();
    g_mutex_lock(&app->queue_lock);
    for (void *batch; (batch = g_queue_pop_head(&app->queue)) != NULL;)
        g_ptr_array_add(batches, batch);
    g_mutex_unlock(&app->queue_lock);
    return batches;
}

static void answer(TkApp *app, GPtrArray *batches, const GError *failed)
{
    g_mutex_lock(&app->queue_lock);
    for (unsigned i = 0; i < batches->len; i++) {
        TkBatch *batch = g_ptr_array_index(batches, i);
        batch->failed = failed == NULL ? NULL : g_error_copy(failed);
        batch->done = true;
    }
    g_cond_broadcast(&app->done_cond);
    g_mutex_unlock(&app->queue_lock);
}

static void take_alarms(TkApp *app)
{
    g_autoptr(GPtrArray) batches = take_queue(app);
    if (batches->len == 0)
        return;
    g_autoptr(GError) error = NULL;
    if (make_durable(app, batches, &error))
        for (unsigned i = 0; i < batches->len; i++)
            apply_batch(app, g_ptr_array_index(batches, i));
    answer(app, batches, error);
}

/* ---- publishing ---- */

static void tell_listeners(TkApp *app, uint64_t seq, GBytes *board, GBytes *change)
{
    g_rec_mutex_lock(&app->listeners_lock);
    for (unsigned i = 0; i < app->listeners->len; i++) {
        TkListener *listener = &g_array_index(app->listeners, TkListener, i);
        listener->fn(listener->user, seq, board, change);
    }
    g_rec_mutex_unlock(&app->listeners_lock);
}

static void show_board(TkApp *app, TkLiveMap *map, int64_t now_us)
{
    TkBoardMade *made = tk_board_build(app, map, app->board_seq + 1, now_us);
    g_autoptr(TkBoardMade) last = app->board_made;
    app->board_made = made;
    g_autoptr(GBytes) change =
        last == NULL ? NULL : tk_board_change(map->snapshot->topology, &app->series, last, made);
    g_mutex_lock(&app->board_lock);
    GBytes *before = app->board;
    app->board = g_bytes_ref(made->bytes);
    uint64_t seq = ++app->board_seq;
    g_mutex_unlock(&app->board_lock);
    g_clear_pointer(&before, g_bytes_unref);
    tell_listeners(app, seq, made->bytes, change);
}

static void publish(TkApp *app)
{
    int64_t now_us = tk_app_now(app);
    TkLiveMap *map = tk_live_map_new(tk_engine_publish(app->engine, now_us));
    g_mutex_lock(&app->live_lock);
    TkLiveMap *old = app->live;
    app->live = map;
    g_atomic_ref_count_inc(&map->refs);
    g_mutex_unlock(&app->live_lock);
    g_clear_pointer(&old, tk_live_map_unref);

    GError *error = NULL;
    if (!tk_follow(app, map, now_us, &error)) {
        g_warning("accidents could not be written and will be tried again: %s", error->message);
        g_clear_error(&error);
    }
    tk_series_add(&app->series, map->snapshot, now_us);
    if (!app->boardless)
        show_board(app, map, now_us);
    tk_live_map_unref(map);
}

void tk_live_step(TkApp *app, bool force)
{
    g_rec_mutex_lock(&app->step_lock);
    take_alarms(app);
    int64_t now = g_get_monotonic_time();
    if (force || now - app->board_built_us >= TK_BOARD_US) {
        app->board_built_us = now;
        publish(app);
    }
    g_rec_mutex_unlock(&app->step_lock);
}

/* ---- the map ---- */

char *tk_live_key(const TkTopology *topology, const TkAccident *accident)
{
    char text[TK_TIME_TEXT_MAX];
    return g_strdup_printf("%s|%s", tk_time_text(accident->started_at_us, text),
                           tk_topology_id(topology, accident->trigger));
}

TkLiveMap *tk_live_map_new(TkSnapshot *snapshot)
{
    TkLiveMap *map = g_new0(TkLiveMap, 1);
    g_atomic_ref_count_init(&map->refs);
    map->snapshot = snapshot;
    map->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < snapshot->n_accidents; i++)
        g_hash_table_insert(map->by_key, tk_live_key(snapshot->topology, snapshot->accidents[i]),
                            snapshot->accidents[i]);
    return map;
}

void tk_live_map_unref(TkLiveMap *map)
{
    if (map == NULL || !g_atomic_ref_count_dec(&map->refs))
        return;
    g_hash_table_unref(map->by_key);
    tk_snapshot_unref(map->snapshot);
    g_free(map);
}

TkLiveMap *tk_live_map(TkApp *app)
{
    g_mutex_lock(&app->live_lock);
    TkLiveMap *map = app->live;
    if (map != NULL)
        g_atomic_ref_count_inc(&map->refs);
    g_mutex_unlock(&app->live_lock);
    return map;
}

/* ---- replay ---- */

static bool replay_batch(const TkAlarmBatch *batch, void *data)
{
    TkApp *app = data;
    g_autoptr(TkLines) lines = tk_lines_new_memory(batch->lines, batch->len, TK_ALARM_LINE_MAX);
    TkLine line;
    while (tk_lines_next(lines, &line) == TK_LINE_OK) {
        TkAlarm alarm;
        if (tk_alarm_parse(line.text, line.len, &alarm, NULL))
            tk_engine_apply(app->engine, &alarm, NULL); /* refused then as it is now: same input, same rule */
    }
    return true;
}

bool tk_live_replay(TkApp *app, GError **error)
{
    return tk_store_read_alarms(app->store, 0, replay_batch, app, error);
}

/* ---- the use case ---- */

static bool enqueue(TkApp *app, TkBatch *batch, GError **error)
{
    g_mutex_lock(&app->queue_lock);
    bool room = !app->stopping && g_queue_get_length(&app->queue) < TK_QUEUE_MAX;
    if (room)
        g_queue_push_tail(&app->queue, batch);
    g_cond_signal(&app->queue_cond);
    g_mutex_unlock(&app->queue_lock);
    return room || tk_fail_both(error, TK_ERROR_LIMIT,
                                "警報 %d 件分が処理待ちです。少し待ってからもう一度送ってください。",
                                "%d batches of alarms are waiting; send this one again", TK_QUEUE_MAX);
}

static void wait_for(TkApp *app, TkBatch *batch)
{
    if (app->stepped)
        tk_live_step(app, false);
    g_mutex_lock(&app->queue_lock);
    while (!batch->done)
        g_cond_wait(&app->done_cond, &app->queue_lock);
    g_mutex_unlock(&app->queue_lock);
}

GBytes *tk_service_alarms(TkApp *app, const TkActor *actor, const char *text, size_t len, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_SEND_ALARMS, error))
        return NULL;
    if (len > TK_ALARMS_BYTES_MAX) {
        tk_fail_both(
            error, TK_ERROR_LIMIT, "%zu バイトは 1 回の上限 %u バイトを超えています。分けて送ってください。",
            "the body has %zu bytes, more than the %u of one call; split it", len, TK_ALARMS_BYTES_MAX);
        return NULL;
    }
    g_auto(TkBatch) batch = {.who = g_strdup(actor->id)};
    read_batch(app, &batch, text, len);
    if (batch.numbers->len > 0) {
        if (!enqueue(app, &batch, error))
            return NULL;
        wait_for(app, &batch);
        if (batch.failed != NULL) {
            g_propagate_error(error, g_steal_pointer(&batch.failed));
            return NULL;
        }
    }
    g_autoptr(json_t) answer_json =
        json_pack("{s:I, s:O, s:I}", "accepted", (json_int_t)(batch.numbers->len - batch.refused), "rejected",
                  batch.rejected, "rejected_total", (json_int_t)batch.rejected_total);
    return tk_json_bytes(answer_json);
}
