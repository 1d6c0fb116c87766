/* Gates and approval: what a state asks for is asked, of everybody and on every way in. */
#include "register_fixture.h"

#define LABEL      "\"label\":{\"ja\":\"項目\",\"en\":\"Field\"}"
#define OPTION(id) "{\"id\":\"" id "\",\"label\":{\"ja\":\"" id "\",\"en\":\"" id "\"}}"
#define HEAD(id, columns)                                                                                     \
    "{\"format\":\"tokatsu-register/1\",\"id\":\"" id "\",\"label\":{\"ja\":\"台帳\",\"en\":\"Register\"}," \
    "\"purpose\":{\"ja\":\"試験\",\"en\":\"A test\"},\"title\":\"name\",\"list\":[" columns "],"              \
    "\"read\":[\"general-manager\",\"engineer\",\"chief-engineer\",\"auditor\"],"                             \
    "\"write\":[\"general-manager\",\"engineer\",\"chief-engineer\"],"

/* A plant is used only when a permit that was granted names it, and its maker is trusted. */
static const char plants[] =
    HEAD("plants",
         "\"name\"") "\"gates\":[{\"when\":{\"use\":[\"on\"],\"class\":true},\"register\":\"permits\",\"by\":"
                     "\"plants\","
                     "\"with\":{\"state\":[\"granted\"]},\"article\":\"第1条\",\"refusal\":{\"ja\":"
                     "\"許可がありません。\",\"en\":\"has no permit\"}},"
                     "{\"when\":{\"use\":[\"on\"],\"maker\":true},\"register\":\"makers\",\"through\":"
                     "\"maker\",\"with\":{\"trusted\":[true]},"
                     "\"refusal\":{\"ja\":\"製造者が未評価です。\",\"en\":\"its maker is not trusted\"}}],"
                     "\"fields\":[{\"id\":\"name\",\"type\":\"text\"," LABEL ",\"required\":true},"
                     "{\"id\":\"use\",\"type\":\"enum\"," LABEL ",\"options\":[" OPTION("off") "," OPTION(
                         "on") "]},"
                               "{\"id\":\"class\",\"type\":\"text\"," LABEL
                               "},{\"id\":\"note\",\"type\":\"text\"," LABEL "},"
                               "{\"id\":\"maker\",\"type\":\"ref\"," LABEL ",\"ref\":\"makers\"}]}";
static const char makers[] =
    HEAD("makers", "\"name\"") "\"fields\":[{\"id\":\"name\",\"type\":\"text\"," LABEL "},"
                               "{\"id\":\"trusted\",\"type\":\"boolean\"," LABEL "}]}";
static const char permits[] = HEAD(
    "permits",
    "\"name\",\"state\"") "\"approval\":{\"field\":\"state\",\"asked\":[\"asked\"],\"decided\":[\"granted\","
                          "\"refused\"],"
                          "\"by\":[\"general-manager\",\"chief-engineer\"],\"who\":\"by\",\"at\":\"on\","
                          "\"free\":[\"note\"]},"
                          "\"fields\":[{\"id\":\"name\",\"type\":\"text\"," LABEL
                          ",\"required\":true},{\"id\":\"note\",\"type\":\"text\"," LABEL "},"
                          "{\"id\":\"state\",\"type\":\"enum\"," LABEL
                          ",\"required\":true,\"options\":[" OPTION("draft") "," OPTION("asked") "," OPTION(
                              "granted") "," OPTION("refused") "]},{\"id\":\"plants\",\"type\":\"list-of-"
                                                               "ref\"," LABEL ",\"ref\":\"plants\"},"
                                                               "{\"id\":\"by\",\"type\":\"text\"," LABEL
                                                               "},{\"id\":\"on\",\"type\":\"time\"," LABEL
                                                               "}]}";

static const TkActor second_chief = {"chief-2", TK_ROLE_GENERAL_MANAGER};
static const TkActor third = {"expert-1", TK_ROLE_CHIEF_ENGINEER};

static int open_with_states(void **state)
{
    if (books_open(state) != 0)
        return -1;
    Books *b = *state;
    books_declare(b, "plants", plants);
    books_declare(b, "makers", makers);
    books_declare(b, "permits", permits);
    GError *error = NULL;
    tk_registers_free(b->registers);
    b->registers = books_load(b, &error);
    if (b->registers == NULL)
        fail_msg("%s", error->message);
    return 0;
}

