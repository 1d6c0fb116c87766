/* The registers of risk, read at once: a few hundred records that refer to each other are cheaper read whole
 * than one by one, and an answer is then about one moment. */
#include "service/risks_private.h"

const char *tk_risk_text(const json_t *values, const char *field)
{
    return json_string_value(json_object_get(values, field));
}

TkDate tk_risk_day(const json_t *values, const char *field)
{
    const char *text = tk_risk_text(values, field);
    TkDate date = TK_DATE_NONE;
    if (text == NULL || !tk_date_parse(text, strlen(text), &date, NULL))
        return TK_DATE_NONE;
    return date;
}

/* ---- records ---- */

TkRiskRecord *tk_risk_record_new(const TkRecord *record)
{
    TkRiskRecord *copy = g_new0(TkRiskRecord, 1);
    *copy = (TkRiskRecord){.id = g_strdup(record->id),
                           .version = record->version,
                           .at_us = record->at_us,
                           .body = json_incref(record->body)};
    copy->values = json_object_get(copy->body, "values");
    return copy;
}

void tk_risk_record_free(TkRiskRecord *record)
{
    if (record == NULL)
        return;
    json_decref(record->body);
    g_free(record->id);
    g_free(record);
}

static bool take(const TkRecord *record, void *data, GError **error)
{
    GPtrArray *list = data;
    if (list->len >= TK_RISKS_MAX * 4)
        return tk_fail(error, TK_ERROR_LIMIT,
                       "a register of risk has more than %d records, which is more than is evaluated at once",
                       TK_RISKS_MAX * 4);
    g_ptr_array_add(list, tk_risk_record_new(record));
    return true;
}

static void free_record(gpointer record)
{
    tk_risk_record_free(record);
}

GPtrArray *tk_risk_records(TkApp *app, const char *name, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_record);
    return tk_program_each(app, name, take, list, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- criteria ---- */

static void free_criteria(gpointer data)
{
    TkCriteria *criteria = data;
    tk_risk_matrix_free(criteria->matrix);
    g_free(criteria->id);
    g_free(criteria->name);
    g_free(criteria->family);
    g_free(criteria);
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static void add_criteria(TkRiskBook *book, const TkRiskRecord *record)
{
    const json_t *values = record->values;
    const char *family = or_empty(tk_risk_text(values, "family")),
               *name = or_empty(tk_risk_text(values, "name"));
    g_hash_table_insert(book->families, g_strdup(record->id), g_strdup(family));
    if (g_strcmp0(tk_risk_text(values, "state"), "adopted") != 0)
        return;
    TkRiskMatrixText text = {
        or_empty(tk_risk_text(values, "likelihood")), or_empty(tk_risk_text(values, "consequence")),
        or_empty(tk_risk_text(values, "levels")), or_empty(tk_risk_text(values, "cells"))};
    json_t *findings = json_array();
    TkRiskMatrix *matrix = tk_risk_matrix_read(&text, findings);
    if (matrix == NULL) {
        json_array_append_new(book->refused, json_pack("{s:s, s:s, s:o}", "id", record->id, "name", name,
                                                       "findings", findings));
        return;
    }
    json_decref(findings);
    TkCriteria *criteria = g_new0(TkCriteria, 1);
    *criteria = (TkCriteria){g_strdup(record->id), g_strdup(name), g_strdup(family),
                             tk_risk_day(values, "from"), matrix};
    g_ptr_array_add(book->criteria, criteria);
}

/* Of the same family, the last one that was in force on the day. */
const TkCriteria *tk_risk_criteria_of(const TkRiskBook *book, const json_t *values)
{
    const char *named = tk_risk_text(values, "matrix");
    const char *family = named == NULL ? NULL : g_hash_table_lookup(book->families, named);
    TkDate day = tk_risk_day(values, "assessed");
    const TkCriteria *found = NULL;
    for (unsigned i = 0; family != NULL && day != TK_DATE_NONE && i < book->criteria->len; i++) {
        const TkCriteria *one = book->criteria->pdata[i];
        if (strcmp(one->family, family) == 0 && one->from <= day &&
            (found == NULL || one->from >= found->from))
            found = one;
    }
    return found;
}

json_t *tk_criteria_json(const TkCriteria *criteria)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", criteria->id, "name", criteria->name, "family",
                     criteria->family, "from", tk_program_date_json(criteria->from), "matrix",
                     tk_risk_matrix_json(criteria->matrix));
}

/* ---- what belongs to a risk ---- */

static void free_list(gpointer list)
{
    g_ptr_array_unref(list);
}

static void file_under(GHashTable *table, const char *risk, TkRiskRecord *record)
{
    GPtrArray *list = g_hash_table_lookup(table, risk);
    if (list == NULL)
        g_hash_table_insert(table, g_strdup(risk), list = g_ptr_array_new_with_free_func(free_record));
    TkRiskRecord *copy = g_new0(TkRiskRecord, 1);
    *copy =
        (TkRiskRecord){g_strdup(record->id), record->version, record->at_us, json_incref(record->body), NULL};
    copy->values = json_object_get(copy->body, "values");
    g_ptr_array_add(list, copy);
}

