/* What the pages and interfaces see of the book of controls. */
#include "service/controls_private.h"

#define ANSWER_MAX  (24u << 20)
#define RESULTS_MAX 200

json_t *tk_control_title(const TkFrameworkItem *item)
{
    return json_pack("{s:s, s:s}", "ja", tk_framework_title(item, "ja"), "en",
                     tk_framework_title(item, "en"));
}

static json_t *hop_view(const TkHop *hop)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "from_framework", hop->from->framework->id,
                     "from", hop->from->id, "relation", tk_relation_text(hop->relation), "to_framework",
                     hop->to->framework->id, "to", hop->to->id, "crosswalk", hop->crosswalk, "verified",
                     hop->verified);
}

json_t *tk_control_way(const TkReach *reach)
{
    json_t *hops = json_array();
    for (size_t i = 0; i < reach->n_path; i++)
        json_array_append_new(hops, hop_view(&reach->path[i]));
    return json_pack("{s:s, s:b, s:o, s:o}", "relation", tk_relation_text(reach->relation), "verified",
                     reach->verified, "path", hops, "weakest",
                     reach->n_path == 0 ? json_null() : json_integer((json_int_t)reach->weakest));
}

/* Ids of failed checks that speak of the item, or else of the one its state comes from; NULL: none. */
static const GPtrArray *failed_checks(GHashTable *attention, const TkFrameworkItem *item, const TkSupport *s)
{
    const GPtrArray *ids = g_hash_table_lookup(attention, item);
    return ids == NULL && s->answer != NULL ? g_hash_table_lookup(attention, s->answer->item) : ids;
}

/* ---- frameworks ---- */

typedef struct {
    size_t by_state[TK_CONTROL_IMPLEMENTED + 1];
    size_t valid, expired, carried, own, attention;
} Counts;

static Counts count(const TkControlBook *book, GHashTable *attention, const TkFramework *f)
{
    Counts c = {0};
    for (size_t i = 0; i < f->n_items; i++) {
        const TkSupport *s = g_hash_table_lookup(book->support, &f->items[i]);
        if (s == NULL)
            continue;
        c.by_state[s->state]++;
        c.attention += failed_checks(attention, s->item, s) != NULL;
        c.own += s->own != NULL;
        c.carried += s->state != TK_CONTROL_OPEN && s->reach.n_path > 0;
        c.valid += s->state == TK_CONTROL_IMPLEMENTED && s->evidence == TK_EVIDENCE_VALID;
        c.expired += s->state == TK_CONTROL_IMPLEMENTED && s->evidence == TK_EVIDENCE_EXPIRED;
    }
    return c;
}

static json_t *counts_view(const Counts *c)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "attention",
                     (json_int_t)c->attention, "implemented", (json_int_t)c->by_state[TK_CONTROL_IMPLEMENTED],
                     "partial", (json_int_t)c->by_state[TK_CONTROL_PARTIAL], "planned",
                     (json_int_t)c->by_state[TK_CONTROL_PLANNED], "not_applicable",
                     (json_int_t)c->by_state[TK_CONTROL_NOT_APPLICABLE], "open",
                     (json_int_t)c->by_state[TK_CONTROL_OPEN], "own", (json_int_t)c->own, "carried",
                     (json_int_t)c->carried, "evidence_valid", (json_int_t)c->valid, "evidence_expired",
                     (json_int_t)c->expired);
}

static json_t *framework_view(const TkControlBook *book, GHashTable *attention, const TkFramework *f)
{
    Counts c = count(book, attention, f);
    return json_pack("{s:s, s:{s:s, s:s}, s:s, s:s, s:s, s:s, s:s?, s:s, s:I, s:I, s:I, s:s?, s:o}", "id",
                     f->id, "title", "ja", f->title_ja, "en", f->title_en, "publisher", f->publisher,
                     "edition", f->edition, "published", f->published, "source", f->source, "note", f->note,
                     "unit", f->unit, "units", (json_int_t)f->n_units, "items", (json_int_t)f->n_items,
                     "unverified", (json_int_t)f->n_unverified, "imported",
                     (const char *)g_hash_table_lookup(book->imported, f->id), "coverage", counts_view(&c));
}

