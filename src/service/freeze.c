/* Freezing a report: a draft is made from the record as it stands; freezing renders every format, keeps the
 * files by hash, numbers the version, and marks its deadline as met, in one commit with the ledger's event.
 * What was frozen is never rendered again: the file that is served is the file that was kept.
 *
 * Rendering is done before any lock is taken, from the version the caller names; the commit then refuses if
 * the record has changed in between. */
#include "service/freeze.h"

static const struct {
    const char *format;
    TkReportFormat id;
} formats[TK_REPORT_FORMATS] = {
    {"pdf", TK_REPORT_PDF}, {"xlsx", TK_REPORT_XLSX}, {"csv", TK_REPORT_CSV}, {"json", TK_REPORT_JSON}};

bool tk_report_format_of_name(const char *name, TkReportFormat *format, GError **error)
{
    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i].format, name) == 0) {
            *format = formats[i].id;
            return true;
        }
    }
    return tk_fail_both(error, TK_ERROR_INPUT,
                        "形式「%.10s」はありません。pdf、xlsx、csv、json から選んでください。",
                        "format: “%.10s” is none of pdf, xlsx, csv, json", name == NULL ? "" : name);
}

void tk_service_file_clear(TkServiceFile *file)
{
    g_clear_pointer(&file->bytes, g_bytes_unref);
    g_clear_pointer(&file->filename, g_free);
}

void tk_subject_clear(TkSubject *subject)
{
    g_clear_pointer(&subject->view, json_decref);
    g_clear_pointer(&subject->reports, json_decref);
}

/* ---- the model ---- */

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

static TkReport *make_report(TkApp *app, const TkReportable *what, TkSubject *subject, const char *kind,
                             TkReportContext *context, GError **error)
{
    context->carrier = app->carrier_ja;
    context->synthetic = app->synthetic;
    context->drill = json_is_true(json_object_get(subject->view, "drill"));
    context->law_date = subject->law_date;
    context->law = json_string_value(json_object_get(subject->view, "law"));
    context->judged_by = "Tokatsu " TK_VERSION;
    context->due = due_of(subject->view, kind);
    if (what->make != NULL)
        return what->make(app, subject, kind, context, error);
    return tk_report_new(app->forms, kind, context, subject->view, error);
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

GBytes *tk_freeze_draft(TkApp *app, const TkReportable *what, const TkActor *actor, const char *id,
                        const char *kind, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    TkReportContext context = {.by = actor->id, .at_us = tk_app_now(app)};
    g_auto(TkSubject) subject = {0};
    if (!what->load(app, id, context.at_us, &subject, error) || !what->fits(&subject, kind, error))
        return NULL;
    g_autoptr(TkReport) report = make_report(app, what, &subject, kind, &context, error);
    if (report == NULL)
        return NULL;
    g_autoptr(GPtrArray) findings = tk_report_lint(report, context.at_us);
    g_autoptr(json_t) out = json_pack("{s:s, s:I, s:o, s:o, s:o, s:i}", "kind", kind, "version",
                                      (json_int_t)subject.version, "name", name_of(0, false), "model",
                                      model_of(report), "lint", tk_report_findings_json(findings),
                                      "next_number", (int)json_array_size(subject.reports) + 1);
    return tk_json_bytes(out);
}

/* ---- what the QR code says ---- */

static bool keep_leaf(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    (void)leaf;
    TkHash *hash = data;
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    tk_hash_leaf(hasher, event, len, hash);
    return true;
}

/* The place in the log of the record this is made of, and the hash of its leaf. The write that freezes the
 * report comes after it: a file cannot hold the hash of something that holds the file's. */
static void add_leaf(TkApp *app, const TkSubject *subject, TkBuf *out)
{
    g_autoptr(TkRecord) record = subject->store_kind == NULL ? NULL
                                                             : tk_store_get(app->store, subject->store_kind,
                                                                            subject->id, TK_TIME_NONE, NULL);
    TkHash hash;
    char hex[TK_HASH_HEX_MAX];
    if (record == NULL || record->version != subject->version ||
        !tk_store_events(app->store, record->leaf, 1, keep_leaf, &hash, NULL))
        return;
    tk_buf_addf(out, "&index=%" G_GUINT64_FORMAT "&leaf=%s", record->leaf, tk_hash_hex(&hash, hex));
}

/* tokatsu:report?id=A2026-0001&number=1&sha256=…&log=…&index=…&leaf=…: what to look up, and where. */
static void set_verify(TkApp *app, const TkSubject *subject, const TkFrozen *frozen, TkReport *report)
{
    g_autoptr(GBytes) document = tk_report_to_json(report);
    g_autofree char *sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, document);
    g_autofree TkKeys *keys = g_new0(TkKeys, 1);
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, TK_REPORT_VERIFY_MAX + 1);
    tk_buf_addf(&text, "tokatsu:report?id=%s&number=%u&sha256=%s", subject->id, frozen->number, sha256);
    if (app->sealer != NULL)
        tk_sealer_keys(app->sealer, keys);
    if (keys->count > 0)
        tk_buf_addf(&text, "&log=%s", keys->key[0].name);
    add_leaf(app, subject, &text);
    if (!text.overflow)
        tk_report_set_verify(report, tk_buf_str(&text));
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

