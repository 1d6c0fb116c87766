/* The overview and one contractor's page: registers joined, with what is missing beside them. */
#include "service/contractors.h"
#include "service/contractors_private.h"

#define ROOTS_MAX 64

/* ---- lists of one contractor ---- */

/* The records of a register that name the contractor, [{"id","values"}…] in the order of ids. */
static json_t *records_of(const TkContractorBook *book, const char *name, const char *id)
{
    json_t *out = json_array(), *values;
    const char *key;
    json_object_foreach(tk_book_with(book, name, id), key, values)
    {
        json_array_append_new(out, json_pack("{s:s, s:O}", "id", key, "values", values));
    }
    return out;
}

/* Systems it supplies. */
static json_t *systems_of(const TkContractorBook *book, const char *id)
{
    json_t *out = json_array(), *values;
    const char *key;
    json_object_foreach(tk_book_of(book, "systems"), key, values)
    {
        if (g_strcmp0(tk_value(values, "vendor"), id) == 0)
            json_array_append_new(out, json_pack("{s:s, s:O}", "id", key, "values", values));
    }
    return out;
}

/* The same without what is sealed: of data assets only what the list shows. */
static json_t *assets_of(const TkContractorBook *book, const char *id)
{
    static const char *const shown[] = {"name", "category", "system", "country", "records"};
    json_t *out = json_array(), *values;
    const char *key;
    json_object_foreach(tk_book_of(book, "data-assets"), key, values)
    {
        if (!tk_value_has(json_object_get(values, "contractors"), id))
            continue;
        json_t *plain = json_object();
        for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
            json_t *value = json_object_get(values, shown[i]);
            if (value != NULL)
                json_object_set(plain, shown[i], value);
        }
        json_array_append_new(out, json_pack("{s:s, s:o}", "id", key, "values", plain));
    }
    return out;
}

static json_t *ids_below(const TkContractorBook *book, const char *id)
{
    json_t *out = json_array(), *values;
    const char *key;
    json_object_foreach(tk_book_with(book, "contractors", id), key, values)
    {
        json_array_append_new(out, json_string(key));
    }
    return out;
}

static json_t *ids_above(const json_t *values)
{
    json_t *out = json_array(), *also = json_object_get(values, "also_for");
    const char *parent = tk_value(values, "parent");
    if (parent != NULL)
        json_array_append_new(out, json_string(parent));
    json_array_extend(out, also == NULL ? json_null() : also);
    return out;
}

/* ---- the newest of what comes again ---- */

/* The assessment that stands: the newest approved one, else the newest. */
static json_t *assessment_of(const TkContractorBook *book, const char *id)
{
    const char *key, *best = NULL;
    json_t *values, *chosen = NULL;
    json_object_foreach(tk_book_with(book, "assessments-of-contractors", id), key, values)
    {
        bool approved = g_strcmp0(tk_value(values, "state"), "approved") == 0;
        bool had = g_strcmp0(tk_value(chosen, "state"), "approved") == 0;
        bool newer = g_strcmp0(tk_value(values, "assessed_on"), tk_value(chosen, "assessed_on")) > 0;
        if (chosen != NULL && !(approved && !had) && !(approved == had && newer))
            continue;
        best = key;
        chosen = values;
    }
    if (chosen == NULL)
        return json_null();
    g_autoptr(json_t) rating = tk_assessment_rating(book, chosen);
    const char *expires = tk_value(chosen, "expires");
    return json_pack("{s:s, s:s?, s:O?, s:O?, s:s?, s:b, s:s?}", "id", best, "state",
                     tk_value(chosen, "state"), "score", json_object_get(rating, "score"), "grade",
                     json_object_get(rating, "grade"), "expires", expires, "expired",
                     expires != NULL && strcmp(expires, book->day) < 0, "conditions",
                     tk_value(chosen, "conditions"));
}

static json_t *supervision_of(const TkContractorBook *book, const char *id)
{
    const char *key, *last = NULL, *next = NULL, *result = NULL;
    json_t *values;
    json_object_foreach(tk_book_with(book, "supervisions", id), key, values)
    {
        const char *held = tk_value(values, "held_on");
        if (g_strcmp0(tk_value(values, "result"), "planned") == 0 || g_strcmp0(held, last) <= 0)
            continue;
        last = held;
        next = tk_value(values, "next");
        result = tk_value(values, "result");
    }
    return json_pack("{s:s?, s:s?, s:s?, s:b}", "last", last, "result", result, "next", next, "overdue",
                     next != NULL && strcmp(next, book->day) < 0);
}

