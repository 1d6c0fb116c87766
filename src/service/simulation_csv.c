/* A simulation's result as one long table: part, id, name, figure, value, low, high. */
#include "service/simulations_private.h"

#define CSV_MAX (16u << 20)

typedef struct {
    TkBuf out;
} Table;

static void cell(Table *t, const char *text, bool last)
{
    tk_csv_add_field(&t->out, text);
    tk_buf_add_str(&t->out, last ? "\r\n" : ",");
}

static void number(Table *t, const json_t *value, bool last)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE] = "";
    if (json_is_number(value))
        g_ascii_formatd(text, sizeof text, "%.6g", json_number_value(value));
    cell(t, text, last);
}

static const char *text_of(const json_t *value)
{
    const json_t *ja = json_object_get(value, "ja");
    return json_is_string(value) ? json_string_value(value) : json_is_string(ja) ? json_string_value(ja) : "";
}

/* `value` is a number, or {"mean","low","high"}. */
static void row(Table *t, const char *part, const json_t *of, const char *figure, const json_t *value)
{
    if (value == NULL || json_is_null(value))
        return;
    const json_t *id = json_object_get(of, "id");
    bool range = json_is_object(value);
    cell(t, part, false);
    cell(t, text_of(id != NULL ? id : json_object_get(of, "service")), false);
    cell(t, text_of(json_object_get(of, "name")), false);
    cell(t, figure, false);
    number(t, range ? json_object_get(value, "mean") : value, false);
    number(t, json_object_get(value, "low"), false);
    number(t, json_object_get(value, "high"), true);
}

static void curve(Table *t, const char *part, const json_t *of, const char *figure, const json_t *points)
{
    size_t i;
    const json_t *point;
    json_array_foreach(points, i, point)
    {
        char name[64], share[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(share, sizeof share, "%g", json_number_value(json_object_get(point, "probability")));
        g_snprintf(name, sizeof name, "%s_exceeded_with_%s", figure, share);
        row(t, part, of, name, json_object_get(point, "value"));
    }
}

static void money(Table *t, const char *part, const json_t *loss)
{
    static const char *const figures[] = {"var95", "var99", "tail95", "worst"};
    row(t, part, NULL, "expected_loss", json_object_get(loss, "expected"));
    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
        row(t, part, NULL, figures[i], json_object_get(loss, figures[i]));
    curve(t, part, NULL, "loss", json_object_get(loss, "curve"));
}

static void measure(Table *t, const char *part, const json_t *of, const json_t *m)
{
    static const char *const figures[] = {"removes_serious", "removes_user_hours", "saves"};
    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
        row(t, part, of, figures[i], json_object_get(m, figures[i]));
}

static void rows_of(Table *t, const json_t *result)
{
    size_t i;
    const json_t *each;
    json_array_foreach(json_object_get(result, "services"), i, each)
    {
        row(t, "service", each, "serious_per_year", json_object_get(each, "serious_per_year"));
        row(t, "service", each, "user_hours_per_year", json_object_get(each, "user_hours_per_year"));
        curve(t, "service", each, "user_hours", json_object_get(each, "curve"));
    }
    json_array_foreach(json_object_get(result, "ranking"), i, each)
    {
        const char *type = json_string_value(json_object_get(each, "type"));
        row(t, type, each, "among_causes_per_year", json_object_get(each, "among_causes_per_year"));
        row(t, type, each, "alone_per_year", json_object_get(each, "alone_per_year"));
        measure(t, type, each, json_object_get(each, "second_route"));
    }
    json_array_foreach(json_object_get(json_object_get(result, "single_points"), "items"), i, each)
    {
        row(t, "single-point", each, "users", json_object_get(each, "users"));
        row(t, "single-point", each, "serious_in_s", json_object_get(each, "serious_in_s"));
    }
}

GBytes *tk_simulation_csv(const json_t *result)
{
    static const char *const heads[] = {"part", "id", "name", "figure", "value", "low", "high"};
    Table t;
    tk_buf_init(&t.out, CSV_MAX);
    tk_buf_add_str(&t.out, "\xEF\xBB\xBF"); /* spreadsheets take it for UTF-8 by this */
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
        cell(&t, heads[i], i + 1 == G_N_ELEMENTS(heads));
    if (json_is_true(json_object_get(result, "synthetic")))
        row(&t, "synthetic", NULL, "made-up data of a fictitious carrier", json_object_get(result, "seed"));
    row(&t, "all", NULL, "years", json_object_get(result, "years"));
    row(&t, "all", NULL, "seed", json_object_get(result, "seed"));
    row(&t, "all", NULL, "serious_per_year", json_object_get(result, "serious_per_year"));
    const json_t *hours = json_object_get(result, "user_hours"), *plan = json_object_get(result, "plan");
    row(&t, "all", NULL, "user_hours_per_year", json_object_get(hours, "expected"));
    curve(&t, "all", NULL, "user_hours", json_object_get(hours, "curve"));
    money(&t, "loss", json_object_get(result, "loss"));
    measure(&t, "plan", NULL, plan);
    money(&t, "plan", json_object_get(plan, "loss_after"));
    rows_of(&t, result);
    GBytes *out = g_bytes_new(t.out.data, t.out.len);
    tk_buf_clear(&t.out);
    return out;
}