GBytes *tk_service_controls(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    if (book == NULL)
        return NULL;
    g_autoptr(GHashTable) attention = tk_control_attention(app, book);
    json_t *list = json_array();
    for (size_t i = 0; i < tk_frameworks_count(book->frameworks); i++)
        json_array_append_new(list, framework_view(book, attention, tk_frameworks_at(book->frameworks, i)));
    size_t unverified = 0, maps = tk_frameworks_map_count(book->frameworks, &unverified);
    g_autoptr(json_t) out =
        json_pack("{s:o, s:b, s:o, s:I, s:I, s:O}", "date", tk_program_date_json(book->date), "synthetic",
                  app->synthetic, "frameworks", list, "mappings", (json_int_t)maps, "mappings_unverified",
                  (json_int_t)unverified, "findings", book->findings);
    return tk_json_bytes(out);
}

/* ---- items ---- */

static void put_flag(TkJson *w, const char *key, bool value)
{
    tk_json_key(w, key);
    tk_json_bool(w, value);
}

static void put_int(TkJson *w, const char *key, int64_t value)
{
    tk_json_key(w, key);
    tk_json_int(w, value);
}

static void put_via(TkJson *w, const TkSupport *s)
{
    const TkHop *weakest = &s->reach.path[s->reach.weakest];
    tk_json_key(w, "via");
    tk_json_begin_object(w);
    tk_json_member(w, "framework", s->answer->item->framework->id);
    tk_json_member(w, "item", s->answer->item->id);
    tk_json_member(w, "relation", tk_relation_text(s->reach.relation));
    put_int(w, "hops", (int64_t)s->reach.n_path);
    put_flag(w, "verified", s->reach.verified);
    tk_json_member(w, "weakest", tk_relation_text(weakest->relation));
    tk_json_end_object(w);
}

static int depth_of(const TkFrameworkItem *item)
{
    int depth = 0;
    for (; item->parent != SIZE_MAX; depth++)
        item = &item->framework->items[item->parent];
    return depth;
}

static void put_attention(TkJson *w, const GPtrArray *ids)
{
    if (ids == NULL)
        return;
    tk_json_key(w, "attention");
    tk_json_begin_array(w);
    for (guint i = 0; i < ids->len; i++)
        tk_json_text(w, ids->pdata[i]);
    tk_json_end_array(w);
}

static void put_item(TkJson *w, const TkControlBook *book, GHashTable *attention, const TkFrameworkItem *item)
{
    const TkSupport *s = g_hash_table_lookup(book->support, item);
    const json_t *own = g_hash_table_lookup(book->by_item, item);
    tk_json_begin_object(w);
    tk_json_member(w, "framework", item->framework->id);
    tk_json_member(w, "id", item->id);
    tk_json_member(w, "ja", tk_framework_title(item, "ja"));
    if (strcmp(tk_framework_title(item, "ja"), tk_framework_title(item, "en")) != 0)
        tk_json_member(w, "en", tk_framework_title(item, "en"));
    put_int(w, "depth", depth_of(item));
    put_flag(w, "verified", item->verified);
    if (item->count >= 0)
        put_int(w, "count", item->count);
    if (s == NULL) { /* a chapter, a theme: what stands above controls */
        tk_json_member(w, "kind", item->kind);
    } else {
        tk_json_member(w, "state", tk_control_state_text(s->state));
        tk_json_member(w, "evidence", tk_evidence_text(s->evidence));
        if (own != NULL)
            tk_json_member(w, "record", json_string_value(json_object_get(own, "record")));
        if (own != NULL && json_object_get(own, "owner") != NULL)
            tk_json_member(w, "owner", json_string_value(json_object_get(own, "owner")));
        if (s->answer != NULL && s->reach.n_path > 0)
            put_via(w, s);
        put_attention(w, failed_checks(attention, item, s));
    }
    tk_json_end_object(w);
}

GBytes *tk_service_controls_items(TkApp *app, const TkActor *actor, const char *framework, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    if (book == NULL)
        return NULL;
    if (framework != NULL && tk_framework_find(book->frameworks, framework) == NULL) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "there is no framework “%.64s”", framework);
        return NULL;
    }
    g_autoptr(GHashTable) attention = tk_control_attention(app, book);
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_json_key(&w, "date");
    tk_json_date(&w, book->date);
    tk_json_key(&w, "items");
    tk_json_begin_array(&w);
    for (size_t i = 0; i < tk_frameworks_count(book->frameworks); i++) {
        const TkFramework *f = tk_frameworks_at(book->frameworks, i);
        for (size_t n = 0; n < f->n_items && (framework == NULL || strcmp(framework, f->id) == 0); n++)
            put_item(&w, book, attention, &f->items[n]);
    }
    tk_json_end_array(&w);
    tk_json_end_object(&w);
    if (buf.overflow) {
        tk_fail(error, TK_ERROR_LIMIT, "the answer is too large; ask for one framework");
        return NULL;
    }
    return g_bytes_new(buf.data, buf.len);
}

