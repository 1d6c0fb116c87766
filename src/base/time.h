/* Time. Inside the program an instant is int64_t microseconds since 1970-01-01T00:00:00Z; a day is a
 * TkDate, counted from 1970-01-01 in the proleptic Gregorian calendar. The law counts days in Japan
 * (Asia/Tokyo, UTC+9, no summer time since 1951), so a day of an instant is always its day in Japan. */
#ifndef TK_BASE_TIME_H
#define TK_BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/buf.h"

typedef int32_t TkDate; /* days since 1970-01-01 */

#define TK_US_PER_S      INT64_C(1000000)
#define TK_US_PER_DAY    (INT64_C(86400) * TK_US_PER_S)
#define TK_JST_OFFSET_S  (9 * 3600)
#define TK_TIME_NONE     INT64_MIN
#define TK_DATE_NONE     INT32_MIN
#define TK_YEAR_MIN      1900 /* earlier or later years in input are refused as impossible */
#define TK_YEAR_MAX      2199
#define TK_TIME_TEXT_MAX 40

/* RFC 3339 with an offset, "2026-04-01T09:00:00+09:00", fraction up to microseconds kept, further digits
 * cut. A leap second (:60) is read as the next second. False and a sentence in *error when it is not a
 * time, has no offset, or lies outside TK_YEAR_MIN … TK_YEAR_MAX. Never allocates when it succeeds. */
bool tk_time_parse(const char *text, size_t len, int64_t *at_us, GError **error);

/* RFC 3339 in Japan's offset: 2026-04-01T09:00:00+09:00, fraction only where there is one. */
void tk_time_add(TkBuf *buf, int64_t at_us);
/* The same into `out` of TK_TIME_TEXT_MAX bytes; returns out. */
char *tk_time_text(int64_t at_us, char out[TK_TIME_TEXT_MAX]);

TkDate tk_date_of_time(int64_t at_us); /* the day in Japan */
int64_t tk_time_of_date(TkDate date);  /* 00:00 in Japan */

TkDate tk_date_make(int year, int month, int day); /* no check; month 1–12 */
void tk_date_split(TkDate date, int *year, int *month, int *day);
bool tk_date_valid(int year, int month, int day);
/* "2026-04-01". */
bool tk_date_parse(const char *text, size_t len, TkDate *date, GError **error);
void tk_date_add_text(TkBuf *buf, TkDate date);
char *tk_date_text(TkDate date, char out[TK_TIME_TEXT_MAX]);
/* 0 = Sunday … 6 = Saturday. */
int tk_date_weekday(TkDate date);
/* Last day of the month that lies `months` after the month of `date` (0: of the same month). */
TkDate tk_date_month_end(TkDate date, int months);
/* The same day `months` later (or earlier), or the last day of that month where it has no such day
 * (民法143条). */
TkDate tk_date_add_months(TkDate date, int months);

/* Japan's fiscal year, 1 April – 31 March: the year it begins in. */
int tk_fiscal_year(TkDate date);
/* Last day of the fiscal quarter (Apr–Jun, Jul–Sep, Oct–Dec, Jan–Mar) that contains `date`. */
TkDate tk_quarter_end(TkDate date);
TkDate tk_fiscal_year_end(TkDate date);

/* "1h 02m 03s"-like clock text of a duration: 00:14:10, or 2d 03:00:00. */
void tk_duration_add(TkBuf *buf, int64_t seconds);

#endif
