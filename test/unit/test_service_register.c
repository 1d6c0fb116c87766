/* The register engine's promises on records: refused with reasons, never dangling, never lost, never in the
 * clear. */
#include "register_fixture.h"

static bool has_finding(GBytes *findings, const char *field)
{
    gsize len;
    const char *text = g_bytes_get_data(findings, &len);
    g_autoptr(json_t) root = tk_json_read("findings", text, len, 1u << 20, NULL);
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(root, "fields"), i, one)
    {
        if (strcmp(text_at(one, "field", NULL), field) == 0)
            return text_at(one, "ja", NULL) != NULL && text_at(one, "en", NULL) != NULL;
    }
    return false;
}

/* Adding `values` to sites is refused and the findings name `field`. */
static void refuse(Books *b, const char *values, const char *field)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    g_autofree char *request = g_strdup_printf("{\"values\":%s}", values);
    g_autoptr(json_t) body = books_parse(request);
    assert_null(tk_register_add(b->registers, &chief, "sites", body, NULL, &findings, &error));
    assert_int_equal(error->code, TK_ERROR_INVALID);
    assert_error_says(error, field);
    if (!has_finding(findings, field))
        fail_msg("%s: no finding names %s", values, field);
}

static void a_wrong_value_is_refused_by_its_field(void **state)
{
    Books *b = *state;
    refuse(b, "{\"kind\":\"own\"}", "name");
    refuse(b, "{\"name\":\"  \",\"kind\":\"own\"}", "name");
    refuse(b, "{\"name\":7,\"kind\":\"own\"}", "name");
    refuse(b, "{\"name\":\"12345678901234567890123456789012345678901\",\"kind\":\"own\"}", "name");
    refuse(b, "{\"name\":\"A\",\"kind\":\"borrowed\"}", "kind");
    refuse(b, "{\"name\":\"A\",\"kind\":\"own\",\"floors\":0}", "floors");
    refuse(b, "{\"name\":\"A\",\"kind\":\"own\",\"floors\":61}", "floors");
    refuse(b, "{\"name\":\"A\",\"kind\":\"own\",\"floors\":1.5}", "floors");
    refuse(b, "{\"name\":\"A\",\"kind\":\"own\",\"guarded\":\"yes\"}", "guarded");
    refuse(b, "{\"name\":\"A\",\"kind\":\"own\",\"until\":\"2026-02-30\"}", "until");
    refuse(b, "{\"name\":\"A\",\"kind\":\"own\",\"site_url\":\"javascript:alert(1)\"}", "site_url");
    refuse(b, "{\"name\":\"A\",\"kind\":\"own\",\"country\":\"ZZ\"}", "country");
    refuse(b, "{\"name\":\"A\",\"kind\":\"own\",\"colour\":\"red\"}", "colour");
    refuse(b, "{\"name\":\"A\",\"kind\":\"own\",\"plan\":{\"sha256\":\"00\",\"name\":\"a\"}}", "plan");
}

static void a_field_is_required_only_under_its_condition(void **state)
{
    Books *b = *state;
    refuse(b, "{\"name\":\"A\",\"kind\":\"rented\"}", "landlord");
    g_autoptr(json_t) own = books_add(b, "sites", "{\"values\":{\"name\":\"A\",\"kind\":\"own\"}}");
    g_autoptr(json_t) rented =
        books_add(b, "sites", "{\"values\":{\"name\":\"B\",\"kind\":\"rented\",\"landlord\":\"大家\"}}");
    assert_string_equal(text_at(own, "id", NULL), "SIT-0001");
    assert_string_equal(text_at(rented, "id", NULL), "SIT-0002");
    assert_string_equal(text_at(own, "review_due", NULL), "2027-11-30");
}

