/* The notification of an appointment or dismissal, filled from the registers of appointments and persons.
 *
 * The general managers' items are named by the ordinance in words (施行規則29条の3, 22条の2の26). Chief
 * engineers are notified on form 1 annexed to their own ordinance (別表第一号様式), which is published as an
 * image: its items here are our own arrangement and say so. Installation engineers and a CISO are notified to
 * nobody. */
#include "service/program_private.h"

#include "service/act.h"

#define OFFICES_MAX 16

static const char *office_name(const TkApp *app, const char *role, TkDate date)
{
    TkOffice offices[OFFICES_MAX];
    size_t count;
    tk_law_offices(app->law, date, offices, OFFICES_MAX, &count);
    for (size_t i = 0; i < count; i++)
        if (g_strcmp0(offices[i].office, role) == 0)
            return offices[i].name.ja;
    return role;
}

/* The form that an office is notified on; NULL: it is notified to nobody. */
static const char *form_of(const char *role)
{
    static const char *const forms[][2] = {{"general-manager", "officer-notification"},
                                           {"user-information-manager", "officer-notification"},
                                           {"chief-engineer", "chief-engineer-notification"}};
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        if (g_strcmp0(forms[i][0], role) == 0)
            return forms[i][1];
    return NULL;
}

/* The names of the sites of an appointment, "、" between them; free with g_free. */
static char *site_names(TkApp *app, const TkRecord *record)
{
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i;
    const json_t *id;
    json_array_foreach(json_object_get(json_object_get(record->body, "values"), "sites"), i, id)
    {
        g_autoptr(TkRecord) site =
            tk_store_get(app->store, "r-sites", json_string_value(id), TK_TIME_NONE, NULL);
        const char *name = site == NULL ? NULL : tk_program_text(site, "name");
        g_string_append_printf(out, "%s%s", out->len > 0 ? "、" : "",
                               name != NULL ? name : json_string_value(id));
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static const char *certificate_name(const TkRecord *record)
{
    const char *kind = tk_program_text(record, "certificate_kind");
    return g_strcmp0(kind, "transmission") == 0 ? "伝送交換主任技術者資格者証"
           : g_strcmp0(kind, "line") == 0       ? "線路主任技術者資格者証"
                                                : tk_program_text(record, "qualification");
}

static json_t *facts_of(TkApp *app, const TkRecord *record)
{
    const char *person = tk_program_text(record, "person");
    bool dismissed = tk_program_text(record, "dismissed") != NULL;
    g_autoptr(TkRecord) who =
        person == NULL ? NULL : tk_store_get(app->store, "r-persons", person, TK_TIME_NONE, NULL);
    g_autofree char *sites = site_names(app, record);
    return json_pack(
        "{s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?}", "office",
        office_name(app, tk_program_text(record, "role"), tk_date_of_time(tk_app_now(app))), "event",
        dismissed ? "解任" : "選任", "name", who == NULL ? NULL : tk_program_text(who, "name"), "born",
        who == NULL ? NULL : tk_program_text(who, "born"), "date",
        tk_program_text(record, dismissed ? "dismissed" : "appointed"), "reason",
        tk_program_text(record, "dismissal_reason"), "certificate", certificate_name(record),
        "certificate_no", tk_program_text(record, "certificate_no"), "sites", *sites == '\0' ? NULL : sites,
        "prefectures", tk_program_text(record, "prefectures"), "area", tk_program_text(record, "area"));
}

static TkReport *notice(TkApp *app, const TkActor *actor, const TkRecord *record, GError **error)
{
    const char *form = form_of(tk_program_text(record, "role"));
    if (form == NULL) {
        tk_fail(error, TK_ERROR_INPUT,
                "this office is notified to nobody: the general managers and chief engineers are");
        return NULL;
    }
    g_autoptr(json_t) facts = facts_of(app, record);
    TkReportContext context = {.carrier = app->carrier_ja,
                               .synthetic = app->synthetic,
                               .at_us = tk_app_now(app),
                               .by = actor->id,
                               .law_date = tk_date_of_time(tk_app_now(app)),
                               .judged_by = "Tokatsu " TK_VERSION,
                               .due = TK_DATE_NONE};
    return tk_report_new(app->forms, form, &context, facts, error);
}

bool tk_service_officer_notice(TkApp *app, const TkActor *actor, const char *id, const char *format,
                               TkServiceFile *file, GError **error)
{
    TkReportFormat wanted;
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error) ||
        tk_registers_open(app->registers, actor, "persons", TK_REGISTER_READS, error) == NULL ||
        tk_registers_open(app->registers, actor, "appointments", TK_REGISTER_READS, error) == NULL ||
        !tk_report_format_of_name(format, &wanted, error))
        return false;
    g_autoptr(TkRecord) record = tk_store_get(app->store, "r-appointments", id, TK_TIME_NONE, error);
    g_autoptr(TkReport) report = record == NULL ? NULL : notice(app, actor, record, error);
    if (report == NULL || !tk_report_render(report, wanted, TK_LANG_JA, &file->bytes, error))
        return false;
    file->content_type = tk_report_media_type(wanted);
    file->filename = g_strdup_printf("notice-%s.%s", id, format);
    return true;
}
