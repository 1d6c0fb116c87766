/* tokatsu migrate: brings a store's schema to the one this program knows, or says whether it is. */
#include "cli/keeping.h"

static const char help[] =
    "Each step runs in a transaction: one that fails leaves the store as it was, and an older server "
    "serving.\n"
    "With --check nothing is changed: exit 0 when the schema is up to date, 1 when it is not.\n"
    "Prints one JSON object: {\"engine\",\"schema\",\"known\",\"problem\"|null}.";

static void print_health(const TkStoreHealth *health)
{
    g_auto(TkBuf) out;
    tk_buf_init(&out, 4096);
    TkJson w = tk_json_to(&out);
    tk_json_begin_object(&w);
    tk_json_member(&w, "engine", health->engine);
    tk_json_key(&w, "schema");
    tk_json_int(&w, health->schema);
    tk_json_key(&w, "known");
    tk_json_int(&w, health->schema_known);
    tk_json_member(&w, "problem", health->problem[0] != '\0' ? health->problem : NULL);
    tk_json_end_object(&w);
    puts(tk_buf_str(&out));
}

int tk_cli_migrate(int argc, char **argv)
{
    g_auto(KeepingOptions) o = {0};
    gboolean check = FALSE;
    int status;
    const GOptionEntry entries[] = {
        KEEPING_ENTRIES(o),
        {"check", 0, 0, G_OPTION_ARG_NONE, &check, "Change nothing, only say", NULL},
        {0},
    };
    if (!tk_cli_options(&argc, &argv, "[--check] --data DIR | --database URL", help, entries, &status))
        return status;
    GError *error = NULL;
    if (argc > 1) {
        tk_fail(&error, TK_ERROR_INPUT, "“%s” is not expected; see --help", argv[1]);
        return tk_cli_fail("migrate", error);
    }
    TkStoreOptions options = {
        .data_dir = o.data, .database_url = o.database, .keep_schema = check, .readonly = check};
    g_autoptr(TkStore) store = tk_store_open(&options, &error);
    if (store == NULL)
        return tk_cli_fail("migrate", error);
    TkStoreHealth health;
    tk_store_health(store, &health);
    print_health(&health);
    return health.schema == health.schema_known ? 0 : 1;
}
