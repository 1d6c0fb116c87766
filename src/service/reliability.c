/* The carrier's file of the notice is kept as it came, by its hash, and read anew for each answer: it is a
 * few hundred lines, and what is shown is then surely what was imported. Assessments name measures by their
 * code, so a new edition of the file keeps those whose code is still there and lists the others as left over.
 */
#include "service/reliability_private.h"

#define ANSWER_MAX  (64u << 20)
#define EDITION_MAX 100

const char *const tk_reliability_signs[3] = {"◎", "◎*", "○"};

/* ---- the book ---- */

static bool newer(const TkRecord *a, const TkRecord *b)
{
    TkDate x = tk_program_date_of(a, "checked"), y = tk_program_date_of(b, "checked");
    return y == TK_DATE_NONE ? x != TK_DATE_NONE : x != TK_DATE_NONE && x > y;
}

static bool read_assessments(TkReliabilityBook *book, GError **error)
{
    book->assessments = tk_program_records(book->app, "reliability-assessments", error);
    if (book->assessments == NULL)
        return false;
    book->by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < book->assessments->len; i++) {
        TkRecord *record = book->assessments->pdata[i];
        const char *code = tk_program_text(record, "measure");
        const TkRecord *before = code == NULL ? NULL : g_hash_table_lookup(book->by_code, code);
        if (code != NULL && (before == NULL || newer(record, before)))
            g_hash_table_insert(book->by_code, (gpointer)code, record);
    }
    return true;
}

static bool read_content(TkReliabilityBook *book, GError **error)
{
    g_autoptr(GError) why = NULL;
    book->kept = tk_store_get(book->app->store, TK_KIND_RELIABILITY, "content", TK_TIME_NONE, &why);
    if (book->kept == NULL) {
        if (g_error_matches(why, TK_ERROR, TK_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    const char *hash = json_string_value(json_object_get(book->kept->body, "sha256"));
    g_autoptr(GBytes) bytes = hash == NULL ? NULL : tk_store_blob(book->app->store, hash, error);
    if (bytes == NULL)
        return false;
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    json_t *findings = NULL;
    book->content = tk_reliability_read(book->app->law, text, len, &findings, error);
    json_decref(findings);
    return book->content != NULL;
}

bool tk_reliability_open(TkReliabilityBook *book, const char *network, GError **error)
{
    book->today = tk_date_of_time(tk_app_now(book->app));
    book->network = network == NULL ? 0 : tk_reliability_network_find(network);
    if (book->network == TK_RELIABILITY_NETWORKS)
        return tk_fail(error, TK_ERROR_INPUT,
                       "network: “%.20s” is none of lines, designated, others, private and user", network);
    return read_content(book, error) && read_assessments(book, error) &&
           tk_standards_people(book->app, book->actor, &book->names, error);
}

void tk_reliability_close(TkReliabilityBook *book)
{
    g_clear_pointer(&book->kept, tk_record_free);
    g_clear_pointer(&book->content, json_decref);
    g_clear_pointer(&book->by_code, g_hash_table_unref);
    g_clear_pointer(&book->assessments, g_ptr_array_unref);
    g_clear_pointer(&book->names, g_hash_table_unref);
}

const char *tk_reliability_mark(const TkReliabilityBook *book, const json_t *measure)
{
    return json_string_value(json_array_get(json_object_get(measure, "marks"), book->network));
}

const TkRecord *tk_reliability_assessment(const TkReliabilityBook *book, const json_t *measure)
{
    return g_hash_table_lookup(book->by_code, json_string_value(json_object_get(measure, "code")));
}

const char *tk_reliability_person(const TkReliabilityBook *book, const char *id)
{
    const char *name = id == NULL || book->names == NULL ? NULL : g_hash_table_lookup(book->names, id);
    return name != NULL ? name : id;
}

bool tk_reliability_in(const char *section, const char *chapter)
{
    size_t len = strlen(chapter);
    return strncmp(section, chapter, len) == 0 && (section[len] == '\0' || section[len] == '.');
}

/* ---- tally ---- */

static void tally_one(const TkReliabilityBook *book, const json_t *measure, TkReliabilityTally *tally)
{
    const char *mark = tk_reliability_mark(book, measure);
    const TkRecord *own = tk_reliability_assessment(book, measure);
    const char *state = own == NULL ? NULL : tk_program_text(own, "state");
    struct {
        const char *id;
        int *into;
    } states[] = {{"done", &tally->done},
                  {"partly", &tally->partly},
                  {"planned", &tally->planned},
                  {"not-done", &tally->not_done},
                  {"not-applicable", &tally->not_applicable}};
    if (strcmp(mark, "−") == 0)
        return;
    tally->asked++;
    tally->open += state == NULL;
    for (size_t i = 0; state != NULL && i < G_N_ELEMENTS(states); i++)
        *states[i].into += strcmp(states[i].id, state) == 0;
    bool settled = g_strcmp0(state, "done") == 0 || g_strcmp0(state, "not-applicable") == 0;
    TkDate by = own == NULL ? TK_DATE_NONE : tk_program_date_of(own, "plan_by");
    tally->overdue += !settled && by != TK_DATE_NONE && by < book->today;
    for (size_t i = 0; i < G_N_ELEMENTS(tk_reliability_signs); i++)
        if (strcmp(mark, tk_reliability_signs[i]) == 0) {
            tally->marks[i]++;
            tally->marks_done[i] += settled;
        }
}

TkReliabilityTally tk_reliability_tally(const TkReliabilityBook *book, const char *chapter)
{
    TkReliabilityTally tally = {0};
    size_t i, m;
    json_t *item, *measure;
    json_array_foreach(json_object_get(book->content, "items"), i, item)
    {
        if (!tk_reliability_in(json_string_value(json_object_get(item, "section")), chapter))
            continue;
        json_array_foreach(json_object_get(item, "measures"), m, measure) tally_one(book, measure, &tally);
    }
    return tally;
}

static json_t *tally_json(const TkReliabilityTally *t)
{
    json_t *marks = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(tk_reliability_signs); i++)
        json_array_append_new(marks, json_pack("{s:s, s:i, s:i}", "mark", tk_reliability_signs[i], "asked",
                                               t->marks[i], "settled", t->marks_done[i]));
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:o}", "asked", t->asked, "done", t->done,
                     "partly", t->partly, "planned", t->planned, "not_done", t->not_done, "not_applicable",
                     t->not_applicable, "open", t->open, "overdue", t->overdue, "marks", marks);
}

