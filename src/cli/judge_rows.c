/* Columns and records of `tokatsu judge`. A field is looked at once, where it stands; messages name the
 * column. */
#include "cli/judge_rows.h"

enum {
    A_ID,
    A_SERVICE,
    A_MONTHLY,
    A_STARTED,
    A_ENDED,
    A_USERS,
    A_LINK,
    A_FAULT,
    A_LOST,
    A_EQUIPMENT,
    A_ADDITIONAL
};

static const Column accident_columns[] = {
    [A_ID] = {"id", true, "text"},
    [A_SERVICE] =
        {"service", true,
         "voice-emergency, voice, lpwa, mail-messaging-free, internet-free, internet-access, other"},
    [A_MONTHLY] = {"monthly_users", false,
                   "average monthly users of the fiscal year before; only mail-messaging-free needs it"},
    [A_STARTED] = {"started_at", true, "RFC 3339 with an offset"},
    [A_ENDED] = {"ended_at", false, "the same; empty: still going on, judged as of --now"},
    [A_USERS] = {"affected_users", false, "whole number; empty: not known"},
    [A_LINK] = {"link_kbps", false, "sum of the line speeds stopped; used where affected_users is empty"},
    [A_FAULT] = {"fault", false, "telecom-equipment (also when empty), other-equipment, important-facility"},
    [A_LOST] = {"all_traffic_lost", false, "yes, no; empty: not known; for important-facility"},
    [A_EQUIPMENT] = {"equipment", false, "radio-base-station, remote-unit, dslam, other (also when empty)"},
    [A_ADDITIONAL] = {"additional_function_only", false, "yes, no (also when empty)"},
    {NULL, false, NULL},
};

enum {
    N_ID,
    N_STARTED,
    N_KNOWN,
    N_USERS,
    N_PREFECTURES,
    N_TERMINAL,
    N_FUNCTION,
    N_EVENT,
    N_NOTICED,
    N_PLANNED,
    N_DESIGN,
    N_DISASTER,
    N_FACILITY,
    N_SERIOUS
};

static const Column near_miss_columns[] = {
    [N_ID] = {"id", true, "text"},
    [N_STARTED] = {"started_at", true, "when it happened, RFC 3339 with an offset"},
    [N_KNOWN] = {"known_at", false, "when it became known; empty: as started_at. The 30 days run from here"},
    [N_USERS] = {"carrier_users", false, "users the carrier served at the end of the fiscal year before"},
    [N_PREFECTURES] = {"several_prefectures", false,
                       "yes, no: equipment of a service over two or more prefectures"},
    [N_TERMINAL] = {"terminal_side", false, "yes, no: terminal equipment or terminal-side transmission line"},
    [N_FUNCTION] = {"function", false, "transmission, switching, control, operation, subscriber, none"},
    [N_EVENT] = {"event", false,
                 "cannot-stop, no-switchover, overturn, fire, unintended-connection, over-capacity, "
                 "wrong-configuration, none"},
    [N_NOTICED] = {"noticed_promptly", false, "yes, no; matters for no-switchover until 2026-03-31"},
    [N_PLANNED] = {"planned", false, "yes, no"},
    [N_DESIGN] = {"within_design", false, "yes, no: within the design of the equipment"},
    [N_DISASTER] = {"natural_disaster", false, "yes, no"},
    [N_FACILITY] = {"important_facility_damage", false,
                    "yes, no (also when empty): satellite, submarine cable and the like"},
    [N_SERIOUS] = {"serious", false, "yes, no (also when empty): it is a serious accident"},
    {NULL, false, NULL},
};

enum { L_ID, L_TYPE, L_STARTED, L_KNOWN, L_USERS, L_ABROAD, L_DESIGNATED };

static const Column leak_columns[] = {
    [L_ID] = {"id", true, "text"},
    [L_TYPE] = {"type", true, "secrecy (of communications), specified-user-info"},
    [L_STARTED] = {"started_at", true, "when it happened, RFC 3339 with an offset"},
    [L_KNOWN] = {"known_at", false, "when it became known; empty: as started_at. The 30 days run from here"},
    [L_USERS] = {"users", false, "users in the information that leaked; empty: not known"},
    [L_ABROAD] = {"foreign_government", false,
                  "yes, no: given to a foreign government under a system of its country"},
    [L_DESIGNATED] = {"designated", false, "yes, no: a carrier designated by art. 27-5"},
    {NULL, false, NULL},
};

static TkCsvField field_of(const Rows *rows, const TkCsvRecord *record, int column)
{
    int place = rows->place[column];
    return place < 0 ? (TkCsvField){"", 0} : record->fields[place];
}

static bool bad_field(const Rows *rows, int column, TkCsvField field, const char *why, GError **error)
{
    g_autofree char *shown = g_utf8_substring(field.text, 0, MIN(g_utf8_strlen(field.text, -1), 40));
    return tk_fail(error, TK_ERROR_INPUT, "%s: “%s” %s", rows->columns[column].name, shown, why);
}

