/* The alarms that are known: (source, key) → number, and the latest event of each. */
#ifndef TK_NETWORK_ALARMS_H
#define TK_NETWORK_ALARMS_H

#include "network/topology.h"

#define TK_SOURCES_MAX 65535u

/* What an event says, in a byte: severity in the low three bits. */
#define TK_FLAG_SEVERITY 7u
#define TK_FLAG_AFFECTS  8u  /* service-affecting */
#define TK_FLAG_KNOWN    16u /* there has been an event */

static inline uint8_t tk_flags(TkSeverity severity, bool service_affecting)
{
    return (uint8_t)((unsigned)severity | (service_affecting ? TK_FLAG_AFFECTS : 0u) | TK_FLAG_KNOWN);
}
static inline bool tk_flags_active(uint8_t flags)
{
    return (flags & TK_FLAG_KNOWN) != 0 && (flags & TK_FLAG_SEVERITY) != TK_SEVERITY_CLEARED;
}
/* Takes its object down. */
static inline bool tk_flags_fails(uint8_t flags)
{
    return tk_flags_active(flags) && (flags & TK_FLAG_AFFECTS) != 0;
}

typedef struct {
    int64_t at_us;    /* of its latest event */
    uint32_t object;  /* TK_NO_FACILITY before the first event */
    uint32_t text_at; /* its key */
    uint16_t source, key_len;
    uint8_t flags;
    bool pinned; /* its number has been given away */
    bool used;
} TkAlarmRecord;

typedef struct {
    char *name;
    uint64_t seed;   /* hash of the name, from which the hashes of its keys begin */
    int64_t lost_us; /* TK_TIME_NONE: alive */
} TkSource;

typedef struct {
    TkAlarmRecord *records;
    uint32_t n, cap, max, free_head, used;
    GByteArray *text;
    uint32_t garbage; /* bytes of text that nobody points to */
    uint64_t *index;  /* as in topology.h */
    uint32_t index_mask;
    GArray *sources; /* TkSource */
    GHashTable *source_numbers;
    uint16_t last_source;
} TkAlarms;

void tk_alarms_init(TkAlarms *alarms, uint32_t max);
void tk_alarms_clear(TkAlarms *alarms);
/* -1 when there are too many sources. */
int tk_alarms_source(TkAlarms *alarms, const char *name, size_t len);
/* The number of an alarm, new or known; UINT32_MAX when the table is full. */
uint32_t tk_alarms_number(TkAlarms *alarms, uint16_t source, const char *key, size_t len);
/* Forgets alarms that are cleared, not pinned, and whose last event is older than `before_us`. */
void tk_alarms_forget(TkAlarms *alarms, int64_t before_us);

#endif
