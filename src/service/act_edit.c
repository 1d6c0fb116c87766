/* What a person writes into an accident: estimates, the count that is put before the law, and texts; and
 * opening one by hand. */
#include "service/act.h"

static TkIncidentService *requested_service(TkAct *act, GError **error)
{
    const char *name = tk_request_text(act->request, "service", 64, error);
    if (name == NULL)
        return NULL;
    TkIncidentService *service = tk_incident_service(act->incident, name);
    if (service != NULL)
        return service;
    /* one the network shows but the record has not written down yet */
    g_autoptr(TkIncident) joined = tk_incident_joined(act->change.app, act->incident, act->change.map);
    const TkIncidentService *live = tk_incident_service(joined, name);
    if (live == NULL) {
        tk_fail_both(error, TK_ERROR_INPUT,
                     "%s は「%s」に影響していません。影響のあるサービスを選んでください。",
                     "service: %s does not touch “%s”", act->incident->id, name);
        return NULL;
    }
    service = tk_incident_service_add(act->incident, name);
    service->chosen = live->chosen;
    service->started_at = live->started_at;
    return service;
}

bool tk_act_estimate(TkAct *act, GError **error)
{
    int64_t users;
    const char *method = tk_request_text(act->request, "method", 2000, error);
    if (method == NULL || !tk_request_count(act->request, "users", TK_LAW_COUNT_MAX, &users, error))
        return false;
    const json_t *author = json_object_get(act->request, "author");
    const char *by =
        json_is_string(author) && json_string_length(author) > 0 && json_string_length(author) < 200
            ? json_string_value(author)
            : act->actor->id;
    tk_act_remember(act->incident, "estimate", "実測の登録", "entering an estimate", NULL);
    TkIncidentService *service = requested_service(act, error);
    if (service == NULL)
        return false;
    g_free(service->estimate_method);
    g_free(service->estimate_author);
    service->estimate_users = users;
    service->estimate_method = g_strdup(method);
    service->estimate_author = g_strdup(by);
    service->estimate_at = act->change.now_us;
    TkText name = tk_app_service_name(act->change.app, service->service);
    g_autofree char *ja =
        g_strdup_printf("%s: 実測 %" G_GINT64_FORMAT " 人(%s、%.500s)", name.ja, users, by, method);
    g_autofree char *en =
        g_strdup_printf("%s: %" G_GINT64_FORMAT " users measured (%s, %.500s)", name.en, users, by, method);
    tk_change_note(&act->change, act->incident, "estimate", ja, en);
    tk_follow_classify(&act->change, act->incident, act->incident->recovered_at != TK_TIME_NONE);
    return true;
}

bool tk_act_choose(TkAct *act, GError **error)
{
    TkChosen chosen;
    const char *count = tk_request_text(act->request, "count", 32, error);
    if (count == NULL)
        return false;
    if (!tk_chosen_of_name(count, &chosen))
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "計上方法は ever、peak、at_least、under_failed、estimate から選んでください。",
                            "count: one of ever, peak, at_least, under_failed, estimate");
    tk_act_remember(act->incident, "choose", "計上方法の選択", "choosing a count", NULL);
    TkIncidentService *service = requested_service(act, error);
    if (service == NULL)
        return false;
    if (chosen == TK_CHOSEN_ESTIMATE && service->estimate_users < 0)
        return tk_fail_both(error, TK_ERROR_CONFLICT,
                            "推計値がまだありません。先に推計値を入力してください。",
                            "count: there is no estimate yet; enter it first");
    TkText before = tk_chosen_words(service->chosen), after = tk_chosen_words(chosen);
    service->chosen = chosen;
    service->chosen_by_hand = true;
    TkText name = tk_app_service_name(act->change.app, service->service);
    g_autofree char *ja = g_strdup_printf("%s: 計上方法 %s → %s", name.ja, before.ja, after.ja);
    g_autofree char *en = g_strdup_printf("%s: count %s → %s", name.en, before.en, after.en);
    tk_change_note(&act->change, act->incident, "choose", ja, en);
    tk_follow_classify(&act->change, act->incident, act->incident->recovered_at != TK_TIME_NONE);
    return true;
}

/* ---- texts ---- */

static bool is_cause_class(const char *value)
{
    static const char *const classes[] = {"equipment", "human", "external", "other"};
    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
        if (strcmp(classes[i], value) == 0)
            return true;
    return false;
}

static bool check_code(TkIncidentText text, const char *value, GError **error)
{
    TkFault fault;
    TkEquipment equipment;
    if (text == TK_INCIDENT_FAULT && !tk_law_fault_find(value, strlen(value), &fault))
        return tk_fail_both(
            error, TK_ERROR_INPUT,
            "故障箇所は telecom-equipment、other-equipment、important-facility から選んでください。",
            "fault: one of telecom-equipment, other-equipment, important-facility");
    if (text == TK_INCIDENT_CAUSE_CLASS && !is_cause_class(value))
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "原因の分類は equipment、human、external、other から選んでください。",
                            "cause_class: one of equipment, human, external, other");
    if (text == TK_INCIDENT_EQUIPMENT && !tk_law_equipment_find(value, strlen(value), &equipment))
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "設備の種類は radio-base-station、remote-unit、dslam、other から選んでください。",
                            "equipment: one of radio-base-station, remote-unit, dslam, other");
    return true;
}

