/* Reports: a draft is made from the record as it stands; freezing renders every format, keeps the files by
 * hash, numbers the version, and marks its deadline as met — in one commit with the ledger's event. What was
 * frozen is never rendered again: the file that is served is the file that was kept.
 *
 * Rendering is done before any lock is taken, from the version the caller names; the commit then refuses if
 * the record has changed in between. */
#include "service/act.h"

static const struct {
    const char *format;
    TkReportFormat id;
} formats[] = {
    {"pdf", TK_REPORT_PDF}, {"xlsx", TK_REPORT_XLSX}, {"csv", TK_REPORT_CSV}, {"json", TK_REPORT_JSON}};

bool tk_report_format_of_name(const char *name, TkReportFormat *format, GError **error)
{
    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].format, name) == 0) {
            *format = formats[i].id;
            return true;
        }
    }
    return tk_fail(error, TK_ERROR_INPUT, "format: “%.10s” is none of pdf, xlsx, csv, json",
                   name == NULL ? "" : name);
}

void tk_service_file_clear(TkServiceFile *file)
{
    g_clear_pointer(&file->bytes, g_bytes_unref);
    g_clear_pointer(&file->filename, g_free);
}

/* ---- the model of one accident ---- */

typedef struct {
    TkReport *report;
    json_t *view;
    uint32_t version;
    int64_t now_us;
} Draft;

static void draft_clear(Draft *draft)
{
    g_clear_pointer(&draft->report, tk_report_free);
    g_clear_pointer(&draft->view, json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Draft, draft_clear)

static TkDate due_of(const json_t *view, const char *kind)
{
    size_t i;
    const json_t *deadline;
    TkDate due = TK_DATE_NONE;
    json_array_foreach(json_object_get(view, "deadlines"), i, deadline)
    {
        const json_t *day = json_object_get(deadline, "due");
        if (g_strcmp0(json_string_value(json_object_get(deadline, "kind")), kind) == 0 && json_is_string(day))
            tk_date_parse(json_string_value(day), json_string_length(day), &due, NULL);
    }
    return due;
}

static bool make_draft(TkApp *app, TkIncident *incident, const char *kind, TkReportContext *context,
                       Draft *draft, GError **error)
{
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_autoptr(TkIncident) joined = tk_incident_joined(app, incident, map);
    draft->now_us = context->at_us;
    draft->version = incident->version;
    draft->view = tk_incident_view(app, joined, map, context->at_us, true);
    context->carrier = app->carrier_ja;
    context->synthetic = app->synthetic;
    context->law_date = tk_date_of_time(incident->started_at);
    context->law = json_string_value(json_object_get(draft->view, "law"));
    context->judged_by = "Tokatsu " TK_VERSION;
    context->due = due_of(draft->view, kind);
    draft->report = tk_report_new(app->forms, kind, context, draft->view, error);
    return draft->report != NULL;
}

static json_t *name_of(unsigned number, bool final)
{
    g_auto(TkBuf) ja = {0}, en = {0};
    tk_buf_init(&ja, 200);
    tk_buf_init(&en, 200);
    tk_report_add_name(&ja, number, final, TK_LANG_JA);
    tk_report_add_name(&en, number, final, TK_LANG_EN);
    return tk_text2(tk_buf_str(&ja), tk_buf_str(&en));
}

static json_t *model_of(const TkReport *report)
{
    g_autoptr(GBytes) bytes = tk_report_to_json(report);
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    json_t *model = tk_json_read("report", text, len, TK_REPORT_JSON_MAX, NULL);
    return model == NULL ? json_null() : model;
}

GBytes *tk_service_report_draft(TkApp *app, const TkActor *actor, const char *id, const char *kind,
                                GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    if (incident == NULL)
        return NULL;
    TkReportContext context = {.by = actor->id, .at_us = tk_app_now(app)};
    g_auto(Draft) draft = {0};
    if (!make_draft(app, incident, kind, &context, &draft, error))
        return NULL;
    g_autoptr(GPtrArray) findings = tk_report_lint(draft.report, context.at_us);
    g_autoptr(json_t) out = json_pack("{s:s, s:i, s:o, s:o, s:o, s:i}", "kind", kind, "version",
                                      (int)draft.version, "name", name_of(0, false), "model",
                                      model_of(draft.report), "lint", tk_report_findings_json(findings),
                                      "next_number", (int)json_array_size(incident->reports) + 1);
    return tk_json_bytes(out);
}

/* ---- freezing ---- */

static bool lint_allows(const GPtrArray *findings, const char *override, GBytes **out, GError **error)
{
    unsigned errors = 0;
    for (unsigned i = 0; i < findings->len; i++)
        errors += ((TkReportFinding *)g_ptr_array_index((GPtrArray *)findings, i))->error;
    bool excused = override != NULL && override[0] != '\0';
    if (errors == 0 && (findings->len == 0 || excused))
        return true;
    if (out != NULL) {
        g_autoptr(json_t) body = json_pack("{s:o}", "lint", tk_report_findings_json(findings));
        *out = tk_json_bytes(body);
    }
    const TkReportFinding *first = g_ptr_array_index((GPtrArray *)findings, 0); /* worst first */
    return tk_fail(error, TK_ERROR_REFUSED,
                   "the report has %u errors and %u warnings; correct them%s. The first: %s", errors,
                   findings->len - errors, errors > 0 ? "" : " or give a reason in “override”", first->en);
}

static bool render_all(const TkReport *report, GBytes *files[G_N_ELEMENTS(formats)], GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (formats[i].id == TK_REPORT_JSON)
            files[i] = tk_report_to_json(report);
        else if (!tk_report_render(report, formats[i].id, TK_LANG_JA, &files[i], error))
            return false;
    }
    return true;
}

