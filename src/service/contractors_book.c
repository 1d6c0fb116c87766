/* Reads the registers that tell of contractors into memory, as they are or as they stood. A view needs nearly
 * all of them together, and a carrier has hundreds of contractors, not millions; only of the facilities,
 * which may be half a million, no more than those in somebody's hands are read. */
#include "service/contractors.h"
#include "service/contractors_private.h"

#define JAPAN "JP"

static const char *const whole[] = {
    "contractors",  "contracts",    "contractor-access",    "assessments-of-contractors",
    "countries",    "supervisions", "contractor-incidents", "contractor-questions",
    "certificates", "systems",      "data-assets",          "services"};

/* ---- values ---- */

json_t *tk_book_of(const TkContractorBook *book, const char *name)
{
    return json_object_get(book->registers, name);
}

json_t *tk_book_get(const TkContractorBook *book, const char *name, const char *id)
{
    return id == NULL ? NULL : json_object_get(tk_book_of(book, name), id);
}

const char *tk_value(const json_t *values, const char *field)
{
    return json_string_value(json_object_get(values, field));
}

bool tk_value_has(const json_t *list, const char *text)
{
    size_t i;
    const json_t *one;
    if (json_is_string(list))
        return strcmp(json_string_value(list), text) == 0;
    json_array_foreach(list, i, one)
    {
        if (g_strcmp0(json_string_value(one), text) == 0)
            return true;
    }
    return false;
}

bool tk_access_active(const TkContractorBook *book, const json_t *access)
{
    const char *since = tk_value(access, "since"), *until = tk_value(access, "until");
    return (since == NULL || strcmp(since, book->day) <= 0) &&
           (until == NULL || strcmp(until, book->day) >= 0);
}

bool tk_is_abroad(const char *country)
{
    return country != NULL && strcmp(country, JAPAN) != 0;
}

const char *tk_owner_of(const char *id, const json_t *contractor)
{
    const char *owner = tk_value(contractor, "ultimate_parent");
    owner = owner != NULL ? owner : tk_value(contractor, "parent_company");
    owner = owner != NULL ? owner : tk_value(contractor, "name");
    return owner != NULL ? owner : id;
}

/* ---- reading ---- */

typedef struct {
    TkContractorBook *book;
    const TkRegisterSchema *schema;
    json_t *into;
    bool held; /* of facilities: only those in somebody's hands */
    bool over;
    char last[TK_STORE_ID_MAX + 1]; /* id of the record read last */
    unsigned page;                  /* records of this page */
} Reading;

static bool take(const TkRecord *record, gpointer data)
{
    Reading *reading = data;
    json_t *values = json_object_get(record->body, "values");
    g_strlcpy(reading->last, record->id, sizeof reading->last);
    reading->page++;
    if (values == NULL ||
        (reading->held && tk_value(values, "owner") == NULL && tk_value(values, "system") == NULL))
        return true;
    if (json_object_get(reading->into, record->id) == NULL)
        reading->over = ++reading->book->records > TK_CONTRACTORS_RECORDS_MAX;
    json_object_set(reading->into, record->id, values);
    return !reading->over;
}

static bool not_over(const Reading *reading, bool done, GError **error)
{
    if (!reading->over)
        return done;
    return tk_fail_both(error, TK_ERROR_LIMIT, "委託先に関わる記録が %u 件を超えています。",
                        "contractors have to do with more than %u records", TK_CONTRACTORS_RECORDS_MAX);
}

/* Page by page, because a list has a ceiling. */
static bool read_now(Reading *reading, const TkFilter *filter, GError **error)
{
    reading->last[0] = '\0';
    do {
        TkPlace after = {.id = reading->last};
        TkQuery query = {.kind = reading->schema->kind,
                         .filters = filter,
                         .filter_count = filter != NULL,
                         .after = reading->last[0] == '\0' ? NULL : &after,
                         .limit = TK_STORE_LIMIT_MAX};
        reading->page = 0;
        bool done = tk_store_list(reading->book->app->store, &query, take, reading, NULL, error);
        if (!not_over(reading, done, error))
            return false;
    } while (reading->page == TK_STORE_LIMIT_MAX);
    return true;
}

static bool open_register(TkContractorBook *book, const TkActor *actor, const char *name, Reading *reading)
{
    *reading = (Reading){.book = book, .into = json_object()};
    json_object_set_new(book->registers, name, reading->into);
    reading->schema = actor == NULL
                          ? tk_registers_schema(book->app->registers, name)
                          : tk_registers_open(book->app->registers, actor, name, TK_REGISTER_READS, NULL);
    if (reading->schema == NULL)
        json_array_append_new(book->withheld, json_string(name));
    return reading->schema != NULL;
}

static bool read_whole(TkContractorBook *book, const TkActor *actor, const char *name, GError **error)
{
    Reading reading;
    if (!open_register(book, actor, name, &reading))
        return true;
    if (book->as_of_us == TK_TIME_NONE)
        return read_now(&reading, NULL, error);
    return not_over(
        &reading,
        tk_store_each_as_of(book->app->store, reading.schema->kind, book->as_of_us, take, &reading, error),
        error);
}

