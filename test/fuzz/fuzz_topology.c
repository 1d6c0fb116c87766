/* A topology from outside. One that is taken must hold together: every need within its facilities, and an
 * engine over it that agrees with its own recount when everything fails. */
#include "network/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail_all(TkTopology *t)
{
    TkEngineOptions options = tk_engine_defaults();
    options.history_max = 8;
    g_autoptr(TkEngine) e = tk_engine_new(t, &options);
    for (uint32_t f = 0; f < tk_topology_size(t); f++) {
        const char *id = tk_topology_id(t, f);
        TkFacility facility = tk_topology_facility(t, f);
        g_assert(tk_topology_find(t, id, strlen(id)) == f);
        for (uint32_t q = 0; q < facility.needs; q++) {
            TkNeed need = tk_topology_need(t, f, q);
            g_assert(need.at_least >= 1 && need.at_least <= need.n);
            for (uint32_t m = 0; m < need.n; m++)
                g_assert(need.members[m] < f);
        }
        uint32_t alarm = tk_engine_alarm(e, "s", 1, id, strlen(id), NULL);
        tk_engine_apply_event(e, alarm, f, TK_SEVERITY_MAJOR, true, f);
    }
    g_assert(tk_engine_check(e, NULL));
    tk_snapshot_unref(tk_engine_publish(e, 1000000));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TkLines) lines = tk_lines_new_memory(data, size, TK_TOPOLOGY_LINE_MAX);
    g_autoptr(TkTopology) t = tk_topology_read(lines, "fuzz", NULL, 0, &error);
    g_assert((t == NULL) == (error != NULL));
    if (t != NULL)
        fail_all(t);
    return 0;
}
