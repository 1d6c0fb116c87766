/* The periodic lists of 報告規則7条の3: as they stand, and frozen. A frozen list is a record of its own,
 *     "P2026-detailed" (fiscal year) or "P2024Q3-simplified" (its quarter, Q1 from April):
 *     {"id","kind","from","to","reports":[…]}
 * whose id says which period and form it is; the record begins with its first frozen version.
 *
 * Freezing meets the deadlines of the accidents that are listed, in the same commit: a list that is kept
 * while an accident on it changes would say something about a version nobody saw, so that the commit refuses.
 */
#include "service/freeze.h"

/* One list: its period, its form and what follows from them. */
typedef struct {
    char id[TK_INCIDENT_ID_MAX];
    TkDate from, to;
    const char *kind; /* periodic-detailed, periodic-simplified */
} TkList;

static const char *kind_of_form(const char *form, GError **error)
{
    if (g_strcmp0(form, "detailed") == 0)
        return "periodic-detailed";
    if (g_strcmp0(form, "simplified") == 0)
        return "periodic-simplified";
    tk_fail_both(error, TK_ERROR_INPUT,
                 "様式「%.20s」は detailed（詳細）でも simplified（簡易）でもありません。",
                 "form: “%.20s” is neither detailed nor simplified", form == NULL ? "" : form);
    return NULL;
}

/* ---- which list ---- */

static void list_set(TkList *list, int year, int quarter_or_0, const char *form)
{
    char quarter[8] = "";
    tk_report_period(year, quarter_or_0, &list->from, &list->to);
    if (quarter_or_0 != 0)
        g_snprintf(quarter, sizeof quarter, "Q%d", quarter_or_0);
    g_snprintf(list->id, sizeof list->id, "P%04d%s-%s", year, quarter, form);
}

static bool list_of_period(TkList *list, TkDate from, TkDate to, const char *form, GError **error)
{
    list->kind = kind_of_form(form, error);
    if (list->kind == NULL)
        return false;
    int year, month, day;
    tk_date_split(from, &year, &month, &day);
    for (int quarter = 0; quarter <= 4; quarter++) {
        list_set(list, month < 4 ? year - 1 : year, quarter, form);
        if (list->from == from && list->to == to)
            return true;
    }
    char first[TK_TIME_TEXT_MAX], last[TK_TIME_TEXT_MAX];
    return tk_fail_both(
        error, TK_ERROR_INPUT, "%s 〜 %s は年度（4 月 1 日〜3 月 31 日）でもその四半期でもありません。",
        "from, to: %s to %s is neither a fiscal year (from April 1 to March 31) nor a quarter of one",
        tk_date_text(from, first), tk_date_text(to, last));
}

static bool list_of_id(TkList *list, const char *id, GError **error)
{
    const char *form = strchr(id, '-');
    bool quarter = form == id + 7 && id[5] == 'Q' && id[6] >= '1' && id[6] <= '4';
    bool shaped = id[0] == 'P' && (quarter || form == id + 5);
    for (int i = 1; shaped && i <= 4; i++)
        shaped = g_ascii_isdigit(id[i]);
    list->kind = shaped ? kind_of_form(form + 1, NULL) : NULL;
    if (list->kind == NULL)
        return tk_fail_both(
            error, TK_ERROR_NOT_FOUND, "定期報告「%.40s」は見つかりません。P2026-detailed のような番号です。",
            "there is no periodic list “%.40s”; ids are like P2026-detailed and P2024Q3-simplified", id);
    list_set(list, (int)g_ascii_strtoll(id + 1, NULL, 10), quarter ? id[6] - '0' : 0, form + 1);
    return true;
}

/* ---- as it stands ---- */

json_t *tk_accidents_between(TkApp *app, TkDate from, TkDate to)
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

static void set_due(const TkApp *app, const char *kind, TkDate from, TkReportContext *context)
{
    TkReportDue due;
    context->due = tk_law_report_due(app->law, kind, from, &due) ? due.due : TK_DATE_NONE;
}

static TkReport *list_as_it_stands(TkApp *app, const TkActor *actor, TkDate from, TkDate to, const char *form,
                                   GError **error)
{
    const char *kind = kind_of_form(form, error);
    if (kind == NULL)
        return NULL;
    if (to < from) {
        tk_fail_both(error, TK_ERROR_INPUT, "終わりの日が始まりの日より前です。",
                     "to: the last day lies before the first");
        return NULL;
    }
    TkReportContext context = {.carrier = app->carrier_ja,
                               .synthetic = app->synthetic,
                               .by = actor->id,
                               .at_us = tk_app_now(app),
                               .law_date = to,
                               .judged_by = "Tokatsu " TK_VERSION};
    set_due(app, kind, from, &context);
    g_autoptr(json_t) accidents = tk_accidents_between(app, from, to);
    return tk_report_periodic(app->forms, kind, &context, from, to, accidents, error);
}

