/* System security plan, assessment plan and results, and the plan of action that follows from an assessment.
 * Each says only what a register says; what OSCAL wants besides (a system's boundary, its users) is one
 * sentence that says where to look. */
#include "control/frameworks.h"

#include "control/export.h"
#include "control/resolving.h"

#define DAY_START "T00:00:00+09:00"

static json_t *named_uuid(const TkFramework *f, const TkControlExport *with, const char *kind, const char *id)
{
    g_autofree char *what = g_strconcat(kind, " ", id, NULL);
    return export_uuid(with->system, f, what);
}

/* Text that OSCAL can hold in one line; never empty. */
static const char *words(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : "-";
}

static json_t *day_start(const char *day)
{
    g_autofree char *text = g_strconcat(words(day), DAY_START, NULL);
    return json_string(text);
}

/* ---- system security plan ---- */

static json_t *ssp_requirement(const TkSupport *s, const TkControlExport *with)
{
    const TkFramework *f = s->item->framework;
    g_autofree char *control = export_token(s->item->id), *text = export_description(s);
    json_t *by =
        json_pack("{s:o, s:o, s:s, s:{s:s}}", "component-uuid", export_uuid(with->system, f, "this-system"),
                  "uuid", named_uuid(f, with, "by", s->item->id), "description", text,
                  "implementation-status", "state", tk_control_state_text(s->state));
    return json_pack("{s:o, s:s, s:[o], s:[o]}", "uuid", named_uuid(f, with, "s", s->item->id), "control-id",
                     control, "props", export_property("label", s->item->id), "by-components", by);
}

static json_t *characteristics(const TkFramework *f, const TkControlExport *with)
{
    json_t *type =
        json_pack("{s:o, s:s, s:s}", "uuid", export_uuid(with->system, f, "information"), "title",
                  "Information of the service", "description",
                  "Communications and the data of their users, as the carrier's registers list them.");
    return json_pack("{s:[{s:s}], s:s, s:s, s:{s:[o]}, s:{s:s}, s:{s:s}}", "system-ids", "id", with->system,
                     "system-name", with->system, "description", with->system, "system-information",
                     "information-types", type, "status", "state", "operational", "authorization-boundary",
                     "description", "The facilities and systems in the carrier's registers.");
}

json_t *tk_control_ssp(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                       const TkFramework *framework, const TkControlExport *with, GError **error)
{
    g_autoptr(json_t) requirements = export_requirements(
        frameworks, answers, framework, with, ssp_requirement, "there is no plan to export", error);
    if (requirements == NULL)
        return NULL;
    json_t *component = json_pack(
        "{s:o, s:s, s:s, s:s, s:{s:s}}", "uuid", export_uuid(with->system, framework, "this-system"), "type",
        "this-system", "title", with->system, "description", with->system, "status", "state", "operational");
    json_t *user = json_pack("{s:o, s:s}", "uuid", export_uuid(with->system, framework, "user"), "title",
                             "People of the carrier");
    return json_pack("{s:{s:o, s:o, s:{s:s}, s:o, s:{s:[o], s:[o]}, s:{s:s, s:O}}}", "system-security-plan",
                     "uuid", export_uuid(with->system, framework, "ssp"), "metadata",
                     export_metadata(framework, with), "import-profile", "href", framework->source,
                     "system-characteristics", characteristics(framework, with), "system-implementation",
                     "users", user, "components", component, "control-implementation", "description",
                     framework->title_en, "implemented-requirements", requirements);
}

/* ---- assessment plan ---- */

static json_t *reviewed(const json_t *assessment)
{
    json_t *controls = json_array();
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(assessment, "items"), i, item)
    {
        g_autofree char *control = export_token(json_string_value(item));
        json_array_append_new(controls, json_pack("{s:s}", "control-id", control));
    }
    return json_pack("{s:[{s:o}]}", "control-selections", "include-controls", controls);
}

static bool has_items(const json_t *assessment, GError **error)
{
    return json_array_size(json_object_get(assessment, "items")) > 0 ||
           tk_fail(error, TK_ERROR_REFUSED, "the assessment has no control in its scope: nothing to export");
}