static json_t *contracts_of(const TkContractorBook *book, const char *id)
{
    int active = 0, draft = 0, ended = 0;
    const char *key;
    json_t *values;
    json_object_foreach(tk_book_with(book, "contracts", id), key, values)
    {
        const char *status = tk_value(values, "status");
        active += g_strcmp0(status, "active") == 0;
        draft += status == NULL || strcmp(status, "draft") == 0;
        ended += g_strcmp0(status, "ended") == 0;
    }
    return json_pack("{s:i, s:i, s:i}", "active", active, "draft", draft, "ended", ended);
}

/* Whole, and those past their day: what a lapse puts in question is the contractor's approved assessment. */
static json_t *certificates_of(const TkContractorBook *book, const char *id)
{
    json_t *out = json_array(), *values;
    const char *key;
    json_object_foreach(tk_book_with(book, "certificates", id), key, values)
    {
        const char *expires = tk_value(values, "expires");
        json_array_append_new(out,
                              json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:b}", "id", key, "standard",
                                        tk_value(values, "standard"), "number", tk_value(values, "number"),
                                        "scope", tk_value(values, "scope"), "expires", expires, "lapsed",
                                        expires != NULL && strcmp(expires, book->day) < 0));
    }
    return out;
}

static int open_of(const TkContractorBook *book, const char *name, const char *id)
{
    int count = 0;
    const char *key;
    json_t *values;
    json_object_foreach(tk_book_with(book, name, id), key, values)
    {
        count += g_strcmp0(tk_value(values, "state"), "open") == 0;
    }
    return count;
}

/* ---- rows ---- */

static const char *const plain[] = {"name",           "country",           "work",
                                    "critical",       "handles_user_info", "parent_company",
                                    "parent_country", "ultimate_parent",   "ultimate_country",
                                    "disclose"};

static json_t *row_of(const TkContractorBook *book, const char *id, const json_t *values)
{
    json_t *kinds = json_object_get(values, "kinds");
    json_t *out = json_pack(
        "{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:o, s:o}", "id", id, "kinds",
        kinds == NULL ? json_array() : json_incref(kinds), "owner", tk_owner_of(id, values), "above",
        ids_above(values), "below", ids_below(book, id), "countries", tk_contractor_countries(book, id),
        "contracts", contracts_of(book, id), "assessment", assessment_of(book, id), "supervision",
        supervision_of(book, id), "incidents_open", open_of(book, "contractor-incidents", id),
        "questions_open", open_of(book, "contractor-questions", id), "certificates",
        certificates_of(book, id), "findings", tk_contractor_findings(book, id));
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
        json_t *value = json_object_get(values, plain[i]);
        json_object_set_new(out, plain[i], value == NULL ? json_null() : json_incref(value));
    }
    return out;
}

/* ---- countries: which contractor has what kind of tie to which ---- */

static json_t *country_row(const TkContractorBook *book, json_t *rows, const char *code)
{
    json_t *row = json_object_get(rows, code);
    if (row != NULL)
        return row;
    const json_t *known = json_object_get(book->countries, code);
    const json_t *values = json_object_get(known, "values"), *rating = json_object_get(known, "rating");
    const char *next = tk_value(values, "next_review");
    row = json_pack("{s:s, s:s?, s:s?, s:O?, s:O?, s:O?, s:s?, s:s?, s:s?, s:s?, s:b, s:b, s:{}}", "country",
                    code, "label", tk_value(values, "label"), "record", tk_value(known, "record"), "score",
                    json_object_get(rating, "score"), "grade", json_object_get(rating, "grade"), "missing",
                    json_object_get(rating, "missing"), "reviewed", tk_value(values, "reviewed"),
                    "next_review", next, "source", tk_value(values, "source"), "reviewer",
                    tk_value(values, "reviewer"), "late", next != NULL && strcmp(next, book->day) < 0,
                    "synthetic", json_is_true(json_object_get(values, "synthetic")), "ties");
    json_object_set_new(rows, code, row);
    return row;
}

