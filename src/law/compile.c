/* From checked entries to rules. Each type of law file has one reader here, which takes the fields that the
 * type adds (docs/law-format.md) and refuses what a judgement could not stand on. */
#include "law/internal.h"

typedef struct {
    TkLaw *law;
    const TkLawEntry *entry;
    Where where;
} Reading;

Span tk_law_span(const TkLawEntry *entry)
{
    return (Span){entry->from, entry->to == TK_DATE_NONE ? TO_OPEN : entry->to, entry->article,
                  entry->verified};
}

/* Grows a rule list by one zeroed element and begins it with the entry's span. */
static void *append_rule(void **at, size_t *count, size_t size, const TkLawEntry *entry)
{
    *at = g_realloc_n(*at, *count + 1, size);
    void *rule = (char *)*at + *count * size;
    memset(rule, 0, size);
    *(Span *)rule = tk_law_span(entry);
    ++*count;
    return rule;
}
#define APPEND(list, entry) append_rule((void **)&(list).at, &(list).count, sizeof *(list).at, (entry))

/* ---- services ---- */

static bool read_service(Reading *r)
{
    TkLaw *law = r->law;
    if (law->service_count == TK_LAW_SERVICES_MAX)
        return tk_law_bad(&r->where, "id", "there are more services than 32");
    size_t i = law->service_count++;
    law->services[i].id = r->entry->id;
    return tk_law_read_pair(&r->where, r->entry->data, "name", &law->services[i].name);
}

/* A list of service ids as bits. */
static bool read_services(const Reading *r, const json_t *object, uint32_t *bits)
{
    const json_t *list = tk_law_read_array(&r->where, object, "services", TK_LAW_SERVICES_MAX);
    if (list == NULL)
        return false;
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        const char *id = json_is_string(value) ? json_string_value(value) : "";
        TkService service = tk_law_service_find(r->law, id, strlen(id));
        if (service < 0) {
            g_autofree char *why = g_strdup_printf("there is no service “%s”", id);
            return tk_law_bad(&r->where, "services", why);
        }
        *bits |= 1U << service;
    }
    return true;
}

static bool read_counting(Reading *r)
{
    uint32_t bits = 0;
    if (strcmp(r->entry->family, "count-everyone") != 0)
        return true;
    if (!read_services(r, r->entry->data, &bits))
        return false;
    for (size_t i = 0; i < r->law->service_count; i++)
        r->law->services[i].counts_everyone |= (bits >> i & 1) != 0;
    return true;
}

/* ---- serious accidents ---- */

static bool read_hours(const Where *where, const json_t *object, int32_t *hours)
{
    int64_t value;
    if (!tk_law_read_int(where, object, "hours", 1, 24 * 365, &value))
        return false;
    *hours = (int32_t)value;
    return true;
}

static bool read_row(const Reading *r, const json_t *object, Row *row)
{
    const json_t *name = json_object_get(object, "row");
    if (!json_is_null(name) && !json_is_string(name))
        return tk_law_bad(&r->where, "row", "the row's number is needed, or null where there is no table");
    g_autofree char *article =
        json_is_null(name) ? g_strdup(r->entry->article)
                           : g_strdup_printf("%s 表%sの項", r->entry->article, json_string_value(name));
    row->article = g_string_chunk_insert_const(r->law->strings, article);
    if (!tk_law_read_pair(&r->where, object, "name", &row->name) || !read_services(r, object, &row->services))
        return false;
    if (json_object_get(object, "monthly_users") != NULL &&
        !tk_law_read_int(&r->where, object, "monthly_users", 1, TK_LAW_COUNT_MAX, &row->monthly_users))
        return false;
    const json_t *branches = tk_law_read_array(&r->where, object, "branches", BRANCHES_MAX);
    if (branches == NULL)
        return false;
    size_t i;
    json_t *branch;
    json_array_foreach(branches, i, branch)
    {
        TkBranch *out = &row->branches[row->branch_count++];
        if (!read_hours(&r->where, branch, &out->hours) ||
            !tk_law_read_int(&r->where, branch, "users", 1, TK_LAW_COUNT_MAX, &out->users))
            return false;
    }
    return true;
}

