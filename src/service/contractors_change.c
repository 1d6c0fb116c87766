/* When something behind the contractors changes: a country's legal environment, or one of them is gone. What
 * is reached is told before it is decided, by the same walk that is kept with the event afterwards. */
#include "service/contractors.h"
#include "service/contractors_private.h"

#include "service/act.h"

#define TASKS_MAX  100
#define LISTED_MAX 40           /* things named in a task or an event, of each kind */
#define EVENT_ROOM (12u * 1024) /* bytes of ids in an event, which has a ceiling of its own */

/* ---- the question ---- */

static const char *country_of(const json_t *request, GError **error)
{
    const char *code = tk_request_text(request, "country", 2, error);
    if (code != NULL && strlen(code) == 2 && g_ascii_isupper(code[0]) && g_ascii_isupper(code[1]))
        return code;
    if (code != NULL)
        tk_fail_both(error, TK_ERROR_INPUT, "国コード(2文字)を入力してください。",
                     "country: must be two capital letters, such as XA");
    return NULL;
}

/* What the register's record would be with the values of the request over it. New reference. */
static json_t *merged(const TkContractorBook *book, const char *code, const json_t *request)
{
    const json_t *known = json_object_get(json_object_get(book->countries, code), "values");
    const json_t *given = json_object_get(request, "values");
    json_t *values = known == NULL ? json_pack("{s:s}", "country", code) : json_deep_copy(known);
    if (json_is_object(given))
        json_object_update(values, (json_t *)given);
    return values;
}

static json_t *reach_of(const TkContractorBook *book, TkNodeKind kind, const char *id, GError **error)
{
    g_autoptr(TkSupply) graph = tk_contractor_graph(book, error);
    if (graph == NULL)
        return NULL;
    uint32_t from = tk_supply_find(graph, kind, id);
    g_autoptr(TkSupplyReach) reach =
        tk_supply_reach(graph, &from, from == TK_SUPPLY_NONE ? 0 : 1, UINT32_MAX);
    return tk_contractor_reach(book, graph, reach);
}

/* {"country","before":rating,"after":rating,"changed","reach"}. */
static json_t *replay(const TkContractorBook *book, const char *code, const json_t *values, GError **error)
{
    json_t *reach = reach_of(book, TK_NODE_COUNTRY, code, error);
    if (reach == NULL)
        return NULL;
    const json_t *known = json_object_get(book->countries, code);
    json_t *before = json_object_get(known, "rating");
    g_autoptr(json_t) after = tk_supply_score(json_object_get(book->weights, "countries"), values);
    bool changed =
        before == NULL || !json_equal(json_object_get(before, "score"), json_object_get(after, "score"));
    return json_pack("{s:s, s:O?, s:O, s:b, s:o, s:O, s:b}", "country", code, "before", before, "after",
                     after, "changed", changed, "reach", reach, "withheld", book->withheld, "synthetic",
                     book->app->synthetic);
}

