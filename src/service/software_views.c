/* What people see of software: the overview, the findings, the components. */
#include "service/software_private.h"

#include "service/software.h"

#define ROWS_MAX 200000 /* of one list */

/* ---- the overview ---- */

static json_t *system_json(const TkSoftwareSystem *s)
{
    json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:O?}", "record", s->record, "name",
                            s->name, "system", s->system, "system_name", s->system_name, "facilities",
                            (int)json_array_size(s->facilities), "affected", (int)s->affected, "investigated",
                            (int)s->investigated, "cannot_tell", (int)s->unclear, "users", s->users);
    if (s->sbom == NULL) {
        json_object_set_new(out, "error", json_string(s->why));
        return out;
    }
    json_t *notes = json_array();
    for (guint i = 0; i < s->sbom->notes->len; i++)
        json_array_append_new(notes, json_string(s->sbom->notes->pdata[i]));
    json_object_set_new(out, "format", json_string(s->sbom->format));
    json_object_set_new(out, "components", json_integer(s->sbom->components->len));
    json_object_set_new(out, "notes", notes);
    return out;
}

static json_t *advisory_json(const TkSoftwareAdvisory *a)
{
    json_t *out = json_pack("{s:s, s:s, s:s, s:i}", "record", a->record, "tracking_id", a->tracking_id,
                            "title", a->title, "findings", (int)a->findings);
    if (a->advisory == NULL) {
        json_object_set_new(out, "error", json_string(a->why));
        return out;
    }
    double score = -1;
    for (guint i = 0; i < a->advisory->vulnerabilities->len; i++)
        score = MAX(score, ((const TkVulnerability *)a->advisory->vulnerabilities->pdata[i])->score);
    json_object_set_new(out, "publisher", json_string(a->advisory->publisher));
    json_object_set_new(out, "released", json_string(a->advisory->released));
    json_object_set_new(out, "format", json_string(a->advisory->format));
    json_object_set_new(out, "vulnerabilities", json_integer(a->advisory->vulnerabilities->len));
    json_object_set_new(out, "score", score < 0 ? json_null() : json_real(score));
    return out;
}

static json_t *patch_of(const TkSoftwareView *view, const TkSoftwareFinding *f)
{
    g_autofree char *key = g_strdup_printf("%s %s", f->system->system, f->finding->vulnerability->id);
    return json_object_get(view->patches, key);
}

/* What is to be done about a finding: "none" (not affected or fixed), "open", "planned", "done", "accepted",
 * "acceptance-expired". A patch that was done is not believed where the SBOM still shows the component
 * affected: it is "done" beside a finding, for somebody to look at. */
static const char *work_of(const TkSoftwareView *view, const TkSoftwareFinding *f, const char *today)
{
    if (f->finding->status == TK_STATUS_FIXED || f->finding->status == TK_STATUS_NOT_AFFECTED)
        return "none";
    const json_t *patch = patch_of(view, f);
    const char *state = json_string_value(json_object_get(patch, "state"));
    const char *until = json_string_value(json_object_get(patch, "accepted_until"));
    if (state == NULL)
        return "open";
    if (strcmp(state, "accepted") == 0)
        return until == NULL || strcmp(until, today) < 0 ? "acceptance-expired" : "accepted";
    return state;
}

static bool overdue(const TkSoftwareView *view, const TkSoftwareFinding *f, const char *work,
                    const char *today)
{
    const char *deadline = json_string_value(json_object_get(patch_of(view, f), "deadline"));
    return (strcmp(work, "open") == 0 || strcmp(work, "planned") == 0) && deadline != NULL &&
           strcmp(deadline, today) < 0;
}

static void count(json_t *counts, const char *what)
{
    json_object_set_new(counts, what, json_integer(json_integer_value(json_object_get(counts, what)) + 1));
}

static json_t *counts_json(const TkSoftwareView *view, const char *today)
{
    static const char *const all[] = {"known-affected", "under-investigation",
                                      "cannot-tell",    "fixed",
                                      "not-affected",   "open",
                                      "planned",        "done",
                                      "accepted",       "acceptance-expired",
                                      "overdue"};
    json_t *out = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        json_object_set_new(out, all[i], json_integer(0));
    for (guint i = 0; i < view->findings->len; i++) {
        const TkSoftwareFinding *f = &g_array_index(view->findings, TkSoftwareFinding, i);
        const char *work = work_of(view, f, today);
        count(out, tk_advisory_status_name(f->finding->status));
        if (strcmp(work, "none") != 0)
            count(out, work);
        if (overdue(view, f, work, today))
            count(out, "overdue");
    }
    return out;
}

GBytes *tk_service_software(TkApp *app, const TkActor *actor, GError **error)
{
    char today[TK_TIME_TEXT_MAX];
    TkDate date = tk_date_of_time(tk_app_now(app));
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    tk_date_text(date, today);
    g_auto(TkSoftwareView) view = {0};
    json_t *retention = NULL, *training = NULL;
    bool ok = tk_software_view(app, &view, error) &&
              (retention = tk_software_retention(app, date, error)) != NULL &&
              (training = tk_software_training(app, date, error)) != NULL;
    if (!ok) {
        g_clear_pointer(&retention, json_decref);
        return NULL;
    }
    json_t *systems = json_array(), *advisories = json_array();
    for (guint i = 0; i < view.systems->len; i++)
        json_array_append_new(systems, system_json(view.systems->pdata[i]));
    for (guint i = 0; i < view.advisories->len; i++)
        json_array_append_new(advisories, advisory_json(view.advisories->pdata[i]));
    g_autoptr(json_t) out =
        json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "date", today, "synthetic", app->synthetic, "counts",
                  counts_json(&view, today), "systems", systems, "advisories", advisories,
                  "retention_overdue", retention, "training_due", training);
    return tk_json_bytes(out);
}