/* Each service must fall in exactly one row whatever its monthly users are. */
static bool check_rows(const Reading *r, const Criteria *criteria)
{
    for (size_t s = 0; s < r->law->service_count; s++) {
        size_t plain = 0;
        for (size_t i = 0; i < criteria->row_count; i++)
            if ((criteria->rows[i].services >> s & 1) && criteria->rows[i].monthly_users == 0)
                plain++;
        if (plain == 1)
            continue;
        g_autofree char *why =
            g_strdup_printf("the service “%s” is in %zu rows without a condition; it must be in one",
                            r->law->services[s].id, plain);
        return tk_law_bad(&r->where, "rows", why);
    }
    return true;
}

static bool read_serious(Reading *r)
{
    Criteria *criteria = APPEND(r->law->criteria, r->entry);
    const json_t *rows = tk_law_read_array(&r->where, r->entry->data, "rows", ROWS_MAX);
    if (rows == NULL || !tk_law_read_date(&r->where, r->entry->data, "law_date", &criteria->law_date))
        return false;
    size_t i;
    json_t *row;
    json_array_foreach(rows, i,
                       row) if (!read_row(r, row, &criteria->rows[criteria->row_count++])) return false;
    return check_rows(r, criteria);
}

static bool read_accident(Reading *r)
{
    if (strcmp(r->entry->family, "serious-accident") == 0)
        return read_serious(r);
    if (strcmp(r->entry->family, "important-facility") == 0) {
        Facility *facility = APPEND(r->law->facilities, r->entry);
        return read_hours(&r->where, r->entry->data, &facility->hours);
    }
    if (strcmp(r->entry->family, "link-notice") == 0) {
        LinkNotice *notice = APPEND(r->law->notices, r->entry);
        return tk_law_read_int(&r->where, r->entry->data, "link_kbps_over", 1, TK_LAW_COUNT_MAX,
                               &notice->kbps_over);
    }
    return tk_law_bad(&r->where, "family",
                      "accident criteria are serious-accident, important-facility or link-notice");
}

/* ---- periodic reports ---- */

static bool read_simplified(Reading *r)
{
    Simplified *simplified = APPEND(r->law->simplified, r->entry);
    const json_t *list = tk_law_read_array(&r->where, r->entry->data, "equipment", 8);
    if (list == NULL)
        return false;
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        const char *id = json_is_string(value) ? json_string_value(value) : "";
        TkEquipment equipment;
        if (!tk_law_equipment_find(id, strlen(id), &equipment))
            return tk_law_bad(&r->where, "equipment", "there is no such equipment");
        simplified->equipment |= 1U << equipment;
    }
    return true;
}

static bool read_periodic(Reading *r)
{
    const char *family = r->entry->family;
    bool telecom = strcmp(family, "periodic-telecom-equipment") == 0;
    if (strcmp(family, "periodic-simplified") == 0)
        return read_simplified(r);
    if (!telecom && strcmp(family, "periodic-other-equipment") != 0)
        return true; /* shown, not judged by */
    Periodic *periodic =
        telecom ? APPEND(r->law->periodic_telecom, r->entry) : APPEND(r->law->periodic_other, r->entry);
    return read_hours(&r->where, r->entry->data, &periodic->hours) &&
           tk_law_read_int(&r->where, r->entry->data, "users", 1, TK_LAW_COUNT_MAX, &periodic->users) &&
           tk_law_read_bool(&r->where, r->entry->data, "serious_too", false, &periodic->serious_too);
}

/* ---- reports ---- */

static bool read_due(const Reading *r, ReportRule *rule)
{
    const json_t *due = json_object_get(r->entry->data, "due");
    bool at_once;
    int64_t days = 0, months = 0;
    if (!json_is_object(due) || json_object_size(due) != 1)
        return tk_law_bad(&r->where, "due", "one of “days”, “months” and “without_delay” is needed");
    if (!tk_law_read_bool(&r->where, due, "without_delay", false, &at_once) ||
        (json_object_get(due, "days") && !tk_law_read_int(&r->where, due, "days", 1, 366, &days)) ||
        (json_object_get(due, "months") && !tk_law_read_int(&r->where, due, "months", 1, 24, &months)))
        return false;
    if (!at_once && days == 0 && months == 0)
        return tk_law_bad(&r->where, "due", "one of “days”, “months” and “without_delay” is needed");
    rule->days = (int32_t)days;
    rule->months = (int32_t)months;
    bool period = rule->clock == TK_CLOCK_QUARTER || rule->clock == TK_CLOCK_FISCAL_YEAR;
    if (!at_once && period != (months > 0))
        return tk_law_bad(&r->where, "due",
                          "months are counted from a quarter or fiscal year, days from an event");
    return true;
}

