/* The officers the Act asks for: who holds each office, what is missing, what runs out, and the notification.
 *
 * Appointments, sites and opinions are registers; what each must fulfil is law/jp/officers.json. Which sites
 * and prefectures want a chief engineer is counted from the register of sites (主任技術者規則3条1項). */
#include "service/program_private.h"

#include "service/act.h"

#define OFFICES_MAX 16

typedef struct {
    TkApp *app;
    const TkActor *actor;
    TkProfile *profile;
    json_t *document; /* the profile's, for the days of designation */
    TkDate date;
    GPtrArray *appointments, *sites, *opinions; /* TkRecord, owned */
    bool names;                                 /* the actor may read the register of persons */
} Officers;

/* ---- reading ---- */

static TkTri yes_no(const TkRecord *record, const char *field)
{
    const json_t *value = json_object_get(json_object_get(record->body, "values"), field);
    return !json_is_boolean(value) ? TK_UNKNOWN : json_is_true(value) ? TK_YES : TK_NO;
}

static TkDate fact_day(const Officers *o, const char *fact, bool of_true)
{
    const json_t *value = json_object_get(json_object_get(o->document, "facts"), fact);
    TkDate day = TK_DATE_NONE, from;
    if (!of_true && json_is_string(value))
        tk_date_parse(json_string_value(value), json_string_length(value), &day, NULL);
    size_t i;
    json_t *change;
    json_array_foreach(value, i, change)
    {
        const char *text = json_string_value(json_object_get(change, "from"));
        if (text == NULL || !tk_date_parse(text, strlen(text), &from, NULL) || from > o->date)
            continue;
        bool yes = json_is_true(json_object_get(change, "value"));
        day = !yes ? TK_DATE_NONE : day == TK_DATE_NONE ? from : day;
    }
    return day;
}

static bool share_site(const TkRecord *a, const TkRecord *b)
{
    const json_t *of_a = json_object_get(json_object_get(a->body, "values"), "sites"),
                 *of_b = json_object_get(json_object_get(b->body, "values"), "sites");
    size_t i, k;
    json_t *one, *other;
    json_array_foreach(of_a, i, one)
    {
        json_array_foreach(of_b, k, other)
        {
            if (json_equal(one, other))
                return true;
        }
    }
    return json_array_size(of_a) == 0;
}

/* Whether somebody was appointed to the same office (and, of chief engineers, with the same kind of
 * certificate for one of the same sites) before. */
static bool is_successor(const Officers *o, const TkRecord *record)
{
    TkDate appointed = tk_program_date_of(record, "appointed");
    for (guint i = 0; i < o->appointments->len; i++) {
        const TkRecord *other = o->appointments->pdata[i];
        TkDate before = tk_program_date_of(other, "appointed");
        if (before != TK_DATE_NONE && before < appointed &&
            g_strcmp0(tk_program_text(other, "role"), tk_program_text(record, "role")) == 0 &&
            g_strcmp0(tk_program_text(other, "certificate_kind"),
                      tk_program_text(record, "certificate_kind")) == 0 &&
            share_site(record, other))
            return true;
    }
    return false;
}

static TkAppointment facts_of(const Officers *o, const TkRecord *record)
{
    const json_t *months = json_object_get(json_object_get(record->body, "values"), "experience_months");
    bool information = g_strcmp0(tk_program_text(record, "role"), "user-information-manager") == 0;
    return (TkAppointment){
        .appointed = tk_program_date_of(record, "appointed"),
        .dismissed = tk_program_date_of(record, "dismissed"),
        .notified = tk_program_date_of(record, "notified"),
        .position = yes_no(record, "managing_position"),
        .experience_months = json_is_integer(months) ? (int32_t)json_integer_value(months) : -1,
        .equal_ability = yes_no(record, "equal_ability"),
        .dismissal_order = tk_program_date_of(record, "dismissal_order"),
        .certificate_issued = tk_program_date_of(record, "certificate_issued"),
        .trained = tk_program_date_of(record, "trained"),
        .operations_begin = fact_day(o, "operations_begin", false),
        .successor = is_successor(o, record),
        .designated = fact_day(o, information ? "designated_27_5" : "designated_41", true),
    };
}

