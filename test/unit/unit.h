/* What every unit test includes first. */
#ifndef TK_UNIT_H
#define TK_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

/* The microseconds of an RFC 3339 literal. */
static inline int64_t at(const char *text)
{
    int64_t us = 0;
    GError *error = NULL;
    if (!tk_time_parse(text, strlen(text), &us, &error))
        fail_msg("%s", error->message);
    return us;
}

static inline TkDate day(const char *text)
{
    TkDate date = 0;
    GError *error = NULL;
    if (!tk_date_parse(text, strlen(text), &date, &error))
        fail_msg("%s", error->message);
    return date;
}

/* Asserts that *error is set, that its message contains `part`, and clears it. */
#define assert_error_says(error, part)                                                                       \
    do {                                                                                                     \
        assert_non_null(error);                                                                              \
        if (strstr((error)->message, (part)) == NULL)                                                        \
            fail_msg("“%s” does not say “%s”", (error)->message, (part));                                    \
        g_clear_error(&(error));                                                                             \
    } while (0)

#endif
