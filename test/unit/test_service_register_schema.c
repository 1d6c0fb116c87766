/* Register files: a wrong one is refused by file, field and reason; a new one is a register at once. */
#include "register_fixture.h"

#include "service/register_schema.h"

static void refuse(const char *from, const char *to, const char *says)
{
    GError *error = NULL;
    g_autoptr(GString) text = g_string_new(fixture_sites);
    assert_int_equal(g_string_replace(text, from, to, 1), 1);
    TkRegisterSchema *schema = tk_register_schema_load("sites.json", text->str, text->len, &error);
    if (schema != NULL)
        fail_msg("accepted: %s", to);
    assert_true(g_str_has_prefix(error->message, "sites.json"));
    assert_error_says(error, says);
}

static void a_wrong_register_file_is_refused_by_field_and_reason(void **state)
{
    (void)state;
    refuse("register/1", "register/9", "format");
    refuse("\"id\":\"sites\"", "\"id\":\"Sites\"", "id:");
    refuse("\"ja\":\"台帳\"", "\"ja\":\"\"", "label");
    refuse("\"title\":\"name\"", "\"title\":\"nome\"", "title: “nome”");
    refuse("\"title\":\"name\"", "\"title\":\"keys\"", "sealed");
    refuse("[\"name\",", "[\"nome\",", "list: “nome”");
    refuse("\"type\":\"integer\"", "\"type\":\"intiger\"", "field “floors”: type: “intiger”");
    refuse("\"id\":\"floors\"", "\"id\":\"limit\"", "kept for");
    refuse("\"id\":\"share\"", "\"id\":\"floors\"", "field “floors”: there twice");
    refuse("\"max\":60", "\"max\":0", "field “floors”: min");
    refuse("\"max\":60", "\"max\":\"60\"", "field “floors”: max: must be a number");
    refuse("{\"kind\":\"rented\"}", "{\"kinds\":\"rented\"}", "field “landlord”: required: “kinds”");
    refuse("{\"kind\":\"rented\"}", "{\"kind\":\"lent\"}", "field “landlord”: required: “kind” can never");
    refuse("{\"id\":\"rented\",", "{\"id\":\"own\",", "field “kind”: options[1]");
    refuse("\"class\":\"secrecy\"", "\"class\":\"secret\"", "field “keys”: class");
    refuse("\"personal\":true", "\"personl\":true", "field “keeper”: “personl”");
    refuse("\"type\":\"url\"", "\"type\":\"ref\"", "field “site_url”: ref: missing");
    refuse("\"write\":[\"general-manager\"]", "\"write\":[\"auditor\"]", "auditor writes nothing");
    refuse("\"write\":[\"general-manager\"]", "\"write\":[\"compliance\"]", "able to read");
    refuse("\"write\":[\"general-manager\"]", "\"write\":[\"boss\"]", "write[0]");
    refuse("\"write\":[\"general-manager\"]", "\"write\":[\"contractor\"]",
           "contractor reads what is assigned");
    refuse("\"review_months\":12", "\"review_months\":12,\"assigned\":[\"id\"]", "assigned[0]");
    refuse("\"review_months\":12", "\"review_months\":12,\"assigned\":\"id\"", "assigned: must be a list");
    refuse("\"reveal\":[\"general-manager\"],", "", "reveal: missing");
    refuse("\"review_months\":12", "\"review_months\":-1", "review_months");
    refuse("\"review_months\":12", "\"review_months\":12,\"group\":\"misc\"", "group: must be one of");
}

static void a_reference_to_an_unknown_register_stops_the_start(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    g_autoptr(GString) text = g_string_new(fixture_racks);
    g_string_replace(text, "\"ref\":\"sites\"", "\"ref\":\"cities\"", 1);
    books_declare(b, "racks", text->str);
    assert_null(books_load(b, &error));
    assert_error_says(error, "racks: field “site”: ref: there is no register “cities”");
}

