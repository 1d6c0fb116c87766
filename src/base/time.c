/* Calendar arithmetic follows the usual shift of the year to begin in March, so that the leap day is
 * the last day of a year; it is exact for every year the program accepts. */
#include "base/base.h"

TkDate tk_date_make(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void tk_date_split(TkDate date, int *year, int *month, int *day)
{
    int z = date + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *day = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2 ? 1 : 0);
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool tk_date_valid(int year, int month, int day)
{
    return year >= TK_YEAR_MIN && year <= TK_YEAR_MAX && month >= 1 && month <= 12 && day >= 1 &&
           day <= month_days(year, month);
}

/* Reads `count` digits at text; −1 when one of them is not a digit. */
static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* The first ten characters as a date; false when the form or the day is not one. */
static bool read_ymd(const char *text, TkDate *date)
{
    int year = digits(text, 4);
    int month = text[4] == '-' ? digits(text + 5, 2) : -1;
    int day = text[7] == '-' ? digits(text + 8, 2) : -1;
    if (year < 0 || month < 0 || day < 0 || !tk_date_valid(year, month, day))
        return false;
    *date = tk_date_make(year, month, day);
    return true;
}

bool tk_date_parse(const char *text, size_t len, TkDate *date, GError **error)
{
    if (len == 10 && read_ymd(text, date))
        return true;
    return tk_fail_both(
        error, TK_ERROR_INPUT,
        "「%.*s」は %d 年から %d 年までの日付ではありません。2026-04-01 のように入力してください。",
        "“%.*s” is not a day between %d and %d; write it as 2026-04-01", (int)MIN(len, 40), text, TK_YEAR_MIN,
        TK_YEAR_MAX);
}

static bool bad_time(const char *text, size_t len, const char *why, GError **error)
{
    return tk_fail_both(
        error, TK_ERROR_INPUT,
        "「%.*s」は時刻として使えません（%s）。2026-04-01T09:00:00+09:00 のように入力してください。",
        "“%.*s” is not a usable time: %s; write it as 2026-04-01T09:00:00+09:00", (int)MIN(len, 40), text,
        why);
}

/* Microseconds of ".123456…" at text[*pos]; moves *pos past it. False when a dot has no digit after it. */
static bool read_fraction(const char *text, size_t len, size_t *pos, int64_t *us)
{
    *us = 0;
    if (*pos >= len || text[*pos] != '.')
        return true;
    size_t first = ++*pos;
    int64_t scale = 100000;
    for (; *pos < len && text[*pos] >= '0' && text[*pos] <= '9'; ++*pos, scale /= 10)
        *us += (text[*pos] - '0') * scale;
    return *pos > first;
}

/* Seconds east of UTC from "Z" or "+09:00" filling the rest of the text. */
static bool read_offset(const char *text, size_t len, size_t pos, int *offset_s)
{
    if (pos + 1 == len && (text[pos] == 'Z' || text[pos] == 'z')) {
        *offset_s = 0;
        return true;
    }
    if (pos + 6 != len || (text[pos] != '+' && text[pos] != '-') || text[pos + 3] != ':')
        return false;
    int h = digits(text + pos + 1, 2);
    int m = digits(text + pos + 4, 2);
    if (h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *offset_s = (h * 60 + m) * 60 * (text[pos] == '-' ? -1 : 1);
    return true;
}

bool tk_time_parse(const char *text, size_t len, int64_t *at_us, GError **error)
{
    TkDate date;
    if (len < 19 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' ||
        text[16] != ':')
        return bad_time(text, len, "it has not the form of one", error);
    if (!read_ymd(text, &date))
        return bad_time(text, len, "there is no such day between 1900 and 2199", error);
    int h = digits(text + 11, 2);
    int m = digits(text + 14, 2);
    int s = digits(text + 17, 2);
    if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60)
        return bad_time(text, len, "there is no such time of day", error);
    size_t pos = 19;
    int64_t us;
    int offset_s;
    if (!read_fraction(text, len, &pos, &us))
        return bad_time(text, len, "digits are missing after the decimal point", error);
    if (pos == len)
        return bad_time(text, len, "it has no offset from UTC", error);
    if (!read_offset(text, len, pos, &offset_s))
        return bad_time(text, len, "its offset is neither Z nor ±hh:mm", error);
    int64_t seconds = (int64_t)date * 86400 + h * 3600 + m * 60 + s - offset_s;
    *at_us = seconds * TK_US_PER_S + us;
    return true;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

TkDate tk_date_of_time(int64_t at_us)
{
    return (TkDate)floor_div(at_us + TK_JST_OFFSET_S * TK_US_PER_S, TK_US_PER_DAY);
}

int64_t tk_time_of_date(TkDate date)
{
    return (int64_t)date * TK_US_PER_DAY - TK_JST_OFFSET_S * TK_US_PER_S;
}

void tk_date_add_text(TkBuf *buf, TkDate date)
{
    int y, m, d;
    tk_date_split(date, &y, &m, &d);
    tk_buf_add_padded(buf, y, 4);
    tk_buf_add_char(buf, '-');
    tk_buf_add_padded(buf, m, 2);
    tk_buf_add_char(buf, '-');
    tk_buf_add_padded(buf, d, 2);
}

void tk_time_add(TkBuf *buf, int64_t at_us)
{
    TkDate date = tk_date_of_time(at_us);
    int64_t rest = at_us - tk_time_of_date(date);
    int64_t seconds = rest / TK_US_PER_S;
    int64_t us = rest % TK_US_PER_S;
    tk_date_add_text(buf, date);
    tk_buf_add_char(buf, 'T');
    tk_buf_add_padded(buf, seconds / 3600, 2);
    tk_buf_add_char(buf, ':');
    tk_buf_add_padded(buf, seconds / 60 % 60, 2);
    tk_buf_add_char(buf, ':');
    tk_buf_add_padded(buf, seconds % 60, 2);
    if (us != 0) {
        tk_buf_add_char(buf, '.');
        if (us % 1000 == 0)
            tk_buf_add_padded(buf, us / 1000, 3);
        else
            tk_buf_add_padded(buf, us, 6);
    }
    tk_buf_add_str(buf, "+09:00");
}

static char *take_text(TkBuf *buf, char out[TK_TIME_TEXT_MAX])
{
    g_strlcpy(out, tk_buf_str(buf), TK_TIME_TEXT_MAX);
    tk_buf_clear(buf);
    return out;
}

char *tk_time_text(int64_t at_us, char out[TK_TIME_TEXT_MAX])
{
    TkBuf buf;
    tk_buf_init(&buf, TK_TIME_TEXT_MAX);
    tk_time_add(&buf, at_us);
    return take_text(&buf, out);
}

char *tk_date_text(TkDate date, char out[TK_TIME_TEXT_MAX])
{
    TkBuf buf;
    tk_buf_init(&buf, TK_TIME_TEXT_MAX);
    tk_date_add_text(&buf, date);
    return take_text(&buf, out);
}

int tk_date_weekday(TkDate date)
{
    return (int)((((int64_t)date + 4) % 7 + 7) % 7);
}

TkDate tk_date_month_end(TkDate date, int months)
{
    int y, m, d;
    tk_date_split(date, &y, &m, &d);
    int index = y * 12 + (m - 1) + months + 1; /* the month after the one wanted */
    return tk_date_make(index / 12, index % 12 + 1, 1) - 1;
}

TkDate tk_date_add_months(TkDate date, int months)
{
    int y, m, d, last_y, last_m, last_d;
    TkDate last = tk_date_month_end(date, months);
    tk_date_split(date, &y, &m, &d);
    tk_date_split(last, &last_y, &last_m, &last_d);
    return tk_date_make(last_y, last_m, MIN(d, last_d));
}

int tk_fiscal_year(TkDate date)
{
    int y, m, d;
    tk_date_split(date, &y, &m, &d);
    return m >= 4 ? y : y - 1;
}

TkDate tk_quarter_end(TkDate date)
{
    int y, m, d;
    tk_date_split(date, &y, &m, &d);
    return tk_date_month_end(date, 2 - (m - 1) % 3);
}

TkDate tk_fiscal_year_end(TkDate date)
{
    return tk_date_make(tk_fiscal_year(date) + 1, 3, 31);
}

void tk_duration_add(TkBuf *buf, int64_t seconds)
{
    if (seconds < 0) {
        tk_buf_add_char(buf, '-');
        seconds = -seconds;
    }
    if (seconds >= 86400) {
        tk_buf_add_int(buf, seconds / 86400);
        tk_buf_add_str(buf, "d ");
    }
    tk_buf_add_padded(buf, seconds / 3600 % 24, 2);
    tk_buf_add_char(buf, ':');
    tk_buf_add_padded(buf, seconds / 60 % 60, 2);
    tk_buf_add_char(buf, ':');
    tk_buf_add_padded(buf, seconds % 60, 2);
}