static bool holds(const Officers *o, const TkRecord *record, const char *office)
{
    TkDate from = tk_program_date_of(record, "appointed"), to = tk_program_date_of(record, "dismissed");
    return g_strcmp0(tk_program_text(record, "role"), office) == 0 && from != TK_DATE_NONE &&
           from <= o->date && (to == TK_DATE_NONE || to > o->date);
}

/* ---- gaps ---- */

static void add_gap(json_t *gaps, const char *level, const char *article, const char *about, const char *ja,
                    const char *en)
{
    json_array_append_new(gaps, json_pack("{s:s, s:s, s:s?, s:{s:s, s:s}}", "level", level, "article",
                                          article, "about", about, "text", "ja", ja, "en", en));
}

static bool names_site(const TkRecord *appointment, const char *site)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(json_object_get(appointment->body, "values"), "sites"), i,
                       one) if (g_strcmp0(json_string_value(one), site) == 0) return true;
    return false;
}

static bool names_prefecture(const TkRecord *appointment, const char *prefecture)
{
    const char *list = tk_program_text(appointment, "prefectures");
    return list != NULL && strstr(list, prefecture) != NULL;
}

typedef struct {
    const char *kind, *field, *ja, *en; /* certificate; the site's field that asks for it */
} EngineerClass;

static const EngineerClass classes[] = {
    {"transmission", "equipment", "伝送交換主任技術者", "transmission and switching engineer"},
    {"line", "lines", "線路主任技術者", "line engineer"}};

static bool engineer_for(const Officers *o, const EngineerClass *one, const char *site,
                         const char *prefecture)
{
    for (guint i = 0; i < o->appointments->len; i++) {
        const TkRecord *a = o->appointments->pdata[i];
        if (!holds(o, a, "chief-engineer") ||
            g_strcmp0(tk_program_text(a, "certificate_kind"), one->kind) != 0)
            continue;
        if (site != NULL ? names_site(a, site) : names_prefecture(a, prefecture))
            return true;
    }
    return false;
}

static bool wants(const TkRecord *site, const EngineerClass *one)
{
    return g_strcmp0(tk_program_text(site, "status"), "active") == 0 && yes_no(site, one->field) == TK_YES &&
           tk_program_text(site, "other_carrier") == NULL;
}

static void site_gaps(const Officers *o, json_t *gaps)
{
    for (guint i = 0; i < o->sites->len; i++) {
        const TkRecord *site = o->sites->pdata[i];
        const char *name = tk_program_text(site, "name");
        for (size_t c = 0; c < G_N_ELEMENTS(classes); c++) {
            if (!wants(site, &classes[c]) || engineer_for(o, &classes[c], site->id, NULL))
                continue;
            g_autofree char *ja =
                g_strdup_printf("事業場「%s」に%sが選任されていません", name, classes[c].ja);
            g_autofree char *en =
                g_strdup_printf("no %s is appointed for the site “%s”", classes[c].en, name);
            add_gap(gaps, "missing", "電気通信主任技術者規則3条1項1号", site->id, ja, en);
        }
    }
}

static void prefecture_gaps(const Officers *o, json_t *gaps)
{
    for (size_t c = 0; c < G_N_ELEMENTS(classes); c++) {
        g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint i = 0; i < o->sites->len; i++) {
            const TkRecord *site = o->sites->pdata[i];
            const char *prefecture = tk_program_text(site, "prefecture");
            if (prefecture == NULL || !wants(site, &classes[c]) ||
                !g_hash_table_add(told, (gpointer)prefecture) ||
                engineer_for(o, &classes[c], NULL, prefecture))
                continue;
            g_autofree char *ja = g_strdup_printf("%sに設備がありますが、都道府県の%sが選任されていません",
                                                  prefecture, classes[c].ja);
            g_autofree char *en =
                g_strdup_printf("there is equipment in %s, but no %s is appointed for the prefecture",
                                prefecture, classes[c].en);
            add_gap(gaps, "missing", "電気通信主任技術者規則3条1項2号", prefecture, ja, en);
        }
    }
}