json_t *tk_control_assessment_plan(const TkFramework *framework, const json_t *assessment,
                                   const TkControlExport *with, GError **error)
{
    if (!has_items(assessment, error))
        return NULL;
    const char *id = words(oscal_text(assessment, "id")), *title = words(oscal_text(assessment, "title")),
               *method = words(oscal_text(assessment, "method"));
    g_autofree char *ssp = g_strconcat(framework->id, "-ssp.json", NULL);
    json_t *task = json_pack(
        "{s:o, s:s, s:s, s:s, s:{s:{s:o, s:o}}}", "uuid", named_uuid(framework, with, "task", id), "type",
        "action", "title", title, "description", method, "timing", "within-date-range", "start",
        day_start(oscal_text(assessment, "from")), "end", day_start(oscal_text(assessment, "to")));
    return json_pack("{s:{s:o, s:o, s:{s:s}, s:o, s:[o]}}", "assessment-plan", "uuid",
                     named_uuid(framework, with, "ap", id), "metadata", export_metadata(framework, with),
                     "import-ssp", "href", ssp, "reviewed-controls", reviewed(assessment), "tasks", task);
}

/* ---- assessment results ---- */

static json_t *observation(const TkFramework *f, const json_t *result, const TkControlExport *with)
{
    const char *id = words(oscal_text(result, "id")), *method = words(oscal_text(result, "method"));
    g_autofree char *upper = g_ascii_strup(method, -1);
    json_t *out =
        json_pack("{s:o, s:s, s:s, s:[s], s:o}", "uuid", named_uuid(f, with, "o", id), "title",
                  words(oscal_text(result, "item")), "description", words(oscal_text(result, "observed")),
                  "methods", upper, "collected", day_start(oscal_text(result, "assessed")));
    json_t *evidence = json_array();
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(result, "evidence"), i, one)
    {
        const char *hash = oscal_text(one, "sha256");
        json_t *piece = json_pack("{s:s}", "description", words(oscal_text(one, "title")));
        if (hash != NULL)
            json_object_set_new(piece, "props", json_pack("[o]", export_property("sha256", hash)));
        json_array_append_new(evidence, piece);
    }
    if (json_array_size(evidence) > 0)
        json_object_set(out, "relevant-evidence", evidence);
    json_decref(evidence);
    return out;
}

static bool is_unsatisfied(const json_t *result)
{
    return g_strcmp0(oscal_text(result, "result"), "not-satisfied") == 0;
}

static bool is_assessed(const json_t *result)
{
    return is_unsatisfied(result) || g_strcmp0(oscal_text(result, "result"), "satisfied") == 0;
}

static json_t *finding(const TkFramework *f, const json_t *result, const TkControlExport *with)
{
    const char *id = words(oscal_text(result, "id")), *item = words(oscal_text(result, "item"));
    const TkFrameworkItem *known = tk_framework_item(f, item);
    g_autofree char *target = export_token(item),
                    *title =
                        g_strdup_printf("%s %s", item, known != NULL ? tk_framework_title(known, "en") : "");
    json_t *out =
        json_pack("{s:o, s:s, s:s, s:{s:s, s:s, s:{s:s}}, s:[{s:o}]}", "uuid", named_uuid(f, with, "f", id),
                  "title", g_strchomp(title), "description", words(oscal_text(result, "observed")), "target",
                  "type", "objective-id", "target-id", target, "status", "state",
                  is_unsatisfied(result) ? "not-satisfied" : "satisfied", "related-observations",
                  "observation-uuid", named_uuid(f, with, "o", id));
    if (is_unsatisfied(result))
        json_object_set_new(out, "related-risks",
                            json_pack("[{s:o}]", "risk-uuid", named_uuid(f, with, "risk", id)));
    return out;
}

/* What was found not satisfied, with its measure as the remediation. */
static json_t *risk(const TkFramework *f, const json_t *result, const TkControlExport *with)
{
    const char *id = words(oscal_text(result, "id"));
    const json_t *measure = json_object_get(result, "measure");
    bool closed = g_strcmp0(oscal_text(result, "status"), "closed") == 0;
    json_t *out =
        json_pack("{s:o, s:s, s:s, s:s, s:s}", "uuid", named_uuid(f, with, "risk", id), "title",
                  words(oscal_text(result, "item")), "description", words(oscal_text(result, "observed")),
                  "statement", words(oscal_text(result, "observed")), "status", closed ? "closed" : "open");
    if (oscal_text(result, "severity") != NULL)
        json_object_set_new(out, "props",
                            json_pack("[o]", export_property("severity", oscal_text(result, "severity"))));
    if (measure == NULL)
        return out;
    if (oscal_text(measure, "deadline") != NULL)
        json_object_set_new(out, "deadline", day_start(oscal_text(measure, "deadline")));
    json_object_set_new(
        out, "remediations",
        json_pack("[{s:o, s:s, s:s, s:s, s:[o, o]}]", "uuid", named_uuid(f, with, "remedy", id), "lifecycle",
                  g_strcmp0(oscal_text(measure, "status"), "done") == 0 ? "completed" : "planned", "title",
                  words(oscal_text(measure, "title")), "description", words(oscal_text(measure, "measure")),
                  "props", export_property("record", words(oscal_text(measure, "id"))),
                  export_property("state", words(oscal_text(measure, "status")))));
    return out;
}