static void add_ties(const TkContractorBook *book, json_t *rows, const char *id, const json_t *countries)
{
    const char *kind;
    json_t *list, *one;
    size_t i;
    json_object_foreach((json_t *)countries, kind, list)
    {
        json_array_foreach(list, i, one)
        {
            json_t *ties = json_object_get(country_row(book, rows, json_string_value(one)), "ties");
            json_t *ids = json_object_get(ties, kind);
            if (ids == NULL)
                json_object_set_new(ties, kind, ids = json_array());
            json_array_append_new(ids, json_string(id));
        }
    }
}

static json_t *countries_json(const TkContractorBook *book, const json_t *contractors)
{
    g_autoptr(json_t) rows = json_object();
    json_t *out = json_array(), *row;
    const char *code;
    size_t i;
    json_t *one;
    json_object_foreach(book->countries, code, row) country_row(book, rows, code);
    json_array_foreach(contractors, i, one)
        add_ties(book, rows, tk_value(one, "id"), json_object_get(one, "countries"));
    json_object_foreach(rows, code, row) json_array_append(out, row);
    return out;
}

/* ---- the answers ---- */

static json_t *head_of(const TkContractorBook *book)
{
    char at[TK_TIME_TEXT_MAX];
    int64_t moment = book->as_of_us == TK_TIME_NONE ? tk_app_now(book->app) : book->as_of_us;
    return json_pack("{s:s, s:s, s:b, s:O}", "as_of", tk_time_text(moment, at), "day", book->day, "synthetic",
                     book->app->synthetic, "withheld", book->withheld);
}

GBytes *tk_service_contractors(TkApp *app, const TkActor *actor, int64_t as_of_us, GError **error)
{
    g_auto(TkContractorBook) book = {0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_contractor_book(app, actor, as_of_us, &book, error))
        return NULL;
    g_autoptr(json_t) out = head_of(&book);
    json_t *rows = json_array(), *values;
    const char *id;
    json_object_foreach(tk_book_of(&book, "contractors"), id, values)
        json_array_append_new(rows, row_of(&book, id, values));
    json_object_set_new(out, "countries", countries_json(&book, rows));
    json_object_set_new(out, "contractors", rows);
    json_object_set(out, "grades", json_object_get(json_object_get(book.weights, "countries"), "grades"));
    json_object_set(out, "marks", json_object_get(json_object_get(book.weights, "selection"), "grades"));
    return tk_json_bytes(out);
}

static bool add_reach(const TkContractorBook *book, const char *id, json_t *out, GError **error)
{
    g_autoptr(TkSupply) graph = tk_contractor_graph(book, error);
    if (graph == NULL)
        return false;
    uint32_t from = tk_supply_find(graph, TK_NODE_CONTRACTOR, id);
    g_autoptr(TkSupplyReach) reach =
        tk_supply_reach(graph, &from, from == TK_SUPPLY_NONE ? 0 : 1, UINT32_MAX);
    json_object_set_new(out, "reach", tk_contractor_reach(book, graph, reach));
    return true;
}

GBytes *tk_service_contractor(TkApp *app, const TkActor *actor, const char *id, int64_t as_of_us,
                              GError **error)
{
    static const struct {
        const char *key, *name;
    } parts[] = {{"contract_list", "contracts"},
                 {"accesses", "contractor-access"},
                 {"assessments", "assessments-of-contractors"},
                 {"supervisions", "supervisions"},
                 {"incidents", "contractor-incidents"},
                 {"questions", "contractor-questions"}};
    g_auto(TkContractorBook) book = {0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_contractor_book(app, actor, as_of_us, &book, error))
        return NULL;
    const json_t *values = tk_book_get(&book, "contractors", id);
    if (values == NULL) {
        tk_fail_both(error, TK_ERROR_NOT_FOUND, "委託先「%.120s」の記録はありません。",
                     "there is no contractor “%.120s”", id);
        return NULL;
    }
    g_autoptr(json_t) out = head_of(&book);
    json_object_set_new(out, "contractor", row_of(&book, id, values));
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        json_object_set_new(out, parts[i].key, records_of(&book, parts[i].name, id));
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(out, "assessments"), i, one)
        json_object_set_new(one, "rating", tk_assessment_rating(&book, json_object_get(one, "values")));
    json_object_set_new(out, "systems", systems_of(&book, id));
    json_object_set_new(out, "data", assets_of(&book, id));
    json_object_set(out, "marks", json_object_get(json_object_get(book.weights, "selection"), "grades"));
    return add_reach(&book, id, out, error) ? tk_json_bytes(out) : NULL;
}
