/* One alarm line: bytes to fields, and each field checked for its own sake. Whether the object exists is
 * the engine's business. */
#include "network/network.h"
#include "network/scan.h"

static const char *const severities[] = {"critical", "major", "minor", "warning", "indeterminate", "cleared"};

const char *tk_severity_text(TkSeverity severity)
{
    return severities[severity];
}

enum { AT = 1, SOURCE = 2, KEY = 4, OBJECT = 8, SEVERITY = 16, AFFECTING = 32 };

static unsigned field_bit(const char *key, size_t len)
{
    static const struct {
        const char *name;
        unsigned len, bit;
    } fields[] = {{"at", 2, AT},         {"source", 6, SOURCE},     {"key", 3, KEY},
                  {"object", 6, OBJECT}, {"severity", 8, SEVERITY}, {"service_affecting", 17, AFFECTING}};
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i].len == len && memcmp(fields[i].name, key, len) == 0)
            return fields[i].bit;
    return 0;
}

static const char *field_name(unsigned bit)
{
    switch (bit) {
    case AT:
        return "at";
    case SOURCE:
        return "source";
    case KEY:
        return "key";
    case OBJECT:
        return "object";
    case SEVERITY:
        return "severity";
    case AFFECTING:
        return "service_affecting";
    default:
        return "a field";
    }
}

static bool take_name(TkScan *s, const char **text, size_t *len)
{
    if (!tk_scan_text(s, text, len))
        return false;
    if (*len > 0 && *len <= TK_NETWORK_TEXT_MAX)
        return true;
    s->why = *len == 0 ? "is empty; give a text of 1 to 256 bytes" : "is longer than 256 bytes";
    return false;
}

static bool take_severity(TkScan *s, TkSeverity *severity)
{
    const char *text;
    size_t len;
    if (!tk_scan_text(s, &text, &len))
        return false;
    for (int i = 0; i < (int)G_N_ELEMENTS(severities); i++) {
        if (strlen(severities[i]) == len && memcmp(severities[i], text, len) == 0) {
            *severity = (TkSeverity)i;
            return true;
        }
    }
    s->why = "is none of critical, major, minor, warning, indeterminate, cleared";
    return false;
}

static bool take_time(TkScan *s, int64_t *at_us, GError **error)
{
    const char *text;
    size_t len;
    return tk_scan_text(s, &text, &len) && tk_time_parse(text, len, at_us, error);
}

static bool take_field(TkScan *s, unsigned bit, TkAlarm *alarm, GError **error)
{
    switch (bit) {
    case AT:
        return take_time(s, &alarm->at_us, error);
    case SOURCE:
        return take_name(s, &alarm->source, &alarm->source_len);
    case KEY:
        return take_name(s, &alarm->key, &alarm->key_len);
    case OBJECT:
        return take_name(s, &alarm->object, &alarm->object_len);
    case SEVERITY:
        return take_severity(s, &alarm->severity);
    case AFFECTING:
        return tk_scan_bool(s, &alarm->service_affecting);
    default:
        return tk_scan_skip(s);
    }
}

static bool is_complete(unsigned seen, const TkAlarm *alarm, GError **error)
{
    for (unsigned bit = AT; bit <= AFFECTING; bit <<= 1)
        if (!(seen & bit) && !(bit == AFFECTING && alarm->severity == TK_SEVERITY_CLEARED))
            return tk_fail(error, TK_ERROR_INPUT, "%s: is missing", field_name(bit));
    return true;
}

bool tk_alarm_parse(const char *line, size_t len, TkAlarm *alarm, GError **error)
{
    const char *key;
    size_t key_len;
    unsigned seen = 0;
    TkScan s = tk_scan_over(line, len, alarm->scratch, sizeof alarm->scratch);
    alarm->severity = TK_SEVERITY_INDETERMINATE;
    alarm->service_affecting = false;
    if (!tk_scan_object(&s))
        return tk_fail(error, TK_ERROR_INPUT, "the line %s", s.why);
    while (tk_scan_key(&s, &key, &key_len)) {
        unsigned bit = field_bit(key, key_len);
        GError *why = NULL;
        if (seen & bit)
            return tk_fail(error, TK_ERROR_INPUT, "%s: is given twice", field_name(bit));
        seen |= bit;
        if (take_field(&s, bit, alarm, &why))
            continue;
        tk_fail(error, TK_ERROR_INPUT, "%s: %s", field_name(bit), why != NULL ? why->message : s.why);
        g_clear_error(&why);
        return false;
    }
    if (s.why != NULL || !tk_scan_end(&s))
        return tk_fail(error, TK_ERROR_INPUT, "the line %s", s.why);
    return is_complete(seen, alarm, error);
}