bool tk_service_periodic(TkApp *app, const TkActor *actor, TkDate from, TkDate to, const char *form,
                         const char *format, TkServiceFile *file, GError **error)
{
    TkReportFormat wanted;
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !tk_report_format_of_name(format, &wanted, error))
        return false;
    g_autoptr(TkReport) report = list_as_it_stands(app, actor, from, to, form, error);
    if (report == NULL || !tk_report_render(report, wanted, TK_LANG_JA, &file->bytes, error))
        return false;
    file->content_type = tk_report_media_type(wanted);
    file->filename = tk_report_file_name(report, wanted);
    return true;
}

/* ---- frozen ---- */

/* The record of the list, NULL without an error where no version was frozen yet. */
static bool find_record(TkApp *app, const char *id, TkRecord **record, GError **error)
{
    GError *why = NULL;
    *record = tk_store_get(app->store, TK_KIND_PERIODIC, id, TK_TIME_NONE, &why);
    if (*record != NULL)
        return true;
    if (!g_error_matches(why, TK_ERROR, TK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, why);
        return false;
    }
    g_error_free(why);
    return true;
}

/* Without the accidents: who only reads what was frozen needs none of them. */
static bool load_list(TkApp *app, const char *id, int64_t now_us, TkSubject *subject, GError **error)
{
    (void)now_us;
    TkList list;
    g_autoptr(TkRecord) record = NULL;
    if (!list_of_id(&list, id, error) || !find_record(app, list.id, &record, error))
        return false;
    g_strlcpy(subject->id, list.id, sizeof subject->id);
    subject->version = record == NULL ? 0 : record->version;
    subject->law_date = list.from;
    subject->view = json_object();
    const json_t *reports = record == NULL ? NULL : json_object_get(record->body, "reports");
    subject->reports = reports == NULL ? json_array() : json_deep_copy(reports);
    return true;
}

static bool fits_list(const TkSubject *subject, const char *kind, GError **error)
{
    TkList list;
    return list_of_id(&list, subject->id, error) &&
           (strcmp(kind, list.kind) == 0 || tk_fail_both(error, TK_ERROR_INPUT, "%s の種類は %s です。",
                                                         "kind: %s is of kind %s", subject->id, list.kind));
}

static TkReport *make_list(TkApp *app, TkSubject *subject, const char *kind, TkReportContext *context,
                           GError **error)
{
    TkList list;
    if (!list_of_id(&list, subject->id, error))
        return NULL;
    set_due(app, kind, list.from, context);
    json_t *accidents = tk_accidents_between(app, list.from, list.to);
    json_object_set_new(subject->view, "accidents", accidents);
    return tk_report_periodic(app->forms, kind, context, list.from, list.to, accidents, error);
}

static bool asks_for(const json_t *accident, const char *kind)
{
    size_t i;
    const json_t *deadline;
    json_array_foreach(json_object_get(accident, "deadlines"), i, deadline)
    {
        if (g_strcmp0(json_string_value(json_object_get(deadline, "kind")), kind) == 0)
            return true;
    }
    return false;
}

static void note_listed(TkChange *change, TkIncident *incident, const TkSubject *subject,
                        const TkFrozen *frozen)
{
    json_t *done = tk_frozen_done(frozen, incident->done);
    json_decref(incident->done);
    incident->done = done;
    g_clear_pointer(&incident->undo, json_decref); /* what was reported stays reported */
    g_autofree char *ja = g_strdup_printf("定期報告 %s 第%u版に記載", subject->id, frozen->number);
    g_autofree char *en = g_strdup_printf("listed in %s, version %u", subject->id, frozen->number);
    tk_incident_note_timeline(incident, change->now_us, "reported", ja, en);
    tk_change_note(change, incident, "reported", ja, en);
}

/* Every accident on the list is still the one that was listed; its deadline is met, if it was open. */
static bool meet_deadlines(TkChange *change, const TkSubject *subject, const TkFrozen *frozen, GError **error)
{
    size_t i;
    const json_t *accident;
    json_array_foreach(json_object_get(subject->view, "accidents"), i, accident)
    {
        if (!asks_for(accident, frozen->kind))
            continue;
        const char *id = json_string_value(json_object_get(accident, "id"));
        g_autoptr(TkIncident) incident = tk_incidents_get(change->app, id, error);
        if (incident == NULL)
            return false;
        if ((json_int_t)incident->version != json_integer_value(json_object_get(accident, "version")))
            return tk_fail_both(error, TK_ERROR_STALE,
                                "一覧の作成中に %s が変更されました。内容を確かめてからやり直してください。",
                                "%s changed while the list with it was made; look at it and repeat", id);
        if (json_object_get(incident->done, frozen->kind) == NULL)
            note_listed(change, tk_change_of(change, incident), subject, frozen);
    }
    return true;
}

