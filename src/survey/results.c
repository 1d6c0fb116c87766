/* From sheets to numbers, and from two campaigns to differences. */
#include "survey/internal.h"

#include <math.h>

/* What one question got from all sheets. */
typedef struct {
    double sum;
    size_t scored, answered, not_applicable;
    json_t *counts; /* option → sheets; NULL where answers are not counted */
} Tally;

static json_t *number_or_null(double score)
{
    return score < 0 ? json_null() : json_real(round(score * 100) / 100);
}

static double score_of(const Tally *tally)
{
    return tally->scored == 0 ? TK_SURVEY_SCORE_NONE : tally->sum / (double)tally->scored;
}

static void count_value(Tally *tally, const json_t *value)
{
    char text[32] = "";
    const char *key = json_string_value(value);
    if (json_is_boolean(value))
        key = json_is_true(value) ? "yes" : "no";
    else if (json_is_integer(value)) {
        g_snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
        key = text;
    }
    if (key != NULL)
        json_object_set_new(tally->counts, key,
                            json_integer(json_integer_value(json_object_get(tally->counts, key)) + 1));
}

static void tally_sheet(const TkQuestionnaire *q, Tally *tallies, const json_t *answers)
{
    for (size_t i = 0; i < q->count; i++) {
        const TkQuestion *question = &q->questions[i];
        const json_t *answer = json_object_get(answers, question->id);
        if (!tk_sheet_answered(answers, question->id))
            continue;
        tallies[i].answered++;
        if (json_is_true(json_object_get(answer, "na"))) {
            tallies[i].not_applicable++;
            continue;
        }
        double score = tk_answer_score(question, answer);
        if (score >= 0) {
            tallies[i].sum += score;
            tallies[i].scored++;
        }
        if (tallies[i].counts != NULL)
            count_value(&tallies[i], json_object_get(answer, "value"));
    }
}

/* A mean by weight under way. */
typedef struct {
    double sum, weight;
} Mean;

static void mean_add(Mean *mean, double score, double weight)
{
    if (score < 0 || weight <= 0)
        return;
    mean->sum += score * weight;
    mean->weight += weight;
}

static double mean_of(const Mean *mean)
{
    return mean->weight <= 0 ? TK_SURVEY_SCORE_NONE : mean->sum / mean->weight;
}

static json_t *questions_of(const TkQuestionnaire *q, const Tally *tallies)
{
    json_t *list = json_array();
    for (size_t i = 0; i < q->count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:I, s:I, s:O?}", "id", q->questions[i].id, "score",
                                        number_or_null(score_of(&tallies[i])), "answered",
                                        (json_int_t)tallies[i].answered, "not_applicable",
                                        (json_int_t)tallies[i].not_applicable, "counts", tallies[i].counts));
    return list;
}

json_t *tk_survey_results(const TkQuestionnaire *q, const json_t *sheets)
{
    g_autofree Tally *tallies = g_new0(Tally, q->count);
    size_t count = json_array_size(sheets), n, answered = 0;
    json_t *sheet;
    for (size_t i = 0; i < q->count; i++)
        if (q->questions[i].type <= TK_QUESTION_SCALE)
            tallies[i].counts = json_object();
    json_array_foreach(sheets, n, sheet) tally_sheet(q, tallies, sheet);
    json_t *areas = json_array();
    Mean whole = {0};
    for (size_t a = 0; a < q->area_count; a++) {
        const TkQuestionArea *area = &q->areas[a];
        Mean mean = {0};
        size_t here = 0;
        for (size_t i = area->first; i < area->first + area->count; i++) {
            mean_add(&mean, score_of(&tallies[i]), q->questions[i].weight);
            here += tallies[i].answered;
        }
        answered += here;
        mean_add(&whole, mean_of(&mean), area->weight);
        json_array_append_new(areas, json_pack("{s:s, s:{s:s, s:s}, s:o, s:I, s:I}", "id", area->id, "title",
                                               "ja", area->ja, "en", area->en, "score",
                                               number_or_null(mean_of(&mean)), "answered", (json_int_t)here,
                                               "total", (json_int_t)(area->count * count)));
    }
    json_t *out =
        json_pack("{s:o, s:I, s:I, s:I, s:o, s:o}", "score", number_or_null(mean_of(&whole)), "sheets",
                  (json_int_t)count, "answered", (json_int_t)answered, "total",
                  (json_int_t)(q->count * count), "areas", areas, "questions", questions_of(q, tallies));
    for (size_t i = 0; i < q->count; i++)
        json_decref(tallies[i].counts);
    return out;
}