GBytes *tk_service_country_what_if(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    g_auto(TkContractorBook) book = {0};
    int64_t as_of_us;
    const char *code = NULL;
    if (!tk_service_may(actor, TK_MAY_READ, error) || (code = country_of(request, error)) == NULL ||
        !tk_request_time(request, "as_of", TK_TIME_NONE, &as_of_us, error) ||
        !tk_contractor_book(app, actor, as_of_us, &book, error))
        return NULL;
    g_autoptr(json_t) values = merged(&book, code, request);
    g_autoptr(json_t) out = replay(&book, code, values, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}

/* ---- after: the record, the event, the tasks ---- */

typedef struct {
    TkApp *app;
    const TkActor *actor;
    const TkContractorBook *book;
    const char *code;
    const json_t *request, *replay;
    GBytes **findings;
} Applying;

/* Puts the values into the register: a new record where the country has none. */
static bool put_record(const Applying *a, const json_t *values, GError **error)
{
    if (!json_is_object(json_object_get(a->request, "values")))
        return true;
    const char *record = tk_value(json_object_get(a->book->countries, a->code), "record");
    g_autoptr(json_t) body = json_pack("{s:O}", "values", values);
    int64_t version = json_integer_value(json_object_get(a->request, "version"));
    if (record == NULL)
        json_object_set_new(body, "id", json_string(a->code));
    g_autoptr(GBytes) answer =
        record == NULL
            ? tk_register_add(a->app->registers, a->actor, "countries", body, NULL, a->findings, error)
            : tk_register_put(a->app->registers, a->actor, "countries", record, version, body, NULL,
                              a->findings, error);
    return answer != NULL;
}

/* Names of what is reached of one kind, "、" between. */
static void add_names(GString *text, const json_t *reach, TkNodeKind kind, const char *ja)
{
    const json_t *list = json_object_get(reach, tk_node_word(kind)), *one;
    size_t i;
    if (json_array_size(list) == 0)
        return;
    g_string_append_printf(
        text, "\n%s %" JSON_INTEGER_FORMAT ": ", ja,
        json_integer_value(json_object_get(json_object_get(reach, "counts"), tk_node_word(kind))));
    json_array_foreach(list, i, one)
    {
        if (i < LISTED_MAX)
            g_string_append_printf(text, "%s%.80s", i > 0 ? "、" : "", tk_value(one, "name"));
    }
}

static char *told(const Applying *a)
{
    const json_t *reach = json_object_get(a->replay, "reach");
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s の外国の法的環境の評価が変わりました。", a->code);
    add_names(text, reach, TK_NODE_CONTRACTOR, "委託先");
    add_names(text, reach, TK_NODE_SYSTEM, "情報システム");
    add_names(text, reach, TK_NODE_DATA, "データ資産");
    add_names(text, reach, TK_NODE_SERVICE, "役務");
    add_names(text, reach, TK_NODE_FACILITY, "設備");
    return g_string_free(text, FALSE);
}

/* The event: what changed from what to what, and the ids of what is reached. */
static bool keep_event(const Applying *a, GError **error)
{
    static const TkNodeKind kinds[] = {TK_NODE_CONTRACTOR, TK_NODE_ACCESS,  TK_NODE_SYSTEM,
                                       TK_NODE_DATA,       TK_NODE_SERVICE, TK_NODE_FACILITY};
    const json_t *reach = json_object_get(a->replay, "reach");
    g_autoptr(json_t) detail = json_pack("{s:s, s:O?, s:O?, s:O}", "country", a->code, "from",
                                         json_object_get(json_object_get(a->replay, "before"), "score"), "to",
                                         json_object_get(json_object_get(a->replay, "after"), "score"),
                                         "counts", json_object_get(reach, "counts"));
    size_t room = EVENT_ROOM;
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        json_t *ids = json_array();
        const json_t *one;
        size_t i;
        json_array_foreach(json_object_get(reach, tk_node_word(kinds[k])), i, one)
        {
            size_t bytes = strlen(tk_value(one, "id")) + 3;
            if (i >= LISTED_MAX || bytes > room)
                break;
            room -= bytes;
            json_array_append(ids, json_object_get(one, "id"));
        }
        json_object_set_new(detail, tk_node_word(kinds[k]), ids);
    }
    TkWrite *write = tk_write_new(a->actor->id, tk_app_now(a->app));
    tk_write_note(write, "country-changed", "r-countries", a->code, detail);
    return tk_store_commit(a->app->store, write, NULL, error);
}

/* Who answers for what is reached: of systems, data and services; each once. */
static json_t *owners_of(const Applying *a)
{
    static const struct {
        TkNodeKind kind;
        const char *name;
    } owned[] = {{TK_NODE_SYSTEM, "systems"}, {TK_NODE_DATA, "data-assets"}, {TK_NODE_SERVICE, "services"}};
    const json_t *reach = json_object_get(a->replay, "reach"), *one;
    const char *stand_in = tk_value(a->request, "owner");
    json_t *owners = json_object();
    size_t i;
    bool nobody = false;
    for (size_t k = 0; k < G_N_ELEMENTS(owned); k++) {
        json_array_foreach(json_object_get(reach, tk_node_word(owned[k].kind)), i, one)
        {
            const json_t *values = tk_book_get(a->book, owned[k].name, tk_value(one, "id"));
            const char *owner = tk_value(values, "owner");
            nobody = nobody || owner == NULL;
            if (owner != NULL)
                json_object_set_new(owners, owner, json_true());
        }
    }
    bool contractors = json_array_size(json_object_get(reach, tk_node_word(TK_NODE_CONTRACTOR))) > 0;
    if (stand_in != NULL && (nobody || (contractors && json_object_size(owners) == 0)))
        json_object_set_new(owners, stand_in, json_true());
    return owners;
}