/* ---- one appointment ---- */

static json_t *check_view(const TkOfficerCheck *check)
{
    json_t *met = check->met == TK_UNKNOWN ? json_null() : json_boolean(check->met == TK_YES);
    return json_pack("{s:s, s:s, s:{s:s, s:s}, s:o, s:o}", "check", check->check, "article", check->article,
                     "text", "ja", check->text.ja, "en", check->text.en, "met", met, "due",
                     tk_program_date_json(check->due));
}

static void check_gap(const TkRecord *record, const TkOfficerCheck *check, json_t *gaps)
{
    g_autofree char *ja =
        g_strdup_printf("%s: %s(%s)", record->id, check->text.ja,
                        check->met == TK_NO ? "満たしていません" : "記録がなく確かめられません");
    g_autofree char *en = g_strdup_printf("%s: %s (%s)", record->id, check->text.en,
                                          check->met == TK_NO ? "not met" : "not on record");
    add_gap(gaps, check->met == TK_NO ? "not-met" : "not-known", check->article, record->id, ja, en);
}

static json_t *appointment_view(const Officers *o, const TkOffice *office, const TkRecord *record,
                                json_t *gaps)
{
    TkOfficerCheck checks[TK_OFFICER_CHECKS_MAX];
    TkAppointment facts = facts_of(o, record);
    size_t count = tk_law_officer_checks(o->app->law, office->office, &facts, o->date, checks);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, check_view(&checks[i]));
        if (checks[i].met != TK_YES)
            check_gap(record, &checks[i], gaps);
    }
    const char *person = tk_program_text(record, "person");
    g_autoptr(TkRecord) who = person == NULL || !o->names
                                  ? NULL
                                  : tk_store_get(o->app->store, "r-persons", person, TK_TIME_NONE, NULL);
    const json_t *values = json_object_get(record->body, "values");
    return json_pack("{s:s, s:s?, s:s?, s:b, s:o, s:o, s:o, s:O?, s:s?, s:s?, s:o}", "record", record->id,
                     "person", person, "name", who == NULL ? NULL : tk_program_text(who, "name"), "deputy",
                     yes_no(record, "deputy") == TK_YES, "appointed", tk_program_date_json(facts.appointed),
                     "dismissed", tk_program_date_json(facts.dismissed), "notified",
                     tk_program_date_json(facts.notified), "sites", json_object_get(values, "sites"),
                     "prefectures", tk_program_text(record, "prefectures"), "certificate_kind",
                     tk_program_text(record, "certificate_kind"), "checks", list);
}

/* ---- one office ---- */

static void office_gaps(const Officers *o, const TkOffice *office, TkTri applies, size_t principals,
                        size_t deputies, json_t *gaps)
{
    if (applies == TK_YES && principals == 0 && strcmp(office->office, "installation-engineer") != 0)
        add_gap(gaps, "missing", office->article, NULL, "選任されている人がいません", "nobody is appointed");
    if (applies == TK_YES && principals > 0 && deputies == 0 &&
        strcmp(office->office, "installation-engineer") != 0)
        add_gap(gaps, "advice", office->article, NULL, "代行者が記録されていません",
                "no deputy is on record");
    if (applies == TK_YES && office->by_site)
        site_gaps(o, gaps);
    const json_t *several = json_object_get(json_object_get(o->document, "facts"), "several_prefectures");
    if (applies == TK_YES && office->by_prefecture &&
        (json_is_true(several) || fact_day(o, "several_prefectures", true) != TK_DATE_NONE))
        prefecture_gaps(o, gaps);
}

