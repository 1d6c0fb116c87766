/* Alarm lines from outside, over a small network with a short history: whatever comes, the engine agrees with
 * its own recount, and folding the past ends in the present. */
#include "network/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static TkTopology *network(void)
{
    static const char text[] =
        "{\"id\":\"c1\",\"kind\":\"core\"}\n{\"id\":\"c2\",\"kind\":\"core\"}\n"
        "{\"id\":\"b1\",\"kind\":\"building\",\"needs\":[{\"of\":[\"c1\",\"c2\"],\"at_least\":1}]}\n"
        "{\"id\":\"b2\",\"kind\":\"building\",\"needs\":[{\"of\":[\"c2\"],\"at_least\":1}]}\n"
        "{\"id\":\"s1\",\"kind\":\"station\",\"needs\":[{\"of\":[\"b1\"],\"at_least\":1}],\"users\":{"
        "\"voice\":5}}\n"
        "{\"id\":\"s2\",\"kind\":\"station\",\"needs\":[{\"of\":[\"b1\",\"b2\"],\"at_least\":1}],\"users\":{"
        "\"voice\":7}}\n";
    g_autoptr(TkLines) lines = tk_lines_new_memory(text, strlen(text), TK_TOPOLOGY_LINE_MAX);
    return tk_topology_read(lines, "network", NULL, 0, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(TkTopology) t = network();
    g_autoptr(TkLines) lines = tk_lines_new_memory(data, size, TK_ALARM_LINE_MAX);
    TkEngineOptions options = tk_engine_defaults();
    options.history_max = 6;
    options.alarms_max = 16;
    options.ended_max = 4;
    g_autoptr(TkEngine) e = tk_engine_new(t, &options);
    TkLineStatus status;
    TkLine line;
    TkAlarm alarm;
    while ((status = tk_lines_next(lines, &line)) != TK_LINE_END) {
        GError *error = NULL;
        if (status == TK_LINE_OK && tk_alarm_parse(line.text, line.len, &alarm, &error))
            tk_engine_apply(e, &alarm, &error);
        g_clear_error(&error);
        if (line.number % 5 == 0)
            tk_snapshot_unref(tk_engine_publish(e, 0));
        if (!tk_engine_check(e, &error))
            g_error("%s", error->message);
    }
    tk_snapshot_unref(tk_engine_publish(e, 0));
    g_assert(tk_engine_check(e, NULL));
    return 0;
}
