/* The demo carrier's inspections: last year's, closed, and this year's, under way, with two findings.
 * Everything goes through the same use cases as anything a person does: invited, answered by link, found,
 * planned. */
#include "service/demo_history.h"

#include "service/campaigns_private.h"

#define DAY_US INT64_C(86400000000)

static const TkActor owner = {"監査 六助(架空)", TK_ROLE_COMPLIANCE};
static const TkActor planner = {"主任 三郎(架空)", TK_ROLE_CHIEF_ENGINEER};
static const char *const people[][2] = {{"運用 太郎(架空)", "ネットワーク運用センター"},
                                        {"情報 桃子(架空)", "情報管理統括部"},
                                        {"守 誠(架空)", "セキュリティ統括室"},
                                        {"購買 五月(架空)", "調達部"}};

typedef struct {
    TkApp *app;
    char *id; /* of the campaign under work */
} Demo;

static json_t *parsed(GBytes *bytes)
{
    g_autoptr(GBytes) owned = bytes;
    gsize len;
    const char *text = owned == NULL ? NULL : g_bytes_get_data(owned, &len);
    return text == NULL ? NULL : tk_json_read("answer", text, len, 16u << 20, NULL);
}

static const char *day_text(TkDate day, char out[TK_TIME_TEXT_MAX])
{
    return tk_date_text(day, out);
}

/* Opens one and invites; the links' list, NULL and *error otherwise. */
static json_t *open_one(Demo *demo, const char *title, TkDate from, TkDate to, size_t count, GError **error)
{
    char first[TK_TIME_TEXT_MAX], last[TK_TIME_TEXT_MAX];
    g_autoptr(json_t) request =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "title", title, "kind", "self-inspection",
                  "questionnaire", "jp-2021-survey", "from", day_text(from, first), "to", day_text(to, last),
                  "note", "合成データによる例です。");
    g_autoptr(json_t) made = parsed(tk_service_campaign_add(demo->app, &owner, request, error));
    if (made == NULL)
        return NULL;
    g_free(demo->id);
    demo->id = g_strdup(tk_text_at(made, "id"));
    g_autoptr(json_t) list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s}", "name", people[i][0], "department", people[i][1]));
    g_autoptr(json_t) invited = json_pack("{s:O}", "respondents", list);
    g_autoptr(json_t) links =
        parsed(tk_service_campaign_invite(demo->app, &owner, demo->id, invited, NULL, error));
    return links == NULL ? NULL : json_incref(json_object_get(links, "links"));
}

/* An answer to every question; `skill` 0 … 3 chooses worse or better ones, varied by the question. */
static json_t *answers(const TkQuestionnaire *q, unsigned skill, size_t until)
{
    json_t *out = json_object();
    for (size_t i = 0; i < tk_questionnaire_count(q) && i < until; i++) {
        const TkQuestion *question = tk_questionnaire_at(q, i);
        unsigned rank = 3 - MIN(3, skill + (unsigned)(i * 7 % 3) / 2);
        size_t options = json_array_size(question->options);
        json_t *value = json_null();
        if (question->type == TK_QUESTION_CHOICE)
            value =
                json_incref(json_object_get(json_array_get(question->options, MIN(rank, options - 1)), "id"));
        else if (question->type == TK_QUESTION_YES_NO)
            value = json_boolean(rank < 2);
        else if (question->type == TK_QUESTION_SCALE)
            value = json_integer(4 - rank);
        else if (question->type == TK_QUESTION_NUMBER)
            value = json_integer(3 + skill);
        json_object_set_new(out, question->id,
                            json_is_null(value) ? json_object() : json_pack("{s:o}", "value", value));
        if (json_object_size(json_object_get(out, question->id)) == 0)
            json_object_del(out, question->id);
    }
    return out;
}

static bool answer(Demo *demo, const json_t *link, unsigned skill, bool whole, GError **error)
{
    const char *token = tk_text_at(link, "token");
    g_autoptr(TkQuestionnaire) q = tk_questionnaire_now(demo->app, "jp-2021-survey", NULL, error);
    g_autoptr(json_t) given = q == NULL ? NULL : answers(q, skill, whole ? SIZE_MAX : 12);
    g_autoptr(json_t) request =
        given == NULL ? NULL : json_pack("{s:i, s:O}", "version", 1, "answers", given);
    if (request == NULL)
        return false;
    g_autoptr(GBytes) done = whole ? tk_service_answer_submit(demo->app, token, request, NULL, error)
                                   : tk_service_answer_save(demo->app, token, request, NULL, error);
    return done != NULL;
}

static bool find(Demo *demo, const char *title, const char *severity, const char *question, bool plan,
                 GError **error)
{
    char deadline[TK_TIME_TEXT_MAX];
    g_autoptr(json_t) request =
        json_pack("{s:s, s:s, s:s}", "title", title, "severity", severity, "question", question);
    g_autoptr(json_t) made = parsed(tk_service_finding_add(demo->app, &owner, demo->id, request, error));
    if (made == NULL || !plan)
        return made != NULL;
    day_text(tk_date_of_time(tk_app_now(demo->app)) + 45, deadline);
    g_autoptr(json_t) act = json_pack("{s:s, s:O, s:s, s:s, s:s}", "action", "measure", "version",
                                      json_object_get(made, "version"), "measure",
                                      "保守の接続を申請制にし、使わない間は閉じる(架空の設定)。", "owner",
                                      "PER-0007", "deadline", deadline);
    GError *refused = NULL; /* a carrier with other registers has no such person: the finding stays open */
    G_GNUC_UNUSED g_autoptr(GBytes) done =
        tk_service_finding_act(demo->app, &planner, tk_text_at(made, "id"), act, NULL, &refused);
    g_clear_error(&refused);
    return true;
}

bool tk_demo_campaign_before(TkApp *app, TkDemo *clock, int64_t opening_us, GError **error)
{
    Demo demo = {.app = app};
    tk_demo_set_now(clock, opening_us - 333 * DAY_US); /* or later, where the years have come further */
    TkDate today = tk_date_of_time(tk_app_now(app));
    g_autoptr(json_t) links = open_one(&demo, "前回の自己点検(架空)", today - 14, today, 3, error);
    bool done = links != NULL;
    for (size_t i = 0; done && i < json_array_size(links); i++)
        done = answer(&demo, json_array_get(links, i), 1, true, error);
    g_autoptr(json_t) close =
        json_pack("{s:s, s:i}", "action", "close", "version", 2); /* opened, then its respondents invited */
    g_autoptr(GBytes) closed = done ? tk_service_campaign_act(app, &owner, demo.id, close, error) : NULL;
    g_free(demo.id);
    return closed != NULL;
}

bool tk_demo_campaign_now(TkApp *app, int64_t opening_us, GError **error)
{
    Demo demo = {.app = app};
    TkDate opening = tk_date_of_time(opening_us);
    g_autoptr(json_t) links = open_one(&demo, "今回の自己点検(架空)", opening - 10, opening + 20, 4, error);
    bool done = links != NULL && answer(&demo, json_array_get(links, 0), 1, true, error) &&
                answer(&demo, json_array_get(links, 1), 2, true, error) &&
                answer(&demo, json_array_get(links, 2), 2, false, error) &&
                find(&demo, "保守用の接続が常に開いている(架空)", "high", "intrusion-remote", true, error) &&
                find(&demo, "設備の情報を渡した先の返却を確かめていない(架空)", "medium",
                     "facility-contractors", false, error);
    g_free(demo.id);
    return done;
}