static bool read_report(Reading *r)
{
    ReportRule *rule = APPEND(r->law->reports, r->entry);
    rule->kind = r->entry->family;
    const json_t *form = json_object_get(r->entry->data, "form");
    if (form == NULL || (!json_is_null(form) && !json_is_string(form)))
        return tk_law_bad(&r->where, "form", "the form's name is needed, or null where the law names none");
    rule->form = json_string_value(form);
    const char *clock = tk_law_read_text(&r->where, r->entry->data, "clock");
    if (clock == NULL || !tk_law_read_pair(&r->where, r->entry->data, "name", &rule->name))
        return false;
    for (rule->clock = TK_CLOCK_OCCURRENCE; strcmp(tk_law_clock_id(rule->clock), clock) != 0; rule->clock++)
        if (rule->clock == TK_CLOCK_FISCAL_YEAR)
            return tk_law_bad(&r->where, "clock", "it is occurrence, knowledge, quarter or fiscal-year");
    return read_due(r, rule);
}

/* ---- near misses ---- */

static bool read_functions(const Reading *r, NearMiss *rule)
{
    const json_t *list = tk_law_read_array(&r->where, r->entry->data, "functions", EVENTS_MAX - 1);
    if (list == NULL)
        return false;
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *id = tk_law_read_text(&r->where, item, "id");
        TkFunction function;
        if (id == NULL)
            return false;
        if (!tk_law_function_find(id, strlen(id), &function) || function <= TK_FUNCTION_NONE)
            return tk_law_bad(&r->where, "functions", "there is no such function");
        rule->functions |= 1U << function;
        if (!tk_law_read_pair(&r->where, item, "name", &rule->function_names[function]))
            return false;
    }
    return true;
}

static bool read_events(const Reading *r, NearMiss *rule)
{
    const json_t *list = tk_law_read_array(&r->where, r->entry->data, "events", EVENTS_MAX - 1);
    if (list == NULL)
        return false;
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *id = tk_law_read_text(&r->where, item, "id");
        TkNearMissEvent event;
        bool unless_noticed;
        if (id == NULL)
            return false;
        if (!tk_law_near_miss_event_find(id, strlen(id), &event) || event <= TK_NEAR_MISS_NONE)
            return tk_law_bad(&r->where, "events", "there is no such event");
        rule->events |= 1U << event;
        if ((rule->event_items[event] = tk_law_read_text(&r->where, item, "item")) == NULL ||
            !tk_law_read_pair(&r->where, item, "name", &rule->event_names[event]) ||
            !tk_law_read_bool(&r->where, item, "unless_noticed_promptly", false, &unless_noticed))
            return false;
        if (unless_noticed)
            rule->unless_noticed |= 1U << event;
    }
    return true;
}

static bool read_near_miss(Reading *r)
{
    if (strcmp(r->entry->family, "near-miss-facility") == 0) {
        APPEND(r->law->near_miss_facilities, r->entry);
        return true;
    }
    NearMiss *rule = APPEND(r->law->near_misses, r->entry);
    if (!tk_law_read_int(&r->where, r->entry->data, "carrier_users", 1, TK_LAW_COUNT_MAX,
                         &rule->carrier_users) ||
        !read_functions(r, rule) || !read_events(r, rule))
        return false;
    const json_t *list =
        tk_law_read_array(&r->where, r->entry->data, "natural_disaster_counts_for", EVENTS_MAX);
    if (list == NULL)
        return false;
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value)
    {
        const char *id = json_is_string(value) ? json_string_value(value) : "";
        TkNearMissEvent event;
        if (!tk_law_near_miss_event_find(id, strlen(id), &event) || event <= TK_NEAR_MISS_NONE)
            return tk_law_bad(&r->where, "natural_disaster_counts_for", "there is no such event");
        rule->despite_disaster |= 1U << event;
    }
    return true;
}

