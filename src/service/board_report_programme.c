/* The state of the whole programme, quarter by quarter.
 *
 * A row is a register and what is counted of it; each record is taken as it was at the end of a quarter, by
 * the store's own history, so a number of the past is what stood there and not what somebody noted down:
 *
 *     record ─► as of 03-31 ─┐
 *            ─► as of 06-30 ─┼─► does it meet the row's conditions? ─► counted
 *            ─► now ─────────┘
 *
 * Records that were deleted since are not counted in any quarter. A register that held nothing at a quarter's
 * end was not kept yet: its number is null, not 0. Obligations, officers and risks are judged by their own
 * rules. */
#include "service/board_report_rows.h"

#include "service/program_private.h"
#include "service/risks.h"

#define POINTS      TK_BOARD_QUARTERS
#define RECORDS_MAX 5000 /* of one register; more are not looked at one by one */

/* ---- points in time ---- */

typedef struct {
    TkDate end;    /* of the quarter */
    TkDate on;     /* the day that is looked at: today where the quarter is not over */
    int64_t at_us; /* TK_TIME_NONE: now */
} Point;

static void points_of(const TkBoardMaking *m, Point out[POINTS])
{
    for (int i = 0; i < POINTS; i++) {
        Point *point = &out[i];
        int before = POINTS - 1 - i;
        point->end = before == 0 ? m->to : tk_date_month_end(m->to, -3 * before);
        point->on = MIN(point->end, m->today);
        point->at_us = point->end >= m->today ? TK_TIME_NONE : tk_time_of_date(point->end + 1) - 1;
    }
}

/* ---- rows ---- */

static TkText area_name(const char *id)
{
    for (size_t i = 0; i < TK_BOARD_AREAS; i++)
        if (strcmp(tk_board_areas[i].id, id) == 0)
            return tk_board_areas[i].name;
    return (TkText){id, id};
}

static size_t area_rank(const char *id)
{
    size_t at = 0;
    while (at < TK_BOARD_AREAS && strcmp(tk_board_areas[at].id, id) != 0)
        at++;
    return at;
}

typedef struct {
    const TkBoardMaking *m;
    Point points[POINTS];
    json_t *out[TK_BOARD_AREAS]; /* the rows of each area */
} Table;

/* Takes `values`, one for each point. */
static void add_row(Table *t, const char *area, const char *id, TkText label, const char *path,
                    json_t *values[POINTS], TkBoardLevel level)
{
    TkText name = area_name(area);
    json_t *list = json_array();
    for (size_t p = 0; p < POINTS; p++)
        json_array_append_new(list, values[p] == NULL ? json_null() : values[p]);
    json_array_append_new(t->out[area_rank(area)],
                          json_pack("{s:s, s:o, s:s, s:o, s:o, s:s, s:s}", "area", area, "area_name",
                                    tk_text2(name.ja, name.en), "id", id, "label",
                                    tk_text2(label.ja, label.en), "values", list, "level",
                                    tk_board_levels[level], "evidence", path));
}

/* ---- registers as they were ---- */

typedef struct {
    Table *table;
    const char *kind;      /* of the store */
    GPtrArray *at[POINTS]; /* of TkRecord, owned */
    unsigned seen;
} Past;

/* A record that has not been changed since a quarter's end is not read again for it. */
static bool take(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Past *past = data;
    if (past->seen++ >= RECORDS_MAX)
        return true;
    for (size_t p = 0; p < POINTS; p++) {
        int64_t at_us = past->table->points[p].at_us;
        TkRecord *then = at_us == TK_TIME_NONE || record->at_us <= at_us
                             ? tk_record_copy(record)
                             : tk_store_get(past->table->m->app->store, past->kind, record->id, at_us, NULL);
        if (then != NULL)
            g_ptr_array_add(past->at[p], then);
    }
    return true;
}

static void past_clear(Past *past)
{
    for (size_t p = 0; p < POINTS; p++)
        g_clear_pointer(&past->at[p], g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Past, past_clear)

/* A kind of the store that is no register: the records are kept first, for the store is not asked within its
 * own list. */
static bool each_plain(TkApp *app, Past *past)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free);
    TkQuery query = {.kind = past->kind, .limit = TK_STORE_LIMIT_MAX};
    if (!tk_store_list(app->store, &query, tk_record_keep, all, NULL, NULL))
        return false;
    for (guint i = 0; i < all->len; i++)
        take(all->pdata[i], past, NULL);
    return true;
}