/* By the field `risk` (a reference) or `risks` (a list of them). */
static GHashTable *by_risk(TkApp *app, const char *name, GError **error)
{
    g_autoptr(GPtrArray) all = tk_risk_records(app, name, error);
    if (all == NULL)
        return NULL;
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
    for (unsigned i = 0; i < all->len; i++) {
        TkRiskRecord *record = all->pdata[i];
        const char *risk = tk_risk_text(record->values, "risk");
        size_t k;
        const json_t *one;
        if (risk != NULL)
            file_under(table, risk, record);
        json_array_foreach(json_object_get(record->values, "risks"), k, one)
            file_under(table, json_string_value(one), record);
    }
    return table;
}

static GHashTable *by_id(TkApp *app, const char *name, GError **error)
{
    g_autoptr(GPtrArray) all = tk_risk_records(app, name, error);
    if (all == NULL)
        return NULL;
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_record);
    g_ptr_array_set_free_func(all, NULL);
    for (unsigned i = 0; i < all->len; i++) {
        TkRiskRecord *record = all->pdata[i];
        g_hash_table_insert(table, record->id, record);
    }
    return table;
}

static int by_from(gconstpointer a, gconstpointer b)
{
    const TkCriteria *x = *(const TkCriteria *const *)a, *y = *(const TkCriteria *const *)b;
    return x->from < y->from ? -1 : x->from > y->from ? 1 : strcmp(x->id, y->id);
}

TkRiskBook *tk_risk_book_open(TkApp *app, GError **error)
{
    g_autoptr(TkRiskBook) book = g_new0(TkRiskBook, 1);
    book->app = app;
    book->today = tk_date_of_time(tk_app_now(app));
    book->criteria = g_ptr_array_new_with_free_func(free_criteria);
    book->families = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    book->refused = json_array();
    book->titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_decref);
    g_autoptr(GPtrArray) matrices = tk_risk_records(app, "risk-matrices", error);
    if (matrices == NULL)
        return NULL;
    for (unsigned i = 0; i < matrices->len; i++)
        add_criteria(book, matrices->pdata[i]);
    g_ptr_array_sort(book->criteria, by_from);
    if ((book->risks = tk_risk_records(app, "risks", error)) == NULL ||
        (book->measures = by_id(app, "countermeasures", error)) == NULL ||
        (book->acceptances = by_risk(app, "risk-acceptances", error)) == NULL ||
        (book->indicators = by_risk(app, "risk-indicators", error)) == NULL ||
        (book->said = by_risk(app, "risk-communications", error)) == NULL)
        return NULL;
    if (book->risks->len > TK_RISKS_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "the register has %u risks; at most %d are evaluated at once",
                book->risks->len, TK_RISKS_MAX);
        return NULL;
    }
    return g_steal_pointer(&book);
}

void tk_risk_book_close(TkRiskBook *book)
{
    if (book == NULL)
        return;
    GHashTable *tables[] = {book->families,   book->measures, book->acceptances,
                            book->indicators, book->said,     book->titles};
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
        g_clear_pointer(&tables[i], g_hash_table_unref);
    g_clear_pointer(&book->criteria, g_ptr_array_unref);
    g_clear_pointer(&book->risks, g_ptr_array_unref);
    json_decref(book->refused);
    g_free(book);
}

TkRiskRecord *tk_risk_book_risk(const TkRiskBook *book, const char *id)
{
    for (unsigned i = 0; i < book->risks->len; i++) {
        TkRiskRecord *risk = book->risks->pdata[i];
        if (strcmp(risk->id, id) == 0)
            return risk;
    }
    return NULL;
}

/* ---- names ---- */

static json_t *read_title(TkRiskBook *book, const char *name, const char *id)
{
    const TkRegisterSchema *schema = tk_registers_schema(book->app->registers, name);
    g_autoptr(TkRecord) record =
        schema == NULL ? NULL : tk_store_get(book->app->store, schema->kind, id, TK_TIME_NONE, NULL);
    if (record == NULL)
        return json_string(id);
    g_autoptr(json_t) values = tk_register_stored(schema, record->body);
    return tk_register_title(schema, id, values);
}

json_t *tk_risk_named(TkRiskBook *book, const char *name, const char *id)
{
    if (id == NULL)
        return json_null();
    g_autofree char *key = g_strconcat(name, "/", id, NULL);
    json_t *title = g_hash_table_lookup(book->titles, key);
    if (title == NULL)
        g_hash_table_insert(book->titles, g_strdup(key), title = read_title(book, name, id));
    return json_pack("{s:s, s:O}", "id", id, "title", title);
}

json_t *tk_risk_named_list(TkRiskBook *book, const char *name, const json_t *ids)
{
    json_t *list = json_array();
    size_t i;
    const json_t *id;
    json_array_foreach(ids, i, id)
        json_array_append_new(list, tk_risk_named(book, name, json_string_value(id)));
    return list;
}