json_t *tk_sheet_scores(const TkQuestionnaire *q, const json_t *answers)
{
    g_autoptr(json_t) one = json_pack("[O]", answers);
    return tk_survey_results(q, one);
}

/* ---- two of them ---- */

static const json_t *by_id(const json_t *list, const char *id)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        if (g_strcmp0(json_string_value(json_object_get(one, "id")), id) == 0)
            return one;
    }
    return NULL;
}

/* `change` only where both are numbers and `comparable`. */
static void put_change(json_t *out, const json_t *before, const json_t *after, bool comparable)
{
    const json_t *b = json_object_get(before, "score"), *a = json_object_get(after, "score");
    bool both = comparable && json_is_number(a) && json_is_number(b);
    double change = both ? round((json_number_value(a) - json_number_value(b)) * 100) / 100 : 0;
    json_object_set_new(out, "before", b == NULL ? json_null() : json_incref((json_t *)b));
    json_object_set_new(out, "after", a == NULL ? json_null() : json_incref((json_t *)a));
    json_object_set_new(out, "change", both ? json_real(change) : json_null());
}

static bool same_question(const TkQuestion *a, const TkQuestion *b)
{
    return a->type == b->type && strcmp(a->ja, b->ja) == 0 && strcmp(a->en, b->en) == 0 &&
           (a->options == b->options || json_equal((json_t *)a->options, (json_t *)b->options));
}

static void add_question_change(json_t *list, const TkQuestion *before, const TkQuestion *after,
                                const json_t *results_before, const json_t *results_after)
{
    const char *id = after != NULL ? after->id : before->id;
    const char *wording = before == NULL                 ? "new"
                          : after == NULL                ? "gone"
                          : same_question(before, after) ? "same"
                                                         : "changed";
    json_t *one = json_pack("{s:s, s:s}", "id", id, "wording", wording);
    put_change(one, by_id(json_object_get(results_before, "questions"), id),
               by_id(json_object_get(results_after, "questions"), id), strcmp(wording, "same") == 0);
    json_array_append_new(list, one);
}

static json_t *area_change(const TkQuestionArea *area, const json_t *before, const json_t *after)
{
    json_t *one = json_pack("{s:s, s:{s:s, s:s}}", "id", area->id, "title", "ja", area->ja, "en", area->en);
    put_change(one, by_id(json_object_get(before, "areas"), area->id),
               by_id(json_object_get(after, "areas"), area->id), true);
    return one;
}

json_t *tk_survey_compare(const TkQuestionnaire *q_before, const json_t *before,
                          const TkQuestionnaire *q_after, const json_t *after)
{
    json_t *areas = json_array(), *questions = json_array(), *score = json_object();
    put_change(score, before, after, true);
    for (size_t a = 0; a < q_after->area_count; a++)
        json_array_append_new(areas, area_change(&q_after->areas[a], before, after));
    for (size_t b = 0; b < q_before->area_count; b++)
        if (by_id(areas, q_before->areas[b].id) == NULL)
            json_array_append_new(areas, area_change(&q_before->areas[b], before, after));
    for (size_t i = 0; i < q_after->count; i++)
        add_question_change(questions, tk_questionnaire_find(q_before, q_after->questions[i].id),
                            &q_after->questions[i], before, after);
    for (size_t i = 0; i < q_before->count; i++)
        if (tk_questionnaire_find(q_after, q_before->questions[i].id) == NULL)
            add_question_change(questions, &q_before->questions[i], NULL, before, after);
    return json_pack("{s:o, s:o, s:o}", "score", score, "areas", areas, "questions", questions);
}