/* False where there is no such register, this role may not read it, or it is too large. */
static bool read_past(Table *t, const char *name, bool plain, Past *past)
{
    TkApp *app = t->m->app;
    const TkRegisterSchema *schema = plain ? NULL : tk_registers_schema(app->registers, name);
    *past = (Past){.table = t, .kind = plain ? name : schema == NULL ? NULL : schema->kind};
    if (!plain && (schema == NULL ||
                   tk_registers_open(app->registers, t->m->actor, name, TK_REGISTER_READS, NULL) == NULL))
        return false;
    for (size_t p = 0; p < POINTS; p++)
        past->at[p] = g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free);
    return (plain ? each_plain(app, past) : tk_register_each(app->registers, schema, take, past, NULL)) &&
           past->seen <= RECORDS_MAX;
}

/* ---- counting ---- */

static bool is_among(const char *text, const char *values)
{
    size_t len = text == NULL ? 0 : strlen(text);
    for (const char *at = values; len > 0 && at != NULL; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, text, len) == 0 && (at[len] == '|' || at[len] == '\0'))
            return true;
    }
    return false;
}

static bool meets(const TkBoardCond *cond, const TkRecord *record, TkDate on)
{
    const json_t *values = json_object_get(record->body, "values");
    const json_t *value = json_object_get(values != NULL ? values : record->body, cond->field);
    const char *text =
        json_is_boolean(value) ? (json_is_true(value) ? "true" : "false") : json_string_value(value);
    switch (cond->kind) {
    case TK_COND_ANY:
        return is_among(text, cond->values);
    case TK_COND_NOT:
        return !is_among(text, cond->values);
    case TK_COND_HAS:
        return text != NULL;
    case TK_COND_BEFORE: {
        TkDate day = tk_program_date_of(record, cond->field);
        return day != TK_DATE_NONE && day < on;
    }
    default:
        return true;
    }
}

static json_t *count_at(const TkBoardRow *row, const GPtrArray *records, TkDate on, bool *lacking)
{
    json_int_t n = 0, of = 0;
    for (guint i = 0; i < records->len; i++) {
        const TkRecord *record = records->pdata[i];
        if (!meets(&row->among, record, on))
            continue;
        of++;
        n += meets(&row->conds[0], record, on) && meets(&row->conds[1], record, on);
    }
    *lacking = row->share ? n < of : n > 0;
    if (records->len == 0)
        return NULL;
    return row->share ? json_sprintf("%" JSON_INTEGER_FORMAT " / %" JSON_INTEGER_FORMAT, n, of)
                      : json_integer(n);
}

/* All rows of one register, which is read once. */
static size_t add_register(Table *t, size_t first)
{
    g_auto(Past) past = {0};
    size_t end = first;
    bool readable = read_past(t, tk_board_rows[first].name, tk_board_rows[first].plain, &past);
    for (; end < tk_board_row_count && strcmp(tk_board_rows[end].name, tk_board_rows[first].name) == 0;
         end++) {
        json_t *values[POINTS] = {NULL};
        bool lacking = false;
        for (size_t p = 0; readable && p < POINTS; p++)
            values[p] = count_at(&tk_board_rows[end], past.at[p], t->points[p].on, &lacking);
        add_row(t, tk_board_rows[end].area, tk_board_rows[end].id, tk_board_rows[end].label,
                tk_board_rows[end].path, values,
                readable && lacking ? tk_board_rows[end].level : TK_BOARD_PLAIN);
    }
    return end;
}

/* ---- obligations, officers, risks ---- */

static bool add_obligations(Table *t, GError **error)
{
    g_auto(Past) past = {0};
    bool readable = read_past(t, "obligations", false, &past);
    g_autoptr(TkProfile) profile = tk_program_profile(t->m->app, error);
    TkProgramSummary sums[POINTS] = {0};
    for (size_t p = 0; profile != NULL && p < POINTS; p++) {
        g_autoptr(GError) early = NULL; /* before the law's data begin */
        g_autoptr(TkProgram) program = tk_law_obligations(t->m->app->law, profile, t->points[p].on, &early);
        if (program != NULL && readable)
            tk_program_sum(program, past.at[p], t->points[p].on, &sums[p]);
    }
    static const struct {
        const char *id;
        TkText label;
        const char *path;
        size_t field;
        TkBoardLevel level;
    } kinds[] = {
        {"applies", {"適用", "apply"}, "/program", offsetof(TkProgramSummary, applies), TK_BOARD_PLAIN},
        {"fulfilled",
         {"履行済み", "fulfilled"},
         "/program?standing=fulfilled",
         offsetof(TkProgramSummary, fulfilled),
         TK_BOARD_PLAIN},
        {"overdue",
         {"期限超過", "overdue"},
         "/program?standing=overdue",
         offsetof(TkProgramSummary, overdue),
         TK_BOARD_BAD},
        {"unassigned",
         {"担当なし", "nobody assigned"},
         "/program?standing=unassigned",
         offsetof(TkProgramSummary, unassigned),
         TK_BOARD_WARN},
    };
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        json_t *values[POINTS] = {NULL};
        int last = 0;
        for (size_t p = 0; readable && p < POINTS; p++) {
            last = G_STRUCT_MEMBER(int, &sums[p], kinds[k].field);
            values[p] = past.at[p]->len == 0 ? NULL : json_integer(last);
        }
        add_row(t, "obligations", kinds[k].id, kinds[k].label, kinds[k].path, values,
                last > 0 ? kinds[k].level : TK_BOARD_PLAIN);
    }
    return profile != NULL;
}

