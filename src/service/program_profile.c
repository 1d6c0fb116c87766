/* The carrier's profile out of three registers:
 *
 *     profile       one record a statement: a fact, its value, the day it began or was counted
 *     services      which services there are, and whether they are paid
 *     subscribers   how many used them, and when
 *
 * So that “since when” rests on records with days, versions and evidence, and nobody types a count twice. A
 * statement that cannot be read is left out and named; the rest stands. */
#include "service/program_private.h"

#define FINDINGS_MAX 100

typedef struct {
    TkApp *app;
    json_t *facts;    /* fact → [{"from","value"}…] or value */
    json_t *services; /* id → {"id","name","facts":{…}} */
    json_t *voluntary;
    json_t *findings;
} Gathering;

/* ---- helpers that the programme's files share ---- */

bool tk_program_each(TkApp *app, const char *name, TkRegisterEachFn each, void *data, GError **error)
{
    const TkRegisterSchema *schema = tk_registers_schema(app->registers, name);
    return schema == NULL || tk_register_each(app->registers, schema, each, data, error);
}

static bool keep(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    return tk_record_keep(record, data);
}

GPtrArray *tk_program_records(TkApp *app, const char *name, GError **error)
{
    g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free);
    return tk_program_each(app, name, keep, records, error) ? g_steal_pointer(&records) : NULL;
}

const char *tk_program_text(const TkRecord *record, const char *field)
{
    return json_string_value(json_object_get(json_object_get(record->body, "values"), field));
}

TkDate tk_program_date_of(const TkRecord *record, const char *field)
{
    const char *text = tk_program_text(record, field);
    TkDate date = TK_DATE_NONE;
    return text != NULL && tk_date_parse(text, strlen(text), &date, NULL) ? date : TK_DATE_NONE;
}

json_t *tk_program_date_json(TkDate date)
{
    char text[TK_TIME_TEXT_MAX];
    return date == TK_DATE_NONE ? json_null() : json_string(tk_date_text(date, text));
}

json_t *tk_program_tree(TkBuf *buf, GError **error)
{
    if (!buf->overflow)
        return tk_json_read("the answer", buf->data, buf->len, buf->max, error);
    tk_fail(error, TK_ERROR_LIMIT, "the answer is too large");
    return NULL;
}

/* ---- dated values ---- */

static void find(Gathering *g, const TkRecord *record, const char *ja, const char *en)
{
    if (g->findings == NULL || json_array_size(g->findings) >= FINDINGS_MAX)
        return;
    g_autofree char *words_ja = g_strdup_printf("%s: %s", record->id, ja);
    g_autofree char *words_en = g_strdup_printf("%s: %s", record->id, en);
    json_array_append_new(g->findings,
                          json_pack("{s:s, s:s, s:s}", "record", record->id, "ja", words_ja, "en", words_en));
}

static const char *from_of(const json_t *change)
{
    return json_string_value(json_object_get(change, "from"));
}

/* Puts a value in its place by its day (NULL: always). A second one of the same day replaces the first, which
 * is said. */
static void put(Gathering *g, const TkRecord *record, json_t *facts, const char *fact, const char *from,
                json_t *value)
{
    json_t *list = json_object_get(facts, fact);
    if (from == NULL && list == NULL) { /* a value without a day holds always */
        json_object_set_new(facts, fact, value);
        return;
    }
    if (from == NULL)
        from = "1900-01-01";
    if (list != NULL && !json_is_array(list)) { /* until a dated one comes */
        g_autoptr(json_t) always = json_incref(list);
        list = json_pack("[{s:s, s:O}]", "from", "1900-01-01", "value", always);
        json_object_set_new(facts, fact, list);
    }
    if (list == NULL) {
        list = json_array();
        json_object_set_new(facts, fact, list);
    }
    g_autoptr(json_t) change = json_pack("{s:s, s:o}", "from", from, "value", value);
    size_t at = 0;
    while (at < json_array_size(list) && strcmp(from_of(json_array_get(list, at)), from) < 0)
        at++;
    if (at < json_array_size(list) && strcmp(from_of(json_array_get(list, at)), from) == 0) {
        find(g, record, "同じ日の値が二つあり、後の記録を採りました",
             "two values of one day; this later record is taken");
        json_array_set(list, at, change);
        return;
    }
    json_array_insert(list, at, change);
}

