#include "law_helper.h"

/* Loads the project's law with one change: in `file`, `from` becomes `to`. Nothing else differs, so a refusal
 * is about that change. */
static TkLaw *load_changed(const char *file, const char *from, const char *to, GError **error)
{
    LawFiles files;
    law_files_read(&files);
    bool changed = false;
    for (size_t i = 0; i < files.names->len; i++) {
        char *text = files.texts->pdata[i];
        char *at = strcmp(files.names->pdata[i], file) == 0 ? strstr(text, from) : NULL;
        if (at == NULL)
            continue;
        files.texts->pdata[i] = g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
        g_free(text);
        changed = true;
    }
    if (!changed)
        fail_msg("%s does not contain “%s”", file, from);
    TkLaw *law = law_files_load(&files, error);
    law_files_clear(&files);
    return law;
}

static void the_delivered_law_is_sound(void **state)
{
    (void)state;
    g_autoptr(TkLaw) law = law_of_the_project();
    assert_true(tk_law_entry_count(law) > 60);
    static const char *const ids[] = {"voice-emergency", "voice",           "lpwa", "mail-messaging-free",
                                      "internet-free",   "internet-access", "other"};
    assert_int_equal(tk_law_service_count(law), G_N_ELEMENTS(ids));
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        assert_string_equal(tk_law_service_id(law, (TkService)i), ids[i]); /* in the order of their file */
    assert_int_equal(tk_law_service_find(law, "voice\0x", 7), -1);
    assert_true(tk_law_service_counts_everyone(law, service(law, "voice-emergency")));
    assert_false(tk_law_service_counts_everyone(law, service(law, "voice")));
}

