/* Reports on near misses and leaks: where a case lies and how a frozen version is written into it (freeze.c
 * does the rest), their deadlines, and the table of open ones that the board shows without reading the
 * store. */
#include "service/cases.h"

/* ---- deadlines ---- */

json_t *tk_case_deadlines(const TkApp *app, const json_t *document, const TkVerdict *verdict, int64_t now_us)
{
    const char *id = json_string_value(json_object_get(document, "id"));
    const json_t *done = json_object_get(document, "done");
    json_t *out = json_array();
    for (size_t i = 0; i < verdict->report_count; i++) {
        const TkReportDue *due = &verdict->reports[i];
        json_array_append_new(out,
                              tk_deadline_view(app, NULL, id, due, json_object_get(done, due->kind), now_us));
    }
    return out;
}

/* One open deadline; its texts belong to the law, which lives as long as the service. */
typedef struct {
    char id[TK_INCIDENT_ID_MAX];
    TkReportDue due;
} CaseDue;

static void drop_case(GArray *dues, const char *id)
{
    for (unsigned i = dues->len; i-- > 0;)
        if (strcmp(g_array_index(dues, CaseDue, i).id, id) == 0)
            g_array_remove_index(dues, i);
}

void tk_case_index(TkApp *app, const char *kind, const json_t *document)
{
    TkVerdict verdict;
    CaseDue one;
    g_strlcpy(one.id, json_string_value(json_object_get(document, "id")), sizeof one.id);
    const json_t *done = json_object_get(document, "done");
    bool judged = !tk_case_is_closed(document) && tk_case_judge(app, kind, document, &verdict, NULL);
    g_mutex_lock(&app->case_lock);
    drop_case(app->case_dues, one.id);
    for (size_t i = 0; judged && i < verdict.report_count && app->case_dues->len < TK_CASE_DUES_MAX; i++) {
        one.due = verdict.reports[i];
        if (json_object_get(done, one.due.kind) == NULL)
            g_array_append_val(app->case_dues, one);
    }
    g_mutex_unlock(&app->case_lock);
}

void tk_cases_open_deadlines(TkApp *app, int64_t now_us, json_t *out)
{
    g_mutex_lock(&app->case_lock);
    for (unsigned i = 0; i < app->case_dues->len; i++) {
        const CaseDue *one = &g_array_index(app->case_dues, CaseDue, i);
        json_array_append_new(out, tk_deadline_view(app, NULL, one->id, &one->due, NULL, now_us));
    }
    g_mutex_unlock(&app->case_lock);
}

typedef struct {
    TkApp *app;
    uint32_t count;
} Loading;

static bool load_one(const TkRecord *record, void *data)
{
    Loading *loading = data;
    loading->count++;
    tk_case_index(loading->app, record->kind, record->body);
    return true;
}

bool tk_cases_load(TkApp *app, GError **error)
{
    static const char *const kinds[] = {TK_KIND_NEAR_MISS, TK_KIND_LEAK};
    app->case_dues = g_array_new(FALSE, FALSE, sizeof(CaseDue));
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Loading loading = {.app = app, .count = TK_STORE_LIMIT_MAX};
        for (uint32_t offset = 0; loading.count == TK_STORE_LIMIT_MAX; offset += TK_STORE_LIMIT_MAX) {
            TkQuery query = {.kind = kinds[i], .offset = offset, .limit = TK_STORE_LIMIT_MAX};
            loading.count = 0;
            if (!tk_store_list(app->store, &query, load_one, &loading, NULL, error))
                return false;
        }
    }
    return true;
}

/* ---- freezing ---- */

static bool load_case(TkApp *app, const char *id, int64_t now_us, TkSubject *subject, GError **error)
{
    const char *kind;
    int64_t occurred_us, known_us;
    g_autoptr(TkRecord) record = tk_case_get(app, id, &kind, error);
    if (record == NULL || !tk_case_times(record->body, &occurred_us, &known_us, error))
        return false;
    g_strlcpy(subject->id, record->id, sizeof subject->id);
    subject->version = record->version;
    subject->law_date = tk_date_of_time(occurred_us);
    subject->view = tk_case_view(app, kind, record, now_us);
    const json_t *reports = json_object_get(record->body, "reports");
    subject->reports = reports == NULL ? json_array() : json_deep_copy(reports);
    return true;
}

static const char *family(const json_t *document)
{
    if (!tk_case_is_leak(json_string_value(json_object_get(document, "kind"))))
        return "near-miss";
    const char *what = json_string_value(json_object_get(document, "leak"));
    return g_strcmp0(what, "secrecy") == 0 ? "leak-secrecy" : "leak-specified";
}