/* A countermeasure for each owner. None names the contractors: they would see it. */
static bool give_tasks(const Applying *a, json_t *tasks, GError **error)
{
    const char *deadline = tk_value(a->request, "deadline"), *owner;
    json_t *mark;
    if (deadline == NULL)
        return true;
    g_autoptr(json_t) owners = owners_of(a);
    g_autofree char *cause = told(a);
    g_autofree char *title = g_strdup_printf("外国の法的環境の変化への対応(%s)", a->code);
    json_object_foreach(owners, owner, mark)
    {
        if (json_array_size(tasks) >= TASKS_MAX)
            return true;
        g_autofree char *shown = g_utf8_substring(cause, 0, MIN(g_utf8_strlen(cause, -1), 3900));
        g_autoptr(json_t) body =
            json_pack("{s:{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}}", "values", "title", title, "source",
                      "risk", "source_id", a->code, "cause", shown, "measure",
                      "担当するものへの影響を確かめ、措置・契約・保管先の見直しの要否を決める。", "owner",
                      owner, "deadline", deadline, "status", "open");
        g_autoptr(GBytes) answer =
            tk_register_add(a->app->registers, a->actor, "countermeasures", body, NULL, a->findings, error);
        gsize len = 0;
        const char *text = answer == NULL ? "" : g_bytes_get_data(answer, &len);
        g_autoptr(json_t) record = answer == NULL ? NULL : tk_json_read("task", text, len, 1u << 20, error);
        if (record == NULL)
            return false;
        json_array_append_new(tasks,
                              json_pack("{s:O, s:s}", "id", json_object_get(record, "id"), "owner", owner));
    }
    return true;
}

/* What would be refused later, when the record is written already. */
static bool tasks_can_be_given(const Applying *a, GError **error)
{
    TkDate day;
    const char *deadline = tk_value(a->request, "deadline"), *owner = tk_value(a->request, "owner");
    TkRegisterLookup lookup = {.registers = a->app->registers};
    if (deadline == NULL)
        return true;
    if (!tk_date_parse(deadline, strlen(deadline), &day, NULL))
        return tk_fail_both(error, TK_ERROR_INPUT, "対策の期限は2026-04-01のように入力してください。",
                            "deadline: must be a date such as 2026-04-01");
    if (owner != NULL && !tk_register_exists("persons", owner, &lookup))
        return tk_fail_both(error, TK_ERROR_INPUT, "担当「%.120s」は人の台帳にありません。",
                            "owner: there is no person “%.120s”", owner);
    return tk_registers_open(a->app->registers, a->actor, "countermeasures", TK_REGISTER_WRITES, error) !=
           NULL;
}

GBytes *tk_service_country_change(TkApp *app, const TkActor *actor, const json_t *request, GBytes **findings,
                                  GError **error)
{
    g_auto(TkContractorBook) book = {0};
    const char *code = NULL;
    if (!tk_service_may(actor, TK_MAY_READ, error) || (code = country_of(request, error)) == NULL ||
        tk_registers_open(app->registers, actor, "countries", TK_REGISTER_WRITES, error) == NULL ||
        !tk_contractor_book(app, actor, TK_TIME_NONE, &book, error))
        return NULL;
    g_autoptr(json_t) values = merged(&book, code, request), tasks = json_array();
    g_autoptr(json_t) out = replay(&book, code, values, error);
    Applying a = {app, actor, &book, code, request, out, findings};
    if (out == NULL || !tasks_can_be_given(&a, error) || !put_record(&a, values, error) ||
        !keep_event(&a, error) || !give_tasks(&a, tasks, error))
        return NULL;
    json_object_set(out, "tasks", tasks);
    return tk_json_bytes(out);
}

/* ---- the past of a country ---- */

typedef struct {
    const json_t *weights;
    json_t *items, *before;
} Past;