static json_int_t gaps_of(const json_t *officers, const char *level)
{
    json_int_t count = 0;
    size_t i, g;
    const json_t *office, *gap;
    json_array_foreach(json_object_get(officers, "offices"), i, office)
    {
        json_array_foreach(json_object_get(office, "gaps"), g, gap)
        {
            count += g_strcmp0(json_string_value(json_object_get(gap, "level")), level) == 0;
        }
    }
    return count;
}

/* Appointments carry their days, so the officers of an earlier day are asked for by the day itself. */
static void add_officers(Table *t)
{
    json_t *missing[POINTS] = {NULL}, *not_met[POINTS] = {NULL};
    json_int_t last_missing = 0, last_not_met = 0;
    for (size_t p = 0; p < POINTS; p++) {
        g_autoptr(json_t) officers =
            tk_board_parsed(tk_service_program_officers(t->m->app, t->m->actor, t->points[p].on, NULL));
        if (officers == NULL)
            continue;
        missing[p] = json_integer(last_missing = gaps_of(officers, "missing"));
        not_met[p] = json_integer(last_not_met = gaps_of(officers, "not-met"));
    }
    add_row(t, "officers", "officers-missing", (TkText){"選任の不足", "missing"}, "/officers", missing,
            last_missing > 0 ? TK_BOARD_BAD : TK_BOARD_PLAIN);
    add_row(t, "officers", "officers-not-met", (TkText){"満たさない要件", "requirements not met"},
            "/officers", not_met, last_not_met > 0 ? TK_BOARD_BAD : TK_BOARD_PLAIN);
}

/* How many risks stood above the appetite: `position` is “current”, or “before” for the day that was asked
 * for. -1 where none stood anywhere then. */
static json_int_t risks_above(const json_t *risks, const char *position)
{
    json_int_t above = 0, known = 0;
    size_t i;
    const json_t *risk;
    json_array_foreach(json_object_get(risks, "items"), i, risk)
    {
        const char *appetite = json_string_value(
            json_object_get(json_object_get(json_object_get(risk, position), "level"), "appetite"));
        known += appetite != NULL;
        above += appetite != NULL && strcmp(appetite, "take") != 0;
    }
    return known == 0 ? -1 : above;
}

static void add_risks(Table *t)
{
    json_t *above[POINTS] = {NULL};
    json_int_t last = 0;
    for (size_t p = 0; p < POINTS; p++) {
        bool now = t->points[p].at_us == TK_TIME_NONE;
        g_autoptr(json_t) risks = tk_board_parsed(
            tk_service_risks(t->m->app, t->m->actor, now ? TK_DATE_NONE : t->points[p].on, NULL));
        last = risks == NULL ? -1 : risks_above(risks, now ? "current" : "before");
        above[p] = last < 0 ? NULL : json_integer(last);
    }
    add_row(t, "risks", "risks-above", (TkText){"基準を超えるリスク", "above the appetite"},
            "/registers/risks", above, last > 0 ? TK_BOARD_WARN : TK_BOARD_PLAIN);
}

/* ---- the table ---- */

json_t *tk_board_programme(const TkBoardMaking *making, GError **error)
{
    Table t = {.m = making};
    points_of(making, t.points);
    g_autoptr(json_t) all = json_array();
    for (size_t a = 0; a < TK_BOARD_AREAS; a++)
        json_array_append_new(all, t.out[a] = json_array());
    if (!add_obligations(&t, error))
        return NULL;
    add_officers(&t);
    add_risks(&t);
    for (size_t at = 0; at < tk_board_row_count;)
        at = add_register(&t, at);
    json_t *quarters = json_array(), *list = json_array();
    for (size_t p = 0; p < POINTS; p++)
        json_array_append_new(quarters, json_pack("{s:o, s:o}", "end", tk_program_date_json(t.points[p].end),
                                                  "at", tk_program_date_json(t.points[p].on)));
    for (size_t a = 0; a < TK_BOARD_AREAS; a++)
        json_array_extend(list, t.out[a]);
    return json_pack("{s:o, s:o}", "quarters", quarters, "rows", list);
}