/* ---- overview ---- */

static json_t *chapters_json(const TkReliabilityBook *book)
{
    json_t *counts = tk_reliability_counts(book->app->law, book->content);
    g_autoptr(GArray) chapters = tk_law_reliability_chapters(book->app->law);
    for (guint i = 0; i < chapters->len; i++) {
        const TkReliabilityChapter *chapter = &g_array_index(chapters, TkReliabilityChapter, i);
        TkReliabilityTally tally = tk_reliability_tally(book, chapter->id);
        json_t *row = json_array_get(counts, i);
        json_object_set_new(row, "leaf", json_boolean(chapter->leaf));
        json_object_set_new(row, "progress", tally_json(&tally));
    }
    return counts;
}

static json_t *networks_json(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < TK_RELIABILITY_NETWORKS; i++) {
        TkText name = tk_reliability_network_name(i);
        json_array_append_new(list, json_pack("{s:s, s:{s:s, s:s}}", "id", tk_reliability_network(i), "name",
                                              "ja", name.ja, "en", name.en));
    }
    return list;
}

static json_t *content_json(const TkReliabilityBook *book)
{
    if (book->kept == NULL)
        return json_null();
    char at[TK_TIME_TEXT_MAX];
    tk_time_text(book->kept->at_us, at);
    const json_t *body = book->kept->body;
    return json_pack("{s:O?, s:O?, s:s, s:s, s:I, s:O?, s:O?}", "edition", json_object_get(body, "edition"),
                     "sha256", json_object_get(body, "sha256"), "at", at, "who", book->kept->who, "version",
                     (json_int_t)book->kept->version, "items", json_object_get(body, "items"), "measures",
                     json_object_get(body, "measures"));
}

/* Every code of a file. Owned; the codes are borrowed from the content. */
static GHashTable *codes_of(const json_t *content)
{
    GHashTable *codes = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i, m;
    json_t *item, *measure;
    json_array_foreach(json_object_get(content, "items"), i, item)
        json_array_foreach(json_object_get(item, "measures"), m, measure)
            g_hash_table_add(codes, (gpointer)json_string_value(json_object_get(measure, "code")));
    return codes;
}

