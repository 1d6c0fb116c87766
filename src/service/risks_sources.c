/* What others publish: surveys that rank sources of risk, and the standards and certifications the ministry's
 * paper of 2021 compares. Both are data in the program (risk-sources/, references/; docs/risk-format.md),
 * told beside what the carrier itself keeps. */
#include "service/risks_private.h"

#define FILE_MAX_BYTES (1u << 20)

/* ---- files ---- */

/* All files of a folder of a format; NULL and *error naming the file. New reference. */
static json_t *files_of(const char *folder, const char *format, GError **error)
{
    g_auto(GStrv) names = tk_asset_list(folder);
    g_autoptr(json_t) list = json_array();
    for (char **name = names; *name != NULL; name++) {
        if (!g_str_has_suffix(*name, ".json"))
            continue;
        g_autoptr(GBytes) bytes = tk_asset(*name);
        gsize len;
        const char *text = g_bytes_get_data(bytes, &len);
        g_autoptr(json_t) root = tk_json_read(*name, text, len, FILE_MAX_BYTES, error);
        if (root == NULL)
            return NULL;
        if (g_strcmp0(json_string_value(json_object_get(root, "format")), format) != 0) {
            tk_fail(error, TK_ERROR_INPUT, "%s: format: must be %s", *name, format);
            return NULL;
        }
        json_array_append(list, root);
    }
    return g_steal_pointer(&list);
}

/* ---- surveys ---- */

/* From the rank before to the one now: "new" where it was not asked for before, "unknown" without a rank. */
static const char *trend_of(const json_t *rank, const json_t *before, bool is_new)
{
    if (is_new)
        return "new";
    if (!json_is_integer(rank) || !json_is_integer(before))
        return "unknown";
    json_int_t now = json_integer_value(rank), then = json_integer_value(before);
    return now < then ? "up" : now > then ? "down" : "same";
}

static void add_trends(json_t *survey)
{
    size_t i, k;
    json_t *list, *item;
    json_array_foreach(json_object_get(survey, "lists"), i, list)
    {
        json_array_foreach(json_object_get(list, "items"), k, item) json_object_set_new(
            item, "trend",
            json_string(trend_of(json_object_get(item, "rank"), json_object_get(item, "previous_rank"),
                                 json_is_true(json_object_get(item, "new")))));
    }
}

/* ---- own surveys: entries of the register, grouped by survey and population ---- */

static int by_published(gconstpointer a, gconstpointer b)
{
    const TkRiskRecord *x = *(const TkRiskRecord *const *)a, *y = *(const TkRiskRecord *const *)b;
    int days = g_strcmp0(tk_risk_text(y->values, "published"), tk_risk_text(x->values, "published"));
    if (days != 0)
        return days;
    json_int_t p = json_integer_value(json_object_get(x->values, "rank")),
               q = json_integer_value(json_object_get(y->values, "rank"));
    return p < q ? -1 : p > q ? 1 : strcmp(x->id, y->id);
}

static bool same_text(const TkRiskRecord *a, const TkRiskRecord *b, const char *field)
{
    return g_strcmp0(tk_risk_text(a->values, field), tk_risk_text(b->values, field)) == 0;
}

/* The same source in the same survey's round before: the newest that is older. The records are newest first.
 */
static const TkRiskRecord *round_before(const GPtrArray *all, const TkRiskRecord *entry)
{
    for (unsigned i = 0; i < all->len; i++) {
        const TkRiskRecord *one = all->pdata[i];
        if (same_text(one, entry, "survey") && same_text(one, entry, "population") &&
            same_text(one, entry, "name") &&
            g_strcmp0(tk_risk_text(one->values, "published"), tk_risk_text(entry->values, "published")) < 0)
            return one;
    }
    return NULL;
}

static bool had_round_before(const GPtrArray *all, const TkRiskRecord *entry)
{
    for (unsigned i = 0; i < all->len; i++) {
        const TkRiskRecord *one = all->pdata[i];
        if (same_text(one, entry, "survey") && same_text(one, entry, "population") &&
            g_strcmp0(tk_risk_text(one->values, "published"), tk_risk_text(entry->values, "published")) < 0)
            return true;
    }
    return false;
}

static json_t *both(const char *text)
{
    return json_pack("{s:s, s:s}", "ja", text == NULL ? "" : text, "en", text == NULL ? "" : text);
}

static json_t *own_item(const GPtrArray *all, const TkRiskRecord *entry)
{
    const TkRiskRecord *before = round_before(all, entry);
    const json_t *rank = json_object_get(entry->values, "rank"),
                 *then = before == NULL ? NULL : json_object_get(before->values, "rank");
    const char *trend = trend_of(rank, then, before == NULL && had_round_before(all, entry));
    return json_pack("{s:s, s:o, s:O?, s:O?, s:O?, s:s, s:O?, s:b}", "id", entry->id, "name",
                     both(tk_risk_text(entry->values, "name")), "rank", rank, "previous_rank", then, "share",
                     json_object_get(entry->values, "share"), "trend", trend, "category",
                     json_object_get(entry->values, "category"), "verified", 1);
}