/* Puts `values` (JSON) as `who`; the record, or NULL and the message of the refusal in *why (owned). */
static json_t *put(Books *b, const TkActor *who, const char *name, const char *id, const char *values,
                   char **why)
{
    GError *error = NULL;
    g_autoptr(GBytes) findings = NULL;
    int64_t version = 0;
    g_autofree char *text = g_strdup_printf("{\"id\":\"%s\",\"values\":%s}", id, values);
    g_autoptr(json_t) request = books_parse(text);
    g_autoptr(GBytes) there =
        tk_register_get(b->registers, who, name, id, TK_TIME_NONE, false, &version, NULL);
    b->now_us += 1000000;
    GBytes *done = there == NULL ? tk_register_add(b->registers, who, name, request, NULL, &findings, &error)
                                 : tk_register_put(b->registers, who, name, id, version, request, NULL,
                                                   &findings, &error);
    if (done != NULL)
        return books_json(done, NULL);
    *why = g_strdup(error->message);
    g_error_free(error);
    return NULL;
}

static void fine(Books *b, const TkActor *who, const char *name, const char *id, const char *values)
{
    g_autofree char *why = NULL;
    g_autoptr(json_t) record = put(b, who, name, id, values, &why);
    if (record == NULL)
        fail_msg("%s: %s", values, why);
}

static void refused(Books *b, const TkActor *who, const char *name, const char *id, const char *values,
                    const char *says)
{
    g_autofree char *why = NULL;
    g_autoptr(json_t) record = put(b, who, name, id, values, &why);
    if (record != NULL)
        fail_msg("accepted: %s", values);
    if (strstr(why, says) == NULL)
        fail_msg("“%s” does not say “%s”", why, says);
}

static void permit(Books *b, const char *id, const char *plant)
{
    g_autofree char *asked =
        g_strdup_printf("{\"name\":\"P\",\"state\":\"asked\",\"plants\":[\"%s\"]}", plant);
    g_autofree char *granted =
        g_strdup_printf("{\"name\":\"P\",\"state\":\"granted\",\"plants\":[\"%s\"]}", plant);
    fine(b, &engineer, "permits", id, asked);
    fine(b, &chief, "permits", id, granted);
}

static void a_state_waits_for_the_other_registers_record(void **state)
{
    Books *b = *state;
    refused(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"on\",\"class\":\"x\"}",
            "use: has no permit (第1条)");
    fine(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"off\",\"class\":\"x\"}");
    fine(b, &engineer, "plants", "PL-2", "{\"name\":\"A\",\"use\":\"on\"}"); /* of no class: not asked */
    fine(b, &engineer, "permits", "PE-1",
         "{\"name\":\"P\",\"state\":\"asked\",\"plants\":[\"PL-1\",\"PL-2\"]}");
    refused(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"on\",\"class\":\"x\"}", "no permit");
    permit(b, "PE-2", "PL-1");
    fine(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"on\",\"class\":\"x\"}");
}

static void what_was_allowed_stays_until_its_state_is_entered_again(void **state)
{
    Books *b = *state;
    fine(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"off\",\"class\":\"x\"}");
    permit(b, "PE-1", "PL-1");
    fine(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"on\",\"class\":\"x\"}");
    fine(b, &chief, "permits", "PE-1",
         "{\"name\":\"P\",\"state\":\"draft\",\"plants\":[\"PL-1\"]}"); /* taken back */
    fine(b, &engineer, "plants", "PL-1",
         "{\"name\":\"A\",\"use\":\"on\",\"class\":\"x\",\"note\":\"painted\"}");
    refused(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"on\",\"class\":\"y\"}", "no permit");
    fine(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"off\",\"class\":\"x\"}");
    refused(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"on\",\"class\":\"x\"}", "no permit");
}

static void a_gate_goes_through_ones_own_reference(void **state)
{
    Books *b = *state;
    fine(b, &engineer, "makers", "M-1", "{\"name\":\"good\",\"trusted\":true}");
    fine(b, &engineer, "makers", "M-2", "{\"name\":\"unknown\"}");
    fine(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"on\",\"maker\":\"M-1\"}");
    refused(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"on\",\"maker\":\"M-2\"}",
            "not trusted");
    fine(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"off\",\"maker\":\"M-2\"}");
}