static void put_version(TkChange *change, const TkList *list, const TkSubject *subject,
                        const TkFrozen *frozen)
{
    char first[TK_TIME_TEXT_MAX], last[TK_TIME_TEXT_MAX];
    json_t *reports = json_deep_copy(subject->reports);
    json_array_append_new(reports, tk_frozen_entry(frozen, change->write, change->who));
    g_autoptr(json_t) document =
        json_pack("{s:s, s:s, s:s, s:s, s:o}", "id", list->id, "kind", list->kind, "from",
                  tk_date_text(list->from, first), "to", tk_date_text(list->to, last), "reports", reports);
    tk_write_put(change->write, TK_KIND_PERIODIC, list->id,
                 subject->version == 0 ? TK_STORE_NEW : subject->version, "freeze", document);
}

/* The store itself refuses a list that got another version meanwhile. */
static bool keep_list(TkApp *app, const TkActor *actor, const TkSubject *subject, const TkFrozen *frozen,
                      GError **error)
{
    TkList list;
    if (!list_of_id(&list, subject->id, error))
        return false;
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_auto(TkChange) change = {0};
    bool done = false;
    g_mutex_lock(&app->change_lock);
    tk_change_begin(&change, app, map, actor->id, frozen->now_us);
    put_version(&change, &list, subject, frozen);
    if (meet_deadlines(&change, subject, frozen, error))
        done = change.changed->len > 0
                   ? tk_change_end(&change, error)
                   : tk_store_commit(app->store, g_steal_pointer(&change.write), NULL, error);
    g_mutex_unlock(&app->change_lock);
    return done;
}

static const TkReportable a_list = {load_list, fits_list, keep_list, make_list};

static bool request_date(const json_t *request, const char *field, TkDate *date, GError **error)
{
    const char *text = tk_request_text(request, field, 32, error);
    if (text == NULL)
        return false;
    if (tk_date_parse(text, strlen(text), date, error))
        return true;
    g_prefix_error(error, "%s: ", field);
    return false;
}

GBytes *tk_service_periodic_freeze(TkApp *app, const TkActor *actor, const json_t *request, GBytes **findings,
                                   GError **error)
{
    TkList list;
    TkDate from, to;
    g_autoptr(TkRecord) record = NULL;
    if (findings != NULL)
        *findings = NULL;
    if (!tk_service_may(actor, TK_MAY_FREEZE_REPORT, error) || !request_date(request, "from", &from, error) ||
        !request_date(request, "to", &to, error))
        return NULL;
    const char *form = tk_request_text(request, "form", 20, error);
    if (form == NULL || !list_of_period(&list, from, to, form, error) ||
        !find_record(app, list.id, &record, error))
        return NULL;
    g_autoptr(json_t) whole = json_copy((json_t *)request);
    json_object_set_new(whole, "kind", json_string(list.kind));
    if (json_object_get(whole, "version") == NULL) /* nobody has read the record: it is its lists */
        json_object_set_new(whole, "version", json_integer(record == NULL ? 0 : (json_int_t)record->version));
    return tk_freeze_next(app, &a_list, actor, list.id, whole, findings, error);
}

GBytes *tk_service_periodic_versions(TkApp *app, const TkActor *actor, TkDate from, TkDate to,
                                     const char *form, GError **error)
{
    TkList list;
    g_auto(TkSubject) subject = {0};
    if (!tk_service_may(actor, TK_MAY_READ, error) || !list_of_period(&list, from, to, form, error) ||
        !load_list(app, list.id, TK_TIME_NONE, &subject, error))
        return NULL;
    char first[TK_TIME_TEXT_MAX], last[TK_TIME_TEXT_MAX];
    g_autoptr(json_t) out =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:o}", "id", list.id, "kind", list.kind, "from",
                  tk_date_text(from, first), "to", tk_date_text(to, last), "version",
                  (json_int_t)subject.version, "reports", tk_reports_shown(subject.reports));
    return tk_json_bytes(out);
}

GBytes *tk_service_periodic_draft(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    TkList list;
    if (!tk_service_may(actor, TK_MAY_READ, error) || !list_of_id(&list, id, error))
        return NULL;
    return tk_freeze_draft(app, &a_list, actor, list.id, list.kind, error);
}

bool tk_service_periodic_file(TkApp *app, const TkActor *actor, const char *id, unsigned number,
                              const char *format, TkServiceFile *file, GError **error)
{
    return tk_freeze_file(app, &a_list, actor, id, number, format, file, error);
}

GBytes *tk_service_periodic_diff(TkApp *app, const TkActor *actor, const char *id, unsigned from, unsigned to,
                                 GError **error)
{
    return tk_freeze_diff(app, &a_list, actor, id, from, to, error);
}
