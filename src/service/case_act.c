/* What people do to a case beside changing its fields.
 *
 *     open ──close──► closed ──reopen──► open          reported: in either state
 *
 * A case with a deadline that is still open is closed only with a reason (it turned out to be none, or the
 * authority said so), and a closed one no longer stands on the board; its reports and history stay. */
#include "service/cases.h"

typedef struct {
    TkApp *app;
    const TkActor *actor;
    const json_t *request;
    const json_t *view; /* as read, with its deadlines */
    json_t *document;   /* working copy */
    int64_t now_us, version;
} CaseAct;

static void note(CaseAct *act, const char *action, const char *ja, const char *en)
{
    tk_case_note(act->document, act->actor, act->now_us, act->version, action, ja, en);
}

static unsigned open_deadlines(const json_t *view)
{
    unsigned open = 0;
    size_t i;
    const json_t *deadline;
    json_array_foreach(json_object_get(view, "deadlines"), i, deadline)
    {
        open += !json_is_true(json_object_get(deadline, "done"));
    }
    return open;
}

static bool close_it(CaseAct *act, GError **error)
{
    const json_t *in = json_object_get(act->request, "reason");
    const char *reason = NULL;
    if (in != NULL && !json_is_null(in) && g_strcmp0(json_string_value(in), "") != 0) {
        reason = tk_request_text(act->request, "reason", 500, error);
        if (reason == NULL)
            return false;
    }
    unsigned open = open_deadlines(act->view);
    if (open > 0 && reason == NULL)
        return tk_fail_both(
            error, TK_ERROR_CONFLICT,
            "未提出の報告が %u "
            "件あります。理由を入力して終了するか、報告を確定するか、提出の方法を記録してください。",
            "reason: %u reports are not handed in yet; close it with a reason, freeze them, or say how "
            "they went out",
            open);
    g_autofree char *ja = NULL, *en = NULL;
    tk_closed_words(reason, &ja, &en);
    json_object_set_new(act->document, "state", json_string("closed"));
    json_object_set_new(act->document, "closed_at", tk_json_of_time(act->now_us));
    note(act, "close", ja, en);
    return true;
}

static bool reopen(CaseAct *act, GError **error)
{
    (void)error;
    json_object_set_new(act->document, "state", json_string("open"));
    json_object_del(act->document, "closed_at");
    note(act, "reopen", "再開", "reopened");
    return true;
}

static bool reported(CaseAct *act, GError **error)
{
    int64_t occurred_us, known_us;
    g_auto(TkReported) what = {0};
    if (!tk_case_times(act->document, &occurred_us, &known_us, error) ||
        !tk_reported_read(act->app, act->request, json_string_value(json_object_get(act->view, "id")),
                          json_object_get(act->view, "deadlines"), occurred_us, act->now_us, &what, error))
        return false;
    json_object_set_new(act->document, "done",
                        tk_reported_done(&what, json_object_get(act->document, "done")));
    note(act, "reported", what.ja, what.en);
    return true;
}

static const struct {
    const char *name;
    bool while_open, while_closed;
    TkMay may;
    bool (*fn)(CaseAct *act, GError **error);
} actions[] = {
    {"close", true, false, TK_MAY_CLOSE_ACCIDENT, close_it},
    {"reopen", false, true, TK_MAY_CLOSE_ACCIDENT, reopen},
    {"reported", true, true, TK_MAY_FREEZE_REPORT, reported},
};

static int find_action(const char *name, GError **error)
{
    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(actions); i++)
        if (strcmp(actions[i].name, name) == 0)
            return (int)i;
    tk_fail_both(error, TK_ERROR_INPUT,
                 "「%.40s」という操作はありません。close、reopen、reported があります。",
                 "action: “%.40s” is none; close, reopen and reported are", name == NULL ? "" : name);
    return -1;
}

static bool run(CaseAct *act, int action, const char *kind, const TkRecord *record, GError **error)
{
    bool closed = tk_case_is_closed(record->body);
    if (!tk_request_version(act->request, (uint32_t)record->version, error))
        return false;
    if (closed ? !actions[action].while_closed : !actions[action].while_open)
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "%s の現在の状態（%s）では「%s」の操作はできません。読み直してください。",
                            "%s is %s; in that state it cannot be the subject of “%s”", record->id,
                            closed ? "closed" : "open", actions[action].name);
    g_autoptr(json_t) view = tk_case_view(act->app, kind, record, act->now_us);
    g_autoptr(json_t) document = json_deep_copy(record->body);
    act->view = view;
    act->document = document;
    act->version = record->version + 1;
    return actions[action].fn(act, error) &&
           tk_case_save(act->app, tk_write_new(act->actor->id, act->now_us), kind, record->version,
                        actions[action].name, document, error);
}

GBytes *tk_service_case_act(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                            GError **error)
{
    const char *kind;
    int action = find_action(json_string_value(json_object_get(request, "action")), error);
    if (action < 0 || !tk_service_may(actor, actions[action].may, error))
        return NULL;
    CaseAct act = {.app = app, .actor = actor, .request = request, .now_us = tk_app_now(app)};
    g_mutex_lock(&app->change_lock); /* the table of deadlines follows the commits in their order */
    g_autoptr(TkRecord) record = tk_case_get(app, id, &kind, error);
    bool done = record != NULL && run(&act, action, kind, record, error);
    g_mutex_unlock(&app->change_lock);
    return done ? tk_service_case(app, actor, id, error) : NULL;
}
