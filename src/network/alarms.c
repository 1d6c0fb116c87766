#include "network/alarms.h"

#define NONE UINT32_MAX

void tk_alarms_init(TkAlarms *a, uint32_t max)
{
    *a = (TkAlarms){.max = max, .free_head = NONE, .index_mask = 1023};
    a->text = g_byte_array_new();
    a->index = g_new(uint64_t, (size_t)a->index_mask + 1);
    memset(a->index, 0xff, ((size_t)a->index_mask + 1) * sizeof *a->index);
    a->sources = g_array_new(FALSE, FALSE, sizeof(TkSource));
    a->source_numbers = g_hash_table_new(g_str_hash, g_str_equal);
}

void tk_alarms_clear(TkAlarms *a)
{
    for (uint32_t i = 0; i < a->sources->len; i++)
        g_free(g_array_index(a->sources, TkSource, i).name);
    g_array_unref(a->sources);
    g_hash_table_unref(a->source_numbers);
    g_byte_array_unref(a->text);
    g_free(a->index);
    g_free(a->records);
}

int tk_alarms_source(TkAlarms *a, const char *name, size_t len)
{
    if (a->last_source < a->sources->len) { /* alarms of one source come in rows */
        const char *last = g_array_index(a->sources, TkSource, a->last_source).name;
        if (strncmp(last, name, len) == 0 && last[len] == '\0')
            return a->last_source;
    }
    g_autofree char *text = g_strndup(name, len);
    gpointer known;
    if (g_hash_table_lookup_extended(a->source_numbers, text, NULL, &known))
        return a->last_source = (uint16_t)GPOINTER_TO_UINT(known);
    if (a->sources->len == TK_SOURCES_MAX)
        return -1;
    TkSource source = {.seed = tk_text_hash(name, len, 1), .lost_us = TK_TIME_NONE};
    source.name = g_steal_pointer(&text);
    g_hash_table_insert(a->source_numbers, source.name, GUINT_TO_POINTER(a->sources->len));
    g_array_append_val(a->sources, source);
    return a->last_source = (uint16_t)(a->sources->len - 1);
}

static uint32_t record_hash(const TkAlarms *a, const TkAlarmRecord *r)
{
    return tk_text_hash((const char *)a->text->data + r->text_at, r->key_len,
                        g_array_index(a->sources, TkSource, r->source).seed);
}

static void rebuild_index(TkAlarms *a, uint32_t mask)
{
    if (mask != a->index_mask) {
        g_free(a->index);
        a->index = g_new(uint64_t, (size_t)mask + 1);
        a->index_mask = mask;
    }
    memset(a->index, 0xff, ((size_t)mask + 1) * sizeof *a->index);
    for (uint32_t i = 0; i < a->n; i++) {
        if (!a->records[i].used)
            continue;
        uint32_t hash = record_hash(a, &a->records[i]), slot = hash & mask;
        while (a->index[slot] != UINT64_MAX)
            slot = (slot + 1) & mask;
        a->index[slot] = (uint64_t)hash << 32 | i;
    }
}

static uint32_t take_record(TkAlarms *a)
{
    if (a->free_head != NONE) {
        uint32_t i = a->free_head;
        a->free_head = a->records[i].text_at;
        return i;
    }
    if (a->n == a->cap) {
        a->cap = MIN(a->max, MAX(1024, a->cap + a->cap / 2));
        a->records = g_renew(TkAlarmRecord, a->records, a->cap);
    }
    return a->n++;
}

uint32_t tk_alarms_number(TkAlarms *a, uint16_t source, const char *key, size_t len)
{
    uint32_t hash = tk_text_hash(key, len, g_array_index(a->sources, TkSource, source).seed);
    uint32_t slot = hash & a->index_mask;
    for (; a->index[slot] != UINT64_MAX; slot = (slot + 1) & a->index_mask) {
        if ((uint32_t)(a->index[slot] >> 32) != hash)
            continue;
        const TkAlarmRecord *r = &a->records[(uint32_t)a->index[slot]];
        if (r->source == source && r->key_len == len && memcmp(a->text->data + r->text_at, key, len) == 0)
            return (uint32_t)a->index[slot];
    }
    if (a->used == a->max || a->text->len > UINT32_MAX - 2 * TK_NETWORK_TEXT_MAX)
        return NONE;
    uint32_t i = take_record(a);
    a->records[i] = (TkAlarmRecord){.at_us = INT64_MIN,
                                    .object = TK_NO_FACILITY,
                                    .text_at = a->text->len,
                                    .source = source,
                                    .key_len = (uint16_t)len,
                                    .used = true};
    g_byte_array_append(a->text, (const guint8 *)key, (guint)len);
    a->index[slot] = (uint64_t)hash << 32 | i;
    if (++a->used > (a->index_mask + 1) / 4 * 3)
        rebuild_index(a, a->index_mask * 2 + 1);
    return i;
}

static void pack_text(TkAlarms *a)
{
    GByteArray *text = g_byte_array_sized_new(a->text->len - a->garbage);
    for (uint32_t i = 0; i < a->n; i++) {
        TkAlarmRecord *r = &a->records[i];
        if (!r->used)
            continue;
        uint32_t at = text->len;
        g_byte_array_append(text, a->text->data + r->text_at, r->key_len);
        r->text_at = at;
    }
    g_byte_array_unref(a->text);
    a->text = text;
    a->garbage = 0;
}

void tk_alarms_forget(TkAlarms *a, int64_t before_us)
{
    uint32_t forgotten = 0;
    for (uint32_t i = 0; i < a->n; i++) {
        TkAlarmRecord *r = &a->records[i];
        if (!r->used || r->pinned || tk_flags_active(r->flags) || r->at_us >= before_us)
            continue;
        a->garbage += r->key_len;
        *r = (TkAlarmRecord){.text_at = a->free_head};
        a->free_head = i;
        forgotten++;
    }
    if (forgotten == 0)
        return;
    a->used -= forgotten;
    if (a->garbage > a->text->len / 2)
        pack_text(a);
    rebuild_index(a, a->index_mask);
}
