/* Measures the network room on a generated nation: 627,440 facilities, 100 million users, 4 services. One
 * core. Prints one JSON object a line: {"bench","metric","value","unit","goal"?}. Each figure is the best of
 * several runs, since what disturbs a run only makes it slower. */
#include <time.h>
#include <unistd.h>

#include "network/network.h"

#define RUNS 5

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double resident_mb(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f != NULL) {
        if (fscanf(f, "%ld %ld", &pages, &resident) != 2)
            resident = 0;
        fclose(f);
    }
    return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void tell(const char *what, double value, const char *unit, const char *goal)
{
    printf("%s\t%.*f %s%s%s%s\n", what, value < 10 ? 2 : 1, value, unit, goal ? " (goal " : "",
           goal ? goal : "", goal ? ")" : "");
    fflush(stdout);
}

static uint64_t state = 88172645463325252u;

static uint32_t dice(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 32) * n >> 32);
}

static TkEngine *new_engine(TkTopology *t, bool accidents, uint32_t history)
{
    TkEngineOptions o = tk_engine_defaults();
    o.accidents = accidents;
    o.history_max = history;
    return tk_engine_new(t, &o);
}

/* Alarms on random cells and stations, with the numbers of their (source, key): raised, and cleared `open`
 * raises later. 2 n events, 5 µs apart. */
static TkAlarmEvent *make_events(TkEngine *e, TkTopology *t, uint32_t n, uint32_t open)
{
    TkAlarmEvent *events = g_new(TkAlarmEvent, 2 * n), *next = events;
    g_autofree TkAlarmEvent *raised = g_new(TkAlarmEvent, n);
    uint32_t size = tk_topology_size(t), first = size - 620000;
    for (uint32_t i = 0; i < n; i++) {
        char key[48];
        uint32_t f = first + dice(size - first);
        int len = g_snprintf(key, sizeof key, "link-loss/%s", tk_topology_id(t, f));
        raised[i] = (TkAlarmEvent){.alarm = tk_engine_alarm(e, "nms-east", 8, key, (size_t)len, NULL),
                                   .object = f,
                                   .severity = TK_SEVERITY_CRITICAL,
                                   .service_affecting = true};
    }
    for (uint32_t i = 0; i < n + open; i++) {
        if (i < n)
            *next++ = raised[i];
        if (i >= open) {
            *next = raised[i - open];
            next++->severity = TK_SEVERITY_CLEARED;
        }
    }
    return events;
}

/* Events per second: all raised, then all cleared (open = n), or with few open at a time; one call each or in
 * blocks. */
static double storm(TkTopology *t, uint32_t open, bool accidents, uint32_t block)
{
    enum { N = 400000 };
    g_autoptr(TkEngine) e = new_engine(t, accidents, accidents ? 1000000 : 0);
    g_autofree TkAlarmEvent *events = make_events(e, t, N, open);
    double best = 0;
    int64_t at_us = 0;
    for (int run = 0; run < RUNS; run++) {
        for (uint32_t i = 0; i < 2 * N; i++)
            events[i].at_us = at_us += 5;
        double begin = now_s();
        for (uint32_t i = 0; i < 2 * N && block > 1; i += block)
            tk_engine_apply_events(e, events + i, MIN(block, 2 * N - i));
        for (uint32_t i = 0; i < 2 * N && block == 1; i++)
            tk_engine_apply_event(e, events[i].alarm, events[i].object, events[i].severity, true,
                                  events[i].at_us);
        best = MAX(best, 2 * N / (now_s() - begin));
    }
    return best;
}

