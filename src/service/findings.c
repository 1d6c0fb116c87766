/* Findings (指摘) and what comes of them: plan a countermeasure, do it, have another person check that it
 * works.
 *
 *     open ─ measure ─► a record of the register of countermeasures ─ done ─► verify ─┬─ effective: verified
 *       ▲                                                                             └─ not: open again
 *       └──────────────────────────────────────────────────────────────────────────────────┘
 *
 * Separation of duties: whoever owns the campaign, wrote the finding, planned the countermeasure or wrote its
 * record last does not verify it. The trace keeps every turn of the cycle (PDCA). */
#include "service/campaigns_private.h"

#define TRACE_MAX 100

static const char *const severities[] = {"high", "medium", "low"};

/* ---- looking ---- */

static json_t *countermeasure_of(TkApp *app, const char *id)
{
    g_autoptr(TkRecord) record =
        id == NULL ? NULL : tk_store_get(app->store, "r-countermeasures", id, TK_TIME_NONE, NULL);
    if (record == NULL)
        return json_null();
    return json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:s, s:I}", "id", record->id, "title",
                     tk_program_text(record, "title"), "status", tk_program_text(record, "status"),
                     "deadline", tk_program_text(record, "deadline"), "owner",
                     tk_program_text(record, "owner"), "who", record->who, "version",
                     (json_int_t)record->version);
}

/* Who planned the countermeasure of this turn; NULL where nobody has. */
static const char *planner_of(const json_t *body)
{
    const json_t *trace = json_object_get(body, "trace");
    for (size_t i = json_array_size(trace); i-- > 0;) {
        const json_t *line = json_array_get(trace, i);
        if (g_strcmp0(tk_text_at(line, "action"), "measure") == 0)
            return tk_text_at(line, "who");
    }
    return NULL;
}

/* Why this person does not verify; true where they may. */
static bool may_verify(const char *owner, const json_t *body, const json_t *measure, const TkActor *actor,
                       GError **error)
{
    if (g_strcmp0(owner, actor->id) == 0)
        return tk_fail_both(error, TK_ERROR_FORBIDDEN,
                            "点検・調査の責任者は、自分の点検の対策を検証できません。",
                            "whoever owns the campaign does not verify its countermeasures");
    if (g_strcmp0(tk_text_at(body, "author"), actor->id) == 0 || g_strcmp0(planner_of(body), actor->id) == 0)
        return tk_fail_both(error, TK_ERROR_FORBIDDEN,
                            "指摘した人、対策を決めた人は、その対策を検証できません。",
                            "whoever wrote the finding or planned its countermeasure does not verify it");
    return g_strcmp0(tk_text_at(measure, "who"), actor->id) != 0 ||
           tk_fail_both(error, TK_ERROR_FORBIDDEN, "対策の記録を最後に書いた人は、その対策を検証できません。",
                        "whoever wrote the countermeasure's record last does not verify it");
}

static json_t *finding_view(TkApp *app, const TkRecord *record, const char *owner, const TkActor *actor)
{
    GError *why = NULL;
    json_t *view = json_copy(record->body);
    json_t *measure = countermeasure_of(app, tk_text_at(record->body, "countermeasure"));
    bool may = tk_service_may(actor, TK_MAY_RUN_PROGRAM, NULL) &&
               may_verify(owner, record->body, measure, actor, &why);
    bool done = g_strcmp0(tk_text_at(measure, "status"), "done") == 0;
    json_object_set_new(view, "id", json_string(record->id));
    json_object_set_new(view, "version", json_integer((json_int_t)record->version));
    json_object_set_new(view, "measure", measure);
    json_object_set_new(
        view, "may_verify",
        json_boolean(may && done && g_strcmp0(tk_text_at(record->body, "state"), "measure") == 0));
    json_object_set_new(view, "why_not",
                        why == NULL ? json_null()
                                    : json_pack("{s:s, s:s}", "ja", tk_error_ja(why), "en", why->message));
    g_clear_error(&why);
    return view;
}

json_t *tk_campaign_findings(TkApp *app, const char *campaign, const char *owner, const TkActor *actor,
                             GError **error)
{
    g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free);
    if (!tk_campaign_each(app, TK_KIND_FINDING, campaign, tk_record_keep, records, error))
        return NULL;
    json_t *list = json_array();
    for (guint i = 0; i < records->len; i++)
        json_array_append_new(list, finding_view(app, records->pdata[i], owner, actor));
    return list;
}

/* ---- adding ---- */

static void trace(json_t *body, int64_t now_us, const char *who, const char *action, const char *result,
                  const char *note)
{
    json_t *lines = json_object_get(body, "trace");
    if (json_array_size(lines) < TRACE_MAX)
        json_array_append_new(lines, json_pack("{s:o, s:s, s:s, s:s*, s:s*}", "at", tk_json_of_time(now_us),
                                               "who", who, "action", action, "result", result, "note", note));
}