static bool render_all(const TkReport *report, GBytes *files[TK_REPORT_FORMATS], GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (formats[i].id == TK_REPORT_JSON)
            files[i] = tk_report_to_json(report);
        else if (!tk_report_render(report, formats[i].id, TK_LANG_JA, &files[i], error))
            return false;
    }
    return true;
}

static void frozen_clear(TkFrozen *frozen)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        g_clear_pointer(&frozen->files[i], g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkFrozen, frozen_clear)

json_t *tk_frozen_entry(const TkFrozen *frozen, TkWrite *write, const char *who)
{
    json_t *hashes = json_object();
    char hash[TK_STORE_HASH_TEXT_MAX];
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        tk_write_blob(write, frozen->files[i], hash);
        json_object_set_new(hashes, formats[i].format, json_string(hash));
    }
    json_t *entry = json_pack("{s:i, s:o, s:s, s:o, s:s, s:O, s:o, s:b}", "number", (int)frozen->number,
                              "name", name_of(frozen->number, frozen->final), "kind", frozen->kind,
                              "frozen_at", tk_json_of_time(frozen->now_us), "by", who, "sha256",
                              json_object_get(hashes, "json"), "files", hashes, "final", frozen->final);
    if (frozen->override != NULL)
        json_object_set_new(entry, "override", json_string(frozen->override));
    return entry;
}

json_t *tk_frozen_done(const TkFrozen *frozen, const json_t *done)
{
    json_t *out = done == NULL ? json_object() : json_copy((json_t *)done);
    if (json_object_get(out, frozen->kind) == NULL)
        json_object_set_new(out, frozen->kind, tk_json_of_time(frozen->now_us));
    return out;
}

json_t *tk_frozen_words(const TkFrozen *frozen, const TkLaw *law, TkDate date)
{
    g_autoptr(json_t) name = name_of(frozen->number, frozen->final);
    TkReportDue due;
    bool named = tk_law_report_due(law, frozen->kind, date, &due);
    g_autofree char *ja = g_strdup_printf("%s(%s)を確定", json_string_value(json_object_get(name, "ja")),
                                          named ? due.name.ja : frozen->kind);
    g_autofree char *en = g_strdup_printf("%s (%s) frozen", json_string_value(json_object_get(name, "en")),
                                          named ? due.name.en : frozen->kind);
    return tk_text2(ja, en);
}

bool tk_frozen_stale(const TkSubject *subject, GError **error)
{
    return tk_fail_both(error, TK_ERROR_STALE,
                        "報告書の作成中に %s が変更されました。読み直してからやり直してください。",
                        "%s changed while its report was made; read it again and repeat", subject->id);
}

static bool read_request(const TkSubject *subject, const json_t *request, TkFrozen *frozen, GError **error)
{
    if (!tk_request_version(request, (uint32_t)subject->version, error))
        return false;
    frozen->override = json_string_value(json_object_get(request, "override"));
    frozen->final = json_is_true(json_object_get(request, "final"));
    frozen->number = (unsigned)json_array_size(subject->reports) + 1;
    return frozen->number <= TK_REPORT_NUMBER_MAX ||
           tk_fail_both(error, TK_ERROR_LIMIT, "%s の報告は上限の %d 件に達しています。",
                        "%s has %d reports already", subject->id, TK_REPORT_NUMBER_MAX);
}

