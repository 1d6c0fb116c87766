/* Answers as OSCAL documents. The uuids are derived from what they name, so that an export of the same
 * answers has the same uuids and a receiver sees what changed. */
#include "control/frameworks.h"

#include "control/export.h"
#include "control/resolving.h"

char *export_token(const char *id)
{
    GString *out = g_string_new(g_ascii_isalpha(id[0]) ? NULL : "_");
    for (const char *c = id; *c != '\0'; c++)
        g_string_append_c(out, g_ascii_isalnum(*c) || strchr(".-_", *c) != NULL ? *c : '_');
    return g_string_free(out, FALSE);
}

json_t *export_uuid(const char *system, const TkFramework *f, const char *what)
{
    g_autofree char *text = g_strjoin("\n", "tokatsu", system, f->id, what, NULL);
    g_autofree char *id = oscal_uuid_of_text(text);
    return json_string(id);
}

json_t *export_metadata(const TkFramework *f, const TkControlExport *with)
{
    char at[TK_TIME_TEXT_MAX], day[TK_TIME_TEXT_MAX];
    g_autofree char *title = g_strdup_printf("%s: %s", with->system, f->title_en);
    return json_pack("{s:s,s:s,s:s,s:s}", "title", title, "last-modified", tk_time_text(with->now_us, at),
                     "version", tk_date_text(with->date, day), "oscal-version", "1.1.2");
}

/* "carried from nist-csf-2.0 ID.AM-01 (subset; weakest link: subset, not verified)". */
static char *rests_on(const TkSupport *s)
{
    if (s->answer == NULL)
        return g_strdup("nobody has answered");
    if (s->reach.n_path == 0)
        return g_strdup_printf("answered here; evidence: %s", tk_evidence_text(s->evidence));
    const TkHop *weakest = &s->reach.path[s->reach.weakest];
    return g_strdup_printf("carried from %s %s (%s, %zu hop%s); weakest link: %s %s %s %s%s; evidence: %s",
                           s->answer->item->framework->id, s->answer->item->id,
                           tk_relation_text(s->reach.relation), s->reach.n_path,
                           s->reach.n_path == 1 ? "" : "s", weakest->from->framework->id, weakest->from->id,
                           tk_relation_text(weakest->relation), weakest->to->id,
                           weakest->verified ? "" : ", not verified", tk_evidence_text(s->evidence));
}

static const char *note_of(const TkSupport *s)
{
    return s->answer != NULL && s->answer->note != NULL ? s->answer->note : NULL;
}

char *export_description(const TkSupport *s)
{
    g_autofree char *basis = rests_on(s);
    const char *note = note_of(s);
    return g_strdup_printf("%s: %s%s%s", tk_framework_title(s->item, "en"), basis, note != NULL ? "\n\n" : "",
                           note != NULL ? note : "");
}

json_t *export_property(const char *name, const char *value)
{
    return json_pack("{s:s,s:s}", "name", name, "value", value);
}

static json_t *requirement(const TkSupport *s, const TkControlExport *with)
{
    const TkFramework *f = s->item->framework;
    g_autofree char *words = export_description(s), *control = export_token(s->item->id),
                    *what = g_strconcat("r ", s->item->id, NULL);
    json_t *props = json_array();
    json_array_append_new(props, export_property("implementation-status", tk_control_state_text(s->state)));
    json_array_append_new(props, export_property("label", s->item->id));
    return json_pack("{s:o,s:s,s:s,s:o}", "uuid", export_uuid(with->system, f, what), "control-id", control,
                     "description", words, "props", props);
}

json_t *export_requirements(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                            const TkFramework *framework, const TkControlExport *with, RequirementMake make,
                            const char *nothing, GError **error)
{
    g_autoptr(GArray) supports = tk_control_coverage(frameworks, answers, framework, with->date);
    g_autoptr(json_t) requirements = json_array();
    for (size_t i = 0; i < supports->len; i++) {
        const TkSupport *s = &g_array_index(supports, TkSupport, i);
        if (s->state != TK_CONTROL_OPEN)
            json_array_append_new(requirements, make(s, with));
    }
    if (json_array_size(requirements) > 0)
        return g_steal_pointer(&requirements);
    tk_fail(error, TK_ERROR_REFUSED, "no answer supports an item of %s: %s", framework->id, nothing);
    return NULL;
}

