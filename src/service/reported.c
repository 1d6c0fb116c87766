/* Reports that went out by another way, and the words of closing: the same for accidents and for cases. */
#include "service/act.h"

void tk_reported_clear(TkReported *reported)
{
    g_clear_pointer(&reported->ja, g_free);
    g_clear_pointer(&reported->en, g_free);
}

static bool asks_for(const json_t *deadlines, const char *kind)
{
    size_t i;
    const json_t *deadline;
    json_array_foreach(deadlines, i, deadline)
    {
        if (g_strcmp0(json_string_value(json_object_get(deadline, "kind")), kind) == 0)
            return true;
    }
    return false;
}

bool tk_reported_read(const TkApp *app, const json_t *request, const char *id, const json_t *deadlines,
                      int64_t since_us, int64_t now_us, TkReported *out, GError **error)
{
    out->kind = tk_request_text(request, "kind", 64, error);
    const char *how = out->kind == NULL ? NULL : tk_request_text(request, "how", 500, error);
    if (how == NULL || !tk_request_time(request, "at", now_us, &out->at_us, error))
        return false;
    if (!asks_for(deadlines, out->kind))
        return tk_fail(error, TK_ERROR_INPUT, "kind: %s asks for no report “%s”", id, out->kind);
    if (out->at_us < since_us || out->at_us > now_us)
        return tk_fail(error, TK_ERROR_INPUT, "at: after %s began and not in the future", id);
    TkReportDue due;
    bool named = tk_law_report_due(app->law, out->kind, tk_date_of_time(since_us), &due);
    out->ja = g_strdup_printf("%sを提出(%s)", named ? due.name.ja : out->kind, how);
    out->en = g_strdup_printf("%s handed in (%s)", named ? due.name.en : out->kind, how);
    return true;
}

json_t *tk_reported_done(const TkReported *reported, const json_t *done)
{
    json_t *out = done == NULL ? json_object() : json_copy((json_t *)done);
    json_object_set_new(out, reported->kind, tk_json_of_time(reported->at_us));
    return out;
}

void tk_closed_words(const char *reason, char **ja, char **en)
{
    bool given = reason != NULL && reason[0] != '\0';
    *ja = g_strdup_printf("終了%s%.500s", given ? ": " : "", given ? reason : "");
    *en = g_strdup_printf("closed%s%.500s", given ? ": " : "", given ? reason : "");
}
