/* What changed from one board to the next. Most of a board stays as it is: of the prefectures those that were
 * hit change, of an accident its running numbers, of the series its end. Parts are compared as the bytes they
 * were written as, accidents field by field, so that nothing has to be read again.
 *
 *   {"seq":8, … ,"since":7,                      head, whole
 *    "network"? "services"? "deadlines"?          whole, where they differ
 *    "prefectures":[…]?                           those that differ
 *    "accidents":{"order":[id…]?,"changed":[{"id",…}…]}?   new ones whole, others with the fields that differ
 *    "series":{"from","step_s","count","services":{id:[last…]}}?   its last steps } */
#include "service/app.h"

#define SERIES_TAIL_MAX 16u

typedef struct {
    const char *text;
    size_t len;
} Span;

static Span span(const TkBoardMade *made, size_t from, size_t to)
{
    return (Span){(const char *)g_bytes_get_data(made->bytes, NULL) + from, to - from};
}

static Span part(const TkBoardMade *made, TkBoardPart which)
{
    return span(made, made->part[which], made->part[which + 1]);
}

static bool same(Span a, Span b)
{
    return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

static void add_if_changed(TkBuf *out, const TkBoardMade *before, const TkBoardMade *after, TkBoardPart which)
{
    Span now = part(after, which);
    if (!same(part(before, which), now))
        tk_buf_add(out, now.text, now.len);
}

/* One of the list, without the comma before it. */
static Span prefecture(const TkBoardMade *made, int p)
{
    Span one = span(made, made->prefecture[p], made->prefecture[p + 1]);
    if (one.len > 0 && one.text[0] == ',')
        one = (Span){one.text + 1, one.len - 1};
    return one;
}

static void add_prefectures(TkBuf *out, const TkBoardMade *before, const TkBoardMade *after)
{
    if (same(part(before, TK_BOARD_PREFECTURES), part(after, TK_BOARD_PREFECTURES)))
        return;
    tk_buf_add_str(out, ",\"prefectures\":[");
    bool comma = false;
    for (int p = 0; p < TK_PREFECTURES; p++) {
        Span now = prefecture(after, p);
        if (same(prefecture(before, p), now))
            continue;
        if (comma)
            tk_buf_add_char(out, ',');
        tk_buf_add(out, now.text, now.len);
        comma = true;
    }
    tk_buf_add_char(out, ']');
}

/* ---- accidents ---- */

static const char *id_of(const json_t *view)
{
    return json_string_value(json_object_get(view, "id"));
}

static const json_t *find(const TkBoardMade *made, const char *id, unsigned hint)
{
    if (hint < made->accidents->len && strcmp(id_of(g_ptr_array_index(made->accidents, hint)), id) == 0)
        return g_ptr_array_index(made->accidents, hint);
    for (unsigned i = 0; i < made->accidents->len; i++)
        if (strcmp(id_of(g_ptr_array_index(made->accidents, i)), id) == 0)
            return g_ptr_array_index(made->accidents, i);
    return NULL;
}

static bool same_order(const TkBoardMade *a, const TkBoardMade *b)
{
    if (a->accidents->len != b->accidents->len)
        return false;
    for (unsigned i = 0; i < a->accidents->len; i++)
        if (strcmp(id_of(g_ptr_array_index(a->accidents, i)), id_of(g_ptr_array_index(b->accidents, i))) != 0)
            return false;
    return true;
}

/* The fields of `now` that `was` has not; NULL where there are none. All views have the same fields. */
static json_t *difference(const json_t *was, json_t *now)
{
    if (was == NULL)
        return json_incref(now);
    json_t *out = NULL;
    const char *key;
    json_t *value;
    json_object_foreach(now, key, value)
    {
        if (json_equal(json_object_get(was, key), value))
            continue;
        if (out == NULL)
            out = json_pack("{s:s}", "id", id_of(now));
        json_object_set(out, key, value);
    }
    return out;
}

static void add_accidents(TkBuf *out, const TkBoardMade *before, const TkBoardMade *after)
{
    g_autoptr(json_t) changed = json_array(), all = json_object();
    for (unsigned i = 0; i < after->accidents->len; i++) {
        json_t *now = g_ptr_array_index(after->accidents, i);
        json_t *differs = difference(find(before, id_of(now), i), now);
        if (differs != NULL)
            json_array_append_new(changed, differs);
    }
    bool reordered = !same_order(before, after);
    if (!reordered && json_array_size(changed) == 0)
        return;
    json_object_set(all, "changed", changed);
    if (reordered) {
        json_t *order = json_array();
        for (unsigned i = 0; i < after->accidents->len; i++)
            json_array_append(order, json_object_get(g_ptr_array_index(after->accidents, i), "id"));
        json_object_set_new(all, "order", order);
    }
    TkJson w = tk_json_to(out);
    tk_buf_add_str(out, ",\"accidents\":");
    tk_json_value(&w, all);
}

/* ---- series ---- */

static int64_t end_of(const TkBoardMade *made)
{
    return made->series_from_us + (int64_t)made->series_count * TK_SERIES_STEP_US;
}

/* The steps since, and the last one before, whose number may have moved. */
static void add_series(TkBuf *out, const TkTopology *topology, const TkSeries *series,
                       const TkBoardMade *before, const TkBoardMade *after)
{
    Span now = part(after, TK_BOARD_SERIES);
    if (same(part(before, TK_BOARD_SERIES), now))
        return;
    int64_t steps = before->series_count == 0 || end_of(after) < end_of(before)
                        ? INT64_MAX
                        : (end_of(after) - end_of(before)) / TK_SERIES_STEP_US + 1;
    if (steps > SERIES_TAIL_MAX || steps > after->series_count) {
        tk_buf_add(out, now.text, now.len);
        return;
    }
    TkJson w = tk_json_to(out);
    tk_buf_add_str(out, ",\"series\":");
    tk_json_begin_object(&w);
    tk_json_key(&w, "from");
    tk_json_time(&w, after->series_from_us);
    tk_json_key(&w, "step_s");
    tk_json_int(&w, TK_SERIES_STEP_US / TK_US_PER_S);
    tk_json_key(&w, "count");
    tk_json_int(&w, after->series_count);
    tk_json_key(&w, "services");
    tk_json_begin_object(&w);
    for (unsigned s = 0; s < tk_topology_services(topology); s++) {
        tk_json_key(&w, tk_topology_service(topology, s));
        tk_json_begin_array(&w);
        for (unsigned i = after->series_count - (unsigned)steps; i < after->series_count; i++)
            tk_json_int(&w, series->users[i][s]);
        tk_json_end_array(&w);
    }
    tk_json_end_object(&w);
    tk_json_end_object(&w);
}

GBytes *tk_board_change(const TkTopology *topology, const TkSeries *series, const TkBoardMade *before,
                        const TkBoardMade *after)
{
    size_t whole = g_bytes_get_size(after->bytes);
    if (before->part[TK_BOARD_PARTS] == 0 || after->part[TK_BOARD_PARTS] == 0)
        return NULL;
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, whole); /* what would be longer than the board is not wanted */
    Span head = part(after, TK_BOARD_HEAD);
    tk_buf_add_char(&out, '{');
    tk_buf_add(&out, head.text, head.len);
    tk_buf_addf(&out, ",\"since\":%" G_GUINT64_FORMAT, before->seq);
    add_if_changed(&out, before, after, TK_BOARD_NETWORK);
    add_if_changed(&out, before, after, TK_BOARD_SERVICES);
    add_prefectures(&out, before, after);
    add_accidents(&out, before, after);
    add_if_changed(&out, before, after, TK_BOARD_DEADLINES);
    add_series(&out, topology, series, before, after);
    tk_buf_add_char(&out, '}');
    if (out.overflow)
        return NULL;
    GBytes *bytes = g_bytes_new_take(out.data, out.len);
    out = (TkBuf){.max = out.max};
    return bytes;
}