static bool known_question(TkApp *app, const TkRecord *campaign, const char *question, GError **error)
{
    if (*question == '\0')
        return true;
    g_autoptr(TkQuestionnaire) q = tk_questionnaire_frozen(app, campaign->body, error);
    return q != NULL &&
           (tk_questionnaire_find(q, question) != NULL ||
            tk_fail(error, TK_ERROR_INPUT, "question: “%.40s” is not asked in this campaign", question));
}

/* The body of a new finding; new reference. */
static json_t *new_finding(TkApp *app, const TkActor *actor, const TkRecord *campaign, const json_t *request,
                           GError **error)
{
    const char *title = tk_campaign_text(request, "title", 300, true, error);
    const char *words = title == NULL ? NULL : tk_campaign_text(request, "description", 4000, false, error);
    const char *severity = words == NULL ? NULL : tk_campaign_text(request, "severity", 20, true, error);
    const char *question = severity == NULL ? NULL : tk_campaign_text(request, "question", 40, false, error);
    const char *sheet = question == NULL ? NULL : tk_campaign_text(request, "sheet", 60, false, error);
    bool known = false;
    for (size_t i = 0; severity != NULL && i < G_N_ELEMENTS(severities); i++)
        known |= strcmp(severities[i], severity) == 0;
    if (sheet == NULL || !known_question(app, campaign, question, error))
        return NULL;
    if (!known) {
        tk_fail(error, TK_ERROR_INPUT, "severity: high, medium or low");
        return NULL;
    }
    if (*sheet != '\0') {
        g_autoptr(TkRecord) record = tk_sheet_get(app, campaign->id, sheet, error);
        if (record == NULL)
            return NULL;
    }
    json_t *body =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:[]}", "campaign", campaign->id, "title",
                  title, "description", words, "severity", severity, "question", question, "sheet", sheet,
                  "state", "open", "author", actor->id, "at", tk_json_of_time(tk_app_now(app)), "trace");
    trace(body, tk_app_now(app), actor->id, "found", NULL, NULL);
    return body;
}

static char *add_locked(TkApp *app, const TkActor *actor, const char *campaign, const json_t *request,
                        GError **error)
{
    g_autoptr(TkRecord) of = tk_campaign_get(app, campaign, error);
    g_autoptr(json_t) body = of == NULL ? NULL : new_finding(app, actor, of, request, error);
    if (body == NULL)
        return NULL;
    g_autofree char *id = tk_campaign_next_id(app, TK_KIND_FINDING, "FND");
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    tk_write_put(write, TK_KIND_FINDING, id, TK_STORE_NEW, "find", body);
    return tk_store_commit(app->store, write, NULL, error) ? g_steal_pointer(&id) : NULL;
}

static GBytes *tell(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    g_autoptr(TkRecord) record = tk_store_get(app->store, TK_KIND_FINDING, id, TK_TIME_NONE, error);
    g_autoptr(TkRecord) of =
        record == NULL ? NULL : tk_campaign_get(app, tk_text_at(record->body, "campaign"), error);
    if (of == NULL)
        return NULL;
    g_autoptr(json_t) view = finding_view(app, record, tk_text_at(of->body, "owner"), actor);
    return tk_json_bytes(view);
}

GBytes *tk_service_finding_add(TkApp *app, const TkActor *actor, const char *campaign, const json_t *request,
                               GError **error)
{
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    g_mutex_lock(&app->change_lock);
    g_autofree char *id = add_locked(app, actor, campaign, request, error);
    g_mutex_unlock(&app->change_lock);
    return id == NULL ? NULL : tell(app, actor, id, error);
}

/* ---- plan, check, act ---- */

/* Makes the record of the register; its id, owned by the caller. */
static char *make_measure(TkApp *app, const TkActor *actor, const TkRecord *finding, const TkRecord *campaign,
                          const json_t *request, GBytes **findings, GError **error)
{
    const char *title = tk_campaign_text(request, "title", 200, false, error);
    const char *measure = title == NULL ? NULL : tk_campaign_text(request, "measure", 4000, true, error);
    const char *owner = measure == NULL ? NULL : tk_campaign_text(request, "owner", 120, true, error);
    const char *deadline = owner == NULL ? NULL : tk_campaign_text(request, "deadline", 10, true, error);
    if (deadline == NULL)
        return NULL;
    bool audit = g_strcmp0(tk_text_at(campaign->body, "kind"), "audit") == 0;
    g_autoptr(json_t) values =
        json_pack("{s:{s:s, s:s, s:s, s:s?, s:s, s:s, s:s, s:s}}", "values", "title",
                  *title != '\0' ? title : tk_text_at(finding->body, "title"), "source",
                  audit ? "audit" : "inspection", "source_id", finding->id, "cause", NULL, "measure", measure,
                  "owner", owner, "deadline", deadline, "status", "open");
    g_autoptr(GBytes) made =
        tk_register_add(app->registers, actor, "countermeasures", values, NULL, findings, error);
    gsize len;
    const char *text = made == NULL ? NULL : g_bytes_get_data(made, &len);
    g_autoptr(json_t) record = text == NULL ? NULL : tk_json_read("the record", text, len, 1u << 20, error);
    return record == NULL ? NULL : g_strdup(tk_text_at(record, "id"));
}