json_t *tk_control_component(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                             const TkFramework *framework, const TkControlExport *with, GError **error)
{
    g_autoptr(json_t) requirements = export_requirements(frameworks, answers, framework, with, requirement,
                                                         "there is nothing to export", error);
    if (requirements == NULL)
        return NULL;
    json_t *implementation = json_pack(
        "{s:o,s:s,s:s,s:O}", "uuid", export_uuid(with->system, framework, "implementation"), "source",
        framework->source, "description", framework->title_en, "implemented-requirements", requirements);
    json_t *component =
        json_pack("{s:o,s:s,s:s,s:s,s:[o]}", "uuid", export_uuid(with->system, framework, "component"),
                  "type", "service", "title", with->system, "description", with->system,
                  "control-implementations", implementation);
    return json_pack("{s:{s:o,s:o,s:[o]}}", "component-definition", "uuid",
                     export_uuid(with->system, framework, "component-definition"), "metadata",
                     export_metadata(framework, with), "components", component);
}

static json_t *poam_item(const TkSupport *s, const TkControlExport *with)
{
    g_autofree char *title = g_strdup_printf("%s %s (%s)", s->item->id, tk_framework_title(s->item, "en"),
                                             tk_control_state_text(s->state));
    g_autofree char *words = export_description(s), *what = g_strconcat("p ", s->item->id, NULL);
    return json_pack("{s:o,s:s,s:s,s:[o,o]}", "uuid", export_uuid(with->system, s->item->framework, what),
                     "title", title, "description", words, "props", export_property("label", s->item->id),
                     export_property("implementation-status", tk_control_state_text(s->state)));
}

json_t *tk_control_poam(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                        const TkFramework *framework, const TkControlExport *with, GError **error)
{
    g_autoptr(GArray) supports = tk_control_coverage(frameworks, answers, framework, with->date);
    g_autoptr(json_t) items = json_array();
    for (size_t i = 0; i < supports->len; i++) {
        const TkSupport *s = &g_array_index(supports, TkSupport, i);
        if (s->state != TK_CONTROL_IMPLEMENTED && s->state != TK_CONTROL_NOT_APPLICABLE)
            json_array_append_new(items, poam_item(s, with));
    }
    if (json_array_size(items) == 0) {
        tk_fail(error, TK_ERROR_REFUSED, "nothing of %s is open: there is no plan of action to export",
                framework->id);
        return NULL;
    }
    return json_pack("{s:{s:o,s:o,s:{s:s},s:O}}", "plan-of-action-and-milestones", "uuid",
                     export_uuid(with->system, framework, "poam"), "metadata",
                     export_metadata(framework, with), "system-id", "id", with->system, "poam-items", items);
}

json_t *tk_control_applicability(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                                 const TkFramework *framework, const TkControlExport *with)
{
    g_autoptr(GArray) supports = tk_control_coverage(frameworks, answers, framework, with->date);
    json_t *rows = json_array();
    for (size_t i = 0; i < supports->len; i++) {
        const TkSupport *s = &g_array_index(supports, TkSupport, i);
        g_autofree char *basis = rests_on(s);
        json_array_append_new(rows, json_pack("{s:s,s:{s:s,s:s},s:b,s:s,s:s?,s:s,s:s,s:b}", "id", s->item->id,
                                              "title", "ja", tk_framework_title(s->item, "ja"), "en",
                                              tk_framework_title(s->item, "en"), "applicable",
                                              s->state != TK_CONTROL_NOT_APPLICABLE, "state",
                                              tk_control_state_text(s->state), "justification", note_of(s),
                                              "basis", basis, "evidence", tk_evidence_text(s->evidence),
                                              "verified", s->answer != NULL && s->reach.verified));
    }
    char day[TK_TIME_TEXT_MAX];
    return json_pack("{s:s,s:s,s:s,s:s,s:o}", "format", "tokatsu-applicability/1", "system", with->system,
                     "framework", framework->id, "date", tk_date_text(with->date, day), "items", rows);
}