static int text_of_name(const char *name)
{
    for (int i = 0; i < TK_TEXTS; i++)
        if (strcmp(tk_incident_text_name((TkIncidentText)i), name) == 0)
            return i;
    return -1;
}

static bool set_field(TkIncident *incident, const char *name, const json_t *value, GError **error)
{
    int text = text_of_name(name);
    if (text < 0 && strcmp(name, "title") != 0)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "「%s」という項目はありません。画面に示された項目を入力してください。",
                            "fields.%s: no such text; title and the texts that the accident shows are", name);
    if (!json_is_string(value))
        return tk_fail_both(error, TK_ERROR_INPUT, "「%s」は文字列で入力してください。",
                            "fields.%s: must be a text", name);
    if (json_string_length(value) > (text < 0 ? 500 : TK_INCIDENT_TEXT_MAX))
        return tk_fail_both(error, TK_ERROR_LIMIT, "「%s」が長すぎます。短くしてください。",
                            "fields.%s: too long", name);
    if (text >= 0 && !check_code((TkIncidentText)text, json_string_value(value), error))
        return false;
    char **place = text < 0 ? &incident->title : &incident->texts[text];
    g_free(*place);
    *place = g_strdup(json_string_value(value));
    return true;
}

/* As the page names them. */
static const char *words_of(const char *name)
{
    static const char *const words[TK_TEXTS] = {
        [TK_INCIDENT_PLACE] = "発生場所",
        [TK_INCIDENT_SUMMARY] = "概要",
        [TK_INCIDENT_CAUSE] = "理由又は原因",
        [TK_INCIDENT_MEASURES] = "措置模様",
        [TK_INCIDENT_PREVENTION] = "再発防止策",
        [TK_INCIDENT_USER_NOTICE] = "利用者への周知",
        [TK_INCIDENT_CONTACT] = "連絡先",
        [TK_INCIDENT_REMARKS] = "その他参考となる事項",
        [TK_INCIDENT_EMERGENCY_EFFECT] = "緊急通報への影響",
        [TK_INCIDENT_WHOLESALE] = "卸電気通信役務の関係",
        [TK_INCIDENT_REDUNDANCY] = "予備構成と切替の状況",
        [TK_INCIDENT_RULES] = "関係する基準・規程",
        [TK_INCIDENT_GENERAL_MANAGER] = "電気通信設備統括管理者",
        [TK_INCIDENT_PROVIDER] = "提供元の事業者",
        [TK_INCIDENT_CAUSE_CLASS] = "発生要因の区分",
        [TK_INCIDENT_FAULT] = "故障した設備",
        [TK_INCIDENT_EQUIPMENT] = "設備の種類",
    };
    int text = text_of_name(name);
    return text < 0 ? "件名" : words[text];
}

bool tk_act_edit(TkAct *act, GError **error)
{
    json_t *fields = json_object_get(act->request, "fields");
    if (!json_is_object(fields) || json_object_size(fields) == 0)
        return tk_fail_both(error, TK_ERROR_INPUT, "変更する項目（fields）がありません。",
                            "fields: missing; an object of texts");
    tk_act_remember(act->incident, "edit", "編集", "editing", NULL);
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GString) words = g_string_new(NULL);
    const char *name;
    json_t *value;
    json_object_foreach(fields, name, value)
    {
        if (!set_field(act->incident, name, value, error))
            return false;
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
        g_string_append_printf(words, "%s%s", words->len > 0 ? "、" : "", words_of(name));
    }
    act->incident->texts_by_hand = true;
    g_autofree char *ja = g_strdup_printf("編集: %s", words->str),
                    *en = g_strdup_printf("edited %s", names->str);
    tk_change_note(&act->change, act->incident, "edit", ja, en);
    tk_follow_classify(&act->change, act->incident, act->incident->recovered_at != TK_TIME_NONE);
    return true;
}

/* ---- opening by hand ---- */