static void a_bad_law_file_is_refused_with_file_entry_and_field(void **state)
{
    (void)state;
    static const struct {
        const char *file, *from, *to, *says[3];
    } bad[] = {
        {"jp/accidents.json", "\"entries\"", "\"entry\"", {"jp/accidents.json", "list “entries”", ""}},
        {"jp/accidents.json", "{", "{,", {"jp/accidents.json", "not valid JSON", ""}},
        {"jp/accidents.json",
         "\"id\": \"serious-2008\"",
         "\"id\": 5",
         {"jp/accidents.json", "“number 1”", "“id”"}},
        {"jp/accidents.json",
         "\"id\": \"serious-2015\"",
         "\"id\": \"serious-2008\"",
         {"“serious-2008”", "“id”", "already"}},
        {"jp/accidents.json",
         "\"from\": \"2015-04-01\"",
         "\"from\": \"2015-04-02\"",
         {"“serious-2015”", "effective", "gap"}},
        {"jp/accidents.json",
         "\"from\": \"2015-04-01\"",
         "\"from\": \"2015-03-31\"",
         {"“serious-2015”", "effective", "overlap"}},
        {"jp/accidents.json",
         "\"to\": \"2015-03-31\"",
         "\"to\": null",
         {"“serious-2015”", "effective", "overlap"}},
        {"jp/accidents.json",
         "\"to\": \"2015-03-31\"",
         "\"to\": \"2008-03-31\"",
         {"“serious-2008”", "effective", "ends before it begins"}},
        {"jp/accidents.json",
         "\"from\": \"2015-04-01\"",
         "\"from\": \"2015-04-31\"",
         {"“serious-2015”", "“from”", "2015-04-31"}},
        {"jp/accidents.json", "\"url\"", "\"link\"", {"“serious-2008”", "“source”", "cites nothing"}},
        {"jp/accidents.json",
         "\"verified\": true",
         "\"verified\": \"yes\"",
         {"“serious-2008”", "“verified”", ""}},
        {"jp/accidents.json", "\"verified\": true", "\"verified\": false", {"“serious-2008”", "“note”", ""}},
        {"jp/accidents.json",
         "\"en\": \"An accident",
         "\"fr\": \"An accident",
         {"“serious-2008”", "“text”", ""}},
        {"jp/accidents.json",
         "\"voice-emergency\"",
         "\"telegraph\"",
         {"“serious-2008”", "“services”", "“telegraph”"}},
        {"jp/accidents.json",
         "\"voice-emergency\",\n",
         "\n",
         {"“serious-2008”", "“rows”", "“voice-emergency” is in 0 rows"}},
        {"jp/accidents.json",
         "\"hours\": 2, \"users\"",
         "\"hours\": 0, \"users\"",
         {"“serious-2008”", "“hours”", "out of range"}},
        {"jp/accidents.json",
         "\"hours\": 2, \"users\"",
         "\"hours\": 2.5, \"users\"",
         {"“serious-2008”", "“hours”", "whole number"}},
        {"jp/accidents.json",
         "\"users\": 30000",
         "\"users\": 99999999999",
         {"“serious-2008”", "“users”", "out of range"}},
        {"jp/accidents.json",
         "\"law_date\": \"2008-04-01\"",
         "\"law_date\": \"soon\"",
         {"“serious-2008”", "“law_date”", ""}},
        {"jp/accidents.json",
         "\"family\": \"link-notice\"",
         "\"family\": \"rumour\"",
         {"“link-notice”", "“family”", ""}},
        {"jp/periodic.json",
         "\"radio-base-station\"",
         "\"kettle\"",
         {"“periodic-simplified”", "“equipment”", ""}},
        {"jp/reports.json",
         "\"clock\": \"occurrence\"",
         "\"clock\": \"sundial\"",
         {"jp/reports.json", "“clock”", "fiscal-year"}},
        {"jp/reports.json", "\"days\": 30", "\"weeks\": 4", {"jp/reports.json", "“due”", "days"}},
        {"jp/reports.json",
         "\"days\": 30",
         "\"months\": 1",
         {"jp/reports.json", "“due”", "months are counted from"}},
        {"jp/near-miss.json", "\"cannot-stop\"", "\"boredom\"", {"“near-miss-2023”", "“events”", ""}},
        {"jp/near-miss.json",
         "\"id\": \"transmission\"",
         "\"id\": \"teleport\"",
         {"“near-miss-2023”", "“functions”", ""}},
        {"jp/leaks.json",
         "\"users_over\": 1000",
         "\"users_over\": -1",
         {"“leak-specified-2023”", "“users_over”", ""}},
        {"jp/holidays.json", "\"2015-01-12\"", "\"2016-01-12\"", {"“holidays-2015”", "“days”", "outside"}},
        {"jp/holidays.json", "\"2015-01-12\"", "\"2015-01-01\"", {"“holidays-2015”", "“days”", "each once"}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        GError *error = NULL;
        if (load_changed(bad[i].file, bad[i].from, bad[i].to, &error) != NULL)
            fail_msg("“%s” for “%s” was taken", bad[i].to, bad[i].from);
        for (size_t s = 0; s < 3; s++)
            if (strstr(error->message, bad[i].says[s]) == NULL)
                fail_msg("“%s” does not say “%s”", error->message, bad[i].says[s]);
        g_clear_error(&error);
    }
}

static void a_law_without_criteria_is_refused(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(tk_law_load(NULL, 0, &error));
    assert_error_says(error, "services");
    TkLawFile big = {"jp/big.json", "", TK_LAW_FILE_MAX + 1};
    assert_null(tk_law_load(&big, 1, &error));
    assert_error_says(error, "jp/big.json");
}

static void forms_and_unknown_types_need_no_code(void **state)
{
    (void)state;
    LawFiles files;
    GError *error = NULL;
    law_files_read(&files);
    g_ptr_array_add(files.names, g_strdup("jp/forms/50-3.json"));
    g_ptr_array_add(files.texts, g_strdup("not a law file at all"));
    g_ptr_array_add(files.names, g_strdup("jp/notes.json"));
    g_ptr_array_add(
        files.texts,
        g_strdup(
            "{\"type\":\"notes\",\"entries\":[{\"id\":\"o1\",\"family\":\"f1\",\"article\":\"法44条\","
            "\"effective\":{\"from\":\"2016-05-21\",\"to\":null},\"source\":{\"url\":\"https://example.jp/"
            "\"},"
            "\"verified\":true,\"text\":{\"ja\":\"あ\",\"en\":\"a\"}}]}"));
    g_autoptr(TkLaw) law = law_files_load(&files, &error);
    law_files_clear(&files);
    assert_non_null(law);
    g_autoptr(GPtrArray) found = tk_law_entries(law, "法44条", day("2020-01-01"));
    assert_int_equal(found->len, 1);
}

static bool has(const GPtrArray *entries, const char *id)
{
    for (size_t i = 0; i < entries->len; i++)
        if (strcmp(((const TkLawEntry *)entries->pdata[i])->id, id) == 0)
            return true;
    return false;
}

static void the_entries_of_a_day_are_those_in_force_on_it(void **state)
{
    (void)state;
    g_autoptr(TkLaw) law = law_of_the_project();
    g_autoptr(GPtrArray) before = tk_law_entries(law, "58条", day("2026-03-31"));
    g_autoptr(GPtrArray) after = tk_law_entries(law, "58条", day("2026-04-01"));
    assert_true(has(before, "serious-2023") && !has(before, "serious-2026"));
    assert_true(has(after, "serious-2026") && !has(after, "serious-2023"));
    g_autoptr(GPtrArray) other = tk_law_entries(law, "8条", day("2026-04-01"));
    assert_false(has(other, "serious-2026")); /* 8条 is not 58条 */
}

static void the_diff_of_two_days_names_what_changed(void **state)
{
    (void)state;
    g_autoptr(TkLaw) law = law_of_the_project();
    g_autoptr(GPtrArray) none = tk_law_diff(law, day("2026-06-01"), day("2026-12-31"));
    assert_int_equal(none->len, 0);
    g_autoptr(GPtrArray) changes = tk_law_diff(law, day("2026-03-31"), day("2026-04-01"));
    assert_int_equal(changes->len,
                     3); /* 58条2項1号, 58条の2第1号 and the duty to report it; the other rules stay */
    g_autoptr(GPtrArray) clock = tk_law_diff(law, day("2025-03-31"), day("2025-04-01"));
    assert_int_equal(clock->len, 3); /* the duty and the two forms of the periodic report */
    const TkLawChange *change = clock->pdata[1];
    assert_string_equal(change->before->id, "periodic-detailed-2013");
    assert_string_equal(change->after->id, "periodic-detailed-2025");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_delivered_law_is_sound),
        cmocka_unit_test(a_bad_law_file_is_refused_with_file_entry_and_field),
        cmocka_unit_test(a_law_without_criteria_is_refused),
        cmocka_unit_test(forms_and_unknown_types_need_no_code),
        cmocka_unit_test(the_entries_of_a_day_are_those_in_force_on_it),
        cmocka_unit_test(the_diff_of_two_days_names_what_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