/* ---- statements ---- */

/* yes, no, unknown, a number, a day or an option, as JSON; NULL where the text is none of them. */
static json_t *value_of_text(const char *text)
{
    gint64 number;
    if (g_str_equal(text, "unknown"))
        return json_null();
    if (g_str_equal(text, "yes") || g_str_equal(text, "no"))
        return json_boolean(g_str_equal(text, "yes"));
    if (g_ascii_string_to_signed(text, 10, 0, TK_LAW_COUNT_MAX, &number, NULL))
        return json_integer(number);
    return text[0] == '\0' ? NULL : json_string(text);
}

/* Whether the law's reader takes this one statement; its sentence where not. */
static bool readable(const Gathering *g, const char *fact, const json_t *value, bool of_service, char **why)
{
    GError *error = NULL;
    g_autoptr(json_t) document =
        of_service ? json_pack("{s:s, s:[{s:s, s:{s:O}}]}", "format", "tokatsu-profile/1", "services", "id",
                               "x", "facts", fact, value)
                   : json_pack("{s:s, s:{s:O}}", "format", "tokatsu-profile/1", "facts", fact, value);
    g_autoptr(TkProfile) profile = tk_profile_of(g->app->law, "profile", document, &error);
    if (profile != NULL)
        return true;
    *why = g_strdup(error->message);
    g_error_free(error);
    return false;
}

static json_t *service_of(Gathering *g, const char *id)
{
    json_t *service = json_object_get(g->services, id);
    return service == NULL ? NULL : json_object_get(service, "facts");
}

static bool add_statement(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Gathering *g = data;
    const char *fact = tk_program_text(record, "fact"), *text = tk_program_text(record, "value"),
               *from = tk_program_text(record, "from"), *service = tk_program_text(record, "service");
    g_autofree char *why = NULL;
    g_autoptr(json_t) value = fact == NULL || text == NULL ? NULL : value_of_text(text);
    json_t *facts = service == NULL ? g->facts : service_of(g, service);
    if (value == NULL)
        return true;
    if (!readable(g, fact, value, service != NULL, &why))
        find(g, record, "読めない値のため使っていません", why);
    else if (facts == NULL)
        find(g, record, "役務台帳に無い役務です", "its service is not offered, or not on record");
    else
        put(g, record, facts, fact, from, json_incref(value));
    return true;
}

/* ---- services and their users ---- */

static bool add_service(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Gathering *g = data;
    const json_t *paid = json_object_get(json_object_get(record->body, "values"), "paid");
    if (g_strcmp0(tk_program_text(record, "status"), "planned") == 0)
        return true;
    if (json_object_size(g->services) == TK_PROFILE_SERVICES_MAX) {
        find(g, record, "役務が32を超えたため使っていません", "left out: there are more services than 32");
        return true;
    }
    const char *name = tk_program_text(record, "name");
    json_t *service =
        json_pack("{s:s, s:s, s:{}}", "id", record->id, "name", name == NULL ? "" : name, "facts");
    if (json_is_boolean(paid))
        json_object_set(json_object_get(service, "facts"), "paid", (json_t *)paid);
    json_object_set_new(g->services, record->id, service);
    return true;
}

static bool add_count(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Gathering *g = data;
    const char *service = tk_program_text(record, "service"), *on = tk_program_text(record, "counted_on");
    const json_t *count = json_object_get(json_object_get(record->body, "values"), "count");
    json_t *facts = service == NULL ? NULL : service_of(g, service);
    if (facts != NULL && on != NULL && json_is_integer(count))
        put(g, record, facts, "users", on, json_integer(json_integer_value(count)));
    return true;
}