/* Surveys as in the files, newest first; new reference. */
static json_t *own_surveys(TkApp *app, GError **error)
{
    g_autoptr(GPtrArray) all = tk_risk_records(app, "risk-sources", error);
    if (all == NULL)
        return NULL;
    g_ptr_array_sort(all, by_published);
    json_t *surveys = json_array();
    const TkRiskRecord *last = NULL;
    json_t *survey = NULL, *items = NULL;
    for (unsigned i = 0; i < all->len; i++) {
        const TkRiskRecord *entry = all->pdata[i];
        bool new_survey =
            last == NULL || !same_text(last, entry, "survey") || !same_text(last, entry, "published");
        if (new_survey) {
            survey = json_pack("{s:s, s:o, s:O?, s:O?, s:b, s:[]}", "id", entry->id, "name",
                               both(tk_risk_text(entry->values, "survey")), "published",
                               json_object_get(entry->values, "published"), "citation",
                               json_object_get(entry->values, "citation"), "own", 1, "lists");
            json_array_append_new(surveys, survey);
        }
        if (new_survey || !same_text(last, entry, "population")) {
            items = json_array();
            json_array_append_new(json_object_get(survey, "lists"),
                                  json_pack("{s:s, s:o, s:o}", "id", entry->id, "population",
                                            both(tk_risk_text(entry->values, "population")), "items", items));
        }
        json_array_append_new(items, own_item(all, entry));
        last = entry;
    }
    return surveys;
}

/* id of a source → how many open risks name it. */
static json_t *used(TkApp *app, GError **error)
{
    g_autoptr(GPtrArray) risks = tk_risk_records(app, "risks", error);
    if (risks == NULL)
        return NULL;
    json_t *counts = json_object();
    for (unsigned i = 0; i < risks->len; i++) {
        const TkRiskRecord *risk = risks->pdata[i];
        const char *source = tk_risk_text(risk->values, "source_ref");
        if (source != NULL && g_strcmp0(tk_risk_text(risk->values, "status"), "closed") != 0)
            json_object_set_new(counts, source,
                                json_integer(json_integer_value(json_object_get(counts, source)) + 1));
    }
    return counts;
}

GBytes *tk_service_risk_sources(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) surveys = files_of("risk-sources", "tokatsu-risk-sources/1", error);
    g_autoptr(json_t) own = surveys == NULL ? NULL : own_surveys(app, error);
    g_autoptr(json_t) counts = own == NULL ? NULL : used(app, error);
    if (counts == NULL)
        return NULL;
    size_t i;
    json_t *survey;
    json_array_foreach(surveys, i, survey)
    {
        add_trends(survey);
        json_object_set_new(survey, "own", json_false());
    }
    g_autoptr(json_t) all = json_copy(own);
    json_array_extend(all, surveys);
    g_autoptr(json_t) out =
        json_pack("{s:O, s:O, s:b}", "surveys", all, "used", counts, "synthetic", app->synthetic);
    return tk_json_bytes(out);
}

/* ---- standards and certifications ---- */

static json_t *held_json(TkRiskBook *book, const TkRiskRecord *certificate)
{
    const json_t *v = certificate->values;
    TkDate expires = tk_risk_day(v, "expires");
    return json_pack("{s:s, s:s?, s:s?, s:o, s:s?, s:o, s:b}", "id", certificate->id, "number",
                     tk_risk_text(v, "number"), "holder", tk_risk_text(v, "holder"), "contractor",
                     tk_risk_named(book, "contractors", tk_risk_text(v, "contractor")), "scope",
                     tk_risk_text(v, "scope"), "expires", tk_program_date_json(expires), "expired",
                     expires != TK_DATE_NONE && expires < book->today);
}

/* The certificates whose standard is this item's. */
static json_t *held_of(TkRiskBook *book, const GPtrArray *certificates, const json_t *item)
{
    const char *standard = json_string_value(json_object_get(item, "certificate"));
    json_t *list = json_array();
    for (unsigned i = 0; standard != NULL && i < certificates->len; i++) {
        const TkRiskRecord *one = certificates->pdata[i];
        if (g_strcmp0(tk_risk_text(one->values, "standard"), standard) == 0)
            json_array_append_new(list, held_json(book, one));
    }
    return list;
}

GBytes *tk_service_references(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) files = files_of("references", "tokatsu-references/1", error);
    g_autoptr(TkRiskBook) book = files == NULL ? NULL : tk_risk_book_open(app, error);
    g_autoptr(GPtrArray) certificates = book == NULL ? NULL : tk_risk_records(app, "certificates", error);
    if (certificates == NULL)
        return NULL;
    size_t i, k;
    json_t *file, *item;
    json_array_foreach(files, i, file)
    {
        json_array_foreach(json_object_get(file, "items"), k, item)
            json_object_set_new(item, "held", held_of(book, certificates, item));
    }
    g_autoptr(json_t) out = json_pack("{s:O, s:b}", "files", files, "synthetic", app->synthetic);
    return tk_json_bytes(out);
}