typedef struct {
    const char *kind, *override;
    unsigned number;
    bool final;
    GBytes *files[G_N_ELEMENTS(formats)];
} Frozen;

static void frozen_clear(Frozen *frozen)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        g_clear_pointer(&frozen->files[i], g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Frozen, frozen_clear)

static void note_frozen(TkChange *change, TkIncident *incident, const Frozen *frozen)
{
    json_t *hashes = json_object();
    char hash[TK_STORE_HASH_TEXT_MAX];
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        tk_write_blob(change->write, frozen->files[i], hash);
        json_object_set_new(hashes, formats[i].format, json_string(hash));
    }
    json_t *name = name_of(frozen->number, frozen->final);
    json_t *entry =
        json_pack("{s:i, s:o, s:s, s:o, s:s, s:O, s:o, s:b}", "number", (int)frozen->number, "name", name,
                  "kind", frozen->kind, "frozen_at", tk_json_of_time(change->now_us), "by", change->who,
                  "sha256", json_object_get(hashes, "json"), "files", hashes, "final", frozen->final);
    if (frozen->override != NULL)
        json_object_set_new(entry, "override", json_string(frozen->override));
    tk_incident_append(&incident->reports, entry);
    json_t *done = json_copy(incident->done);
    if (json_object_get(done, frozen->kind) == NULL)
        json_object_set_new(done, frozen->kind, tk_json_of_time(change->now_us));
    json_decref(incident->done);
    incident->done = done;
    g_clear_pointer(&incident->undo, json_decref); /* what was reported stays reported */
    const char *ja = json_string_value(json_object_get(name, "ja"));
    const char *en = json_string_value(json_object_get(name, "en"));
    TkReportDue due;
    bool named =
        tk_law_report_due(change->app->law, frozen->kind, tk_date_of_time(incident->started_at), &due);
    g_autofree char *ja_text = g_strdup_printf("%s(%s)を確定", ja, named ? due.name.ja : frozen->kind);
    g_autofree char *en_text = g_strdup_printf("%s (%s) frozen", en, named ? due.name.en : frozen->kind);
    tk_incident_note_timeline(incident, change->now_us, "reported", ja_text, en_text);
    tk_change_note(change, incident, "freeze", ja_text, en_text);
}

static bool keep(TkApp *app, const TkActor *actor, const char *id, const Draft *draft, const Frozen *frozen,
                 GError **error)
{
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_auto(TkChange) change = {0};
    g_mutex_lock(&app->change_lock);
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    bool same = incident != NULL && incident->version == draft->version;
    if (incident != NULL && !same)
        tk_fail(error, TK_ERROR_CONFLICT, "%s changed while its report was made; read it again and repeat",
                id);
    bool done = false;
    if (same) {
        tk_change_begin(&change, app, map, actor->id, draft->now_us);
        note_frozen(&change, tk_change_of(&change, incident), frozen);
        done = tk_change_end(&change, error);
    }
    g_mutex_unlock(&app->change_lock);
    return done;
}

GBytes *tk_service_report_freeze(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                 GBytes **findings_out, GError **error)
{
    if (findings_out != NULL)
        *findings_out = NULL;
    if (!tk_service_may(actor, TK_MAY_FREEZE_REPORT, error))
        return NULL;
    const char *kind = tk_request_text(request, "kind", 64, error);
    g_autoptr(TkIncident) incident = kind == NULL ? NULL : tk_incidents_get(app, id, error);
    if (incident == NULL || !tk_request_version(request, incident->version, error))
        return NULL;
    g_auto(Frozen) frozen = {.kind = kind,
                             .override = json_string_value(json_object_get(request, "override")),
                             .number = (unsigned)json_array_size(incident->reports) + 1,
                             .final = json_is_true(json_object_get(request, "final"))};
    if (frozen.number > TK_REPORT_NUMBER_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "%s has %d reports already", id, TK_REPORT_NUMBER_MAX);
        return NULL;
    }
    TkReportContext context = {.number = frozen.number,
                               .final = frozen.final,
                               .frozen = true,
                               .by = actor->id,
                               .at_us = tk_app_now(app)};
    g_auto(Draft) draft = {0};
    if (!make_draft(app, incident, kind, &context, &draft, error))
        return NULL;
    g_autoptr(GPtrArray) findings = tk_report_lint(draft.report, context.at_us);
    if (!lint_allows(findings, frozen.override, findings_out, error) ||
        !render_all(draft.report, frozen.files, error) || !keep(app, actor, id, &draft, &frozen, error))
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:i, s:o, s:s, s:o, s:i}", "number", (int)frozen.number, "name",
                                      name_of(frozen.number, frozen.final), "kind", kind, "lint",
                                      tk_report_findings_json(findings), "version", (int)draft.version + 1);
    return tk_json_bytes(out);
}