/* ---- findings ---- */

/* Affected before cannot tell before investigated, higher scores first: texts that sort so, downwards. */
static char *sort_key(const TkSoftwareFinding *f, guint place)
{
    static const int rank[] = {3, 4, 2, 1, 0};
    double score = MAX(f->finding->vulnerability->score, 0);
    return g_strdup_printf("%d-%03d-%08u", rank[f->finding->status], (int)(score * 10 + 0.5),
                           99999999 - place);
}

static json_t *finding_json(const TkSoftwareView *view, guint place, const char *today)
{
    const TkSoftwareFinding *f = &g_array_index(view->findings, TkSoftwareFinding, place);
    const TkVulnerability *v = f->finding->vulnerability;
    const TkComponent *c = f->finding->component;
    const char *work = work_of(view, f, today);
    g_autofree char *key = sort_key(f, place);
    json_t *out =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:i, s:O?, s:O?}", "id",
                  key, "vulnerability", v->id, "title", v->title, "vector", v->vector, "justification",
                  v->justification, "remedy", v->remedy, "advisory", f->advisory->record, "advisory_title",
                  f->advisory->title, "system", f->system->system, "system_name", f->system->system_name,
                  "status", tk_advisory_status_name(f->finding->status), "work", work, "overdue",
                  overdue(view, f, work, today), "facilities", (int)json_array_size(f->system->facilities),
                  "users", f->system->users, "patch", patch_of(view, f));
    json_object_set_new(out, "sbom", json_string(f->system->record));
    json_object_set_new(out, "score", v->score < 0 ? json_null() : json_real(v->score));
    json_object_set_new(
        out, "component",
        json_pack("{s:s, s:s, s:s}", "name", c->name, "version", c->version, "purl", c->purl));
    json_object_set_new(out, "by", json_string(f->finding->by));
    json_object_set_new(out, "why", tk_text2(f->finding->why_ja, f->finding->why));
    return out;
}

static int known_status(const char *status)
{
    for (int s = TK_STATUS_CANNOT_TELL; s <= TK_STATUS_NOT_AFFECTED; s++)
        if (strcmp(status, tk_advisory_status_name((TkAdvisoryStatus)s)) == 0)
            return s;
    return -1;
}

GBytes *tk_service_software_findings(TkApp *app, const TkActor *actor, const char *status, const TkPage *page,
                                     GError **error)
{
    char today[TK_TIME_TEXT_MAX];
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    int wanted = status == NULL || *status == '\0' ? -1 : known_status(status);
    if (status != NULL && *status != '\0' && wanted < 0) {
        tk_fail_both(error, TK_ERROR_INPUT, "状態「%.40s」はありません。", "status: there is no “%.40s”",
                     status);
        return NULL;
    }
    tk_date_text(tk_date_of_time(tk_app_now(app)), today);
    g_auto(TkSoftwareView) view = {0};
    if (!tk_software_view(app, &view, error))
        return NULL;
    json_t *items = json_array();
    for (guint i = 0; i < view.findings->len && json_array_size(items) < ROWS_MAX; i++)
        if (wanted < 0 || (int)g_array_index(view.findings, TkSoftwareFinding, i).finding->status == wanted)
            json_array_append_new(items, finding_json(&view, i, today));
    g_autoptr(json_t) out = tk_page_of(items, "id", true, page, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}

/* ---- components ---- */

static bool mentions(const TkComponent *c, const char *folded)
{
    const char *const texts[] = {c->name, c->purl, c->supplier};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text = g_utf8_casefold(texts[i], -1);
        if (strstr(text, folded) != NULL)
            return true;
    }
    return false;
}

GBytes *tk_service_software_components(TkApp *app, const TkActor *actor, const char *search,
                                       const TkPage *page, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autofree char *folded = g_utf8_casefold(search == NULL ? "" : search, -1);
    g_auto(TkSoftwareView) view = {0};
    if (!tk_software_view(app, &view, error))
        return NULL;
    json_t *items = json_array();
    for (guint s = 0; s < view.systems->len; s++) {
        const TkSoftwareSystem *system = view.systems->pdata[s];
        for (guint i = 0; system->sbom != NULL && i < system->sbom->components->len; i++) {
            const TkComponent *c = system->sbom->components->pdata[i];
            if (json_array_size(items) >= ROWS_MAX || !mentions(c, folded))
                continue;
            g_autofree char *key = g_strdup_printf("%.120s %s %06u", c->name, system->record, i);
            json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id",
                                                   key, "name", c->name, "version", c->version, "supplier",
                                                   c->supplier, "kind", c->kind, "purl", c->purl, "cpe",
                                                   c->cpe, "system", system->system, "system_name",
                                                   system->system_name, "sbom", system->record));
        }
    }
    g_autoptr(json_t) out = tk_page_of(items, "id", false, page, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}
