#include "service/demo_history.h"

#define MINUTE_US  (60 * TK_US_PER_S)
#define SCRIPT_MAX (16u << 20)

static const TkActor noc = {"運用 太郎(架空)", TK_ROLE_NOC_OPERATOR};
static const TkActor chief = {"統括 花子(架空)", TK_ROLE_GENERAL_MANAGER};

static bool act(TkApp *app, const TkActor *actor, const char *id, json_t *request, GError **error)
{
    g_autoptr(json_t) body = request;
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    if (incident == NULL)
        return false;
    json_object_set_new(body, "version", json_integer(incident->version));
    g_autoptr(GBytes) answer = tk_service_accident_act(app, actor, id, body, error);
    return answer != NULL;
}

static bool freeze(TkApp *app, const char *id, const char *kind, bool final, GError **error)
{
    g_autoptr(TkIncident) incident = tk_incidents_get(app, id, error);
    if (incident == NULL)
        return false;
    g_autoptr(json_t) body =
        json_pack("{s:s, s:i, s:b, s:s}", "kind", kind, "version", (int)incident->version, "final", final,
                  "override", "デモの合成データのため警告を承知で確定");
    g_autoptr(GBytes) answer = tk_service_report_freeze(app, &chief, id, body, NULL, error);
    return answer != NULL;
}

static json_t *texts(bool final)
{
    json_t *fields = json_object();
    const char *const pairs[][2] = {
        {"cause_class", "equipment"},
        {"measures", final ? "予備系へ切り替え、全系統の復旧を確認した。"
                           : "集約装置の切り分けを実施中。予備系への切替えを試みている。"},
        {"cause", final ? "集約装置の制御ソフトウェアの不具合により、両系が相次いで停止した(架空の設定)。"
                        : "集約装置の両系停止(詳細調査中、架空の設定)。"},
        {"prevention", final ? "更新手順に片系ずつの確認を加える(架空の設定)。" : "検討中。"},
        {"user_notice", "障害情報を自社の架空のウェブページに掲載した。"},
        {"contact", "架空通信株式会社 運用部 03-0000-0000"},
        {"summary",
         "集約装置の停止により、音声通話とインターネット接続が利用できない状態となった(架空の設定)。"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        json_object_set_new(fields, pairs[i][0], json_string(pairs[i][1]));
    return json_pack("{s:s, s:o}", "action", "edit", "fields", fields);
}

/* What people did about a serious accident, each at its time after the beginning. */
typedef struct {
    const char *id;
    int64_t starts_us;
    int done;
} Handling;

static bool handle(TkApp *app, Handling *handling, int64_t now_us, GError **error)
{
    static const int minutes[] = {6, 75, 80, 300, 310, 1440, 1445};
    while (handling->done < (int)G_N_ELEMENTS(minutes) &&
           now_us >= handling->starts_us + minutes[handling->done] * MINUTE_US) {
        bool ok = true;
        switch (handling->done++) {
        case 0:
            ok = act(app, &noc, handling->id, json_pack("{s:s}", "action", "confirm"), error);
            break;
        case 1:
            ok = act(app, &noc, handling->id, texts(false), error);
            break;
        case 2:
            ok = freeze(app, handling->id, "serious-initial", false, error);
            break;
        case 3:
            ok = act(app, &noc, handling->id, texts(true), error);
            break;
        case 4:
            ok = freeze(app, handling->id, "serious-initial", false, error);
            break;
        case 5:
            ok = freeze(app, handling->id, "serious-detailed", true, error);
            break;
        default:
            ok = act(app, &chief, handling->id, json_pack("{s:s}", "action", "close"), error);
            break;
        }
        if (!ok)
            return false;
    }
    return true;
}

/* The accident that became, or is on its way to become, the largest of those that run. */
static char *largest_running(TkApp *app)
{
    g_autoptr(GPtrArray) all = tk_incidents_all(app);
    g_autoptr(TkLiveMap) map = tk_live_map(app);
    char *id = NULL;
    int64_t most = 100000; /* less is not what the past is about */
    for (unsigned i = 0; i < all->len; i++) {
        g_autoptr(TkIncident) joined = tk_incident_joined(app, g_ptr_array_index(all, i), map);
        for (unsigned s = 0; s < joined->services->len && joined->state < TK_INCIDENT_RECOVERED; s++) {
            const TkIncidentService *service = &g_array_index(joined->services, TkIncidentService, s);
            if (service->concurrent <= most)
                continue;
            most = service->concurrent;
            g_free(id);
            id = g_strdup(joined->id);
        }
    }
    return id;
}

static int64_t time_of_line(const char *line, size_t len)
{
    TkAlarm alarm;
    return tk_alarm_parse(line, len, &alarm, NULL) ? alarm.at_us : TK_TIME_NONE;
}

static bool reach(TkApp *app, TkDemo *demo, int64_t at_us, Handling *handling, GError **error)
{
    tk_demo_set_now(demo, at_us);
    tk_demo_feed(demo, at_us);
    tk_live_step(app, true);
    if (handling->id == NULL && (handling->id = largest_running(app)) != NULL) {
        g_autoptr(TkIncident) incident = tk_incidents_get(app, handling->id, NULL);
        handling->starts_us = incident->started_at;
    }
    return handling->id == NULL || handle(app, handling, at_us, error);
}

bool tk_demo_play_past(TkApp *app, TkDemo *demo, int64_t from_us, int64_t to_us, GError **error)
{
    g_auto(TkBuf) script = {0};
    tk_buf_init(&script, SCRIPT_MAX);
    tk_demo_script(demo, from_us, to_us, &script);
    Handling handling = {0};
    app->boardless = true;
    g_autoptr(TkLines) lines = tk_lines_new_memory(script.data, script.len, TK_ALARM_LINE_MAX);
    TkLine line;
    int64_t reached = from_us;
    bool ok = true;
    while (ok && tk_lines_next(lines, &line) == TK_LINE_OK) {
        int64_t at_us = time_of_line(line.text, line.len);
        if (at_us <= reached)
            continue;
        /* quiet stretches are passed in steps, so that people act in time */
        while (ok && handling.id != NULL && at_us - reached > 30 * MINUTE_US)
            ok = reach(app, demo, reached += 30 * MINUTE_US, &handling, error);
        reached = at_us - at_us % MINUTE_US + MINUTE_US;
        ok = ok && reach(app, demo, MIN(reached, to_us), &handling, error);
    }
    ok = ok && reach(app, demo, to_us, &handling, error);
    g_free((char *)handling.id);
    app->boardless = false;
    return ok;
}