static bool fits_case(const TkSubject *subject, const char *kind, GError **error)
{
    const char *of = family(subject->view);
    size_t len = strlen(of);
    bool fits = strncmp(kind, of, len) == 0 &&
                (strcmp(kind + len, "-initial") == 0 || strcmp(kind + len, "-detailed") == 0);
    return fits || tk_fail_both(error, TK_ERROR_INPUT,
                                "%s の報告の種類は %s-initial（速報）か %s-detailed（詳報）です。",
                                "kind: %s is reported with %s-initial and %s-detailed", subject->id, of, of);
}

/* The document with the version in it; the files go into the write. New reference. */
static json_t *with_version(TkApp *app, const TkActor *actor, const TkRecord *record,
                            const TkSubject *subject, const TkFrozen *frozen, TkWrite *write)
{
    json_t *document = json_deep_copy(record->body);
    json_t *reports = json_deep_copy(subject->reports);
    json_array_append_new(reports, tk_frozen_entry(frozen, write, actor->id));
    json_object_set_new(document, "reports", reports);
    json_object_set_new(document, "done", tk_frozen_done(frozen, json_object_get(document, "done")));
    g_autoptr(json_t) words = tk_frozen_words(frozen, app->law, subject->law_date);
    tk_case_note(document, actor, frozen->now_us, record->version + 1, "freeze",
                 json_string_value(json_object_get(words, "ja")),
                 json_string_value(json_object_get(words, "en")));
    return document;
}

static bool keep_in_case(TkApp *app, const TkActor *actor, const TkSubject *subject, const TkFrozen *frozen,
                         GError **error)
{
    const char *kind;
    bool done = false;
    g_mutex_lock(&app->change_lock);
    g_autoptr(TkRecord) record = tk_case_get(app, subject->id, &kind, error);
    if (record != NULL && (record->version == subject->version || tk_frozen_stale(subject, error))) {
        TkWrite *write = tk_write_new(actor->id, frozen->now_us);
        g_autoptr(json_t) document = with_version(app, actor, record, subject, frozen, write);
        done = tk_case_save(app, write, kind, record->version, "freeze", document, error);
    }
    g_mutex_unlock(&app->change_lock);
    return done;
}

static const TkReportable a_case = {load_case, fits_case, keep_in_case, NULL};

GBytes *tk_service_case_report_draft(TkApp *app, const TkActor *actor, const char *id, const char *kind,
                                     GError **error)
{
    return tk_freeze_draft(app, &a_case, actor, id, kind, error);
}

GBytes *tk_service_case_report_freeze(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                      GBytes **findings, GError **error)
{
    return tk_freeze_next(app, &a_case, actor, id, request, findings, error);
}

bool tk_service_case_report_file(TkApp *app, const TkActor *actor, const char *id, unsigned number,
                                 const char *format, TkServiceFile *file, GError **error)
{
    return tk_freeze_file(app, &a_case, actor, id, number, format, file, error);
}

GBytes *tk_service_case_report_diff(TkApp *app, const TkActor *actor, const char *id, unsigned from,
                                    unsigned to, GError **error)
{
    return tk_freeze_diff(app, &a_case, actor, id, from, to, error);
}

/* ---- the report as it stands ---- */

bool tk_service_case_report(TkApp *app, const TkActor *actor, const char *id, const char *format,
                            TkServiceFile *file, GError **error)
{
    const char *kind;
    TkReportFormat wanted;
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_report_format_of_name(format, &wanted, error))
        return false;
    g_autoptr(TkRecord) record = tk_case_get(app, id, &kind, error);
    int64_t occurred, known;
    if (record == NULL || !tk_case_times(record->body, &occurred, &known, error))
        return false;
    int64_t now_us = tk_app_now(app);
    g_autoptr(json_t) view = tk_case_view(app, kind, record, now_us);
    TkReportContext context = {.carrier = app->carrier_ja,
                               .synthetic = app->synthetic,
                               .at_us = now_us,
                               .by = actor->id,
                               .law_date = tk_date_of_time(occurred),
                               .law = json_string_value(json_object_get(view, "law")),
                               .judged_by = "Tokatsu " TK_VERSION,
                               .due = TK_DATE_NONE};
    g_autofree char *form = g_strdup_printf("%s-detailed", family(record->body));
    g_autoptr(TkReport) report = tk_report_new(app->forms, form, &context, view, error);
    if (report == NULL || !tk_report_render(report, wanted, TK_LANG_JA, &file->bytes, error))
        return false;
    file->content_type = tk_report_media_type(wanted);
    file->filename = g_strdup_printf("%s.%s", id, format);
    return true;
}