/* ---- one ---- */

static json_t *rests_on(const TkControlBook *book, const TkSupport *s)
{
    if (s == NULL || s->answer == NULL)
        return json_null();
    json_t *answer = g_hash_table_lookup(book->by_item, s->answer->item);
    return json_pack("{s:s, s:s, s:o, s:O?, s:o}", "framework", s->answer->item->framework->id, "item",
                     s->answer->item->id, "title", tk_control_title(s->answer->item), "answer", answer, "way",
                     tk_control_way(&s->reach));
}

static json_t *reach_view(const TkControlBook *book, const TkFrameworkItem *item)
{
    g_autoptr(GArray) reached = tk_control_reach(book->frameworks, item);
    json_t *list = json_array();
    for (guint i = 0; i < reached->len; i++) {
        const TkReach *reach = &g_array_index(reached, TkReach, i);
        if (tk_framework_is_unit(reach->item))
            json_array_append_new(list,
                                  json_pack("{s:s, s:s, s:o, s:o}", "framework", reach->item->framework->id,
                                            "item", reach->item->id, "title", tk_control_title(reach->item),
                                            "way", tk_control_way(reach)));
    }
    return list;
}

/* The results of assessments of this control; the assessment says of which framework. */
static json_t *results_view(TkApp *app, const TkFrameworkItem *item, GError **error)
{
    g_autoptr(GPtrArray) records = tk_program_records(app, "assessment-results", error);
    if (records == NULL)
        return NULL;
    json_t *list = json_array();
    for (guint i = 0; i < records->len && json_array_size(list) < RESULTS_MAX; i++) {
        const TkRecord *one = records->pdata[i];
        if (g_strcmp0(tk_program_text(one, "item"), item->id) != 0)
            continue;
        const char *id = tk_program_text(one, "assessment");
        g_autoptr(TkRecord) assessment =
            id == NULL ? NULL : tk_store_get(app->store, "r-assessments", id, TK_TIME_NONE, NULL);
        if (assessment == NULL ||
            g_strcmp0(tk_program_text(assessment, "framework"), item->framework->id) != 0)
            continue;
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?}", "record", one->id,
                            "assessment", id, "title", tk_program_text(assessment, "title"), "result",
                            tk_program_text(one, "result"), "severity", tk_program_text(one, "severity"),
                            "observed", tk_program_text(one, "observed"), "assessed",
                            tk_program_text(one, "assessed"), "status", tk_program_text(one, "status"),
                            "countermeasure", tk_program_text(one, "countermeasure")));
    }
    return list;
}

static json_t *check_name(const TkCheck *check)
{
    return json_pack("{s:s, s:{s:s, s:s}}", "id", check->id, "title", "ja", check->title_ja, "en",
                     check->title_en);
}

/* Failed checks that speak of the control, or of the one its state comes from. */
static json_t *attention_view(const TkControlBook *book, GHashTable *attention, const TkFrameworkItem *item,
                              const TkSupport *s)
{
    const GPtrArray *ids = s == NULL ? NULL : failed_checks(attention, item, s);
    json_t *list = json_array();
    for (size_t i = 0; ids != NULL && i < tk_checks_count(book->checks); i++) {
        const TkCheck *check = tk_checks_at(book->checks, i);
        for (guint n = 0; n < ids->len; n++)
            if (strcmp(ids->pdata[n], check->id) == 0)
                json_array_append_new(list, check_name(check));
    }
    return list;
}

/* The checks that feed this control. */
static json_t *checks_of(const TkControlBook *book, const TkFrameworkItem *item)
{
    json_t *list = json_array();
    for (size_t i = 0; i < tk_checks_count(book->checks); i++) {
        const TkCheck *check = tk_checks_at(book->checks, i);
        for (size_t n = 0; n < check->n_feeds; n++)
            if (check->feeds[n] == item)
                json_array_append_new(list, check_name(check));
    }
    return list;
}