static bool take_past(const TkRecord *record, gpointer data)
{
    Past *past = data;
    char at[TK_TIME_TEXT_MAX];
    const json_t *values = json_object_get(record->body, "values");
    g_autoptr(json_t) rating = values == NULL ? NULL : tk_supply_score(past->weights, values);
    json_t *score = json_object_get(rating, "score");
    json_array_append_new(past->items, json_pack("{s:s, s:s, s:I, s:O?, s:O?, s:O?, s:b}", "at",
                                                 tk_time_text(record->at_us, at), "who", record->who,
                                                 "version", (json_int_t)record->version, "score", score,
                                                 "grade", json_object_get(rating, "grade"), "before",
                                                 past->before, "deleted", record->deleted));
    json_decref(past->before);
    past->before = json_incref(score);
    return true;
}

GBytes *tk_service_country_scores(TkApp *app, const TkActor *actor, const char *country, GError **error)
{
    g_auto(TkContractorBook) book = {0};
    if (!tk_service_may(actor, TK_MAY_READ, error) ||
        tk_registers_open(app->registers, actor, "countries", TK_REGISTER_READS, error) == NULL ||
        !tk_contractor_book(app, actor, TK_TIME_NONE, &book, error))
        return NULL;
    const char *record = tk_value(json_object_get(book.countries, country), "record");
    g_autoptr(json_t) items = json_array();
    Past past = {.weights = json_object_get(book.weights, "countries"), .items = items};
    bool done =
        record == NULL || tk_store_history(app->store, "r-countries", record, take_past, &past, error);
    json_decref(past.before);
    g_autoptr(json_t) out =
        json_pack("{s:s, s:s?, s:O}", "country", country, "record", record, "items", items);
    return done ? tk_json_bytes(out) : NULL;
}

/* ---- one is gone ---- */

/* What is in the hands of what vanished: all that is reached, asked of the live network. */
static bool add_trial(const TkContractorBook *book, const TkActor *actor, TkNodeKind kind, const char *id,
                      json_t *out, GError **error)
{
    g_autoptr(TkSupply) graph = tk_contractor_graph(book, error);
    if (graph == NULL)
        return false;
    uint32_t from = tk_supply_find(graph, kind, id);
    g_autoptr(TkSupplyReach) reach =
        tk_supply_reach(graph, &from, from == TK_SUPPLY_NONE ? 0 : 1, UINT32_MAX);
    g_autoptr(GArray) facilities = tk_reached_facilities(book, graph, reach);
    json_t *ids = json_array();
    for (guint i = 0; i < facilities->len && i < TK_WHAT_IF_MAX; i++)
        json_array_append_new(ids, json_string(tk_topology_id(book->app->topology,
                                                              g_array_index(facilities, TkFacilityIx, i))));
    g_autoptr(json_t) question = json_pack("{s:o}", "fail", ids);
    json_object_set_new(out, "reach", tk_contractor_reach(book, graph, reach));
    json_object_set_new(out, "trial", json_null());
    json_object_set_new(out, "trial_partial", json_boolean(facilities->len > TK_WHAT_IF_MAX));
    if (facilities->len == 0)
        return true;
    g_autoptr(GBytes) answer = tk_service_what_if(book->app, actor, question, error);
    if (answer == NULL)
        return false;
    gsize len;
    const char *text = g_bytes_get_data(answer, &len);
    json_t *trial = tk_json_read("what if", text, len, 16u << 20, error);
    if (trial != NULL)
        json_object_set_new(out, "trial", trial);
    return trial != NULL;
}

GBytes *tk_service_contractors_vanish(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    g_auto(TkContractorBook) book = {0};
    const char *word = NULL, *id = NULL;
    if (!tk_service_may(actor, TK_MAY_READ, error) ||
        (word = tk_request_text(request, "kind", 20, error)) == NULL ||
        (id = tk_request_text(request, "id", 200, error)) == NULL)
        return NULL;
    TkNodeKind kind = tk_node_of_word(word);
    if (kind != TK_NODE_CONTRACTOR && kind != TK_NODE_OWNER && kind != TK_NODE_COUNTRY &&
        kind != TK_NODE_REGION && kind != TK_NODE_SOFTWARE) {
        tk_fail_both(error, TK_ERROR_INPUT, "何がなくなるかを選んでください。",
                     "kind: must be contractor, owner, country, region or software");
        return NULL;
    }
    if (!tk_contractor_book(app, actor, TK_TIME_NONE, &book, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:s, s:s, s:b, s:O}", "kind", word, "id", id, "synthetic",
                                      app->synthetic, "withheld", book.withheld);
    return add_trial(&book, actor, kind, id, out, error) ? tk_json_bytes(out) : NULL;
}