static bool plan(TkApp *app, const TkActor *actor, const TkRecord *finding, const TkRecord *campaign,
                 json_t *body, const json_t *request, GBytes **findings, GError **error)
{
    if (g_strcmp0(tk_text_at(body, "state"), "open") != 0)
        return tk_fail_both(error, TK_ERROR_CONFLICT, "対策はすでに決まっています。",
                            "it has a countermeasure already, or needs none");
    g_autofree char *id = make_measure(app, actor, finding, campaign, request, findings, error);
    if (id == NULL)
        return false;
    json_object_set_new(body, "countermeasure", json_string(id));
    json_object_set_new(body, "state", json_string("measure"));
    trace(body, tk_app_now(app), actor->id, "measure", id, NULL);
    return true;
}

static bool verify(TkApp *app, const TkActor *actor, const TkRecord *campaign, json_t *body,
                   const json_t *request, GError **error)
{
    const char *result = tk_campaign_text(request, "result", 20, true, error);
    const char *note = result == NULL ? NULL : tk_campaign_text(request, "note", 4000, true, error);
    g_autoptr(json_t) measure = countermeasure_of(app, tk_text_at(body, "countermeasure"));
    if (note == NULL || !may_verify(tk_text_at(campaign->body, "owner"), body, measure, actor, error))
        return false;
    bool effective = strcmp(result, "effective") == 0;
    if (!effective && strcmp(result, "not-effective") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "result: effective or not-effective");
    if (g_strcmp0(tk_text_at(body, "state"), "measure") != 0 ||
        g_strcmp0(tk_text_at(measure, "status"), "done") != 0)
        return tk_fail_both(error, TK_ERROR_CONFLICT, "対策が完了してから検証できます。",
                            "it is verified once its countermeasure is done");
    json_object_set_new(body, "state", json_string(effective ? "verified" : "open"));
    trace(body, tk_app_now(app), actor->id, "verify", result, note);
    return true;
}

static bool accept(TkApp *app, const TkActor *actor, json_t *body, const json_t *request, GError **error)
{
    const char *note = tk_campaign_text(request, "note", 4000, true, error);
    if (note == NULL)
        return false;
    if (g_strcmp0(tk_text_at(body, "state"), "open") != 0)
        return tk_fail_both(error, TK_ERROR_CONFLICT, "対策中又は検証済みです。",
                            "it is being dealt with, or verified");
    json_object_set_new(body, "state", json_string("accepted"));
    trace(body, tk_app_now(app), actor->id, "accept", NULL, note);
    return true;
}

static bool act_locked(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                       GBytes **findings, GError **error)
{
    const char *action = tk_campaign_text(request, "action", 20, true, error);
    g_autoptr(TkRecord) record =
        action == NULL ? NULL : tk_store_get(app->store, TK_KIND_FINDING, id, TK_TIME_NONE, error);
    if (record == NULL || !tk_campaign_version(record, request, error))
        return false;
    g_autoptr(TkRecord) campaign = tk_campaign_get(app, tk_text_at(record->body, "campaign"), error);
    g_autoptr(json_t) body = json_deep_copy(record->body);
    bool done = campaign != NULL;
    if (done && strcmp(action, "measure") == 0)
        done = plan(app, actor, record, campaign, body, request, findings, error);
    else if (done && strcmp(action, "verify") == 0)
        done = verify(app, actor, campaign, body, request, error);
    else if (done && strcmp(action, "accept") == 0)
        done = accept(app, actor, body, request, error);
    else if (done)
        done = tk_fail(error, TK_ERROR_INPUT, "action: measure, verify or accept");
    if (!done)
        return false;
    TkWrite *write = tk_write_new(actor->id, tk_app_now(app));
    tk_write_put(write, TK_KIND_FINDING, id, record->version, action, body);
    return tk_store_commit(app->store, write, NULL, error);
}

GBytes *tk_service_finding_act(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                               GBytes **findings, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_RUN_PROGRAM, error))
        return NULL;
    g_mutex_lock(&app->change_lock);
    bool done = act_locked(app, actor, id, request, findings, error);
    g_mutex_unlock(&app->change_lock);
    return done ? tell(app, actor, id, error) : NULL;
}
