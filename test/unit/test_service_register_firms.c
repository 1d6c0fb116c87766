/* Lists of options and countries, references that may not come back, and gates that compare two records. */
#include "register_fixture.h"

#define OPTION(id) "{\"id\":\"" id "\",\"label\":{\"ja\":\"" id "の名\",\"en\":\"" id "-word\"}}"

static const char firms[] = FIXTURE_HEAD(
    "firms", "name",
    "\"name\"") "{\"id\":\"name\",\"type\":\"text\"," FIXTURE_LABEL ",\"required\":true},"
                "{\"id\":\"kinds\",\"type\":\"list-of-enum\"," FIXTURE_LABEL
                ",\"options\":[" OPTION("cloud") "," OPTION(
                    "roam") "]},"
                            "{\"id\":\"where\",\"type\":\"list-of-country\"," FIXTURE_LABEL "},"
                            "{\"id\":\"state\",\"type\":\"enum\"," FIXTURE_LABEL
                            ",\"options\":[" OPTION("draft") "," OPTION(
                                "active") "]},"
                                          "{\"id\":\"check\",\"type\":\"ref\"," FIXTURE_LABEL
                                          ",\"ref\":\"checks\"},"
                                          "{\"id\":\"above\",\"type\":\"ref\"," FIXTURE_LABEL
                                          ",\"ref\":\"firms\"},"
                                          "{\"id\":\"also\",\"type\":\"list-of-ref\"," FIXTURE_LABEL
                                          ",\"ref\":\"firms\"}],"
                                          "\"acyclic\":[\"above\",\"also\"],"
                                          "\"gates\":[{\"when\":{\"state\":[\"active\"]},\"register\":"
                                          "\"checks\",\"through\":\"check\","
                                          "\"with\":{\"good\":[true]},\"same\":{\"of\":\"name\"},\"until\":"
                                          "\"until\","
                                          "\"refusal\":{\"ja\":\"評価がありません。\",\"en\":\"no "
                                          "check\"}}]}";
static const char checks[] =
    FIXTURE_HEAD("checks", "of", "\"of\"") "{\"id\":\"of\",\"type\":\"text\"," FIXTURE_LABEL
                                           ",\"required\":true},"
                                           "{\"id\":\"good\",\"type\":\"boolean\"," FIXTURE_LABEL "},"
                                           "{\"id\":\"until\",\"type\":\"date\"," FIXTURE_LABEL "}]}";

static int open_firms(void **state)
{
    if (books_open(state) != 0)
        return -1;
    Books *b = *state;
    books_declare(b, "firms", firms);
    books_declare(b, "checks", checks);
    GError *error = NULL;
    tk_registers_free(b->registers);
    b->registers = books_load(b, &error);
    if (b->registers == NULL)
        fail_msg("%s", error->message);
    return 0;
}

static void add(Books *b, const char *name, const char *id, const char *values)
{
    g_autofree char *text = g_strdup_printf("{\"id\":\"%s\",\"values\":%s}", id, values);
    g_autoptr(json_t) made = books_add(b, name, text);
    assert_non_null(made);
}

/* Adding is refused and the message says `says`. */
static void refuse(Books *b, const char *id, const char *values, const char *says)
{
    GError *error = NULL;
    g_autofree char *text = g_strdup_printf("{\"id\":\"%s\",\"values\":%s}", id, values);
    g_autoptr(json_t) request = books_parse(text);
    g_autoptr(GBytes) findings = NULL;
    assert_null(tk_register_add(b->registers, &chief, "firms", request, NULL, &findings, &error));
    assert_int_equal(error->code, TK_ERROR_INVALID);
    assert_error_says(error, says);
}

static void a_list_takes_options_and_countries_each_once(void **state)
{
    Books *b = *state;
    refuse(b, "F", "{\"name\":\"A\",\"kinds\":[\"moon\"]}", "kinds: must be one of cloud, roam");
    refuse(b, "F", "{\"name\":\"A\",\"kinds\":\"cloud\"}", "kinds: must be a list");
    refuse(b, "F", "{\"name\":\"A\",\"kinds\":[\"cloud\",\"cloud\"]}", "kinds: names “cloud” twice");
    refuse(b, "F", "{\"name\":\"A\",\"where\":[\"JP\",\"Japan\"]}", "where: must be countries");
    refuse(b, "F", "{\"name\":\"A\",\"where\":[7]}", "where: must be countries");
    add(b, "firms", "F", "{\"name\":\"A\",\"kinds\":[\"cloud\",\"roam\"],\"where\":[\"JP\",\"XD\"]}");
}

static void a_list_goes_through_a_file_by_id_or_by_label(void **state)
{
    Books *b = *state;
    g_autoptr(json_t) done =
        books_import(b, "firms", "id,name,kinds,where\nF,A,roamの名;cloud,XD;JP\n", false);
    assert_int_equal(json_integer_value(json_object_get(done, "add")), 1);
    g_autoptr(json_t) record = books_get(b, "firms", "F");
    const json_t *values = json_object_get(record, "values");
    g_autoptr(json_t) kinds = json_pack("[s, s]", "roam", "cloud"), where = json_pack("[s, s]", "XD", "JP");
    assert_true(json_equal(json_object_get(values, "kinds"), kinds));
    assert_true(json_equal(json_object_get(values, "where"), where));
    g_autoptr(json_t) same = books_import(b, "firms", "id,name,kinds,where\nF,A,roam;cloud,XD;JP\n", false);
    assert_int_equal(json_integer_value(json_object_get(same, "same")), 1);
}