/* Assessments whose measure a file does not have. */
static json_t *left_over(const TkReliabilityBook *book, const json_t *content)
{
    g_autoptr(GHashTable) codes = codes_of(content);
    json_t *list = json_array();
    for (guint i = 0; i < book->assessments->len && json_array_size(list) < 500; i++) {
        const TkRecord *record = book->assessments->pdata[i];
        const char *code = tk_program_text(record, "measure");
        if (code == NULL || !g_hash_table_contains(codes, code))
            json_array_append_new(list, json_pack("{s:s, s:s?, s:s?}", "record", record->id, "measure", code,
                                                  "state", tk_program_text(record, "state")));
    }
    return list;
}

static json_t *guidelines_json(TkApp *app, TkDate today, GError **error)
{
    static const char *const names[] = {"security-policy", "crisis-plan"};
    g_autoptr(GPtrArray) checks = tk_program_records(app, "guideline-checks", error);
    if (checks == NULL)
        return NULL;
    json_t *list = json_array();
    for (size_t n = 0; n < G_N_ELEMENTS(names); n++) {
        int total = 0, settled = 0, open = 0, overdue = 0;
        for (guint i = 0; i < checks->len; i++) {
            const TkRecord *check = checks->pdata[i];
            const char *state = tk_program_text(check, "state");
            TkDate by = tk_program_date_of(check, "plan_by");
            if (g_strcmp0(tk_program_text(check, "guideline"), names[n]) != 0)
                continue;
            bool is_settled = g_strcmp0(state, "done") == 0 || g_strcmp0(state, "not-applicable") == 0;
            total++;
            settled += is_settled;
            open += state == NULL;
            overdue += !is_settled && by != TK_DATE_NONE && by < today;
        }
        json_array_append_new(list, json_pack("{s:s, s:i, s:i, s:i, s:i}", "guideline", names[n], "total",
                                              total, "settled", settled, "open", open, "overdue", overdue));
    }
    return list;
}

GBytes *tk_service_reliability(TkApp *app, const TkActor *actor, const char *network, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_auto(TkReliabilityBook) book = {.app = app, .actor = actor};
    if (!tk_reliability_open(&book, network, error))
        return NULL;
    json_t *guidelines = guidelines_json(app, book.today, error);
    if (guidelines == NULL)
        return NULL;
    bool may_import =
        tk_registers_open(app->registers, actor, "reliability-assessments", TK_REGISTER_WRITES, NULL) != NULL;
    g_autoptr(json_t) out =
        json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:b, s:b}", "content", content_json(&book), "network",
                  tk_reliability_network(book.network), "networks", networks_json(), "chapters",
                  chapters_json(&book), "left_over", left_over(&book, book.content), "guidelines", guidelines,
                  "may_import", may_import, "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

/* ---- measures ---- */

static void value_member(TkJson *w, const char *key, const TkRecord *record, const char *field)
{
    const json_t *value = json_object_get(json_object_get(record->body, "values"), field);
    tk_json_key(w, key);
    if (value == NULL)
        tk_json_text(w, NULL);
    else
        tk_json_value(w, value);
}

static void assessment_json(const TkReliabilityBook *book, TkJson *w, const TkRecord *own)
{
    static const char *const fields[] = {"state",     "reason", "why_not", "evidence",
                                         "documents", "plan",   "plan_by", "checked"};
    tk_json_key(w, "assessment");
    if (own == NULL) {
        tk_json_text(w, NULL);
        return;
    }
    tk_json_begin_object(w);
    tk_json_member(w, "record", own->id);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        value_member(w, fields[i], own, fields[i]);
    tk_json_member(w, "owner", tk_program_text(own, "owner"));
    tk_json_member(w, "owner_name", tk_reliability_person(book, tk_program_text(own, "owner")));
    tk_json_end_object(w);
}

static void measure_json(const TkReliabilityBook *book, TkJson *w, const json_t *measure)
{
    tk_json_begin_object(w);
    tk_json_member(w, "measure", json_string_value(json_object_get(measure, "measure")));
    tk_json_member(w, "code", json_string_value(json_object_get(measure, "code")));
    tk_json_member(w, "text", json_string_value(json_object_get(measure, "text")));
    tk_json_member(w, "mark", tk_reliability_mark(book, measure));
    assessment_json(book, w, tk_reliability_assessment(book, measure));
    tk_json_end_object(w);
}

