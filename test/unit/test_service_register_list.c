/* Lists, search, import and export. */
#include "register_fixture.h"

static json_t *list(Books *b, const char *name, const TkRegisterQuery *query)
{
    GError *error = NULL;
    return books_json(tk_register_list(b->registers, &auditor, name, query, &error), error);
}

static const char csv_of_four[] = "id,name,kind,landlord,floors,until,keys,keeper\r\n"
                                  "S1,東京局,own,,9,2027-01-31,k1,佐藤\r\n"
                                  "S2,大阪局,賃借,大家,3,2026-06-30,,鈴木\r\n"
                                  "S3,=名古屋局,own,,5,,,\r\n"
                                  "S4,\"札幌局,北\",own,,,2026-12-31,,\r\n";

static void a_list_is_filtered_ordered_and_paged(void **state)
{
    Books *b = *state;
    g_autoptr(json_t) done = books_import(b, "sites", csv_of_four, false);
    assert_int_equal(int_at(done, "applied"), 4);
    TkRegisterQuery own = {.filters = {{"kind", TK_FILTER_EQ, "own"}, {"floors", TK_FILTER_GE, "6"}},
                           .filter_count = 2};
    g_autoptr(json_t) tall = list(b, "sites", &own);
    assert_int_equal(int_at(tall, "total"), 1);
    TkRegisterQuery page = {.order = "floors", .limit = 3};
    g_autoptr(json_t) first = list(b, "sites", &page);
    const json_t *items = json_object_get(first, "items");
    assert_int_equal(int_at(first, "total"), 4);
    assert_string_equal(text_at(json_array_get(items, 0), "id", NULL), "S2");
    assert_string_equal(text_at(json_array_get(items, 2), "id", NULL), "S1");
    page.cursor = text_at(first, "next", NULL);
    assert_non_null(page.cursor);
    g_autoptr(json_t) second = list(b, "sites", &page);
    assert_string_equal(text_at(json_array_get(json_object_get(second, "items"), 0), "id", NULL), "S4");
    assert_true(json_is_null(json_object_get(second, "next")));
}

static void what_cannot_be_asked_is_refused_by_name(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    TkRegisterQuery sealed = {.filters = {{"keys", TK_FILTER_EQ, "k1"}}, .filter_count = 1};
    assert_null(tk_register_list(b->registers, &chief, "sites", &sealed, &error));
    assert_error_says(error, "keys");
    TkRegisterQuery number = {.filters = {{"floors", TK_FILTER_EQ, "many"}}, .filter_count = 1};
    assert_null(tk_register_list(b->registers, &chief, "sites", &number, &error));
    assert_error_says(error, "floors");
    TkRegisterQuery cursor = {.cursor = "x9"};
    assert_null(tk_register_list(b->registers, &chief, "sites", &cursor, &error));
    assert_error_says(error, "cursor");
}

static void search_finds_japanese_and_personal_text_but_nothing_sealed(void **state)
{
    Books *b = *state;
    G_GNUC_UNUSED g_autoptr(json_t) done = books_import(b, "sites", csv_of_four, false);
    static const struct {
        const char *text;
        int total;
    } known[] = {{"大阪", 1}, {"鈴木", 1}, {"局", -1}, {"k1", 0}, {"s1", 1}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        GError *error = NULL;
        TkRegisterQuery query = {.search = known[i].text};
        GBytes *answer = tk_register_list(b->registers, &auditor, "sites", &query, &error);
        if (known[i].total < 0) {
            assert_null(answer);
            assert_error_says(error, "search");
            continue;
        }
        g_autoptr(json_t) found = books_json(answer, error);
        assert_int_equal(int_at(found, "total"), known[i].total);
    }
}

static void a_review_falls_due_when_its_day_has_come(void **state)
{
    Books *b = *state;
    G_GNUC_UNUSED g_autoptr(json_t) done = books_import(b, "sites", csv_of_four, false);
    TkRegisterQuery due = {.due = true};
    g_autoptr(json_t) before = list(b, "sites", &due);
    assert_int_equal(int_at(before, "total"), 0);
    b->now_us = at("2027-11-30T09:00:00+09:00");
    g_autoptr(json_t) after = list(b, "sites", &due);
    assert_int_equal(int_at(after, "total"), 4);
}