/* ---- leaks, holidays ---- */

static bool read_leak(Reading *r)
{
    bool specified = strcmp(r->entry->family, "leak-specified") == 0;
    if (!specified && strcmp(r->entry->family, "leak-secrecy") != 0)
        return tk_law_bad(&r->where, "family", "leaks are leak-secrecy or leak-specified");
    Leak *leak =
        specified ? APPEND(r->law->leak_specified, r->entry) : APPEND(r->law->leak_secrecy, r->entry);
    return tk_law_read_int(&r->where, r->entry->data, "users_over", 0, TK_LAW_COUNT_MAX, &leak->users_over) &&
           tk_law_read_bool(&r->where, r->entry->data, "designated_only", false, &leak->designated_only) &&
           tk_law_read_bool(&r->where, r->entry->data, "foreign_government", false,
                            &leak->foreign_government);
}

static bool read_holidays(Reading *r)
{
    const TkLawEntry *entry = r->entry;
    APPEND(r->law->holiday_years, entry);
    const json_t *days = tk_law_read_array(&r->where, entry->data, "days", 366);
    if (days == NULL)
        return false;
    size_t i;
    json_t *day;
    json_array_foreach(days, i, day)
    {
        Holiday holiday;
        if (!tk_law_read_date(&r->where, day, "date", &holiday.date) ||
            !tk_law_read_pair(&r->where, day, "name", &holiday.name))
            return false;
        size_t count = r->law->holidays.count;
        if (holiday.date < entry->from || entry->to == TK_DATE_NONE || holiday.date > entry->to)
            return tk_law_bad(&r->where, "days", "a holiday lies outside the entry's dates");
        if (count > 0 && r->law->holidays.at[count - 1].date >= holiday.date)
            return tk_law_bad(&r->where, "days", "holidays stand in the order of their dates, each once");
        r->law->holidays.at = g_renew(Holiday, r->law->holidays.at, count + 1);
        r->law->holidays.at[r->law->holidays.count++] = holiday;
    }
    return true;
}

/* ---- all of them ---- */

static const struct {
    const char *type;
    bool (*read)(Reading *);
} readers[] = {
    {"accident-criteria", read_accident},
    {"periodic-criteria", read_periodic},
    {"reports", read_report},
    {"near-miss", read_near_miss},
    {"leaks", read_leak},
    {"counting", read_counting},
    {"holidays", read_holidays},
};

static bool check_complete(const TkLaw *law, GError **error)
{
    const struct {
        size_t count;
        const char *what;
    } needed[] = {
        {law->service_count, "services"},
        {law->criteria.count, "the family serious-accident"},
        {law->facilities.count, "the family important-facility"},
        {law->periodic_telecom.count, "the family periodic-telecom-equipment"},
        {law->periodic_other.count, "the family periodic-other-equipment"},
        {law->reports.count, "reports"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        if (needed[i].count == 0)
            return tk_fail(error, TK_ERROR_LAW,
                           "the law files have no entry for %s; nothing can be judged without",
                           needed[i].what);
    return true;
}

bool tk_law_compile_services(TkLaw *law, GError **error)
{
    for (size_t i = 0; i < law->entries->len; i++) {
        const TkLawEntry *entry = &g_array_index(law->entries, TkLawEntry, i);
        Reading reading = {law, entry, {entry->file, entry->id, error}};
        if (strcmp(entry->type, "services") == 0 && !read_service(&reading))
            return false;
    }
    return true;
}

bool tk_law_compile(TkLaw *law, GError **error)
{
    for (size_t t = 0; t < G_N_ELEMENTS(readers); t++)
        for (size_t i = 0; i < law->entries->len; i++) {
            const TkLawEntry *entry = &g_array_index(law->entries, TkLawEntry, i);
            Reading reading = {law, entry, {entry->file, entry->id, error}};
            if (strcmp(entry->type, readers[t].type) == 0 && !readers[t].read(&reading))
                return false;
        }
    return check_complete(law, error);
}