/* Those that a contact names. */
static bool read_touched(Reading *reading, GError **error)
{
    const char *id;
    json_t *access, *one;
    size_t i;
    (void)error;
    json_object_foreach(tk_book_of(reading->book, "contractor-access"), id, access)
    {
        json_array_foreach(json_object_get(access, "facilities"), i, one)
        {
            g_autoptr(TkRecord) record = tk_store_get(reading->book->app->store, reading->schema->kind,
                                                      json_string_value(one), reading->book->as_of_us, NULL);
            if (record != NULL && !take(record, reading))
                return not_over(reading, false, error);
        }
    }
    return true;
}

static bool read_facilities(TkContractorBook *book, const TkActor *actor, GError **error)
{
    static const char *const pointers[] = {"/values/owner", "/values/system"};
    Reading reading;
    if (!open_register(book, actor, "facilities", &reading))
        return true;
    bool done = true;
    if (book->as_of_us != TK_TIME_NONE) {
        reading.held = true;
        done = tk_store_each_as_of(book->app->store, reading.schema->kind, book->as_of_us, take, &reading,
                                   error);
        done = not_over(&reading, done, error);
        reading.held = false;
    } else {
        done = tk_registers_ready(book->app->registers, reading.schema, error);
        for (size_t i = 0; done && i < G_N_ELEMENTS(pointers); i++) {
            TkFilter named = {.pointer = pointers[i], .op = TK_FILTER_GE, .text = ""};
            done = read_now(&reading, &named, error);
        }
    }
    return done && read_touched(&reading, error);
}

/* ---- by contractor: a view of all asks each register once for each ---- */

static void group_under(json_t *groups, const char *contractor, const char *id, json_t *values)
{
    json_t *group = json_object_get(groups, contractor);
    if (group == NULL)
        json_object_set_new(groups, contractor, group = json_object());
    json_object_set(group, id, values);
}

static void group_chain(json_t *groups, const char *id, json_t *values)
{
    const char *parent = tk_value(values, "parent");
    const json_t *one;
    size_t i;
    if (parent != NULL)
        group_under(groups, parent, id, values);
    json_array_foreach(json_object_get(values, "also_for"), i, one)
        group_under(groups, json_string_value(one), id, values);
}

static void group(TkContractorBook *book)
{
    const char *name, *id;
    json_t *records, *values;
    json_object_foreach(book->registers, name, records)
    {
        json_t *groups = json_object();
        json_object_set_new(book->grouped, name, groups);
        bool chain = strcmp(name, "contractors") == 0;
        json_object_foreach(records, id, values)
        {
            const char *contractor = tk_value(values, "contractor");
            if (chain)
                group_chain(groups, id, values);
            else if (contractor != NULL)
                group_under(groups, contractor, id, values);
        }
    }
    json_object_set_new(book->grouped, "", json_object()); /* what nobody is named in */
}

json_t *tk_book_with(const TkContractorBook *book, const char *name, const char *contractor)
{
    json_t *group = json_object_get(json_object_get(book->grouped, name), contractor);
    return group != NULL ? group : json_object_get(book->grouped, "");
}

/* ---- countries ---- */

/* Of several records of one country the one reviewed last counts. */
static void rate_countries(TkContractorBook *book)
{
    const char *id;
    json_t *values;
    json_object_foreach(tk_book_of(book, "countries"), id, values)
    {
        const char *code = tk_value(values, "country");
        if (code == NULL || g_strcmp0(tk_value(values, "state"), "current") != 0)
            continue;
        const json_t *known = json_object_get(json_object_get(book->countries, code), "values");
        if (g_strcmp0(tk_value(known, "reviewed"), tk_value(values, "reviewed")) > 0)
            continue;
        json_t *rating = tk_supply_score(json_object_get(book->weights, "countries"), values);
        json_object_set_new(book->countries, code,
                            json_pack("{s:s, s:O, s:o}", "record", id, "values", values, "rating", rating));
    }
}

json_t *tk_country_rating(const TkContractorBook *book, const char *code)
{
    const json_t *rating = json_object_get(json_object_get(book->countries, code), "rating");
    return json_pack("{s:O?, s:O?}", "score", json_object_get(rating, "score"), "grade",
                     json_object_get(rating, "grade"));
}

bool tk_contractor_book(TkApp *app, const TkActor *actor, int64_t as_of_us, TkContractorBook *book,
                        GError **error)
{
    int64_t moment = as_of_us == TK_TIME_NONE ? tk_app_now(app) : as_of_us;
    *book = (TkContractorBook){.app = app,
                               .as_of_us = as_of_us,
                               .today = tk_date_of_time(moment),
                               .registers = json_object(),
                               .withheld = json_array(),
                               .grouped = json_object(),
                               .countries = json_object()};
    tk_date_text(book->today, book->day);
    book->weights = tk_contractor_weights(app, as_of_us, NULL, error);
    if (book->weights == NULL)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(whole); i++)
        if (!read_whole(book, actor, whole[i], error))
            return false;
    if (!read_facilities(book, actor, error))
        return false;
    group(book);
    rate_countries(book);
    return true;
}

void tk_contractor_book_clear(TkContractorBook *book)
{
    g_clear_pointer(&book->registers, json_decref);
    g_clear_pointer(&book->withheld, json_decref);
    g_clear_pointer(&book->weights, json_decref);
    g_clear_pointer(&book->grouped, json_decref);
    g_clear_pointer(&book->countries, json_decref);
}