static void an_import_is_held_to_gates_and_decides_nothing(void **state)
{
    Books *b = *state;
    GError *error = NULL;
    fine(b, &engineer, "plants", "PL-1", "{\"name\":\"A\",\"use\":\"off\",\"class\":\"x\"}");
    fine(b, &engineer, "permits", "PE-1", "{\"name\":\"P\",\"state\":\"asked\",\"plants\":[\"PL-1\"]}");
    static const char use[] = "id,use\nPL-1,on\n", grant[] = "id,state\nPE-1,granted\n",
                      make[] = "name,state\nQ,granted\n";
    g_autoptr(json_t) used = books_json(
        tk_register_import(b->registers, &chief, "plants", use, strlen(use), false, &error), error);
    assert_int_equal(json_integer_value(json_object_get(used, "error")), 1);
    g_autoptr(json_t) granted = books_json(
        tk_register_import(b->registers, &chief, "permits", grant, strlen(grant), false, &error), error);
    assert_int_equal(json_integer_value(json_object_get(granted, "error")), 1);
    g_autoptr(json_t) made = books_json(
        tk_register_import(b->registers, &chief, "permits", make, strlen(make), false, &error), error);
    assert_int_equal(json_integer_value(json_object_get(made, "error")), 1);
    fine(b, &chief, "permits", "PE-1", "{\"name\":\"P\",\"state\":\"granted\",\"plants\":[\"PL-1\"]}");
    g_autoptr(json_t) again = books_json(
        tk_register_import(b->registers, &chief, "plants", use, strlen(use), false, &error), error);
    assert_int_equal(json_integer_value(json_object_get(again, "applied")), 1);
    /* what an export holds of a decided record comes back as it is */
    g_autoptr(GBytes) csv = tk_register_export(b->registers, &chief, "permits", "csv", false, &error);
    assert_non_null(csv);
    gsize len;
    const char *text = g_bytes_get_data(csv, &len);
    g_autoptr(json_t) same =
        books_json(tk_register_import(b->registers, &engineer, "permits", text, len, false, &error), error);
    assert_int_equal(json_integer_value(json_object_get(same, "same")), 1);
}

static void who_asks_never_approves(void **state)
{
    Books *b = *state;
    static const char draft[] = "{\"name\":\"P\",\"state\":\"draft\"}",
                      ask[] = "{\"name\":\"P\",\"state\":\"asked\"}";
    static const char grant[] = "{\"name\":\"P\",\"state\":\"granted\"}";
    refused(b, &chief, "permits", "PE-1", grant, "must be asked for first");
    fine(b, &chief, "permits", "PE-1", draft);
    refused(b, &second_chief, "permits", "PE-1", grant, "must be asked for first");
    fine(b, &chief, "permits", "PE-1", ask);
    refused(b, &chief, "permits", "PE-1", grant, "who asked for it");
    refused(b, &engineer, "permits", "PE-1", grant, "your role");
    fine(b, &third, "permits", "PE-1", "{\"name\":\"Q\",\"state\":\"asked\"}"); /* changes it meanwhile … */
    refused(b, &third, "permits", "PE-1", grant, "changed it since"); /* … and is part of asking */
    fine(b, &second_chief, "permits", "PE-1", grant);
    /* asked anew: what was before no longer counts */
    fine(b, &second_chief, "permits", "PE-1", draft);
    fine(b, &second_chief, "permits", "PE-1", ask);
    refused(b, &second_chief, "permits", "PE-1", grant, "who asked for it");
    fine(b, &chief, "permits", "PE-1", grant);
}

static void a_decision_says_who_and_when_and_holds(void **state)
{
    Books *b = *state;
    g_autofree char *why = NULL;
    fine(b, &engineer, "permits", "PE-1", "{\"name\":\"P\",\"state\":\"asked\",\"by\":\"somebody\"}");
    g_autoptr(json_t) granted =
        put(b, &chief, "permits", "PE-1",
            "{\"name\":\"P\",\"state\":\"granted\",\"by\":\"somebody\",\"on\":\"2020-01-01T00:00:00+09:00\"}",
            &why);
    assert_non_null(granted);
    assert_string_equal(text_at(granted, "values", "by"), "chief-1");
    assert_string_equal(text_at(granted, "values", "on"), "2026-11-01T09:00:02+09:00");
    refused(b, &chief, "permits", "PE-1", "{\"name\":\"Z\",\"state\":\"granted\"}",
            "name: belongs to what was decided");
    refused(b, &chief, "permits", "PE-1", "{\"name\":\"P\",\"state\":\"refused\"}",
            "must be asked for first");
    g_autoptr(json_t) noted =
        put(b, &engineer, "permits", "PE-1",
            "{\"name\":\"P\",\"state\":\"granted\",\"note\":\"n\",\"by\":\"me\"}", &why);
    assert_non_null(noted);
    assert_string_equal(text_at(noted, "values", "by"), "chief-1");
    g_autoptr(json_t) back =
        put(b, &engineer, "permits", "PE-1", "{\"name\":\"Z\",\"state\":\"draft\",\"by\":\"chief-1\"}", &why);
    assert_non_null(back);
    assert_null(json_object_get(json_object_get(back, "values"), "by"));
}

