/* One sheet: whether its answers are answers to the questions, and what each is worth. */
#include "survey/internal.h"

#include <math.h>

static void find(json_t *found, const char *question, const char *ja, const char *en)
{
    json_array_append_new(found, json_pack("{s:s, s:s, s:s}", "field", question, "ja", ja, "en", en));
}

static const json_t *option_of(const TkQuestion *question, const json_t *value)
{
    const char *id = json_string_value(value);
    size_t i;
    json_t *option;
    json_array_foreach(question->options, i, option)
    {
        if (id != NULL && g_strcmp0(json_string_value(json_object_get(option, "id")), id) == 0)
            return option;
    }
    return NULL;
}

static bool is_text(const json_t *value)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    return text != NULL && len <= TK_ANSWER_TEXT_MAX && strlen(text) == len;
}

static bool value_ok(const TkQuestion *question, const json_t *value)
{
    TkDate date;
    switch (question->type) {
    case TK_QUESTION_CHOICE:
        return option_of(question, value) != NULL;
    case TK_QUESTION_YES_NO:
        return json_is_boolean(value);
    case TK_QUESTION_SCALE:
        return json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) <= 4;
    case TK_QUESTION_NUMBER:
        return json_is_number(value) && fabs(json_number_value(value)) <= TK_ANSWER_NUMBER_MAX;
    case TK_QUESTION_DATE:
        return json_is_string(value) &&
               tk_date_parse(json_string_value(value), json_string_length(value), &date, NULL);
    case TK_QUESTION_TEXT:
        return is_text(value);
    }
    return false;
}

/* An empty text is no answer. */
static bool has_value(const json_t *answer)
{
    const json_t *value = json_object_get(answer, "value");
    return value != NULL && !json_is_null(value) && (!json_is_string(value) || json_string_length(value) > 0);
}

bool tk_sheet_answered(const json_t *answers, const char *question)
{
    const json_t *answer = json_object_get(answers, question);
    return json_is_true(json_object_get(answer, "na")) || has_value(answer);
}

static bool keys_ok(const json_t *answer)
{
    static const char *const known[] = {"value", "na", "comment", NULL};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)answer, key, value)
    {
        if (!g_strv_contains(known, key))
            return false;
    }
    return json_is_object(answer);
}

static void check_answer(json_t *found, const TkQuestion *question, const json_t *answer)
{
    const json_t *na = json_object_get(answer, "na"), *comment = json_object_get(answer, "comment");
    if (!keys_ok(answer) || (na != NULL && !json_is_boolean(na)))
        find(found, question->id, "回答の形が正しくありません。", "an answer is {value, na, comment}");
    else if (json_is_true(na) && !question->may_not_apply)
        find(found, question->id, "この設問では「該当しない」を選べません。",
             "“not applicable” is no answer to this question");
    else if (json_is_true(na) && has_value(answer))
        find(found, question->id, "「該当しない」と回答の両方があります。",
             "it is not applicable and answered at once");
    else if (has_value(answer) && !value_ok(question, json_object_get(answer, "value")))
        find(found, question->id, "回答の値が設問の形式に合いません。",
             "the value is none of this question's answers");
    if (comment != NULL && !json_is_null(comment) && !is_text(comment))
        find(found, question->id, "補足は4,000バイトまでの文です。",
             "a comment is a text of at most 4,000 bytes");
}

static void check_whole(json_t *found, const TkQuestion *question, const json_t *answers,
                        const json_t *evidence)
{
    const json_t *answer = json_object_get(answers, question->id);
    if (question->required && !tk_sheet_answered(answers, question->id))
        find(found, question->id, "回答が必要です。", "an answer is needed");
    if (question->evidence == TK_FILES_REQUIRED && has_value(answer) &&
        json_integer_value(json_object_get(evidence, question->id)) == 0)
        find(found, question->id, "根拠となるファイルが必要です。", "a file as evidence is needed");
}

json_t *tk_sheet_check(const TkQuestionnaire *q, const json_t *answers, bool whole, const json_t *evidence)
{
    json_t *found = json_array();
    const char *key;
    json_t *value;
    if (!json_is_object(answers)) {
        find(found, "answers", "回答がありません。", "answers: an object question → answer is needed");
        return found;
    }
    json_object_foreach((json_t *)answers, key, value)
    {
        if (tk_questionnaire_find(q, key) == NULL && json_array_size(found) < TK_QUESTIONNAIRE_QUESTIONS_MAX)
            find(found, "answers", "調査票に無い設問への回答があります。",
                 "answers: there is one to a question that is not asked");
    }
    for (size_t i = 0; i < q->count; i++) {
        const json_t *answer = json_object_get(answers, q->questions[i].id);
        if (answer != NULL)
            check_answer(found, &q->questions[i], answer);
        if (whole)
            check_whole(found, &q->questions[i], answers, evidence);
    }
    return found;
}

double tk_answer_score(const TkQuestion *question, const json_t *answer)
{
    const json_t *value = json_object_get(answer, "value");
    if (question->weight <= 0 || json_is_true(json_object_get(answer, "na")) || !has_value(answer) ||
        !value_ok(question, value))
        return TK_SURVEY_SCORE_NONE;
    const json_t *score;
    switch (question->type) {
    case TK_QUESTION_CHOICE:
        score = json_object_get(option_of(question, value), "score");
        return json_is_number(score) ? json_number_value(score) : TK_SURVEY_SCORE_NONE;
    case TK_QUESTION_YES_NO:
        return json_is_true(value) ? 100 : 0;
    case TK_QUESTION_SCALE:
        return (double)json_integer_value(value) * 25;
    default:
        return TK_SURVEY_SCORE_NONE;
    }
}
