/* A page of a register of 100,000 records: as it is listed, filtered, ordered, searched and gone on from the
 * middle, through the use case that HTTP and the command line call. On SQLite in a folder of its own, or on
 * an empty PostgreSQL database: bench_register --database URL. */
#include <stdio.h>
#include <time.h>

#include <glib/gstdio.h>

#include "service/service.h"

#define RECORDS 100000
#define BATCH   1000
#define ROUNDS  9

static const TkActor actor = {"bench", TK_ROLE_ADMINISTRATOR};

static void add(TkWrite *write, unsigned n)
{
    static const char *const kinds[] = {"cell", "core", "exchange", "transport", "power"};
    g_autofree char *id = g_strdup_printf("site:%06u", n);
    g_autofree char *name = g_strdup_printf("基地局%06u号", n * 7919 % RECORDS);
    g_autofree char *prefecture = g_strdup_printf("%02u", n % 47 + 1);
    g_autofree char *due = g_strdup_printf("20%02u-%02u-01", 27 + n % 9, n % 12 + 1);
    g_autoptr(json_t) body = json_pack(
        "{s:{s:s, s:s, s:s, s:s, s:s}, s:s}", "values", "name", name, "kind", kinds[n % 5], "prefecture",
        prefecture, "status", n % 50 == 0 ? "planned" : "active", "note", "合成データ", "review_due", due);
    tk_write_put(write, "r-facilities", id, TK_STORE_NEW, "add", body);
}

static void fill(TkStore *store)
{
    GError *error = NULL;
    gint64 began = g_get_monotonic_time();
    for (unsigned n = 0; n < RECORDS;) {
        TkWrite *write = tk_write_new("bench", 0);
        for (unsigned i = 0; i < BATCH; i++)
            add(write, n++);
        if (!tk_store_commit(store, write, NULL, &error))
            g_error("%s", error->message);
    }
    double s = (double)(g_get_monotonic_time() - began) / 1e6;
    printf("records written with their indexes, %d at a time\t%.0f/s\n", BATCH, RECORDS / s);
}

/* This thread's own: what the page costs where others do not use the processor. Without a database's. */
static gint64 cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int by_size(gconstpointer a, gconstpointer b)
{
    return *(const gint64 *)a < *(const gint64 *)b ? -1 : *(const gint64 *)a > *(const gint64 *)b;
}

/* The median of some rounds; `next` (may be NULL) receives the cursor, owned. */
static void page(TkRegisters *registers, const char *what, const TkRegisterQuery *query, char **next)
{
    GError *error = NULL;
    gint64 took[ROUNDS], used[ROUNDS];
    for (unsigned i = 0; i < ROUNDS; i++) {
        gint64 began = g_get_monotonic_time(), cpu = cpu_us();
        g_autoptr(GBytes) answer = tk_register_list(registers, &actor, "facilities", query, &error);
        took[i] = g_get_monotonic_time() - began;
        used[i] = cpu_us() - cpu;
        if (answer == NULL)
            g_error("%s: %s", what, error->message);
        if (i > 0)
            continue;
        g_autoptr(json_t) told =
            tk_json_read("answer", g_bytes_get_data(answer, NULL), g_bytes_get_size(answer), 1u << 26, NULL);
        if (next != NULL)
            *next = g_strdup(json_string_value(json_object_get(told, "next")));
        if (json_array_size(json_object_get(told, "items")) == 0)
            g_error("%s: nothing was found", what);
    }
    qsort(took, ROUNDS, sizeof took[0], by_size);
    qsort(used, ROUNDS, sizeof used[0], by_size);
    printf("%s\t%.1f ms, CPU %.1f\n", what, (double)took[ROUNDS / 2] / 1000, (double)used[ROUNDS / 2] / 1000);
}

static void pages(TkRegisters *registers)
{
    g_autofree char *middle = NULL, *end = NULL;
    TkRegisterFilter some[] = {{"prefecture", TK_FILTER_EQ, "13"}, {"kind", TK_FILTER_EQ, "cell"}};
    TkRegisterFilter most[] = {{"status", TK_FILTER_EQ, "active"}, {"kind", TK_FILTER_EQ, "cell"}};
    TkRegisterFilter late = {"name", TK_FILTER_GE, "基地局050000号"};
    page(registers, "page of 100, by id", &(TkRegisterQuery){0}, NULL);
    page(registers, "… by a column", &(TkRegisterQuery){.order = "name"}, NULL);
    page(registers, "… by a column, last first", &(TkRegisterQuery){.order = "name", .descending = true},
         NULL);
    page(registers, "… by a column of five values", &(TkRegisterQuery){.order = "kind"}, NULL);
    page(registers, "… one filter, 2,100 match",
         &(TkRegisterQuery){.filters = {some[0]}, .filter_count = 1, .order = "name"}, NULL);
    page(registers, "… two filters, 430 match",
         &(TkRegisterQuery){.filters = {some[0], some[1]}, .filter_count = 2, .order = "name"}, NULL);
    page(registers, "… one filter, 98,000 match",
         &(TkRegisterQuery){.filters = {most[0]}, .filter_count = 1, .order = "name"}, NULL);
    page(registers, "… two filters, 20,000 match",
         &(TkRegisterQuery){.filters = {most[1], most[0]}, .filter_count = 2, .order = "name"}, NULL);
    page(registers, "… half of it in order",
         &(TkRegisterQuery){.filters = {late}, .filter_count = 1, .order = "name", .limit = 1}, &middle);
    page(registers, "… due",
         &(TkRegisterQuery){.due = true, .order = "name", .filters = {some[0]}, .filter_count = 0}, NULL);
    page(registers, "first 500 by a column", &(TkRegisterQuery){.order = "name", .limit = 500}, &end);
    page(registers, "… and the page behind them", &(TkRegisterQuery){.order = "name", .cursor = end}, NULL);
    page(registers, "search, one matches", &(TkRegisterQuery){.search = "局012345"}, NULL);
    page(registers, "search, 1,000 match", &(TkRegisterQuery){.search = "局012"}, NULL);
    page(registers, "search, all match", &(TkRegisterQuery){.search = "基地局"}, NULL);
}

static int64_t in_2036(void *data)
{
    (void)data;
    return 2082758400 * TK_US_PER_S;
}

int main(int argc, char **argv)
{
    GError *error = NULL;
    g_autofree char *folder = g_dir_make_tmp("tokatsu-bench-XXXXXX", NULL);
    const char *url = argc == 3 && strcmp(argv[1], "--database") == 0 ? argv[2] : NULL;
    TkStoreOptions options = {.data_dir = url == NULL ? folder : NULL, .database_url = url};
    TkStore *store = tk_store_open(&options, &error);
    TkRegistersOptions how = {.store = store, .clock = in_2036};
    TkRegisters *registers = store == NULL ? NULL : tk_registers_new(&how, &error);
    if (registers == NULL)
        g_error("%s", error->message);
    g_autoptr(GBytes) nothing = /* declares the indexes */
        tk_register_list(registers, &actor, "facilities", &(TkRegisterQuery){.order = "name"}, &error);
    if (nothing == NULL)
        g_error("%s", error->message);
    fill(store);
    pages(registers);
    tk_registers_free(registers);
    tk_store_close(store);
    const char *command[] = {"rm", "-rf", "--", folder, NULL};
    g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    return 0;
}
