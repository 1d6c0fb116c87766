/* The demo carrier's registers: what its people are said to have written, and when, is data in demo/.
 *
 * A line of demo/SUBJECT.jsonl is one write:
 *
 *     {"day":-400,"register":"persons","id":"PER-0001","as":"compliance","values":{…}}
 *
 * `day` counts from the day of the opening; the lines of all files are written in the order of their days, so
 * that histories and the state at an earlier quarter's end are there. A text "@-30" in the values is a day,
 * 30 before the opening; "@m-2" the last day of the month two months before, "@-30T09:15" a moment. A value
 * {"asset":"demo/…"} is a file with the bytes of that asset. A second line of an id replaces the record. `as`
 * is a role, compliance where absent. Everything goes through the registers' own door, with its checks. */
#include "service/demo_history.h"

#include "service/assets.h"
#include "service/registers.h"

#define LINE_MAX_BYTES (64u * 1024)
#define LINES_MAX      2000u /* of all files */
#define MORNING_US     (9 * 3600 * TK_US_PER_S)

typedef struct {
    int day;
    unsigned order; /* of files and lines: what stands first is written first */
    json_t *line;
    char *where;
} Write;

static void write_free(Write *write)
{
    json_decref(write->line);
    g_free(write->where);
    g_free(write);
}

static int by_day(gconstpointer a, gconstpointer b)
{
    const Write *const *x = a, *const *y = b;
    int day = ((*x)->day > (*y)->day) - ((*x)->day < (*y)->day);
    return day != 0 ? day : ((*x)->order > (*y)->order) - ((*x)->order < (*y)->order);
}

/* ---- reading ---- */

static bool read_file(const char *path, GPtrArray *writes, GError **error)
{
    g_autoptr(GBytes) bytes = tk_asset(path);
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    g_autoptr(TkLines) lines = tk_lines_new_memory(text, len, LINE_MAX_BYTES);
    TkLine line;
    while (tk_lines_next(lines, &line) == TK_LINE_OK) {
        g_autofree char *where = g_strdup_printf("%s line %" G_GUINT64_FORMAT, path, line.number);
        if (line.len == 0)
            continue;
        g_autoptr(json_t) one = tk_json_read(where, line.text, line.len, LINE_MAX_BYTES, error);
        if (one == NULL)
            return false;
        if (writes->len == LINES_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "%s: the demo has more than %u records", where, LINES_MAX);
        Write *write = g_new0(Write, 1);
        *write = (Write){(int)json_integer_value(json_object_get(one, "day")), writes->len,
                         g_steal_pointer(&one), g_steal_pointer(&where)};
        g_ptr_array_add(writes, write);
    }
    return true;
}

/* "@-30" and "@m-2" become days; other texts stay. */
static json_t *dated(const char *text, TkDate opening)
{
    char day[TK_TIME_TEXT_MAX];
    if (text[0] != '@')
        return json_string(text);
    bool months = text[1] == 'm';
    char *rest = NULL;
    int count = (int)g_ascii_strtoll(text + (months ? 2 : 1), &rest, 10);
    tk_date_text(months ? tk_date_month_end(opening, count) : opening + count, day);
    if (*rest != 'T')
        return json_string(day);
    g_autofree char *moment = g_strdup_printf("%s%s:00+09:00", day, rest);
    return json_string(moment);
}

/* The file value of an asset whose bytes are kept now; null where it cannot be. */
static json_t *file_of(TkApp *app, const TkActor *actor, const char *path)
{
    g_autoptr(GBytes) bytes = tk_asset(path);
    g_autoptr(GBytes) kept = bytes == NULL ? NULL : tk_register_file_add(app->registers, actor, bytes, NULL);
    gsize len = 0;
    const char *text = kept == NULL ? NULL : g_bytes_get_data(kept, &len);
    g_autoptr(json_t) told = text == NULL ? NULL : tk_json_read(path, text, len, len, NULL);
    g_autofree char *name = g_path_get_basename(path);
    return told == NULL ? json_null()
                        : json_pack("{s:O, s:s}", "sha256", json_object_get(told, "sha256"), "name", name);
}