static void a_reference_cannot_dangle(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    g_autoptr(json_t) wrong = books_parse("{\"values\":{\"label\":\"R\",\"site\":\"nowhere\"}}");
    assert_null(tk_register_add(b->registers, &chief, "racks", wrong, NULL, NULL, &error));
    assert_error_says(error, "nowhere");
    G_GNUC_UNUSED g_autoptr(json_t) site =
        books_add(b, "sites", "{\"id\":\"S1\",\"values\":{\"name\":\"A\",\"kind\":\"own\"}}");
    G_GNUC_UNUSED g_autoptr(json_t) one =
        books_add(b, "racks", "{\"id\":\"R1\",\"values\":{\"label\":\"R\",\"site\":\"S1\"}}");
    G_GNUC_UNUSED g_autoptr(json_t) two =
        books_add(b, "racks", "{\"id\":\"R2\",\"values\":{\"label\":\"Q\",\"spares\":[\"R1\"]}}");
    assert_null(tk_register_delete(b->registers, &chief, "sites", "S1", 1, &error));
    assert_int_equal(error->code, TK_ERROR_CONFLICT);
    assert_error_says(error, "racks R1 (site)");
    assert_null(tk_register_delete(b->registers, &chief, "racks", "R1", 1, &error));
    assert_error_says(error, "racks R2 (spares)");
    G_GNUC_UNUSED g_autoptr(json_t) gone =
        books_json(tk_register_delete(b->registers, &chief, "racks", "R2", 1, &error), error);
    G_GNUC_UNUSED g_autoptr(json_t) after =
        books_json(tk_register_delete(b->registers, &chief, "racks", "R1", 1, &error), error);
    g_autoptr(json_t) last =
        books_json(tk_register_delete(b->registers, &chief, "sites", "S1", 1, &error), error);
    assert_true(json_is_true(json_object_get(last, "deleted")));
    assert_null(tk_register_get(b->registers, &chief, "sites", "S1", TK_TIME_NONE, false, NULL, &error));
    assert_int_equal(error->code, TK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_autoptr(json_t) next = books_add(b, "sites", "{\"values\":{\"name\":\"B\",\"kind\":\"own\"}}");
    assert_string_equal(text_at(next, "id", NULL), "SIT-0001");
}

static void put(Books *b, const char *id, int64_t version, const char *values)
{
    GError *error = NULL;
    g_autofree char *request = g_strdup_printf("{\"values\":%s}", values);
    g_autoptr(json_t) body = books_parse(request);
    g_autoptr(json_t) done = books_json(
        tk_register_put(b->registers, &chief, "sites", id, version, body, NULL, NULL, &error), error);
    assert_int_equal(int_at(done, "version"), version + 1);
}

static void the_past_is_read_as_it_was_and_history_names_each_change(void **state)
{
    Books *b = *state;
    G_GNUC_UNUSED g_autoptr(json_t) first =
        books_add(b, "sites", "{\"id\":\"S\",\"values\":{\"name\":\"旧\",\"kind\":\"own\"}}");
    b->now_us = at("2026-12-01T09:00:00+09:00");
    put(b, "S", 1, "{\"name\":\"新\",\"kind\":\"own\",\"floors\":3}");
    GError *error = NULL;
    g_autoptr(json_t) then = books_json(tk_register_get(b->registers, &auditor, "sites", "S",
                                                        at("2026-11-15T00:00:00+09:00"), false, NULL, &error),
                                        error);
    assert_string_equal(text_at(then, "values", "name"), "旧");
    g_autoptr(json_t) now = books_get(b, "sites", "S");
    assert_string_equal(text_at(now, "values", "name"), "新");
    g_autoptr(json_t) history =
        books_json(tk_register_history(b->registers, &auditor, "sites", "S", &error), error);
    const json_t *second = json_array_get(json_object_get(history, "items"), 1);
    const json_t *changes = json_object_get(second, "changes");
    assert_string_equal(text_at(second, "who", NULL), "chief-1");
    assert_string_equal(text_at(second, "at", NULL), "2026-12-01T09:00:00+09:00");
    assert_int_equal(json_array_size(changes), 2);
    assert_string_equal(text_at(json_array_get(changes, 0), "from", NULL), "旧");
    assert_string_equal(text_at(json_array_get(changes, 0), "to", NULL), "新");
    assert_true(json_is_null(json_object_get(json_array_get(changes, 1), "from")));
}

static void of_two_who_read_the_same_version_the_second_is_refused(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    G_GNUC_UNUSED g_autoptr(json_t) first =
        books_add(b, "sites", "{\"id\":\"S\",\"values\":{\"name\":\"A\",\"kind\":\"own\"}}");
    put(b, "S", 1, "{\"name\":\"B\",\"kind\":\"own\"}");
    g_autoptr(json_t) body = books_parse("{\"values\":{\"name\":\"C\",\"kind\":\"own\"}}");
    assert_null(tk_register_put(b->registers, &chief, "sites", "S", 1, body, NULL, NULL, &error));
    assert_int_equal(error->code, TK_ERROR_STALE);
    assert_error_says(error, "version 2");
    assert_null(tk_register_delete(b->registers, &chief, "sites", "S", 1, &error));
    assert_error_says(error, "version 2");
}

static void roles_read_and_write_as_the_file_says(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    static const TkActor noc = {"noc-1", TK_ROLE_NOC_OPERATOR}, nobody = {"", TK_ROLE_GENERAL_MANAGER};
    g_autoptr(json_t) body = books_parse("{\"values\":{\"name\":\"A\",\"kind\":\"own\"}}");
    const TkActor *refused[] = {&auditor, &engineer, &noc, &nobody};
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        assert_null(tk_register_add(b->registers, refused[i], "sites", body, NULL, NULL, &error));
        assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
        g_clear_error(&error);
        assert_null(tk_register_import(b->registers, refused[i], "sites", "id\n", 3, true, &error));
        assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
        g_clear_error(&error);
    }
    TkRegisterQuery all = {0};
    assert_null(tk_register_list(b->registers, &noc, "sites", &all, &error));
    assert_int_equal(error->code, TK_ERROR_FORBIDDEN);
    g_clear_error(&error);
    g_autoptr(json_t) schemas = books_json(tk_registers_schemas(b->registers, &engineer, &error), error);
    const json_t *racks = json_array_get(json_object_get(schemas, "items"), 0);
    assert_string_equal(text_at(racks, "id", NULL), "racks");
    assert_false(json_is_true(json_object_get(racks, "may_write")));
    g_autoptr(json_t) none = books_json(tk_registers_schemas(b->registers, &noc, &error), error);
    assert_int_equal(json_array_size(json_object_get(none, "items")), 0);
}

