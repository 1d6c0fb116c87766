#include "network/topology.h"

TkTopology *tk_topology_ref(TkTopology *t)
{
    g_atomic_ref_count_inc(&t->refs);
    return t;
}

void tk_topology_unref(TkTopology *t)
{
    if (t == NULL || !g_atomic_ref_count_dec(&t->refs))
        return;
    void *arrays[] = {t->text,      t->id_at,   t->name_at,     t->kind,        t->lat,
                      t->lon,       t->rows,    t->block_users, t->block_place, t->owner,
                      t->member_at, t->members, t->dependents,  t->index,       t->slack};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_free(arrays[i]);
    g_free(t);
}

uint32_t tk_topology_size(const TkTopology *t)
{
    return t->n;
}

TkFacilityIx tk_topology_find(const TkTopology *t, const char *id, size_t len)
{
    uint32_t hash = tk_text_hash(id, len, 0);
    for (uint32_t slot = hash & t->index_mask; t->index[slot] != UINT64_MAX;
         slot = (slot + 1) & t->index_mask) {
        if ((uint32_t)(t->index[slot] >> 32) != hash)
            continue;
        uint32_t f = (uint32_t)t->index[slot];
        const char *known = t->text + t->id_at[f];
        if (strncmp(known, id, len) == 0 && known[len] == '\0')
            return f;
    }
    return TK_NO_FACILITY;
}

const char *tk_topology_id(const TkTopology *t, TkFacilityIx f)
{
    return t->text + t->id_at[f];
}

TkFacility tk_topology_facility(const TkTopology *t, TkFacilityIx f)
{
    return (TkFacility){.id = t->text + t->id_at[f],
                        .name = t->text + t->name_at[f],
                        .kind = t->text + t->kind_at[t->kind[f]],
                        .prefecture = (int)(tk_place(t, f) & TK_PLACE_MASK),
                        .lat = t->lat[f],
                        .lon = t->lon[f],
                        .needs = tk_need_at(t, f + 1) - tk_need_at(t, f),
                        .has_users = (tk_place(t, f) & TK_PLACE_USERS) != 0};
}

TkNeed tk_topology_need(const TkTopology *t, TkFacilityIx f, uint32_t need)
{
    uint32_t q = tk_need_at(t, f) + need, n = t->member_at[q + 1] - t->member_at[q];
    return (TkNeed){.at_least = n - t->slack[q], .n = n, .members = t->members + t->member_at[q]};
}

int64_t tk_topology_users(const TkTopology *t, TkFacilityIx f, uint32_t service)
{
    return tk_users(t, f)[service];
}

uint32_t tk_topology_services(const TkTopology *t)
{
    return t->n_services;
}

const char *tk_topology_service(const TkTopology *t, uint32_t service)
{
    return t->text + t->service_at[service];
}

int tk_topology_service_find(const TkTopology *t, const char *service)
{
    for (uint32_t s = 0; s < t->n_services; s++)
        if (strcmp(t->text + t->service_at[s], service) == 0)
            return (int)s;
    return -1;
}

int64_t tk_topology_users_in(const TkTopology *t, int prefecture, uint32_t service)
{
    return t->users_in[prefecture][service];
}

uint32_t tk_topology_unplaced(const TkTopology *t)
{
    return t->unplaced;
}

size_t tk_topology_bytes(const TkTopology *t)
{
    return t->bytes;
}