/* The full path: alarms with texts, looked up by source, key and object each time. */
static void by_text(TkTopology *t)
{
    enum { N = 200000 };
    g_autoptr(TkEngine) e = new_engine(t, true, 1000000);
    uint32_t size = tk_topology_size(t), first = size - 620000;
    g_autoptr(GString) text = g_string_new(NULL);
    double best = 0, best_lines = 0;
    for (int run = 0; run < RUNS; run++) {
        g_string_truncate(text, 0);
        for (int half = 0; half < 2; half++)
            for (uint32_t i = 0; i < N; i++) {
                const char *id =
                    tk_topology_id(t, first + (uint32_t)((uint64_t)i * 2654435761u % (size - first)));
                g_string_append_printf(
                    text,
                    "{\"at\":\"2026-04-01T%02d:%02d:%02u.%06u+09:00\",\"source\":\"nms-east\",\"key\":"
                    "\"link-loss/%s\",\"object\":\"%s\",\"severity\":\"%s\","
                    "\"service_affecting\":true}\n",
                    run * 2 + half, 0, i / 10000, i % 10000, id, id, half ? "cleared" : "critical");
            }
        double begin = now_s();
        g_autoptr(TkLines) lines = tk_lines_new_memory(text->str, text->len, TK_ALARM_LINE_MAX);
        TkLine line;
        TkAlarm alarm;
        while (tk_lines_next(lines, &line) == TK_LINE_OK)
            if (!tk_alarm_parse(line.text, line.len, &alarm, NULL) || !tk_engine_apply(e, &alarm, NULL))
                g_error("bench: a line was refused: %s", line.text);
        best_lines = MAX(best_lines, 2 * N / (now_s() - begin));
    }
    TkAlarm alarm = {.source = "nms-east", .source_len = 8, .service_affecting = true};
    alarm.at_us = g_get_real_time() + INT64_C(86400000000) * 400;
    for (int run = 0; run < RUNS; run++) {
        double begin = now_s();
        for (int half = 0; half < 2; half++)
            for (uint32_t i = 0; i < N; i++) {
                char key[48] = "link-loss/";
                const char *id =
                    tk_topology_id(t, first + (uint32_t)((uint64_t)i * 2654435761u % (size - first)));
                size_t len = strlen(id);
                memcpy(key + 10, id, len);
                alarm.at_us++;
                alarm.key = key;
                alarm.key_len = len + 10;
                alarm.object = id;
                alarm.object_len = len;
                alarm.severity = half ? TK_SEVERITY_CLEARED : TK_SEVERITY_CRITICAL;
                tk_engine_apply(e, &alarm, NULL);
            }
        best = MAX(best, 2 * N / (now_s() - begin));
    }
    tell("raise/clear by names, accidents and history kept", best / 1e6, "million/s", NULL);
    tell("alarm lines read and applied, accidents and history kept", best_lines / 1e6, "million/s", "≥ 0.2");
}

static void lose_everything(TkTopology *t, bool accidents)
{
    g_autoptr(TkEngine) e = new_engine(t, accidents, accidents ? 1000000 : 0);
    double lost = 1e9, back = 1e9, recount = 1e9, recount_up = 1e9, check = 1e9, publish = 1e9, what_if = 1e9;
    TkNetworkCounts counts, kept;
    TkFacilityIx all[40];
    for (uint32_t i = 0; i < 40; i++)
        all[i] = i;
    int64_t at_us = 1000000;
    for (int run = 0; run < RUNS; run++) {
        double begin = now_s();
        tk_engine_what_if(e, all, 40, NULL, 0, &counts);
        what_if = MIN(what_if, now_s() - begin);
        for (int half = 0; half < 2; half++) {
            begin = now_s();
            for (uint32_t i = 0; i < 40; i++) {
                char key[16];
                int len = g_snprintf(key, sizeof key, "core-%u", i);
                uint32_t alarm = tk_engine_alarm(e, "nms", 3, key, (size_t)len, NULL);
                tk_engine_apply_event(e, alarm, i, half ? TK_SEVERITY_CLEARED : TK_SEVERITY_CRITICAL, true,
                                      at_us += 1000);
            }
            double took = now_s() - begin;
            *(half ? &back : &lost) = MIN(half ? back : lost, took);
            begin = now_s();
            tk_engine_recount(e, &counts);
            took = now_s() - begin;
            *(half ? &recount_up : &recount) = MIN(half ? recount_up : recount, took);
            tk_engine_counts(e, &kept);
            if (memcmp(&counts, &kept, sizeof kept) != 0 || (half == 0 && counts.affected[0] != 100000000))
                g_error("bench: the counts are wrong");
            begin = now_s();
            if (!tk_engine_check(e, NULL))
                g_error("bench: the check fails");
            check = MIN(check, now_s() - begin);
            begin = now_s();
            tk_snapshot_unref(tk_engine_publish(e, at_us));
            if (half == 0)
                publish = MIN(publish, now_s() - begin);
        }
    }
    if (!accidents) {
        tell("loss of everything, counters", lost * 1e3, "ms", "< 10");
        tell("return of everything, counters", back * 1e3, "ms", NULL);
        tell("recount, everything down", recount * 1e3, "ms", "< 2");
        tell("recount, everything up", recount_up * 1e3, "ms", "< 2");
        tell("self-check facility by facility", check * 1e3, "ms", NULL);
        tell("what-if of losing everything", what_if * 1e3, "ms", NULL);
        return;
    }
    tell("loss of everything with accidents", lost * 1e3, "ms", "< 10");
    tell("return of everything with accidents", back * 1e3, "ms", NULL);
    tell("snapshot while everything is down", publish * 1e3, "ms", NULL);
}