static bool take_services(TkApp *app, TkIncident *incident, json_t *services, GError **error)
{
    const char *name;
    json_t *users;
    if (!json_is_object(services) || json_object_size(services) == 0)
        return tk_fail_both(error, TK_ERROR_INPUT, "影響を受けたサービスと利用者数を入力してください。",
                            "services: missing; an object of service ids and users");
    json_object_foreach(services, name, users)
    {
        int found = tk_law_service_find(app->law, name, strlen(name));
        if (found < 0)
            return tk_fail_both(error, TK_ERROR_INPUT, "「%s」というサービスは法令データにありません。",
                                "services.%s: no such service in the law data", name);
        if (!json_is_integer(users) || json_integer_value(users) < 0 ||
            json_integer_value(users) > TK_LAW_COUNT_MAX)
            return tk_fail_both(error, TK_ERROR_INPUT,
                                "「%s」の影響利用者数は 0 以上の整数で入力してください。",
                                "services.%s: users must be a whole number, 0 or more", name);
        TkIncidentService *s = tk_incident_service_add(incident, name);
        s->base = s->concurrent = s->peak = s->ever = s->at_least = s->under_failed =
            (int64_t)json_integer_value(users);
        s->chosen = tk_law_service_counts_everyone(app->law, found) ? TK_CHOSEN_UNDER_FAILED : TK_CHOSEN_EVER;
        s->recovered_at = incident->recovered_at;
    }
    return true;
}

static bool take_texts(TkIncident *incident, const json_t *request, GError **error)
{
    static const char *const texts[] = {"title", "place", "summary", "cause", "fault", "equipment"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const json_t *value = json_object_get(request, texts[i]);
        if (value != NULL && !json_is_null(value) && !set_field(incident, texts[i], value, error))
            return false;
    }
    return true;
}

static bool fill(TkApp *app, TkIncident *incident, const json_t *request, int64_t now_us, GError **error)
{
    if (!tk_request_time(request, "recovered_at", TK_TIME_NONE, &incident->recovered_at, error))
        return false;
    if (incident->started_at > now_us ||
        (incident->recovered_at != TK_TIME_NONE &&
         (incident->recovered_at < incident->started_at || incident->recovered_at > now_us)))
        return tk_fail_both(error, TK_ERROR_INPUT, "発生は復旧より前で、どちらも未来の時刻にはできません。",
                            "started_at: an accident begins before it ends, and neither lies in the future");
    return take_services(app, incident, json_object_get(request, "services"), error) &&
           take_texts(incident, request, error);
}

static bool open_one(TkChange *change, const json_t *request, GError **error)
{
    int64_t started_at;
    if (tk_request_text(request, "title", 500, error) == NULL ||
        !tk_request_time(request, "started_at", change->now_us, &started_at, error))
        return false;
    if (tk_law_version(change->app->law, tk_date_of_time(started_at)) == TK_DATE_NONE)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "2008-04-01 より前の事故は法令データがないため登録できません。",
                            "started_at: the law data begin on 2008-04-01");
    const json_t *drill = json_object_get(request, "drill");
    if (drill != NULL && !json_is_boolean(drill))
        return tk_fail_both(error, TK_ERROR_INPUT, "訓練かどうか（drill）は true か false で送ってください。",
                            "drill: true or false");
    TkIncident *incident = tk_change_new(change, started_at, json_is_true(drill));
    if (!fill(change->app, incident, request, change->now_us, error))
        return false;
    incident->texts_by_hand = true;
    incident->state = incident->recovered_at == TK_TIME_NONE ? TK_INCIDENT_CONFIRMED : TK_INCIDENT_RECOVERED;
    if (!tk_request_time(request, "detected_at", change->now_us, &incident->detected_at, error))
        return false;
    tk_incident_note_timeline(incident, started_at, "occurred", "利用者への影響が始まった",
                              "users began to be affected");
    tk_incident_note_timeline(incident, incident->known_at, "known", "事故として登録した",
                              "entered as an accident");
    if (incident->recovered_at != TK_TIME_NONE)
        tk_incident_note_timeline(incident, incident->recovered_at, "recovered", "復旧した",
                                  "service was back");
    tk_change_note(change, incident, "open", incident->drill ? "訓練として手で登録" : "手で登録",
                   incident->drill ? "opened by hand as a drill" : "opened by hand");
    tk_follow_classify(change, incident, incident->recovered_at != TK_TIME_NONE);
    return true;
}

GBytes *tk_incident_open(TkApp *app, const TkActor *actor, const json_t *request, TkIncidentFill fill_in,
                         GError **error)
{
    if (!tk_service_may(actor, TK_MAY_HANDLE_ACCIDENT, error))
        return NULL;
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    g_autofree char *id = NULL;
    g_auto(TkChange) change = {0};
    g_mutex_lock(&app->change_lock);
    tk_change_begin(&change, app, map, actor->id, tk_app_now(app));
    bool done = fill_in(&change, request, error);
    if (done) {
        id = g_strdup(((TkIncident *)g_ptr_array_index(change.changed, 0))->id);
        done = tk_change_end(&change, error);
    }
    g_mutex_unlock(&app->change_lock);
    return done ? tk_service_accident(app, actor, id, error) : NULL;
}

GBytes *tk_service_accident_open(TkApp *app, const TkActor *actor, const json_t *request, GError **error)
{
    return tk_incident_open(app, actor, request, open_one, error);
}
