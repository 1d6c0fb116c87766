/* Texts the engine proposes while nobody has edited them. They say what the network showed and no more:
 * the reason stays "under investigation" until a person writes it. */
#include "service/app.h"

#define NAMED_MAX 3 /* names in a sentence before "and others" */

static void add_places(TkBuf *out, const TkIncident *incident)
{
    size_t count = json_array_size(incident->prefectures);
    for (size_t i = 0; i < count && i < NAMED_MAX; i++) {
        const json_t *code = json_array_get(incident->prefectures, i);
        const TkPrefecture *p =
            tk_prefecture(tk_prefecture_number(json_string_value(code), json_string_length(code)));
        tk_buf_addf(out, "%s%s", i > 0 ? "・" : "", p == NULL ? "所在不明" : p->ja);
    }
    if (count > NAMED_MAX)
        tk_buf_addf(out, "ほか%zu都道府県", count - NAMED_MAX);
    if (count == 0)
        tk_buf_add_str(out, "所在未登録");
}

static void add_services(const TkApp *app, TkBuf *out, const TkIncident *incident)
{
    for (unsigned i = 0; i < incident->services->len; i++) {
        const TkIncidentService *s = &g_array_index(incident->services, TkIncidentService, i);
        tk_buf_addf(out, "%s%s", i > 0 ? "、" : "", tk_app_service_name(app, s->service).ja);
    }
}

static void add_causes(TkBuf *out, const TkIncident *incident, size_t most)
{
    size_t count = json_array_size(incident->causes);
    for (size_t i = 0; i < count && i < most; i++) {
        const json_t *cause = json_array_get(incident->causes, i);
        tk_buf_addf(out, "%s%s", i > 0 ? "、" : "", json_string_value(json_object_get(cause, "name")));
    }
    if (count > most)
        tk_buf_addf(out, "ほか%zu設備", count - most);
}

static void set(char **text, TkBuf *buf)
{
    g_free(*text);
    *text = g_strdup(tk_buf_str(buf));
    tk_buf_reset(buf);
}

void tk_incident_propose(const TkApp *app, TkIncident *incident)
{
    if (incident->texts_by_hand)
        return;
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, TK_INCIDENT_TEXT_MAX);
    add_places(&buf, incident);
    tk_buf_add_str(&buf, " ");
    add_causes(&buf, incident, 1);
    tk_buf_add_str(&buf, "の故障");
    set(&incident->title, &buf);

    add_places(&buf, incident);
    tk_buf_add_str(&buf, "(");
    add_causes(&buf, incident, NAMED_MAX);
    tk_buf_add_str(&buf, ")");
    set(&incident->texts[TK_INCIDENT_PLACE], &buf);

    add_causes(&buf, incident, NAMED_MAX);
    tk_buf_add_str(&buf, "の故障により、");
    add_services(app, &buf, incident);
    tk_buf_add_str(&buf, "が利用できない状態となった。");
    set(&incident->texts[TK_INCIDENT_SUMMARY], &buf);

    add_causes(&buf, incident, NAMED_MAX);
    tk_buf_add_str(&buf, "の故障(詳細調査中)");
    set(&incident->texts[TK_INCIDENT_CAUSE], &buf);

    g_free(incident->texts[TK_INCIDENT_FAULT]);
    incident->texts[TK_INCIDENT_FAULT] = g_strdup("telecom-equipment");
}