static void a_dry_run_changes_nothing_and_says_what_the_import_does(void **state)
{
    Books *b = *state;
    G_GNUC_UNUSED g_autoptr(json_t) first = books_import(b, "sites", csv_of_four, false);
    uint64_t leaves = tk_store_ledger_size(b->store);
    static const char csv[] =
        "id,name,kind,floors\nS1,東京局,own,9\nS2,大阪局,rented,4\nS9,福岡局,own,2\n,仙台局,own,1\n";
    g_autoptr(json_t) dry = books_import(b, "sites", csv, true);
    assert_true(tk_store_ledger_size(b->store) == leaves);
    assert_int_equal(int_at(dry, "same"), 1);
    assert_int_equal(int_at(dry, "change"), 1);
    assert_int_equal(int_at(dry, "add"), 2);
    assert_int_equal(int_at(dry, "applied"), 0);
    const json_t *second = json_array_get(json_object_get(dry, "items"), 1);
    const json_t *change = json_array_get(json_object_get(second, "fields"), 0);
    assert_string_equal(text_at(change, "field", NULL), "floors");
    assert_int_equal(int_at(change, "from"), 3);
    assert_int_equal(int_at(change, "to"), 4);
    g_autoptr(json_t) done = books_import(b, "sites", csv, false);
    assert_true(json_equal(json_object_get(dry, "items"), json_object_get(done, "items")));
    assert_int_equal(int_at(done, "applied"), 3);
    g_autoptr(json_t) again = books_get(b, "sites", "S2");
    assert_int_equal(int_at(json_object_get(again, "values"), "floors"), 4);
    assert_string_equal(text_at(again, "values", "landlord"), "大家"); /* no such column: untouched */
}

static void one_bad_row_keeps_all_rows_out_and_is_named_by_line(void **state)
{
    Books *b = *state;
    uint64_t leaves = tk_store_ledger_size(b->store);
    g_autoptr(json_t) done = books_import(
        b, "sites", "id,name,kind,floors\nA,a,own,1\nB,b,own,many\nA,c,own,2\nC,d\nD/E,e,own,1\n", false);
    assert_true(tk_store_ledger_size(b->store) == leaves);
    assert_int_equal(int_at(done, "error"), 4);
    assert_int_equal(int_at(done, "applied"), 0);
    const json_t *bad = json_array_get(json_object_get(done, "items"), 1);
    assert_int_equal(int_at(bad, "line"), 3);
    assert_string_equal(text_at(json_array_get(json_object_get(bad, "errors"), 0), "field", NULL), "floors");
    GError *error = NULL;
    assert_null(tk_register_import(b->registers, &chief, "sites", "id,colour\n", 10, true, &error));
    assert_error_says(error, "column 2: “colour”");
    assert_null(tk_register_import(b->registers, &chief, "sites", "", 0, true, &error));
    assert_error_says(error, "empty");
}

static void rows_of_one_file_may_refer_to_each_other(void **state)
{
    Books *b = *state;
    g_autoptr(json_t) done = books_import(b, "racks", "id,label,spares\nR1,a,R2;R3\nR2,b,\nR3,c,R1\n", false);
    assert_int_equal(int_at(done, "applied"), 3);
    g_autoptr(json_t) refused = books_import(b, "racks", "id,label,spares\nR4,d,R5\n", false);
    assert_int_equal(int_at(refused, "error"), 1);
}

static void an_id_given_out_is_none_that_the_file_asks_for(void **state)
{
    Books *b = *state;
    g_autoptr(json_t) done =
        books_import(b, "sites", "id,name,kind\n,a,own\nSIT-0001,b,own\n,c,own\nSIT-0003,d,own\n", false);
    assert_int_equal(int_at(done, "applied"), 4);
    const json_t *items = json_object_get(done, "items");
    assert_string_equal(text_at(json_array_get(items, 0), "id", NULL), "SIT-0002");
    assert_string_equal(text_at(json_array_get(items, 2), "id", NULL), "SIT-0004");
}

