/* Days and times: in a spreadsheet a number like any other, told apart only by how it is shown. */
#include <math.h>

#include "xlsx/part.h"

#define SERIAL_END 2958466 /* 10000-01-01 in the calendar that begins in 1900 */

/* 14–17, 22 everywhere; 27–36 and 50–58 where the locale is East Asian (ISO/IEC 29500-1, 18.8.30). */
TkXlsxShows tk_xlsx_builtin_shows(unsigned id)
{
    if (id == 22)
        return TK_XLSX_SHOWS_TIME;
    bool day =
        (id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) || (id >= 50 && id <= 58);
    return day ? TK_XLSX_SHOWS_DATE : TK_XLSX_SHOWS_NUMBER;
}

/* What follows a literal, a filler or a bracket; `elapsed` when the bracket counts hours, minutes or seconds.
 */
static const char *past_literal(const char *c, bool *elapsed)
{
    if (*c == '"') {
        const char *end = strchr(c + 1, '"');
        return end == NULL ? c + strlen(c) : end + 1;
    }
    if (*c == '[') {
        size_t inside = strcspn(c + 1, "]");
        *elapsed = *elapsed || (inside > 0 && strspn(c + 1, "hHmMsS") == inside);
        return c[inside + 1] == '\0' ? c + inside + 1 : c + inside + 2;
    }
    return c[1] == '\0' ? c + 1 : g_utf8_next_char(c + 1); /* \x, _x, *x */
}

TkXlsxShows tk_xlsx_code_shows(const char *code)
{
    bool day = false, month = false, clock = false, elapsed = false;
    if (g_ascii_strcasecmp(code, "General") == 0)
        return TK_XLSX_SHOWS_NUMBER;
    for (const char *c = code; *c != '\0' && *c != ';';) {
        if (strchr("\"[\\_*", *c) != NULL) {
            c = past_literal(c, &elapsed);
            continue;
        }
        char low = g_ascii_tolower(*c);
        bool exponent = low == 'e' && (c[1] == '+' || c[1] == '-');
        day = day || low == 'y' || low == 'd' || (low == 'e' && !exponent); /* e: year of the era, 令和 */
        month = month || low == 'm';
        clock = clock || low == 'h' || low == 's';
        c++;
    }
    day = day || (month && !clock);
    if (elapsed || !day)
        return TK_XLSX_SHOWS_NUMBER;
    return clock ? TK_XLSX_SHOWS_TIME : TK_XLSX_SHOWS_DATE;
}

/* The calendar that begins in 1900 has a 29 February 1900, number 60, that never was. */
static bool day_of(int whole, bool from_1904, TkDate *date)
{
    if (from_1904)
        *date = tk_date_make(1904, 1, 1) + whole;
    else
        *date = tk_date_make(1899, 12, whole < 60 ? 31 : 30) + whole;
    return from_1904 || (whole > 0 && whole != 60);
}

bool tk_xlsx_serial_text(double serial, bool from_1904, TkXlsxShows shows, char out[TK_TIME_TEXT_MAX])
{
    TkDate date;
    if (!(serial >= 0 && serial < SERIAL_END) || !day_of((int)floor(serial), from_1904, &date))
        return false;
    if (shows == TK_XLSX_SHOWS_DATE) {
        tk_date_text(date, out);
        return true;
    }
    int64_t ms = (int64_t)floor((serial - floor(serial)) * 86400e3 + 0.5);
    tk_time_text(tk_time_of_date(date) + ms * 1000, out);
    return true;
}
