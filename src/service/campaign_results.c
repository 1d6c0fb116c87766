/* What a campaign gave: scores, the comparison with the last one, and the files to take away. */
#include "service/campaigns_private.h"

/* ---- results ---- */

static bool take_answers(const TkRecord *record, gpointer data)
{
    json_t *answers = json_object_get(record->body, "answers");
    if (g_strcmp0(tk_text_at(record->body, "state"), "submitted") == 0 && json_is_object(answers))
        json_array_append(data, answers);
    return true;
}

json_t *tk_campaign_results(TkApp *app, const char *campaign, const TkQuestionnaire *q, GError **error)
{
    g_autoptr(json_t) sheets = json_array();
    return tk_campaign_each(app, TK_KIND_SHEET, campaign, take_answers, sheets, error)
               ? tk_survey_results(q, sheets)
               : NULL;
}

/* ---- the last one ---- */

typedef struct {
    const TkRecord *of;
    char *id, *to; /* of the best so far */
} Last;

static bool take_last(const TkRecord *record, gpointer data)
{
    Last *last = data;
    const json_t *mine = last->of->body;
    const char *to = tk_text_at(record->body, "to"), *from = tk_text_at(mine, "from");
    const char *asked = tk_text_at(json_object_get(record->body, "questionnaire"), "id");
    bool fits = strcmp(record->id, last->of->id) != 0 &&
                g_strcmp0(tk_text_at(record->body, "kind"), tk_text_at(mine, "kind")) == 0 &&
                g_strcmp0(asked, tk_text_at(json_object_get(mine, "questionnaire"), "id")) == 0 &&
                g_strcmp0(tk_text_at(record->body, "from"), from) < 0;
    if (fits && (last->id == NULL || g_strcmp0(to, last->to) > 0)) {
        g_free(last->id);
        g_free(last->to);
        last->id = g_strdup(record->id);
        last->to = g_strdup(to);
    }
    return true;
}

TkRecord *tk_campaign_last(TkApp *app, const TkRecord *campaign)
{
    Last last = {.of = campaign};
    TkQuery query = {.kind = TK_KIND_CAMPAIGN, .limit = 1000};
    tk_store_list(app->store, &query, take_last, &last, NULL, NULL);
    TkRecord *found = last.id == NULL ? NULL : tk_campaign_get(app, last.id, NULL);
    g_free(last.id);
    g_free(last.to);
    return found;
}

json_t *tk_campaign_comparison(TkApp *app, const TkRecord *campaign, const char *with, GError **error)
{
    g_autoptr(TkRecord) last =
        with == NULL ? tk_campaign_last(app, campaign) : tk_campaign_get(app, with, error);
    if (last == NULL)
        return with == NULL ? json_null() : NULL;
    g_autoptr(TkQuestionnaire) now = tk_questionnaire_frozen(app, campaign->body, error);
    g_autoptr(TkQuestionnaire) then = now == NULL ? NULL : tk_questionnaire_frozen(app, last->body, error);
    g_autoptr(json_t) after = then == NULL ? NULL : tk_campaign_results(app, campaign->id, now, error);
    g_autoptr(json_t) before = after == NULL ? NULL : tk_campaign_results(app, last->id, then, error);
    if (before == NULL)
        return NULL;
    json_t *out = tk_survey_compare(then, before, now, after);
    json_object_set_new(out, "with",
                        json_pack("{s:s, s:O, s:O}", "id", last->id, "title",
                                  json_object_get(last->body, "title"), "to",
                                  json_object_get(last->body, "to")));
    return out;
}

GBytes *tk_service_campaign_compare(TkApp *app, const TkActor *actor, const char *id, const char *with,
                                    GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRecord) campaign = tk_campaign_get(app, id, error);
    g_autoptr(json_t) out = campaign == NULL ? NULL : tk_campaign_comparison(app, campaign, with, error);
    if (out != NULL && json_is_null(out)) {
        tk_fail_both(error, TK_ERROR_NOT_FOUND, "同じ種類と調査票による前回の点検・調査がありません。",
                     "there is no earlier campaign of the same kind and questionnaire");
        return NULL;
    }
    return out == NULL ? NULL : tk_json_bytes(out);
}