static json_t *values_of(TkApp *app, const TkActor *actor, const json_t *line, TkDate opening)
{
    json_t *out = json_object();
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(line, "values"), key, value)
    {
        const char *text = json_string_value(value),
                   *asset = json_string_value(json_object_get(value, "asset"));
        json_object_set_new(out, key,
                            asset != NULL  ? file_of(app, actor, asset)
                            : text == NULL ? json_incref(value)
                                           : dated(text, opening));
    }
    return out;
}

/* ---- writing ---- */

/* Who of the carrier does it: another person for another role, because who asks never approves. */
static TkActor person_of(const char *role)
{
    static const TkActor people[] = {
        {"法務 次郎(架空)", TK_ROLE_COMPLIANCE},     {"統括 花子(架空)", TK_ROLE_GENERAL_MANAGER},
        {"主任 三郎(架空)", TK_ROLE_CHIEF_ENGINEER}, {"運用 太郎(架空)", TK_ROLE_NOC_OPERATOR},
        {"技術 四郎(架空)", TK_ROLE_ENGINEER},       {"管理 五郎(架空)", TK_ROLE_ADMINISTRATOR},
    };
    TkRole wanted = role == NULL ? TK_ROLE_COMPLIANCE : tk_role_of_name(role);
    for (size_t i = 0; i < G_N_ELEMENTS(people); i++)
        if (people[i].role == wanted)
            return people[i];
    return people[0];
}

static bool write_one(TkApp *app, const Write *write, TkDate opening, GError **error)
{
    const char *name = json_string_value(json_object_get(write->line, "register")),
               *id = json_string_value(json_object_get(write->line, "id"));
    TkActor actor = person_of(json_string_value(json_object_get(write->line, "as")));
    g_autoptr(json_t) request =
        json_pack("{s:s*, s:o}", "id", id, "values", values_of(app, &actor, write->line, opening));
    g_autoptr(GBytes) findings = NULL;
    int64_t version = 0;
    g_autoptr(GBytes) before =
        id == NULL ? NULL
                   : tk_register_get(app->registers, &actor, name, id, TK_TIME_NONE, false, &version, NULL);
    if (before != NULL)
        json_object_del(request, "id");
    g_autoptr(GBytes) answer =
        before == NULL
            ? tk_register_add(app->registers, &actor, name, request, &version, &findings, error)
            : tk_register_put(app->registers, &actor, name, id, version, request, &version, &findings, error);
    if (answer != NULL)
        return true;
    if (findings != NULL)
        g_prefix_error(error, "%.*s: ", (int)MIN(g_bytes_get_size(findings), 400),
                       (const char *)g_bytes_get_data(findings, NULL));
    g_prefix_error(error, "%s: ", write->where);
    return false;
}

bool tk_demo_add_records(TkApp *app, TkDemo *demo, int64_t opening_us, int64_t until_us, GError **error)
{
    TkDate opening = tk_date_of_time(opening_us);
    g_autoptr(GPtrArray) writes = g_ptr_array_new_with_free_func((GDestroyNotify)write_free);
    g_auto(GStrv) files = tk_asset_list("demo");
    for (char **path = files; *path != NULL; path++)
        if (g_str_has_suffix(*path, ".jsonl") && !read_file(*path, writes, error))
            return false;
    g_ptr_array_sort(writes, by_day);
    for (guint i = 0; i < writes->len; i++) {
        const Write *write = writes->pdata[i];
        tk_demo_set_now(demo, MIN(tk_time_of_date(opening + write->day) + MORNING_US, until_us));
        GError *refused = NULL;
        if (write_one(app, write, opening, &refused))
            continue;
        /* other register files than the built-in ones may want other values: the carrier then lacks a record
         */
        g_warning("the demo's record was not taken: %s", refused->message);
        g_error_free(refused);
    }
    return true;
}