/* One late event among a full history: folding all of it again, or from the later checkpoint. */
static void refold(TkTopology *t)
{
    enum { N = 450000 };
    g_autoptr(TkEngine) e = new_engine(t, true, 1000000);
    g_autofree TkAlarmEvent *events = make_events(e, t, N, 1);
    double whole = 1e9, part = 1e9;
    for (uint32_t i = 0; i < 2 * N; i++)
        events[i].at_us = 100 * (int64_t)i;
    tk_engine_apply_events(e, events, 2 * N);
    for (int run = 0; run < RUNS; run++) {
        for (int recent = 0; recent < 2; recent++) {
            const TkAlarmEvent *then = &events[recent ? 2 * N - 1000 : 1];
            tk_engine_apply_event(e, then->alarm, then->object, TK_SEVERITY_CRITICAL, true, then->at_us - 50);
            double begin = now_s();
            tk_snapshot_unref(tk_engine_publish(e, 0));
            *(recent ? &part : &whole) = MIN(recent ? part : whole, now_s() - begin);
        }
    }
    tell("900,000 events folded again after a very late one", whole * 1e3, "ms", NULL);
    tell("400,000 events folded again after a late one", part * 1e3, "ms", NULL);
}

/* One engine as it stands after a bad day: 400,000 alarms known, 800,000 events of history with a checkpoint
 * in it, everything down once, a snapshot out. Measured first, on a fresh heap. */
static void resident(TkTopology *t)
{
    enum { N = 400000 };
    TkEngine *plain = new_engine(t, false, 0);
    tell("resident, one engine that keeps counters", resident_mb(), "MB", "< 150");
    tk_engine_free(plain);
    g_autoptr(TkEngine) e = new_engine(t, true, 1000000);
    g_autofree TkAlarmEvent *events = make_events(e, t, N, 1000);
    TkNetworkCounts counts;
    for (uint32_t i = 0; i < 2 * N; i++)
        events[i].at_us = 5 * (int64_t)i;
    tk_engine_apply_events(e, events, 2 * N);
    for (uint32_t i = 0; i < 40; i++)
        tk_engine_apply_event(e, events[0].alarm + i, i, TK_SEVERITY_CRITICAL, true, 10 * N);
    tk_engine_recount(e, &counts);
    tk_snapshot_unref(tk_engine_publish(e, 10 * N));
    tell("resident, one engine with accidents and a history of 800,000 events",
         resident_mb() - 2 * N * sizeof(TkAlarmEvent) / 1e6, "MB", "< 150");
}

int main(void)
{
    TkSyntheticParams p = tk_network_synthetic_nation();
    GError *error = NULL;
    double begin = now_s();
    g_autoptr(TkTopology) t = tk_network_synthetic(&p, &error);
    if (t == NULL)
        g_error("bench: %s", error->message);
    tell("generate and lay out", (now_s() - begin), "s", NULL);
    tell("topology", (double)tk_topology_bytes(t) / 1e6, "MB", NULL);
    resident(t);
    enum { ALL = 400000, BLOCK = 256 };
    tell("raise/clear, storm of 400,000, counters, blocks of 256", storm(t, ALL, false, BLOCK) / 1e6,
         "million/s", "≥ 5");
    tell("raise/clear, storm of 400,000, counters, one by one", storm(t, ALL, false, 1) / 1e6, "million/s",
         "≥ 5");
    tell("raise/clear, 1,000 open, counters, blocks of 256", storm(t, 1000, false, BLOCK) / 1e6, "million/s",
         "≥ 5");
    tell("raise/clear, 1,000 open, counters, one by one", storm(t, 1000, false, 1) / 1e6, "million/s", "≥ 5");
    lose_everything(t, false);
    tell("raise/clear, storm of 400,000, with accidents and history", storm(t, ALL, true, BLOCK) / 1e6,
         "million/s", NULL);
    tell("raise/clear, 1,000 open, with accidents and history", storm(t, 1000, true, BLOCK) / 1e6,
         "million/s", NULL);
    lose_everything(t, true);
    by_text(t);
    refold(t);
    return 0;
}