typedef struct {
    int64_t sum;
    unsigned months; /* bit for each month of the year that was counted */
    bool twice;
} YearOfCounts;

/* The average per month of a fiscal year, where every month was counted once: nothing is made up for a month.
 */
static void add_averages(json_t *facts)
{
    g_autoptr(GHashTable) years = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    size_t i;
    json_t *change;
    json_array_foreach(json_object_get(facts, "users"), i, change)
    {
        int y, m, d;
        TkDate date;
        if (!tk_date_parse(from_of(change), strlen(from_of(change)), &date, NULL))
            continue;
        tk_date_split(date, &y, &m, &d);
        gpointer key = GINT_TO_POINTER(tk_fiscal_year(date));
        YearOfCounts *year = g_hash_table_lookup(years, key);
        if (year == NULL)
            g_hash_table_insert(years, key, year = g_new0(YearOfCounts, 1));
        year->twice |= (year->months >> m & 1) != 0;
        year->months |= 1U << m;
        year->sum += json_integer_value(json_object_get(change, "value"));
    }
    for (int fiscal = 2000; fiscal <= TK_YEAR_MAX && g_hash_table_size(years) > 0; fiscal++) {
        const YearOfCounts *year = g_hash_table_lookup(years, GINT_TO_POINTER(fiscal));
        if (year == NULL || year->months != 0x1ffe || year->twice)
            continue;
        char end[TK_TIME_TEXT_MAX];
        tk_date_text(tk_date_make(fiscal + 1, 3, 31), end);
        json_t *list = json_object_get(facts, "monthly_users");
        if (list == NULL)
            json_object_set_new(facts, "monthly_users", list = json_array());
        json_array_append_new(list,
                              json_pack("{s:s, s:I}", "from", end, "value", (json_int_t)(year->sum / 12)));
    }
}

/* ---- voluntary ---- */

/* 自主: a record of the obligations register with the basis “own” that names an obligation of the law. */
static bool add_voluntary(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Gathering *g = data;
    const char *id = tk_program_text(record, "law_obligation");
    if (id != NULL && g_strcmp0(tk_program_text(record, "basis"), "own") == 0 &&
        json_array_size(g->voluntary) < 256)
        json_array_append_new(g->voluntary, json_string(id));
    return true;
}

/* ---- the whole ---- */

static json_t *services_list(Gathering *g)
{
    if (json_object_size(g->services) == 0)
        return json_null(); /* an empty register says nothing */
    json_t *list = json_array();
    const char *id;
    json_t *service;
    json_object_foreach(g->services, id, service)
    {
        json_t *facts = json_object_get(service, "facts");
        if (json_object_get(facts, "monthly_users") == NULL)
            add_averages(facts);
        json_array_append(list, service);
    }
    return list;
}

json_t *tk_program_document(TkApp *app, json_t *findings, GError **error)
{
    g_autoptr(json_t) facts = json_object();
    g_autoptr(json_t) services = json_object();
    g_autoptr(json_t) voluntary = json_array();
    Gathering g = {
        .app = app, .facts = facts, .services = services, .voluntary = voluntary, .findings = findings};
    if (!tk_program_each(app, "services", add_service, &g, error) ||
        !tk_program_each(app, "subscribers", add_count, &g, error) ||
        !tk_program_each(app, "profile", add_statement, &g, error) ||
        !tk_program_each(app, "obligations", add_voluntary, &g, error))
        return NULL;
    return json_pack("{s:s, s:s, s:O, s:o, s:O}", "format", "tokatsu-profile/1", "carrier", app->carrier_ja,
                     "facts", facts, "services", services_list(&g), "voluntary", voluntary);
}

TkProfile *tk_program_profile(TkApp *app, GError **error)
{
    g_autoptr(json_t) document = tk_program_document(app, NULL, error);
    return document == NULL ? NULL : tk_profile_of(app->law, "profile", document, error);
}