GBytes *tk_freeze_next(TkApp *app, const TkReportable *what, const TkActor *actor, const char *id,
                       const json_t *request, GBytes **findings_out, GError **error)
{
    if (findings_out != NULL)
        *findings_out = NULL;
    if (!tk_service_may(actor, TK_MAY_FREEZE_REPORT, error))
        return NULL;
    g_auto(TkSubject) subject = {0};
    g_auto(TkFrozen) frozen = {.now_us = tk_app_now(app)};
    frozen.kind = tk_request_text(request, "kind", 64, error);
    if (frozen.kind == NULL || !what->load(app, id, frozen.now_us, &subject, error) ||
        !read_request(&subject, request, &frozen, error) || !what->fits(&subject, frozen.kind, error))
        return NULL;
    TkReportContext context = {.number = frozen.number,
                               .final = frozen.final,
                               .frozen = true,
                               .by = actor->id,
                               .at_us = frozen.now_us};
    g_autoptr(TkReport) report = make_report(app, what, &subject, frozen.kind, &context, error);
    if (report == NULL)
        return NULL;
    g_autoptr(GPtrArray) findings = tk_report_lint(report, frozen.now_us);
    if (!lint_allows(findings, frozen.override, findings_out, error))
        return NULL;
    set_verify(app, &subject, &frozen, report);
    if (!render_all(report, frozen.files, error) || !what->keep(app, actor, &subject, &frozen, error))
        return NULL;
    g_autoptr(json_t) out =
        json_pack("{s:i, s:o, s:s, s:o, s:I}", "number", (int)frozen.number, "name",
                  name_of(frozen.number, frozen.final), "kind", frozen.kind, "lint",
                  tk_report_findings_json(findings), "version", (json_int_t)subject.version + 1);
    return tk_json_bytes(out);
}

/* ---- frozen files ---- */

static const json_t *find_report(const TkSubject *subject, unsigned number, GError **error)
{
    size_t i;
    const json_t *report;
    json_array_foreach(subject->reports, i, report)
    {
        if (json_integer_value(json_object_get(report, "number")) == (json_int_t)number)
            return report;
    }
    tk_fail_both(error, TK_ERROR_NOT_FOUND, "%s に第 %u 号の報告はありません。", "%s has no report number %u",
                 subject->id, number);
    return NULL;
}

static GBytes *frozen_bytes(TkApp *app, const TkSubject *subject, unsigned number, const char *format,
                            GError **error)
{
    const json_t *report = find_report(subject, number, error);
    const json_t *hash = report == NULL ? NULL : json_object_get(json_object_get(report, "files"), format);
    return hash == NULL ? NULL : tk_store_blob(app->store, json_string_value(hash), error);
}

bool tk_freeze_file(TkApp *app, const TkReportable *what, const TkActor *actor, const char *id,
                    unsigned number, const char *format, TkServiceFile *file, GError **error)
{
    TkReportFormat wanted;
    g_auto(TkSubject) subject = {0};
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_report_format_of_name(format, &wanted, error) ||
        !what->load(app, id, tk_app_now(app), &subject, error))
        return false;
    file->bytes = frozen_bytes(app, &subject, number, format, error);
    if (file->bytes == NULL)
        return false;
    file->content_type = tk_report_media_type(wanted);
    file->filename = g_strdup_printf("%s-report-%u.%s", subject.id, number, format);
    return true;
}

static TkReport *frozen_report(TkApp *app, const TkSubject *subject, unsigned number, GError **error)
{
    g_autoptr(GBytes) bytes = frozen_bytes(app, subject, number, "json", error);
    if (bytes == NULL)
        return NULL;
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    return tk_report_from_json(text, len, error);
}

GBytes *tk_freeze_diff(TkApp *app, const TkReportable *what, const TkActor *actor, const char *id,
                       unsigned from, unsigned to, GError **error)
{
    g_auto(TkSubject) subject = {0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !what->load(app, id, tk_app_now(app), &subject, error))
        return NULL;
    g_autoptr(TkReport) a = frozen_report(app, &subject, from, error);
    g_autoptr(TkReport) b = a == NULL ? NULL : frozen_report(app, &subject, to, error);
    if (b == NULL)
        return NULL;
    g_autoptr(json_t) out = json_pack("{s:o}", "changes", tk_report_diff(a, b));
    return tk_json_bytes(out);
}

json_t *tk_reports_shown(const json_t *reports)
{
    json_t *out = json_array();
    size_t i;
    const json_t *report;
    json_array_foreach(reports, i, report)
    {
        json_t *shown = json_copy((json_t *)report);
        json_object_del(shown, "files");
        json_array_append_new(out, shown);
    }
    return out;
}