static json_t *waiting(Books *b, const TkActor *who)
{
    GError *error = NULL;
    return books_json(tk_registers_waiting(b->registers, who, &error), error);
}

static void what_waits_is_shown_to_who_may_decide_it(void **state)
{
    Books *b = *state;
    fine(b, &chief, "permits", "PE-1", "{\"name\":\"first\",\"state\":\"asked\"}");
    fine(b, &engineer, "permits", "PE-2", "{\"name\":\"second\",\"state\":\"asked\"}");
    fine(b, &engineer, "permits", "PE-3", "{\"name\":\"third\",\"state\":\"draft\"}");
    g_autoptr(json_t) own = waiting(b, &chief), other = waiting(b, &second_chief),
                      none = waiting(b, &engineer);
    assert_int_equal(json_array_size(json_object_get(own, "items")), 1);
    const json_t *item = json_array_get(json_object_get(own, "items"), 0);
    assert_string_equal(text_at(item, "id", NULL), "PE-2");
    assert_string_equal(text_at(item, "title", NULL), "second");
    assert_string_equal(text_at(item, "asked_by", NULL), "engineer-1");
    assert_int_equal(json_array_size(json_object_get(other, "items")), 2);
    assert_int_equal(json_array_size(json_object_get(none, "items")), 0);
    fine(b, &second_chief, "permits", "PE-1", "{\"name\":\"first\",\"state\":\"refused\"}");
    g_autoptr(json_t) left = waiting(b, &second_chief);
    assert_int_equal(json_array_size(json_object_get(left, "items")), 1);
}

static void refuse_file(Books *b, const char *id, const char *file, const char *from, const char *to,
                        const char *says)
{
    GError *error = NULL;
    g_autoptr(GString) text = g_string_new(file);
    assert_true(g_string_replace(text, from, to, 1) == 1);
    books_declare(b, id, text->str);
    TkRegisters *registers = books_load(b, &error);
    if (registers != NULL)
        fail_msg("accepted: %s", to);
    assert_error_says(error, says);
    books_declare(b, id, file);
}

static void a_wrong_gate_or_approval_stops_the_start(void **state)
{
    Books *b = *state;
    refuse_file(b, "plants", plants, "\"use\":[\"on\"]", "\"use\":[\"up\"]",
                "gates[0]: when: “use” can never have value 1");
    refuse_file(b, "plants", plants, "\"use\":[\"on\"]", "\"uses\":[\"on\"]", "gates[0]: when: “uses”");
    refuse_file(b, "plants", plants, "\"by\":\"plants\"", "\"by\":\"name\"", "gates[0]: by: “name”");
    refuse_file(b, "plants", plants, "\"by\":\"plants\"", "\"bye\":\"plants\"", "gates[0]");
    refuse_file(b, "plants", plants, "\"register\":\"permits\"", "\"register\":\"permit\"",
                "there is no register “permit”");
    refuse_file(b, "plants", plants, "[\"granted\"]", "[\"given\"]", "gates[0]: with: “state” can never");
    refuse_file(b, "plants", plants, "\"through\":\"maker\"", "\"through\":\"name\"",
                "gates[1]: through: “name”");
    refuse_file(b, "permits", permits, "\"asked\":[\"asked\"]", "\"asked\":[\"granted\"]",
                "asked and decided");
    refuse_file(b, "permits", permits, "\"asked\":[\"asked\"]", "\"asked\":[]",
                "approval: asked: must be a list");
    refuse_file(b, "permits", permits, "\"who\":\"by\"", "\"who\":\"on\"", "approval: who: must be a text");
    refuse_file(b, "permits", permits, "\"free\":[\"note\"]", "\"free\":[\"notes\"]", "approval: free[0]");
    refuse_file(b, "permits", permits, "\"name\",\"state\"", "\"name\"", "that the list shows");
    refuse_file(b, "permits", permits, "\"general-manager\",\"chief-engineer\"],\"who\"",
                "\"auditor\"],\"who\"", "roles that may write");
}

int main(void)
{
#define STATES(test) cmocka_unit_test_setup_teardown(test, open_with_states, books_close)
    const struct CMUnitTest tests[] = {
        STATES(a_state_waits_for_the_other_registers_record),
        STATES(what_was_allowed_stays_until_its_state_is_entered_again),
        STATES(a_gate_goes_through_ones_own_reference),
        STATES(an_import_is_held_to_gates_and_decides_nothing),
        STATES(who_asks_never_approves),
        STATES(a_decision_says_who_and_when_and_holds),
        STATES(what_waits_is_shown_to_who_may_decide_it),
        STATES(a_wrong_gate_or_approval_stops_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