static void more_references_than_the_store_indexes_are_refused_at_the_start(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    g_autoptr(GString) text = g_string_new(
        FIXTURE_HEAD("many", "name", "\"name\"") "{\"id\":\"name\",\"type\":\"text\"," FIXTURE_LABEL "}");
    for (int i = 0; i < 30; i++)
        g_string_append_printf(text, ",{\"id\":\"r%d\",\"type\":\"ref\",\"ref\":\"sites\"," FIXTURE_LABEL "}",
                               i);
    g_string_append(text, "]}");
    books_declare(b, "many", text->str);
    assert_null(books_load(b, &error));
    assert_error_says(error, "many.json: list columns and references");
}

static void two_files_cannot_declare_one_register(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    books_declare(b, "again", fixture_sites);
    assert_null(books_load(b, &error));
    assert_error_says(error, "another file declares the register “sites”");
}

static void adding_a_register_is_adding_a_file(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    g_autoptr(json_t) body = books_parse("{\"values\":{\"name\":\"発電機\"}}");
    assert_null(tk_register_add(b->registers, &chief, "generators", body, NULL, NULL, &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    books_declare(
        b, "generators",
        FIXTURE_HEAD("generators", "name",
                     "\"name\"") "{\"id\":\"name\",\"type\":\"text\"," FIXTURE_LABEL ",\"required\":true},"
                                 "{\"id\":\"site\",\"type\":\"ref\"," FIXTURE_LABEL ",\"ref\":\"sites\"}]}");
    tk_registers_free(b->registers);
    b->registers = books_load(b, &error);
    if (b->registers == NULL)
        fail_msg("%s", error->message);
    g_autoptr(json_t) made = books_add(b, "generators", "{\"values\":{\"name\":\"発電機\"}}");
    assert_string_equal(text_at(made, "id", NULL), "GEN-0001");
    TkRegisterQuery search = {.search = "発電"};
    g_autoptr(json_t) found =
        books_json(tk_register_list(b->registers, &auditor, "generators", &search, &error), error);
    assert_int_equal(int_at(found, "total"), 1);
    g_autoptr(json_t) planned = books_import(b, "generators", "id,name\nG7,予備\n", false);
    assert_int_equal(int_at(planned, "applied"), 1);
}

static void the_built_in_registers_all_load(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    g_auto(GStrv) files = tk_asset_list("registers"); /* one file a register, named by it */
    TkRegistersOptions options = {.store = b->store, .auth = b->auth};
    g_autoptr(TkRegisters) registers = tk_registers_new(&options, &error);
    if (registers == NULL)
        fail_msg("%s", error->message);
    static const TkActor administrator = {"admin", TK_ROLE_ADMINISTRATOR};
    g_autoptr(json_t) all = books_json(tk_registers_schemas(registers, &administrator, &error), error);
    const json_t *items = json_object_get(all, "items");
    assert_true(g_strv_length(files) >= 22);
    assert_int_equal(json_array_size(items), g_strv_length(files));
    for (size_t i = 0; files[i] != NULL; i++) {
        const char *id = text_at(json_array_get(items, i), "id", NULL);
        g_autofree char *file = g_strdup_printf("registers/%s.json", id);
        assert_true(g_strv_contains((const char *const *)files, file)); /* as many as there are files */
        TkRegisterQuery query = {
            .order = json_string_value(json_array_get(json_object_get(json_array_get(items, i), "list"), 0))};
        g_autoptr(json_t) list =
            books_json(tk_register_list(registers, &administrator, id, &query, &error), error);
        assert_int_equal(int_at(list, "total"), 0);
    }
}

int main(void)
{
#define BOOKS(test) cmocka_unit_test_setup_teardown(test, books_open, books_close)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_register_file_is_refused_by_field_and_reason),
        BOOKS(a_reference_to_an_unknown_register_stops_the_start),
        BOOKS(more_references_than_the_store_indexes_are_refused_at_the_start),
        BOOKS(two_files_cannot_declare_one_register),
        BOOKS(adding_a_register_is_adding_a_file),
        BOOKS(the_built_in_registers_all_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