GBytes *tk_service_reliability_measures(TkApp *app, const TkActor *actor, const char *network,
                                        const char *section, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_auto(TkReliabilityBook) book = {.app = app, .actor = actor};
    if (!tk_reliability_open(&book, network, error))
        return NULL;
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    tk_json_begin_object(&w);
    tk_json_member(&w, "network", tk_reliability_network(book.network));
    tk_json_key(&w, "items");
    tk_json_begin_array(&w);
    size_t i, m;
    json_t *item, *measure;
    json_array_foreach(json_object_get(book.content, "items"), i, item)
    {
        const char *own = json_string_value(json_object_get(item, "section"));
        if (section != NULL && !tk_reliability_in(own, section))
            continue;
        tk_json_begin_object(&w);
        tk_json_member(&w, "section", own);
        tk_json_member(&w, "item", json_string_value(json_object_get(item, "item")));
        tk_json_member(&w, "title", json_string_value(json_object_get(item, "title")));
        tk_json_key(&w, "measures");
        tk_json_begin_array(&w);
        json_array_foreach(json_object_get(item, "measures"), m, measure) measure_json(&book, &w, measure);
        tk_json_end_array(&w);
        tk_json_end_object(&w);
    }
    tk_json_end_array(&w);
    tk_json_end_object(&w);
    if (!buf.overflow)
        return g_bytes_new(buf.data, buf.len);
    tk_fail(error, TK_ERROR_LIMIT, "the answer is too large; ask for one chapter");
    return NULL;
}

/* ---- import ---- */

static bool keep_content(TkReliabilityBook *book, const char *edition, const char *text, size_t len,
                         const json_t *content, GError **error)
{
    TkWrite *write = tk_write_new(book->actor->id, tk_app_now(book->app));
    g_autoptr(GBytes) bytes = g_bytes_new(text, len);
    char hash[TK_STORE_HASH_TEXT_MAX];
    tk_write_blob(write, bytes, hash);
    g_autoptr(json_t) document = json_pack("{s:s, s:s, s:O, s:O}", "edition", edition, "sha256", hash,
                                           "items", json_object_get(content, "items_total"), "measures",
                                           json_object_get(content, "measures_total"));
    tk_write_put(write, TK_KIND_RELIABILITY, "content",
                 book->kept == NULL ? TK_STORE_NEW : book->kept->version, "import", document);
    return tk_store_commit(book->app->store, write, NULL, error);
}

static bool edition_fits(const char *edition, GError **error)
{
    if (edition != NULL && *edition != '\0' && g_utf8_validate(edition, -1, NULL) &&
        g_utf8_strlen(edition, -1) <= EDITION_MAX)
        return true;
    return tk_fail_both(error, TK_ERROR_INPUT, "edition: どの版の告示か(1〜%d 文字)を書いてください。",
                        "edition: say which edition of the notice this is, in 1 to %d characters",
                        EDITION_MAX);
}

GBytes *tk_service_reliability_import(TkApp *app, const TkActor *actor, const char *edition, const char *text,
                                      size_t len, bool dry_run, GBytes **findings, GError **error)
{
    *findings = NULL;
    if (!tk_service_may(actor, TK_MAY_READ, error) || !edition_fits(edition, error) ||
        tk_registers_open(app->registers, actor, "reliability-assessments", TK_REGISTER_WRITES, error) ==
            NULL)
        return NULL;
    json_t *found = NULL;
    g_autoptr(json_t) content = tk_reliability_read(app->law, text, len, &found, error);
    if (found != NULL)
        *findings = tk_json_bytes(found);
    json_decref(found);
    g_auto(TkReliabilityBook) book = {.app = app, .actor = actor};
    if (content == NULL || !tk_reliability_open(&book, NULL, error) ||
        (!dry_run && !keep_content(&book, edition, text, len, content, error)))
        return NULL;
    g_autoptr(json_t) out = json_pack(
        "{s:b, s:s, s:O, s:O, s:o, s:o}", "applied", !dry_run, "edition", edition, "items",
        json_object_get(content, "items_total"), "measures", json_object_get(content, "measures_total"),
        "chapters", tk_reliability_counts(app->law, content), "left_over", left_over(&book, content));
    return tk_json_bytes(out);
}