typedef json_t *(*PartFn)(const TkFramework *f, const json_t *result, const TkControlExport *with);

/* The parts of the results that `wanted` picks, under `key` where there are any. */
static void add_parts(json_t *out, const char *key, const TkFramework *f, const json_t *assessment,
                      const TkControlExport *with, bool (*wanted)(const json_t *), PartFn part)
{
    g_autoptr(json_t) list = json_array();
    size_t i;
    json_t *result;
    json_array_foreach(json_object_get(assessment, "results"), i, result) if (wanted(result))
        json_array_append_new(list, part(f, result, with));
    if (json_array_size(list) > 0)
        json_object_set(out, key, list);
}

static bool any(const json_t *result)
{
    return result != NULL;
}

json_t *tk_control_assessment_results(const TkFramework *framework, const json_t *assessment,
                                      const TkControlExport *with, GError **error)
{
    if (!has_items(assessment, error))
        return NULL;
    const char *id = words(oscal_text(assessment, "id")), *title = words(oscal_text(assessment, "title")),
               *said = oscal_text(assessment, "conclusion");
    g_autofree char *plan = g_strconcat(id, "-assessment-plan.json", NULL);
    json_t *result = json_pack(
        "{s:o, s:s, s:s, s:o, s:o, s:o}", "uuid", named_uuid(framework, with, "result", id), "title", title,
        "description", words(said != NULL ? said : oscal_text(assessment, "method")), "start",
        day_start(oscal_text(assessment, "from")), "end", day_start(oscal_text(assessment, "to")),
        "reviewed-controls", reviewed(assessment));
    add_parts(result, "observations", framework, assessment, with, any, observation);
    add_parts(result, "risks", framework, assessment, with, is_unsatisfied, risk);
    add_parts(result, "findings", framework, assessment, with, is_assessed, finding);
    return json_pack("{s:{s:o, s:o, s:{s:s}, s:[o]}}", "assessment-results", "uuid",
                     named_uuid(framework, with, "ar", id), "metadata", export_metadata(framework, with),
                     "import-ap", "href", plan, "results", result);
}

/* ---- plan of action ---- */

static json_t *poam_item(const TkFramework *f, const json_t *result, const TkControlExport *with)
{
    const char *id = words(oscal_text(result, "id"));
    const json_t *measure = json_object_get(result, "measure");
    g_autofree char *title =
        g_strdup_printf("%s: %s", words(oscal_text(result, "item")),
                        measure != NULL ? words(oscal_text(measure, "title")) : "no measure decided");
    return json_pack("{s:o, s:s, s:s, s:[{s:o}], s:[{s:o}]}", "uuid", named_uuid(f, with, "pi", id), "title",
                     title, "description",
                     words(measure != NULL ? oscal_text(measure, "measure") : oscal_text(result, "observed")),
                     "related-observations", "observation-uuid", named_uuid(f, with, "o", id),
                     "related-risks", "risk-uuid", named_uuid(f, with, "risk", id));
}

json_t *tk_control_assessment_poam(const TkFramework *framework, const json_t *assessment,
                                   const TkControlExport *with, GError **error)
{
    json_t *body = json_pack("{s:o, s:o, s:{s:s}}", "uuid",
                             named_uuid(framework, with, "apoam", words(oscal_text(assessment, "id"))),
                             "metadata", export_metadata(framework, with), "system-id", "id", with->system);
    add_parts(body, "observations", framework, assessment, with, is_unsatisfied, observation);
    add_parts(body, "risks", framework, assessment, with, is_unsatisfied, risk);
    add_parts(body, "poam-items", framework, assessment, with, is_unsatisfied, poam_item);
    if (json_object_get(body, "poam-items") != NULL)
        return json_pack("{s:o}", "plan-of-action-and-milestones", body);
    json_decref(body);
    tk_fail(error, TK_ERROR_REFUSED, "the assessment found nothing that is not satisfied: no plan of action");
    return NULL;
}
