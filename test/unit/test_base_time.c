#include "unit.h"

static void days_agree_with_glib_for_three_centuries(void **state)
{
    (void)state;
    g_autoptr(GDate) walk = g_date_new_dmy(1, G_DATE_JANUARY, 1900);
    for (TkDate d = tk_date_make(1900, 1, 1); d <= tk_date_make(2199, 12, 31);
         d++, g_date_add_days(walk, 1)) {
        int y, m, dd;
        tk_date_split(d, &y, &m, &dd);
        assert_int_equal(y, g_date_get_year(walk));
        assert_int_equal(m, g_date_get_month(walk));
        assert_int_equal(dd, g_date_get_day(walk));
        assert_int_equal(tk_date_make(y, m, dd), d);
        assert_int_equal(tk_date_weekday(d), g_date_get_weekday(walk) % 7);
    }
}

static void times_agree_with_glib(void **state)
{
    (void)state;
    const char *texts[] = {"2026-04-01T00:00:00+09:00", "2008-03-31T23:59:59.5Z", "1970-01-01T00:00:00Z",
                           "2024-02-29T12:34:56.123456-03:30", "1999-12-31T23:59:59+14:00"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GDateTime) known = g_date_time_new_from_iso8601(texts[i], NULL);
        int64_t us = at(texts[i]);
        assert_int_equal(us, g_date_time_to_unix(known) * TK_US_PER_S + g_date_time_get_microsecond(known));
    }
}

static void a_time_survives_writing_and_reading(void **state)
{
    (void)state;
    const int64_t times[] = {0, -1, at("2026-04-01T09:00:00+09:00"), at("2026-04-01T09:00:00.250+09:00"),
                             at("1955-08-01T00:00:00.000001+09:00")};
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        char text[TK_TIME_TEXT_MAX];
        assert_int_equal(at(tk_time_text(times[i], text)), times[i]);
    }
    char text[TK_TIME_TEXT_MAX];
    assert_string_equal(tk_time_text(at("2026-04-01T00:00:00Z"), text), "2026-04-01T09:00:00+09:00");
}

static void impossible_times_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } bad[] = {
        {"", "form"},
        {"yesterday at noon, about", "form"},
        {"2026-02-30T00:00:00+09:00", "no such day"},
        {"9999-01-01T00:00:00+09:00", "no such day"},
        {"2026-01-01T24:00:00+09:00", "no such time of day"},
        {"2026-01-01T00:00:00", "no offset"},
        {"2026-01-01T00:00:00.+09:00", "decimal point"},
        {"2026-01-01T00:00:00+0900", "offset is neither"},
        {"2026-01-01T00:00:00+09:00 ", "offset is neither"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        int64_t us;
        GError *error = NULL;
        assert_false(tk_time_parse(bad[i].text, strlen(bad[i].text), &us, &error));
        assert_error_says(error, bad[i].why);
    }
}

static void a_day_is_a_day_in_japan(void **state)
{
    (void)state;
    assert_int_equal(tk_date_of_time(at("2026-03-31T14:59:59.999999Z")), day("2026-03-31"));
    assert_int_equal(tk_date_of_time(at("2026-03-31T15:00:00Z")), day("2026-04-01"));
    assert_int_equal(tk_time_of_date(day("2026-04-01")), at("2026-04-01T00:00:00+09:00"));
}

static void the_fiscal_year_begins_in_april(void **state)
{
    (void)state;
    assert_int_equal(tk_fiscal_year(day("2025-03-31")), 2024);
    assert_int_equal(tk_fiscal_year(day("2025-04-01")), 2025);
    assert_int_equal(tk_fiscal_year_end(day("2025-04-01")), day("2026-03-31"));
    assert_int_equal(tk_quarter_end(day("2025-01-15")), day("2025-03-31"));
    assert_int_equal(tk_quarter_end(day("2024-12-31")), day("2024-12-31"));
    assert_int_equal(tk_date_month_end(day("2023-12-31"), 2), day("2024-02-29"));
    assert_int_equal(tk_date_month_end(day("2025-03-31"), 2), day("2025-05-31"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_agree_with_glib_for_three_centuries),
        cmocka_unit_test(times_agree_with_glib),
        cmocka_unit_test(a_time_survives_writing_and_reading),
        cmocka_unit_test(impossible_times_are_refused_with_the_reason),
        cmocka_unit_test(a_day_is_a_day_in_japan),
        cmocka_unit_test(the_fiscal_year_begins_in_april),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