static void an_export_comes_back_without_a_change(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    G_GNUC_UNUSED g_autoptr(json_t) done = books_import(b, "sites", csv_of_four, false);
    for (int reveal = 0; reveal < 2; reveal++) {
        g_autoptr(GBytes) csv = tk_register_export(b->registers, &chief, "sites", "csv", reveal != 0, &error);
        assert_non_null(csv);
        g_autofree char *text = g_strndup(g_bytes_get_data(csv, NULL), g_bytes_get_size(csv));
        assert_true((strstr(text, "k1") != NULL) == (reveal != 0));
        assert_non_null(strstr(text, "'=名古屋局"));
        g_autoptr(json_t) again = books_import(b, "sites", text, true);
        assert_int_equal(int_at(again, "same"), 4);
    }
    g_autoptr(json_t) all =
        books_json(tk_register_export(b->registers, &auditor, "sites", "json", true, &error), error);
    assert_int_equal(json_array_size(json_object_get(all, "items")), 4);
    const json_t *values = json_object_get(json_array_get(json_object_get(all, "items"), 0), "values");
    assert_true(json_is_true(json_object_get(json_object_get(values, "keys"), "sealed")));
}

static void odd_texts_and_numbers_survive_the_way_through_a_spreadsheet(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    static const char *const odd[] = {"=1+1", "'=1+1", "''-x", "-3", "@a", "a,b", "x\\ny", "\\\"q\\\"", "'"};
    static const char *const numbers[] = {"2",     "2.0", "2.5", "1e3", "-0.125", "123456789012",
                                          "1e300", "0",   "3"};
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autofree char *request = g_strdup_printf(
            "{\"values\":{\"name\":\"%s\",\"kind\":\"own\",\"share\":%s}}", odd[i], numbers[i]);
        json_decref(books_add(b, "sites", request));
    }
    g_autoptr(GBytes) csv = tk_register_export(b->registers, &chief, "sites", "csv", false, &error);
    g_autofree char *text = g_strndup(g_bytes_get_data(csv, NULL), g_bytes_get_size(csv));
    g_autoptr(json_t) again = books_import(b, "sites", text, true);
    if (int_at(again, "same") != G_N_ELEMENTS(odd))
        fail_msg("%s\n%s", text, json_dumps(again, 0));
}

static void evidence_is_kept_by_its_hash(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static("plan", 4);
    assert_null(tk_register_file_add(b->registers, &auditor, bytes, &error));
    g_clear_error(&error);
    g_autoptr(json_t) kept = books_json(tk_register_file_add(b->registers, &chief, bytes, &error), error);
    g_autofree char *request = g_strdup_printf(
        "{\"id\":\"S\",\"values\":{\"name\":\"A\",\"kind\":\"own\",\"plan\":{\"sha256\":\"%s\","
        "\"name\":\"図面.pdf\"}}}",
        text_at(kept, "sha256", NULL));
    G_GNUC_UNUSED g_autoptr(json_t) made = books_add(b, "sites", request);
    g_autoptr(GBytes) back = tk_register_file(b->registers, &auditor, text_at(kept, "sha256", NULL), &error);
    assert_true(g_bytes_equal(bytes, back));
    g_autoptr(GBytes) csv = tk_register_export(b->registers, &chief, "sites", "csv", false, &error);
    g_autofree char *text = g_strndup(g_bytes_get_data(csv, NULL), g_bytes_get_size(csv));
    g_autoptr(json_t) again = books_import(b, "sites", text, true);
    assert_int_equal(int_at(again, "same"), 1);
}

int main(void)
{
#define BOOKS(test) cmocka_unit_test_setup_teardown(test, books_open, books_close)
    const struct CMUnitTest tests[] = {
        BOOKS(a_list_is_filtered_ordered_and_paged),
        BOOKS(what_cannot_be_asked_is_refused_by_name),
        BOOKS(search_finds_japanese_and_personal_text_but_nothing_sealed),
        BOOKS(a_review_falls_due_when_its_day_has_come),
        BOOKS(a_dry_run_changes_nothing_and_says_what_the_import_does),
        BOOKS(one_bad_row_keeps_all_rows_out_and_is_named_by_line),
        BOOKS(rows_of_one_file_may_refer_to_each_other),
        BOOKS(an_id_given_out_is_none_that_the_file_asks_for),
        BOOKS(an_export_comes_back_without_a_change),
        BOOKS(odd_texts_and_numbers_survive_the_way_through_a_spreadsheet),
        BOOKS(evidence_is_kept_by_its_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