static json_t *office_view(const Officers *o, const TkOffice *office, const TkProgram *program)
{
    const TkDuty *duty = tk_program_find(program, office->obligation);
    TkTri applies = duty == NULL ? TK_UNKNOWN : duty->applies;
    json_t *held = json_array(), *gaps = json_array();
    size_t principals = 0, deputies = 0;
    for (guint i = 0; i < o->appointments->len; i++) {
        const TkRecord *record = o->appointments->pdata[i];
        if (!holds(o, record, office->office))
            continue;
        bool deputy = yes_no(record, "deputy") == TK_YES;
        principals += !deputy;
        deputies += deputy;
        json_array_append_new(held, appointment_view(o, office, record, gaps));
    }
    office_gaps(o, office, applies, principals, deputies, gaps);
    return json_pack("{s:s, s:{s:s, s:s}, s:s, s:s, s:s, s:b, s:o, s:o}", "office", office->office, "name",
                     "ja", office->name.ja, "en", office->name.en, "article", office->article, "obligation",
                     office->obligation, "applies",
                     applies == TK_YES  ? "yes"
                     : applies == TK_NO ? "no"
                                        : "cannot-tell",
                     "voluntary", duty != NULL && duty->voluntary, "appointments", held, "gaps", gaps);
}

/* ---- opinions ---- */

static json_t *opinions_view(const Officers *o)
{
    int open = 0, answered = 0, adopted = 0;
    for (guint i = 0; i < o->opinions->len; i++) {
        const TkRecord *record = o->opinions->pdata[i];
        bool done = g_strcmp0(tk_program_text(record, "status"), "answered") == 0;
        answered += done;
        open += !done;
        adopted += done && g_strcmp0(tk_program_text(record, "adopted"), "no") != 0;
    }
    return json_pack("{s:i, s:i, s:i, s:s}", "open", open, "answered", answered, "adopted", adopted,
                     "article", "電気通信事業法44条の4第2項・27条の11第2項・49条3項");
}

/* ---- the answer ---- */

static void officers_clear(Officers *o)
{
    g_clear_pointer(&o->profile, tk_profile_free);
    g_clear_pointer(&o->document, json_decref);
    g_clear_pointer(&o->appointments, g_ptr_array_unref);
    g_clear_pointer(&o->sites, g_ptr_array_unref);
    g_clear_pointer(&o->opinions, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Officers, officers_clear)

static bool gather(Officers *o, GError **error)
{
    o->names = tk_registers_open(o->app->registers, o->actor, "persons", TK_REGISTER_READS, NULL) != NULL;
    o->document = tk_program_document(o->app, NULL, error);
    o->profile = o->document == NULL ? NULL : tk_profile_of(o->app->law, "profile", o->document, error);
    return o->profile != NULL &&
           (o->appointments = tk_program_records(o->app, "appointments", error)) != NULL &&
           (o->sites = tk_program_records(o->app, "sites", error)) != NULL &&
           (o->opinions = tk_program_records(o->app, "opinions", error)) != NULL;
}

GBytes *tk_service_program_officers(TkApp *app, const TkActor *actor, TkDate date, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_auto(Officers) o = {
        .app = app, .actor = actor, .date = date == TK_DATE_NONE ? tk_date_of_time(tk_app_now(app)) : date};
    g_autoptr(TkProgram) program =
        gather(&o, error) ? tk_law_obligations(app->law, o.profile, o.date, error) : NULL;
    if (program == NULL)
        return NULL;
    TkOffice offices[OFFICES_MAX];
    size_t count;
    tk_law_offices(app->law, o.date, offices, OFFICES_MAX, &count);
    g_autoptr(json_t) list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, office_view(&o, &offices[i], program));
    g_autoptr(json_t) out = json_pack("{s:o, s:O, s:o, s:b}", "date", tk_program_date_json(o.date), "offices",
                                      list, "opinions", opinions_view(&o), "synthetic", app->synthetic);
    return tk_json_bytes(out);
}
