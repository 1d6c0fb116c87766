/* The words that the command line, the law files and JSON share, and looking rules up by date. */
#include "law/internal.h"

static bool find_id(const char *const *ids, size_t count, const char *id, size_t len, int *index)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(ids[i]) == len && memcmp(ids[i], id, len) == 0) {
            *index = (int)i;
            return true;
        }
    return false;
}

static const char *const fault_ids[] = {"telecom-equipment", "other-equipment", "important-facility"};
static const char *const equipment_ids[] = {"other", "radio-base-station", "remote-unit", "dslam"};
static const char *const outcome_ids[] = {
    "serious", "periodic-detailed", "periodic-simplified", "not-reportable", "undetermined", "near-miss",
    "leak"};
static const char *const clock_ids[] = {"occurrence", "knowledge", "quarter", "fiscal-year"};
static const char *const event_ids[] = {
    "none", "cannot-stop",           "no-switchover", "overturn",
    "fire", "unintended-connection", "over-capacity", "wrong-configuration"};
static const char *const function_ids[] = {"none",    "transmission", "switching",
                                           "control", "operation",    "subscriber"};
static const char *const leak_ids[] = {"secrecy", "specified-user-info"};

#define FIND(ids, Type)                                                                                      \
    int index;                                                                                               \
    if (!find_id(ids, G_N_ELEMENTS(ids), id, len, &index))                                                   \
        return false;                                                                                        \
    *out = (Type)index;                                                                                      \
    return true

bool tk_law_fault_find(const char *id, size_t len, TkFault *out)
{
    FIND(fault_ids, TkFault);
}

bool tk_law_equipment_find(const char *id, size_t len, TkEquipment *out)
{
    FIND(equipment_ids, TkEquipment);
}

bool tk_law_near_miss_event_find(const char *id, size_t len, TkNearMissEvent *out)
{
    FIND(event_ids, TkNearMissEvent);
}

bool tk_law_function_find(const char *id, size_t len, TkFunction *out)
{
    FIND(function_ids, TkFunction);
}

bool tk_law_leak_find(const char *id, size_t len, TkLeakKind *out)
{
    FIND(leak_ids, TkLeakKind);
}

const char *tk_law_fault_id(TkFault fault)
{
    return fault_ids[fault];
}

const char *tk_law_equipment_id(TkEquipment equipment)
{
    return equipment_ids[equipment];
}

const char *tk_law_outcome_id(TkOutcome outcome)
{
    return outcome_ids[outcome];
}

const char *tk_law_clock_id(TkClock clock)
{
    return clock_ids[clock];
}

size_t tk_law_service_count(const TkLaw *law)
{
    return law->service_count;
}

TkService tk_law_service_find(const TkLaw *law, const char *id, size_t len)
{
    for (size_t i = 0; i < law->service_count; i++)
        if (strlen(law->services[i].id) == len && memcmp(law->services[i].id, id, len) == 0)
            return (TkService)i;
    return -1;
}

const char *tk_law_service_id(const TkLaw *law, TkService service)
{
    return law->services[service].id;
}

TkText tk_law_service_name(const TkLaw *law, TkService service)
{
    return law->services[service].name;
}

bool tk_law_service_counts_everyone(const TkLaw *law, TkService service)
{
    return law->services[service].counts_everyone;
}

const void *tk_law_rule_at(const void *rules, size_t count, size_t size, TkDate date)
{
    for (size_t i = count; i-- > 0;) {
        const Span *span = (const Span *)(const void *)((const char *)rules + i * size);
        if (span->from <= date)
            return date <= span->to ? span : NULL;
    }
    return NULL;
}
