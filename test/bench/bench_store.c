/* How many durable writes a store takes: bench_store [--threads N] [--seconds S] [--database URL | --data
 * DIR]. Each write is one put of one record (a leaf, a version, tiles, head), acknowledged after fsync; N
 * threads wait for their own acknowledgement each, as N requests of a server would. */
#include <glib/gstdio.h>
#include <sys/resource.h>

#include "store/store.h"

#define NOW_US INT64_C(1775000000000000)

typedef struct {
    TkStore *store;
    int number;
    int64_t until_us;
    uint64_t writes;
    int64_t slowest_us;
} Committer;

static gpointer commit_until(gpointer data)
{
    Committer *c = data;
    g_autoptr(json_t) document = json_pack(
        "{s:s, s:s, s:i, s:s, s:{s:i, s:i}}", "title", "交換設備の故障（合成データ）", "state", "confirmed",
        "users", 30000, "place", "東京都千代田区", "services", "voice", 30000, "internet-access", 12000);
    while (g_get_monotonic_time() < c->until_us) {
        char id[32];
        g_autoptr(GError) error = NULL;
        g_snprintf(id, sizeof id, "A%d-%u", c->number, (unsigned)(c->writes % 1000));
        int64_t began_us = g_get_monotonic_time();
        TkWrite *write = tk_write_new("bench", NOW_US + (int64_t)c->writes);
        tk_write_put(write, "accident", id, TK_STORE_ANY, "edit", document);
        if (!tk_store_commit(c->store, write, NULL, &error)) {
            fprintf(stderr, "%s\n", error->message);
            break;
        }
        c->slowest_us = MAX(c->slowest_us, g_get_monotonic_time() - began_us);
        c->writes++;
    }
    return NULL;
}

static double cpu_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static void measure_writes(TkStore *store, const char *engine, int threads, int seconds)
{
    Committer *committers = g_new0(Committer, threads);
    GThread **running = g_new0(GThread *, threads);
    double cpu_began_us = cpu_us();
    int64_t began_us = g_get_monotonic_time();
    for (int i = 0; i < threads; i++) {
        committers[i] =
            (Committer){.store = store, .number = i, .until_us = began_us + seconds * TK_US_PER_S};
        running[i] = g_thread_new("committer", commit_until, &committers[i]);
    }
    uint64_t writes = 0;
    int64_t slowest_us = 0;
    for (int i = 0; i < threads; i++) {
        g_thread_join(running[i]);
        writes += committers[i].writes;
        slowest_us = MAX(slowest_us, committers[i].slowest_us);
    }
    double took_s = (double)(g_get_monotonic_time() - began_us) / 1e6;
    double processor_us = (cpu_us() - cpu_began_us) / (double)writes;
    printf("%s, %d at a time\t%.0f durable writes/s (slowest %.0f ms, %.0f us of processor each)\n", engine,
           threads, (double)writes / took_s, (double)slowest_us / 1e3, processor_us);
    g_free(committers);
    g_free(running);
}

static bool count_lines(const TkAlarmBatch *batch, gpointer data)
{
    *(uint64_t *)data += batch->count;
    return true;
}

static void measure_alarms(TkStore *store, int seconds)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    for (int i = 0; i < 2000; i++)
        g_string_append_printf(
            lines,
            "{\"at\":\"2026-04-01T09:00:00+09:00\",\"source\":\"nms-1\",\"key\":\"k%d\",\"object\":"
            "\"cell-%d\",\"severity\":\"critical\",\"service_affecting\":true}\n",
            i, i);
    int64_t began_us = g_get_monotonic_time();
    uint64_t alarms = 0, back = 0, from = tk_store_ledger_size(store);
    while (g_get_monotonic_time() < began_us + seconds * TK_US_PER_S) {
        g_autoptr(GError) error = NULL;
        if (!tk_store_append_alarms(store, "bench", NOW_US, lines->str, lines->len, 2000, NOW_US, NOW_US,
                                    NULL, &error)) {
            fprintf(stderr, "%s\n", error->message);
            return;
        }
        alarms += 2000;
    }
    double took_s = (double)(g_get_monotonic_time() - began_us) / 1e6;
    printf("alarms in batches of 2000, one sender\t%.0f durable alarms/s (%.0f MB/s)\n",
           (double)alarms / took_s, (double)alarms / 2000 * (double)lines->len / took_s / 1e6);
    began_us = g_get_monotonic_time();
    tk_store_read_alarms(store, from, count_lines, &back, NULL);
    took_s = (double)(g_get_monotonic_time() - began_us) / 1e6;
    printf("alarms read back for replay\t%.0f alarms/s%s\n", (double)back / took_s,
           back == alarms ? "" : " (NOT ALL)");
}

static void measure_reads(TkStore *store)
{
    int64_t began_us = g_get_monotonic_time();
    int reads = 0;
    for (; g_get_monotonic_time() < began_us + TK_US_PER_S; reads++)
        tk_record_free(tk_store_get(store, "accident", "A0-0", TK_TIME_NONE, NULL));
    printf("records read by id, one reader\t%d records/s\n", reads);
}

int main(int argc, char **argv)
{
    gint threads = 256, seconds = 3;
    g_autofree char *data = NULL, *url = NULL, *made = NULL;
    const GOptionEntry entries[] = {
        {"threads", 0, 0, G_OPTION_ARG_INT, &threads, "committers", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "length of each measurement", "S"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "folder for SQLite (default: a new one here)", "DIR"},
        {"database", 0, 0, G_OPTION_ARG_STRING, &url, "PostgreSQL", "URL"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || threads < 1 || seconds < 1) {
        fprintf(stderr, "%s\n", error != NULL ? error->message : "threads and seconds are at least 1");
        return 2;
    }
    if (data == NULL && url == NULL) {
        made = g_strdup("bench-store-XXXXXX");
        data = g_strdup(g_mkdtemp(made));
    }
    TkStoreOptions options = {.data_dir = data, .database_url = url};
    g_autoptr(TkStore) store = tk_store_open(&options, &error);
    if (store == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 2;
    }
    TkStoreHealth health;
    tk_store_health(store, &health);
    measure_writes(store, health.engine, 1, seconds);
    measure_writes(store, health.engine, threads, seconds);
    measure_reads(store);
    measure_alarms(store, seconds);
    if (made != NULL) {
        const char *argv_rm[] = {"rm", "-rf", "--", made, NULL};
        g_spawn_sync(NULL, (char **)argv_rm, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    }
    return 0;
}
