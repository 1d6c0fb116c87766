/* Arithmetic: concentration of shares, and scores from answers. */
#include "supply/supply.h"

#include <math.h>
#include <string.h>

static double amount_of(double amount)
{
    return isfinite(amount) && amount > 0 ? amount : 0;
}

TkSupplyConcentration tk_supply_concentration(const double *amounts, size_t n)
{
    TkSupplyConcentration c = {.largest = SIZE_MAX};
    double whole = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        double amount = amount_of(amounts[i]);
        whole += amount;
        c.holders += amount > 0;
        if (amount > most) {
            most = amount;
            c.largest = i;
        }
    }
    if (whole <= 0)
        return c;
    c.share = most / whole;
    for (size_t i = 0; i < n; i++) {
        double percent = 100 * amount_of(amounts[i]) / whole;
        c.hhi += percent * percent;
    }
    return c;
}

/* ---- weights ---- */

static bool points_ok(const json_t *points)
{
    double value = json_number_value(points);
    return json_is_null(points) || (json_is_number(points) && value >= 0 && value <= 1);
}

static bool check_question(const char *name, size_t at, const json_t *question, GError **error)
{
    const char *field = json_string_value(json_object_get(question, "field"));
    const json_t *weight = json_object_get(question, "weight"), *points = json_object_get(question, "points");
    const json_t *missing = json_object_get(question, "missing");
    if (field == NULL || field[0] == '\0' || strlen(field) > 32)
        return tk_fail(error, TK_ERROR_INPUT, "%s: questions[%zu]: field: missing; the field that answers it",
                       name, at);
    if (!json_is_number(weight) || !(json_number_value(weight) >= 0) || json_number_value(weight) > 1000)
        return tk_fail(error, TK_ERROR_INPUT, "%s: question “%s”: weight: must be a number from 0 to 1000",
                       name, field);
    if (!json_is_number(missing) || !points_ok(missing))
        return tk_fail(error, TK_ERROR_INPUT, "%s: question “%s”: missing: must be a number from 0 to 1",
                       name, field);
    if (!json_is_object(points) || json_object_size(points) == 0 || json_object_size(points) > 32)
        return tk_fail(error, TK_ERROR_INPUT, "%s: question “%s”: points: must be {OPTION: 0 to 1 or null}",
                       name, field);
    const char *option;
    json_t *value;
    json_object_foreach((json_t *)points, option, value)
    {
        if (!points_ok(value))
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s: question “%s”: points: “%.40s” must be a number from 0 to 1, or null", name,
                           field, option);
    }
    return true;
}

static bool check_grades(const char *name, const json_t *grades, GError **error)
{
    size_t i;
    const json_t *grade;
    double before = -1;
    if (json_array_size(grades) == 0 || json_array_size(grades) > 10)
        return tk_fail(error, TK_ERROR_INPUT, "%s: grades: there must be 1 to 10", name);
    json_array_foreach(grades, i, grade)
    {
        const json_t *from = json_object_get(grade, "from");
        double value = json_number_value(from);
        bool rises = i == 0 ? value == 0 : value > before && value <= 100;
        if (!json_is_number(from) || !rises || !json_is_string(json_object_get(grade, "id")))
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s: grades[%zu]: must have an id, and a “from” that rises from 0", name, i);
        before = value;
    }
    return true;
}

bool tk_supply_weights_check(const char *name, const json_t *weights, GError **error)
{
    const json_t *questions = json_object_get(weights, "questions");
    size_t i;
    const json_t *question;
    if (json_array_size(questions) == 0 || json_array_size(questions) > TK_SUPPLY_QUESTIONS_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "%s: questions: there must be 1 to %d", name,
                       TK_SUPPLY_QUESTIONS_MAX);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    json_array_foreach(questions, i, question)
    {
        if (!check_question(name, i, question, error))
            return false;
        if (!g_hash_table_add(seen, (char *)json_string_value(json_object_get(question, "field"))))
            return tk_fail(error, TK_ERROR_INPUT, "%s: question “%s”: there twice", name,
                           json_string_value(json_object_get(question, "field")));
    }
    return check_grades(name, json_object_get(weights, "grades"), error);
}

/* ---- scores ---- */

static const char *grade_of(const json_t *grades, double score)
{
    const char *id = NULL;
    size_t i;
    const json_t *grade;
    json_array_foreach(grades, i, grade)
    {
        if (score >= json_number_value(json_object_get(grade, "from")))
            id = json_string_value(json_object_get(grade, "id"));
    }
    return id;
}

json_t *tk_supply_score(const json_t *weights, const json_t *answers)
{
    json_t *parts = json_array(), *missing = json_array();
    double sum = 0, weight_sum = 0;
    size_t i;
    const json_t *question;
    json_array_foreach(json_object_get(weights, "questions"), i, question)
    {
        const char *field = json_string_value(json_object_get(question, "field"));
        const char *answer = json_string_value(json_object_get(answers, field));
        double weight = json_number_value(json_object_get(question, "weight"));
        json_t *points = answer == NULL ? NULL : json_object_get(json_object_get(question, "points"), answer);
        if (points == NULL) {
            points = json_object_get(question, "missing");
            json_array_append_new(missing, json_string(field));
        }
        if (!json_is_null(points)) {
            sum += weight * json_number_value(points);
            weight_sum += weight;
        }
        json_array_append_new(parts, json_pack("{s:s, s:s?, s:f, s:O}", "field", field, "answer", answer,
                                               "weight", weight, "points", points));
    }
    double score = weight_sum > 0 ? round(1000 * sum / weight_sum) / 10 : 0;
    return json_pack("{s:o, s:s?, s:o, s:o}", "score", weight_sum > 0 ? json_real(score) : json_null(),
                     "grade", weight_sum > 0 ? grade_of(json_object_get(weights, "grades"), score) : NULL,
                     "parts", parts, "missing", missing);
}
