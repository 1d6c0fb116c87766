/* Receipts: one write of a record with the proof that it stands in the log, to be checked without us
 * (src/ledger/receipt.h, docs/ledger.md). */
#include "service/app.h"

typedef struct {
    unsigned report; /* the write that froze this one; 0: the last write */
    bool found;
    uint64_t leaf;
    json_t *record;
} Search;

static bool has_report(const json_t *record, unsigned number)
{
    size_t i;
    const json_t *report;
    json_array_foreach(json_object_get(record, "reports"), i, report)
    {
        if (json_integer_value(json_object_get(report, "number")) == (json_int_t)number)
            return true;
    }
    return false;
}

static bool look(const TkRecord *record, gpointer data)
{
    Search *search = data;
    if (record->body == NULL || (search->report != 0 && !has_report(record->body, search->report)))
        return true;
    json_decref(search->record);
    search->record = json_deep_copy(record->body);
    search->leaf = record->leaf;
    search->found = true;
    return search->report == 0; /* the first version that has the report is the one that froze it */
}

GBytes *tk_service_receipt(TkApp *app, const TkActor *actor, const char *id, unsigned report, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    Search search = {.report = report};
    bool read = tk_store_history(app->store, TK_KIND_ACCIDENT, id, look, &search, error);
    g_autoptr(json_t) record = search.record;
    if (!read)
        return NULL;
    if (!search.found) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "%s has no report number %u", id, report);
        return NULL;
    }
    GError *why = NULL;
    g_autoptr(GBytes) proof = tk_ledger_proof(app, actor, search.leaf, &why);
    if (proof == NULL) {
        bool early = g_error_matches(why, TK_ERROR, TK_ERROR_NOT_FOUND);
        g_propagate_error(error, why);
        if (early)
            g_prefix_error(error,
                           "the write is not covered by a signed checkpoint yet, ask again in a second: ");
        return NULL;
    }
    gsize len;
    const char *text = g_bytes_get_data(proof, &len);
    g_autoptr(json_t) out = tk_json_read("proof", text, len, TK_RECEIPT_BYTES_MAX, error);
    g_autoptr(GBytes) keys = out == NULL ? NULL : tk_ledger_keys(app, error);
    if (keys == NULL)
        return NULL;
    g_autofree char *lines = g_strndup(g_bytes_get_data(keys, NULL), g_bytes_get_size(keys));
    g_auto(GStrv) each = g_strsplit(g_strchomp(lines), "\n", TK_KEYS_MAX);
    json_t *list = json_array();
    for (char **line = each; *line != NULL; line++)
        if (**line != '\0')
            json_array_append_new(list, json_string(*line));
    json_object_set_new(out, "tokatsu", json_string("receipt/1"));
    json_object_set(out, "record", record);
    json_object_set_new(out, "keys", list);
    return tk_json_bytes(out);
}