static bool read_time(const Rows *rows, const TkCsvRecord *record, int column, int64_t *out, GError **error)
{
    TkCsvField field = field_of(rows, record, column);
    *out = TK_TIME_NONE;
    if (field.len == 0)
        return !rows->columns[column].needed ||
               tk_fail(error, TK_ERROR_INPUT, "%s: it is empty; a time with an offset is needed",
                       rows->columns[column].name);
    g_autoptr(GError) why = NULL;
    return tk_time_parse(field.text, field.len, out, &why) ||
           tk_fail(error, TK_ERROR_INPUT, "%s: %s", rows->columns[column].name, why->message);
}

/* A whole number without sign or separators; empty is -1, not known. */
static bool read_count(const Rows *rows, const TkCsvRecord *record, int column, int64_t *out, GError **error)
{
    TkCsvField field = field_of(rows, record, column);
    int64_t value = 0;
    *out = -1;
    if (field.len == 0)
        return true;
    if (field.text[0] == '-')
        return bad_field(rows, column, field, "is negative; a count is a whole number from 0", error);
    for (size_t i = 0; i < field.len; i++) {
        if (field.text[i] < '0' || field.text[i] > '9')
            return bad_field(rows, column, field, "is not a whole number written in digits alone", error);
        value = value * 10 + (field.text[i] - '0');
        if (value > TK_LAW_COUNT_MAX)
            return bad_field(rows, column, field, "is more than 10,000,000,000 and cannot be right", error);
    }
    *out = value;
    return true;
}

static bool read_yes_no(const Rows *rows, const TkCsvRecord *record, int column, TkTri empty, TkTri *out,
                        GError **error)
{
    TkCsvField field = field_of(rows, record, column);
    *out = empty;
    if (field.len == 3 && memcmp(field.text, "yes", 3) == 0)
        *out = TK_YES;
    else if (field.len == 2 && memcmp(field.text, "no", 2) == 0)
        *out = TK_NO;
    else if (field.len != 0)
        return bad_field(rows, column, field, "is neither yes nor no", error);
    return true;
}

static bool unknown_word(const Rows *rows, int column, TkCsvField field, GError **error)
{
    g_autofree char *why = g_strdup_printf("is not one of: %s", rows->columns[column].meaning);
    return bad_field(rows, column, field, why, error);
}

static bool read_accident(const Rows *rows, const TkCsvRecord *record, TkAccidentFacts *facts, GError **error)
{
    TkCsvField service = field_of(rows, record, A_SERVICE);
    TkCsvField fault = field_of(rows, record, A_FAULT);
    TkCsvField equipment = field_of(rows, record, A_EQUIPMENT);
    *facts = tk_law_facts(tk_law_service_find(rows->law, service.text, service.len), 0);
    if (facts->service < 0)
        return unknown_word(rows, A_SERVICE, service, error);
    if (fault.len > 0 && !tk_law_fault_find(fault.text, fault.len, &facts->fault))
        return unknown_word(rows, A_FAULT, fault, error);
    if (equipment.len > 0 && !tk_law_equipment_find(equipment.text, equipment.len, &facts->equipment))
        return unknown_word(rows, A_EQUIPMENT, equipment, error);
    return read_time(rows, record, A_STARTED, &facts->started_us, error) &&
           read_time(rows, record, A_ENDED, &facts->ended_us, error) &&
           read_count(rows, record, A_USERS, &facts->users, error) &&
           read_count(rows, record, A_LINK, &facts->link_kbps, error) &&
           read_count(rows, record, A_MONTHLY, &facts->monthly_users, error) &&
           read_yes_no(rows, record, A_LOST, TK_UNKNOWN, &facts->all_traffic_lost, error) &&
           read_yes_no(rows, record, A_ADDITIONAL, TK_NO, &facts->additional_function_only, error);
}

static bool judge_accident(const Rows *rows, const TkCsvRecord *record, TkVerdict *verdict, GError **error)
{
    TkAccidentFacts facts;
    return read_accident(rows, record, &facts, error) &&
           tk_law_judge(rows->law, &facts, rows->law_date, rows->now_us, verdict, error);
}

