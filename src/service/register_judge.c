/* What a record says as a whole. A register's file stays data: it names a check, and the check is a pure
 * function of a room of the thinking floor. */
#include "service/register_judge.h"

#include "risk/risk.h"

static const char *text_of(const json_t *values, const char *field)
{
    const char *text = json_string_value(json_object_get(values, field));
    return text == NULL ? "" : text;
}

/* A draft may be unfinished: it is not used before it is adopted. */
static void judge_matrix(const json_t *values, json_t *findings)
{
    if (strcmp(text_of(values, "state"), "adopted") != 0)
        return;
    TkRiskMatrixText text = {text_of(values, "likelihood"), text_of(values, "consequence"),
                             text_of(values, "levels"), text_of(values, "cells")};
    tk_risk_matrix_free(tk_risk_matrix_read(&text, findings));
}

/* A likelihood without a consequence, or the other way round, is no analysis. */
static void judge_risk(const json_t *values, json_t *findings)
{
    static const char *const pairs[][2] = {{"inherent_likelihood", "inherent_consequence"},
                                           {"current_likelihood", "current_consequence"},
                                           {"target_likelihood", "target_consequence"}};
    bool analysed = g_strcmp0(text_of(values, "status"), "identified") != 0;
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        bool has[2] = {json_is_integer(json_object_get(values, pairs[i][0])),
                       json_is_integer(json_object_get(values, pairs[i][1]))};
        const char *missing = pairs[i][has[0] ? 1 : 0];
        if (has[0] != has[1])
            json_array_append_new(findings, json_pack("{s:s, s:s, s:s}", "field", missing, "ja",
                                                      "起こりやすさと影響は両方入力してください。", "en",
                                                      "likelihood and consequence are given together"));
        else if (i == 1 && analysed && !has[0])
            json_array_append_new(findings,
                                  json_pack("{s:s, s:s, s:s}", "field", missing, "ja",
                                            "分析済みのリスクには現在の起こりやすさと影響が必要です。", "en",
                                            "is needed once a risk is analysed"));
    }
}

/* The step above is one kind higher; nothing hangs over an objective. */
static void judge_assurance(const json_t *values, json_t *findings)
{
    bool objective = strcmp(text_of(values, "kind"), "objective") == 0,
         parent = *text_of(values, "parent") != '\0';
    if (objective != parent)
        return;
    json_array_append_new(
        findings,
        json_pack("{s:s, s:s, s:s}", "field", "parent", "ja",
                  objective ? "「目的」は最上段で、上の段はありません。" : "上の段を選んでください。", "en",
                  objective ? "an objective hangs on nothing" : "is needed below an objective"));
}

TkRegisterJudge tk_register_judge(const char *name)
{
    static const struct {
        const char *name;
        TkRegisterJudge judge;
    } known[] = {{"assurance", judge_assurance}, {"risk", judge_risk}, {"risk-matrix", judge_matrix}};
    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(known); i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].judge;
    return NULL;
}
