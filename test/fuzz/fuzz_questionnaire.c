/* Any bytes, as a questionnaire, as a table of one, and as a sheet of answers. What is taken must be written
 * as a table and scored, and no score may leave 0 … 100. */
#include "survey/survey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const TkQuestionnaire *q, const json_t *answers)
{
    g_autoptr(json_t) sheets = json_pack("[O, {}]", answers);
    G_GNUC_UNUSED g_autoptr(json_t) found = tk_sheet_check(q, answers, true, NULL);
    g_autoptr(json_t) got = tk_survey_results(q, sheets);
    G_GNUC_UNUSED g_autoptr(json_t) change = tk_survey_compare(q, got, q, got);
    g_auto(TkBuf) csv = {0};
    size_t i;
    json_t *area;
    tk_buf_init(&csv, 8u << 20);
    tk_questionnaire_to_csv(q, &csv);
    json_array_foreach(json_object_get(got, "areas"), i, area)
    {
        const json_t *score = json_object_get(area, "score");
        if (json_is_number(score) && (json_number_value(score) < 0 || json_number_value(score) > 100))
            g_error("a score of %f", json_number_value(score));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char head_text[] =
        "{\"format\":\"tokatsu-questionnaire/"
        "1\",\"id\":\"t\",\"title\":{\"ja\":\"t\",\"en\":\"t\"},\"wording\":\"own\"}";
    const char *text = (const char *)data;
    g_autoptr(json_t) head = json_loads(head_text, 0, NULL);
    g_autoptr(json_t) answers = tk_json_read("answers", text, size, 1u << 20, NULL);
    g_autoptr(json_t) none = json_object();
    g_autoptr(TkQuestionnaire) q = tk_questionnaire_read("input", text, size, NULL);
    g_autoptr(TkQuestionnaire) table = tk_questionnaire_from_csv("input", text, size, head, NULL);
    const json_t *given = json_is_object(answers) ? answers : none;
    if (q != NULL)
        use(q, given);
    if (table != NULL)
        use(table, given);
    g_autoptr(TkQuestionnaire) small = tk_questionnaire_from_csv(
        "small", "area,id,ja,type\na,yes,q,yes-no\na,scale,q,scale\n", 47, head, NULL);
    if (small == NULL)
        g_error("the small table is not taken");
    use(small, given);
    return 0;
}