GBytes *tk_service_control(TkApp *app, const TkActor *actor, const char *framework, const char *item,
                           GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    const TkFrameworkItem *one = book == NULL ? NULL : tk_control_item(book, framework, item, error);
    json_t *results = one == NULL ? NULL : results_view(app, one, error);
    if (results == NULL)
        return NULL;
    const TkSupport *s = g_hash_table_lookup(book->support, one);
    g_autoptr(GHashTable) attention = tk_control_attention(app, book);
    json_t *own = g_hash_table_lookup(book->by_item, one);
    g_autoptr(json_t) out =
        json_pack("{s:s, s:s, s:s, s:b, s:b, s:o, s:s, s:s, s:O?, s:o, s:o, s:o, s:o, s:o}", "framework",
                  one->framework->id, "id", one->id, "kind", one->kind, "answerable",
                  tk_framework_is_unit(one), "verified", one->verified, "title", tk_control_title(one),
                  "state", tk_control_state_text(s == NULL ? TK_CONTROL_OPEN : s->state), "evidence",
                  tk_evidence_text(s == NULL ? TK_EVIDENCE_NONE : s->evidence), "answer", own, "rests_on",
                  rests_on(book, s), "reaches", reach_view(book, one), "results", results, "attention",
                  attention_view(book, attention, one, s), "checks", checks_of(book, one));
    return tk_json_bytes(out);
}

/* ---- what an answer would change ---- */

static json_t *with_answer(const TkControlBook *book, const TkFrameworkItem *item, const char *state,
                           json_t *evidence)
{
    json_t *list = json_array();
    const json_t *own = g_hash_table_lookup(book->by_item, item);
    size_t i;
    json_t *answer;
    json_array_foreach(book->answers, i, answer) if (answer != own) json_array_append(list, answer);
    if (strcmp(state, "open") != 0)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:O}", "framework", item->framework->id,
                                              "item", item->id, "state", state, "evidence", evidence));
    return list;
}

static json_t *side_view(const TkSupport *s)
{
    return json_pack("{s:s, s:s}", "state", tk_control_state_text(s->state), "evidence",
                     tk_evidence_text(s->evidence));
}

static json_t *differences(const TkControlBook *book, const GArray *after)
{
    json_t *list = json_array();
    for (guint i = 0; i < after->len; i++) {
        const TkSupport *b = &g_array_index(after, TkSupport, i);
        const TkSupport *a = g_hash_table_lookup(book->support, b->item);
        if (a == NULL || (a->state == b->state && a->evidence == b->evidence))
            continue;
        json_t *way = b->answer == NULL ? json_null() : tk_control_way(&b->reach);
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "framework", b->item->framework->id,
                                        "item", b->item->id, "title", tk_control_title(b->item), "before",
                                        side_view(a), "after", side_view(b), "way", way));
    }
    return list;
}

/* The evidence that a request names by records of documents; what does not count is left out. */
static json_t *evidence_of(TkApp *app, const json_t *request)
{
    json_t *list = json_array();
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(request, "evidence"), i, one)
    {
        const char *id = json_string_value(one);
        json_t *evidence = id == NULL || json_array_size(list) >= 100 ? NULL : tk_control_evidence(app, id);
        if (evidence != NULL)
            json_array_append_new(list, evidence);
    }
    return list;
}

GBytes *tk_service_control_effect(TkApp *app, const TkActor *actor, const char *framework, const char *item,
                                  const json_t *request, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkControlBook) book = tk_control_book(app, error);
    const TkFrameworkItem *one = book == NULL ? NULL : tk_control_item(book, framework, item, error);
    if (one == NULL)
        return NULL;
    const char *state = json_string_value(json_object_get(request, "state"));
    if (state == NULL) {
        tk_fail(error, TK_ERROR_INPUT,
                "state: implemented, partial, planned, not-applicable or open is needed");
        return NULL;
    }
    g_autoptr(json_t) evidence = evidence_of(app, request);
    g_autoptr(json_t) list = with_answer(book, one, state, evidence);
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(TkControlAnswers) answers =
        tk_control_answers_of(book->frameworks, "the answer", list, refused, error);
    if (answers == NULL)
        return NULL;
    const char *why = refused->len == 0 ? NULL : refused->pdata[refused->len - 1];
    if (why != NULL &&
        g_str_has_prefix(why, "the answer")) { /* those without a record: the one asked about */
        tk_fail(error, TK_ERROR_INPUT, "%s", why);
        return NULL;
    }
    g_autoptr(GArray) after = tk_control_coverage(book->frameworks, answers, NULL, book->date);
    g_autoptr(json_t) out = json_pack("{s:s, s:s, s:o}", "framework", framework, "item", item, "changes",
                                      differences(book, after));
    return tk_json_bytes(out);
}