static void a_circle_is_refused_and_named(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    add(b, "firms", "A", "{\"name\":\"A\"}");
    add(b, "firms", "B", "{\"name\":\"B\",\"above\":\"A\"}");
    add(b, "firms", "C", "{\"name\":\"C\",\"also\":[\"B\"]}");
    g_autoptr(json_t) request = books_parse("{\"values\":{\"name\":\"A\",\"above\":\"C\"}}");
    g_autoptr(GBytes) findings = NULL;
    assert_null(tk_register_put(b->registers, &chief, "firms", "A", 1, request, NULL, &findings, &error));
    assert_int_equal(error->code, TK_ERROR_INVALID);
    assert_error_says(error, "above: comes back to where it began: A → C → B → A");
    g_autoptr(json_t) itself = books_parse("{\"values\":{\"name\":\"B\",\"also\":[\"B\"]}}");
    g_clear_pointer(&findings, g_bytes_unref);
    assert_null(tk_register_put(b->registers, &chief, "firms", "B", 1, itself, NULL, &findings, &error));
    assert_error_says(error, "also: comes back to where it began: B → B");
}

static void rows_of_a_file_cannot_close_a_circle_together(void **state)
{
    Books *b = *state;
    g_autoptr(json_t) bad = books_import(b, "firms", "id,name,above\nA,A,B\nB,B,A\nC,C,A\n", false);
    assert_int_equal(json_integer_value(json_object_get(bad, "error")), 2);
    assert_false(json_is_true(json_object_get(bad, "applied")));
    g_autoptr(json_t) good = books_import(b, "firms", "id,name,above\nA,A,B\nB,B,\nC,C,A\n", false);
    assert_int_equal(json_integer_value(json_object_get(good, "add")), 3);
}

static void a_gate_asks_for_the_same_party_and_a_day_that_has_not_passed(void **state)
{
    Books *b = *state;
    add(b, "checks", "K-A", "{\"of\":\"A\",\"good\":true,\"until\":\"2090-01-01\"}");
    add(b, "checks", "K-old", "{\"of\":\"A\",\"good\":true,\"until\":\"2009-01-01\"}");
    add(b, "checks", "K-open", "{\"of\":\"A\",\"good\":true}");
    add(b, "checks", "K-bad", "{\"of\":\"A\",\"good\":false,\"until\":\"2090-01-01\"}");
    refuse(b, "F1", "{\"name\":\"A\",\"state\":\"active\"}", "no check");
    refuse(b, "F1", "{\"name\":\"B\",\"state\":\"active\",\"check\":\"K-A\"}", "no check");
    refuse(b, "F1", "{\"name\":\"A\",\"state\":\"active\",\"check\":\"K-old\"}", "no check");
    refuse(b, "F1", "{\"name\":\"A\",\"state\":\"active\",\"check\":\"K-bad\"}", "no check");
    add(b, "firms", "F1", "{\"name\":\"A\",\"state\":\"active\",\"check\":\"K-A\"}");
    add(b, "firms", "F2", "{\"name\":\"A\",\"state\":\"active\",\"check\":\"K-open\"}");
    add(b, "firms", "F3", "{\"name\":\"B\",\"state\":\"draft\"}");
}

static void refuse_file(Books *b, const char *from, const char *to, const char *says)
{
    GError *error = NULL;
    g_autoptr(GString) text = g_string_new(firms);
    assert_int_equal(g_string_replace(text, from, to, 1), 1);
    books_declare(b, "firms", text->str);
    assert_null(books_load(b, &error));
    assert_error_says(error, says);
}

static void a_file_that_compares_what_cannot_be_compared_is_refused(void **state)
{
    Books *b = *state;
    refuse_file(b, "[\"above\",\"also\"]", "[\"above\",\"check\"]", "acyclic[1]");
    refuse_file(b, "[\"above\",\"also\"]", "\"above\"", "acyclic: must be a list");
    refuse_file(b, "\"until\":\"until\"", "\"until\":\"of\"", "until: “of” is no date of checks");
    refuse_file(b, "{\"of\":\"name\"}", "{\"of\":\"nome\"}",
                "same: must be {FIELD OF checks: FIELD OF firms}");
    refuse_file(b, "\"type\":\"list-of-enum\"", "\"type\":\"list-of-country\"", "options: only");
}

#define FIRMS(test) cmocka_unit_test_setup_teardown(test, open_firms, books_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIRMS(a_list_takes_options_and_countries_each_once),
        FIRMS(a_list_goes_through_a_file_by_id_or_by_label),
        FIRMS(a_circle_is_refused_and_named),
        FIRMS(rows_of_a_file_cannot_close_a_circle_together),
        FIRMS(a_gate_asks_for_the_same_party_and_a_day_that_has_not_passed),
        FIRMS(a_file_that_compares_what_cannot_be_compared_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