static bool judge_near_miss(const Rows *rows, const TkCsvRecord *record, TkVerdict *verdict, GError **error)
{
    TkNearMissFacts facts = {.function = TK_FUNCTION_UNKNOWN, .event = TK_NEAR_MISS_EVENT_UNKNOWN};
    TkCsvField function = field_of(rows, record, N_FUNCTION);
    TkCsvField event = field_of(rows, record, N_EVENT);
    if (function.len > 0 && !tk_law_function_find(function.text, function.len, &facts.function))
        return unknown_word(rows, N_FUNCTION, function, error);
    if (event.len > 0 && !tk_law_near_miss_event_find(event.text, event.len, &facts.event))
        return unknown_word(rows, N_EVENT, event, error);
    return read_time(rows, record, N_STARTED, &facts.occurred_us, error) &&
           read_time(rows, record, N_KNOWN, &facts.known_us, error) &&
           read_count(rows, record, N_USERS, &facts.carrier_users, error) &&
           read_yes_no(rows, record, N_PREFECTURES, TK_UNKNOWN, &facts.several_prefectures, error) &&
           read_yes_no(rows, record, N_TERMINAL, TK_UNKNOWN, &facts.terminal_side, error) &&
           read_yes_no(rows, record, N_NOTICED, TK_UNKNOWN, &facts.noticed_promptly, error) &&
           read_yes_no(rows, record, N_PLANNED, TK_UNKNOWN, &facts.planned, error) &&
           read_yes_no(rows, record, N_DESIGN, TK_UNKNOWN, &facts.within_design, error) &&
           read_yes_no(rows, record, N_DISASTER, TK_UNKNOWN, &facts.natural_disaster, error) &&
           read_yes_no(rows, record, N_FACILITY, TK_NO, &facts.important_facility_damage, error) &&
           read_yes_no(rows, record, N_SERIOUS, TK_NO, &facts.serious, error) &&
           tk_law_near_miss(rows->law, &facts, rows->law_date, verdict, error);
}

static bool judge_leak(const Rows *rows, const TkCsvRecord *record, TkVerdict *verdict, GError **error)
{
    TkLeakFacts facts = {0};
    TkCsvField type = field_of(rows, record, L_TYPE);
    if (!tk_law_leak_find(type.text, type.len, &facts.kind))
        return unknown_word(rows, L_TYPE, type, error);
    return read_time(rows, record, L_STARTED, &facts.occurred_us, error) &&
           read_time(rows, record, L_KNOWN, &facts.known_us, error) &&
           read_count(rows, record, L_USERS, &facts.users, error) &&
           read_yes_no(rows, record, L_ABROAD, TK_UNKNOWN, &facts.foreign_government, error) &&
           read_yes_no(rows, record, L_DESIGNATED, TK_UNKNOWN, &facts.designated, error) &&
           tk_law_leak(rows->law, &facts, rows->law_date, verdict, error);
}

/* Refuses what no kind can do with, then judges by kind. */
static bool check_record(const Rows *rows, const TkCsvRecord *record, GError **error)
{
    if (record->count != rows->width)
        return tk_fail(error, TK_ERROR_INPUT, "the record has %zu fields, the header has %zu columns",
                       record->count, rows->width);
    return judge_rows_id(rows, record).len > 0 || tk_fail(error, TK_ERROR_INPUT, "id: it is empty");
}

bool judge_rows_of_kind(const char *kind, Rows *rows)
{
    static const struct {
        const char *kind;
        const Column *columns;
        bool (*judge)(const Rows *, const TkCsvRecord *, TkVerdict *, GError **);
    } kinds[] = {
        {"accident", accident_columns, judge_accident},
        {"near-miss", near_miss_columns, judge_near_miss},
        {"leak", leak_columns, judge_leak},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0) {
            rows->columns = kinds[i].columns;
            rows->judge = kinds[i].judge;
            return true;
        }
    return false;
}

bool judge_rows_judge(const Rows *rows, const TkCsvRecord *record, TkVerdict *verdict, GError **error)
{
    return check_record(rows, record, error) && rows->judge(rows, record, verdict, error);
}

TkCsvField judge_rows_id(const Rows *rows, const TkCsvRecord *record)
{
    if (record->fields == NULL || (size_t)rows->place[0] >= record->count)
        return (TkCsvField){NULL, 0};
    return record->fields[rows->place[0]];
}

bool judge_rows_header(Rows *rows, const TkCsvRecord *record, GError **error)
{
    rows->width = record->count;
    for (size_t i = 0; i < record->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(record->fields[i].text, record->fields[j].text) == 0)
                return tk_fail(error, TK_ERROR_INPUT,
                               "line %" G_GUINT64_FORMAT ": the header has the column “%s” twice",
                               record->line, record->fields[i].text);
    for (size_t c = 0; rows->columns[c].name != NULL; c++) {
        rows->place[c] = -1;
        for (size_t i = 0; i < record->count; i++)
            if (strcmp(record->fields[i].text, rows->columns[c].name) == 0)
                rows->place[c] = (int)i;
        if (rows->columns[c].needed && rows->place[c] < 0)
            return tk_fail(error, TK_ERROR_INPUT,
                           "line %" G_GUINT64_FORMAT ": the header has no column “%s”; it is needed",
                           record->line, rows->columns[c].name);
    }
    return true;
}