/* ---- frozen files ---- */

static const json_t *find_report(const TkIncident *incident, unsigned number, GError **error)
{
    size_t i;
    const json_t *report;
    json_array_foreach(incident->reports, i, report)
    {
        if (json_integer_value(json_object_get(report, "number")) == (json_int_t)number)
            return report;
    }
    tk_fail(error, TK_ERROR_NOT_FOUND, "%s has no report number %u", incident->id, number);
    return NULL;
}

static GBytes *frozen_bytes(TkApp *app, const TkIncident *incident, unsigned number, const char *format,
                            GError **error)
{
    const json_t *report = find_report(incident, number, error);
    const json_t *hash = report == NULL ? NULL : json_object_get(json_object_get(report, "files"), format);
    return hash == NULL ? NULL : tk_store_blob(app->store, json_string_value(hash), error);
}

bool tk_service_report_file(TkApp *app, const TkActor *actor, const char *id, unsigned number,
                            const char *format, TkServiceFile *file, GError **error)
{
    TkReportFormat wanted;
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_report_format_of_name(format, &wanted, error))
        return false;
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    if (incident == NULL)
        return false;
    file->bytes = frozen_bytes(app, incident, number, format, error);
    if (file->bytes == NULL)
        return false;
    file->content_type = tk_report_media_type(wanted);
    file->filename = g_strdup_printf("%s-report-%u.%s", id, number, format);
    return true;
}

static TkReport *frozen_report(TkApp *app, const TkIncident *incident, unsigned number, GError **error)
{
    g_autoptr(GBytes) bytes = frozen_bytes(app, incident, number, "json", error);
    if (bytes == NULL)
        return NULL;
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    return tk_report_from_json(text, len, error);
}

GBytes *tk_service_report_diff(TkApp *app, const TkActor *actor, const char *id, unsigned from, unsigned to,
                               GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    g_autoptr(TkReport) a = incident == NULL ? NULL : frozen_report(app, incident, from, error);
    g_autoptr(TkReport) b = a == NULL ? NULL : frozen_report(app, incident, to, error);
    if (b == NULL)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:o}", "changes", tk_report_diff(a, b));
    return tk_json_bytes(out);
}

/* ---- periodic lists ---- */

static json_t *accidents_between(TkApp *app, TkDate from, TkDate to)
{
    json_t *out = json_array();
    g_autoptr(GPtrArray) all = tk_incidents_all(app);
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    for (unsigned i = 0; i < all->len; i++) {
        TkIncident *incident = g_ptr_array_index(all, i);
        TkDate day = tk_date_of_time(incident->started_at);
        if (day < from || day > to || incident->merged_into != NULL)
            continue;
        g_autoptr(TkIncident) joined = tk_incident_joined(app, incident, map);
        json_array_append_new(out, tk_incident_view(app, joined, map, tk_app_now(app), true));
    }
    return out;
}

static TkReport *periodic_report(TkApp *app, const TkActor *actor, TkDate from, TkDate to, const char *form,
                                 GError **error)
{
    bool detailed = g_strcmp0(form, "detailed") == 0;
    if (!detailed && g_strcmp0(form, "simplified") != 0) {
        tk_fail(error, TK_ERROR_INPUT, "form: “%.20s” is neither detailed nor simplified",
                form == NULL ? "" : form);
        return NULL;
    }
    if (to < from) {
        tk_fail(error, TK_ERROR_INPUT, "to: the last day lies before the first");
        return NULL;
    }
    TkReportContext context = {.carrier = app->carrier_ja,
                               .synthetic = app->synthetic,
                               .by = actor->id,
                               .at_us = tk_app_now(app),
                               .law_date = to,
                               .judged_by = "Tokatsu " TK_VERSION,
                               .due = TK_DATE_NONE};
    const char *kind = detailed ? "periodic-detailed" : "periodic-simplified";
    TkReportDue due;
    if (tk_law_report_due(app->law, kind, from, &due))
        context.due = due.due;
    g_autoptr(json_t) accidents = accidents_between(app, from, to);
    return tk_report_periodic(app->forms, kind, &context, from, to, accidents, error);
}

bool tk_service_periodic(TkApp *app, const TkActor *actor, TkDate from, TkDate to, const char *form,
                         const char *format, TkServiceFile *file, GError **error)
{
    TkReportFormat wanted;
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_report_format_of_name(format, &wanted, error))
        return false;
    g_autoptr(TkReport) report = periodic_report(app, actor, from, to, form, error);
    if (report == NULL || !tk_report_render(report, wanted, TK_LANG_JA, &file->bytes, error))
        return false;
    file->content_type = tk_report_media_type(wanted);
    file->filename = tk_report_file_name(report, wanted);
    return true;
}
