/* Reads the fields of a request; every refusal names its field and says what would be right. */
#include "service/act.h"

const char *tk_request_text(const json_t *request, const char *field, size_t max, GError **error)
{
    const json_t *value = json_object_get(request, field);
    if (!json_is_string(value) || json_string_length(value) == 0) {
        tk_fail_both(error, TK_ERROR_INPUT, "「%s」を文字で入力してください。", "%s: missing; it is a text",
                     field);
        return NULL;
    }
    if (json_string_length(value) > max) {
        tk_fail_both(error, TK_ERROR_LIMIT, "「%s」は %zu バイト以内にしてください。",
                     "%s: longer than the %zu bytes allowed", field, max);
        return NULL;
    }
    return json_string_value(value);
}

bool tk_request_count(const json_t *request, const char *field, int64_t max, int64_t *value, GError **error)
{
    const json_t *in = json_object_get(request, field);
    if (!json_is_integer(in) || json_integer_value(in) < 0 || json_integer_value(in) > max)
        return tk_fail_both(error, TK_ERROR_INPUT,
                            "「%s」は 0 から %" G_GINT64_FORMAT " までの整数で入力してください。",
                            "%s: must be a whole number from 0 to %" G_GINT64_FORMAT, field, max);
    *value = (int64_t)json_integer_value(in);
    return true;
}

bool tk_request_time(const json_t *request, const char *field, int64_t missing, int64_t *at_us,
                     GError **error)
{
    if (!tk_time_of_json(json_object_get(request, field), field, at_us, error))
        return false;
    if (*at_us == TK_TIME_NONE)
        *at_us = missing;
    return true;
}

bool tk_request_version(const json_t *request, uint32_t version, GError **error)
{
    const json_t *in = json_object_get(request, "version");
    if (in == NULL)
        return tk_fail_both(error, TK_ERROR_NO_VERSION, "読んだ版（version）を付けて送ってください。",
                            "version: missing; send the version you have read, or its ETag in If-Match");
    if (!json_is_integer(in))
        return tk_fail_both(error, TK_ERROR_INPUT, "version は整数で送ってください。",
                            "version: must be a whole number") ||
               tk_error_at(error, "version");
    if (json_integer_value(in) == (json_int_t)version)
        return true;
    return tk_fail_both(error, TK_ERROR_STALE,
                        "ほかの人が先に変更しました（現在は版 %u、送られたのは版 %" JSON_INTEGER_FORMAT
                        "）。読み直してからやり直してください。",
                        "version: the record is at version %u by now, not %" JSON_INTEGER_FORMAT
                        "; read it again and repeat",
                        version, json_integer_value(in));
}
