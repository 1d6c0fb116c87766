/* An accident's facts, read as docs/api.md describes them. */
#include "report/build.h"

bool tk_fact_time(const json_t *object, const char *key, int64_t *at_us)
{
    const json_t *text = json_object_get(object, key);
    return json_is_string(text) &&
           tk_time_parse(json_string_value(text), json_string_length(text), at_us, NULL);
}

bool tk_fact_is(const json_t *object, const char *key, const char *text)
{
    return g_strcmp0(json_string_value(json_object_get(object, key)), text) == 0;
}

int64_t tk_fact_number(const json_t *object, const char *key)
{
    const json_t *number = json_object_get(object, key);
    return json_is_integer(number) ? json_integer_value(number) : -1;
}

bool tk_fact_reported_as(const json_t *accident, const char *kind)
{
    if (tk_fact_is(accident, "outcome", kind))
        return true;
    size_t i;
    json_t *deadline;
    json_array_foreach(json_object_get(accident, "deadlines"), i, deadline)
    {
        if (tk_fact_is(deadline, "kind", kind))
            return true;
    }
    return false;
}