/* ---- sealed fields ---- */

static bool folder_contains(const char *path, const char *part)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_autofree char *text = NULL;
        gsize len = 0;
        if (g_file_get_contents(file, &text, &len, NULL) && memmem(text, len, part, strlen(part)) != NULL)
            return true;
    }
    return false;
}

static bool count_viewed(uint64_t leaf, const char *event, size_t len, gpointer data)
{
    (void)leaf;
    *(unsigned *)data += memmem(event, len, "\"viewed\"", 8) != NULL;
    return true;
}

static unsigned viewed(Books *b)
{
    unsigned count = 0;
    assert_true(tk_store_events(b->store, 0, 1000, count_viewed, &count, NULL));
    return count;
}

static json_t *look(Books *b, const TkActor *actor)
{
    GError *error = NULL;
    return books_json(tk_register_get(b->registers, actor, "sites", "S", TK_TIME_NONE, true, NULL, &error),
                      error);
}

static void a_sealed_value_rests_in_no_file_and_each_look_is_an_event(void **state)
{
    Books *b = *state;
    g_autoptr(json_t) made = books_add(
        b, "sites",
        "{\"id\":\"S\",\"values\":{\"name\":\"目印-name\",\"kind\":\"own\",\"keys\":\"秘密-4711\"}}");
    assert_true(
        json_is_true(json_object_get(json_object_get(json_object_get(made, "values"), "keys"), "sealed")));
    assert_true(folder_contains(b->data_dir, "目印-name")); /* the search itself works */
    assert_false(folder_contains(b->data_dir, "秘密-4711"));
    assert_int_equal(viewed(b), 0);
    g_autoptr(json_t) hidden = look(b, &engineer);
    assert_true(
        json_is_true(json_object_get(json_object_get(json_object_get(hidden, "values"), "keys"), "sealed")));
    assert_int_equal(viewed(b), 0);
    g_autoptr(json_t) shown = look(b, &chief);
    assert_string_equal(text_at(shown, "values", "keys"), "秘密-4711");
    assert_int_equal(viewed(b), 1);
}

static void a_sealed_value_sent_back_sealed_stays(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    G_GNUC_UNUSED g_autoptr(json_t) made =
        books_add(b, "sites", "{\"id\":\"S\",\"values\":{\"name\":\"A\",\"kind\":\"own\",\"keys\":\"k\"}}");
    put(b, "S", 1, "{\"name\":\"B\",\"kind\":\"own\",\"keys\":{\"sealed\":true}}");
    put(b, "S", 2, "{\"name\":\"B\",\"kind\":\"own\",\"keys\":\"k\",\"floors\":2}");
    g_autoptr(json_t) shown = look(b, &chief);
    assert_string_equal(text_at(shown, "values", "keys"), "k");
    g_autoptr(json_t) history =
        books_json(tk_register_history(b->registers, &chief, "sites", "S", &error), error);
    const json_t *items = json_object_get(history, "items");
    assert_int_equal(json_array_size(json_object_get(json_array_get(items, 1), "changes")), 1); /* name */
    assert_int_equal(json_array_size(json_object_get(json_array_get(items, 2), "changes")), 1); /* floors */
    put(b, "S", 3, "{\"name\":\"B\",\"kind\":\"own\"}");
    g_autoptr(json_t) without = look(b, &chief);
    assert_null(json_object_get(json_object_get(without, "values"), "keys"));
}

static void a_personal_value_can_be_erased_and_the_record_lives_on(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    G_GNUC_UNUSED g_autoptr(json_t) made = books_add(
        b, "sites", "{\"id\":\"S\",\"values\":{\"name\":\"A\",\"kind\":\"own\",\"keeper\":\"山田\"}}");
    TkWrite *write = tk_write_new("chief-1", b->now_us);
    tk_write_erase(write, "r-sites", "S", "left the company");
    assert_true(tk_store_commit(b->store, write, NULL, &error));
    g_autoptr(json_t) after = books_get(b, "sites", "S");
    assert_null(json_object_get(json_object_get(after, "values"), "keeper"));
    put(b, "S", 1, "{\"name\":\"A\",\"kind\":\"own\"}");
}

int main(void)
{
#define BOOKS(test) cmocka_unit_test_setup_teardown(test, books_open, books_close)
    const struct CMUnitTest tests[] = {
        BOOKS(a_wrong_value_is_refused_by_its_field),
        BOOKS(a_field_is_required_only_under_its_condition),
        BOOKS(a_reference_cannot_dangle),
        BOOKS(the_past_is_read_as_it_was_and_history_names_each_change),
        BOOKS(of_two_who_read_the_same_version_the_second_is_refused),
        BOOKS(roles_read_and_write_as_the_file_says),
        BOOKS(a_sealed_value_rests_in_no_file_and_each_look_is_an_event),
        BOOKS(a_sealed_value_sent_back_sealed_stays),
        BOOKS(a_personal_value_can_be_erased_and_the_record_lives_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
