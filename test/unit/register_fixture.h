/* Three small registers in a folder of the test's own, over a real store, with a clock that the test turns.
 */
#ifndef TK_REGISTER_FIXTURE_H
#define TK_REGISTER_FIXTURE_H

#include "unit.h"

#include <glib/gstdio.h>

#include "service/service.h"

typedef struct {
    char *dir, *registers_dir, *data_dir;
    int64_t now_us;
    TkStore *store;
    TkAuth *auth;
    TkRegisters *registers;
} Books;

static const TkActor chief = {"chief-1", TK_ROLE_GENERAL_MANAGER};
static const TkActor engineer = {"engineer-1", TK_ROLE_ENGINEER};
static const TkActor auditor = {"auditor-1", TK_ROLE_AUDITOR};

#define FIXTURE_HEAD(id, title, columns)                                                                      \
    "{\"format\":\"tokatsu-register/1\",\"id\":\"" id "\",\"label\":{\"ja\":\"台帳\",\"en\":\"Register\"}," \
    "\"purpose\":{\"ja\":\"試験\",\"en\":\"A test\"},\"title\":\"" title "\",\"list\":[" columns "],"         \
    "\"read\":[\"general-manager\",\"engineer\",\"auditor\"],\"write\":[\"general-manager\"],"                \
    "\"reveal\":[\"general-manager\"],\"review_months\":12,\"fields\":["
#define FIXTURE_LABEL "\"label\":{\"ja\":\"項目\",\"en\":\"Field\"}"

static const char fixture_sites[] = FIXTURE_HEAD(
    "sites", "name",
    "\"name\",\"kind\",\"floors\"") "{\"id\":\"name\",\"type\":\"text\"," FIXTURE_LABEL
                                    ",\"required\":true,\"max\":40},"
                                    "{\"id\":\"kind\",\"type\":\"enum\"," FIXTURE_LABEL
                                    ",\"required\":true,\"options\":["
                                    "{\"id\":\"own\",\"label\":{\"ja\":\"自社\",\"en\":\"Own\"}},"
                                    "{\"id\":\"rented\",\"label\":{\"ja\":\"賃借\",\"en\":\"Rented\"}}]},"
                                    "{\"id\":\"landlord\",\"type\":\"text\"," FIXTURE_LABEL
                                    ",\"required\":{\"when\":{\"kind\":\"rented\"}}},"
                                    "{\"id\":\"floors\",\"type\":\"integer\"," FIXTURE_LABEL
                                    ",\"min\":1,\"max\":60},"
                                    "{\"id\":\"share\",\"type\":\"number\"," FIXTURE_LABEL "},"
                                    "{\"id\":\"guarded\",\"type\":\"boolean\"," FIXTURE_LABEL "},"
                                    "{\"id\":\"until\",\"type\":\"date\"," FIXTURE_LABEL "},"
                                    "{\"id\":\"site_url\",\"type\":\"url\"," FIXTURE_LABEL "},"
                                    "{\"id\":\"country\",\"type\":\"country\"," FIXTURE_LABEL "},"
                                    "{\"id\":\"keys\",\"type\":\"text\"," FIXTURE_LABEL
                                    ",\"class\":\"secrecy\"},"
                                    "{\"id\":\"keeper\",\"type\":\"text\"," FIXTURE_LABEL
                                    ",\"personal\":true},"
                                    "{\"id\":\"plan\",\"type\":\"file\"," FIXTURE_LABEL "}]}";

static const char fixture_racks[] =
    FIXTURE_HEAD("racks", "label", "\"label\"") "{\"id\":\"label\",\"type\":\"text\"," FIXTURE_LABEL
                                                ",\"required\":true},"
                                                "{\"id\":\"site\",\"type\":\"ref\"," FIXTURE_LABEL
                                                ",\"ref\":\"sites\"},"
                                                "{\"id\":\"spares\",\"type\":\"list-of-ref\"," FIXTURE_LABEL
                                                ",\"ref\":\"racks\"}]}";

static inline int64_t books_clock(void *data)
{
    return ((Books *)data)->now_us;
}

static inline void books_declare(Books *b, const char *id, const char *text)
{
    g_autofree char *name = g_strconcat(id, ".json", NULL);
    g_autofree char *path = g_build_filename(b->registers_dir, name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

static inline TkRegisters *books_load(Books *b, GError **error)
{
    TkRegistersOptions options = {
        .store = b->store, .auth = b->auth, .dir = b->registers_dir, .clock = books_clock, .clock_data = b};
    return tk_registers_new(&options, error);
}

static inline int books_open(void **state)
{
    Books *b = g_new0(Books, 1);
    GError *error = NULL;
    b->dir = g_dir_make_tmp("tokatsu-registers-XXXXXX", NULL);
    b->registers_dir = g_build_filename(b->dir, "registers", NULL);
    b->data_dir = g_build_filename(b->dir, "data", NULL);
    g_mkdir(b->registers_dir, 0700);
    books_declare(b, "sites", fixture_sites);
    books_declare(b, "racks", fixture_racks);
    b->now_us = at("2026-11-01T09:00:00+09:00");
    b->store = tk_store_open(&(TkStoreOptions){.data_dir = b->data_dir}, &error);
    b->auth = b->store == NULL ? NULL : tk_auth_new(b->store, b->data_dir, &error);
    b->registers = b->auth == NULL ? NULL : books_load(b, &error);
    if (b->registers == NULL)
        fail_msg("%s", error->message);
    *state = b;
    return 0;
}

static inline int books_close(void **state)
{
    Books *b = *state;
    tk_registers_free(b->registers);
    tk_auth_free(b->auth);
    tk_store_close(b->store);
    const char *command[] = {"rm", "-rf", "--", b->dir, NULL};
    g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    g_free(b->dir);
    g_free(b->registers_dir);
    g_free(b->data_dir);
    g_free(b);
    return 0;
}

/* The answer's JSON; releases the bytes. */
static inline json_t *books_json(GBytes *bytes, GError *error)
{
    if (bytes == NULL)
        fail_msg("%s", error == NULL ? "no answer" : error->message);
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    json_t *value = tk_json_read("answer", text, len, 64u << 20, NULL);
    assert_non_null(value);
    g_bytes_unref(bytes);
    return value;
}

static inline json_t *books_parse(const char *text)
{
    GError *error = NULL;
    json_t *value = tk_json_read("request", text, strlen(text), 1u << 20, &error);
    if (value == NULL)
        fail_msg("%s", error->message);
    return value;
}

static inline json_t *books_add(Books *b, const char *name, const char *request)
{
    GError *error = NULL;
    g_autoptr(json_t) body = books_parse(request);
    return books_json(tk_register_add(b->registers, &chief, name, body, NULL, NULL, &error), error);
}

static inline json_t *books_get(Books *b, const char *name, const char *id)
{
    GError *error = NULL;
    return books_json(tk_register_get(b->registers, &chief, name, id, TK_TIME_NONE, false, NULL, &error),
                      error);
}

static inline json_t *books_import(Books *b, const char *name, const char *csv, bool dry_run)
{
    GError *error = NULL;
    return books_json(tk_register_import(b->registers, &chief, name, csv, strlen(csv), dry_run, &error),
                      error);
}

static inline const char *text_at(const json_t *value, const char *first, const char *second)
{
    const json_t *found = json_object_get(value, first);
    return json_string_value(second == NULL ? found : json_object_get(found, second));
}

static inline int64_t int_at(const json_t *value, const char *name)
{
    return (int64_t)json_integer_value(json_object_get(value, name));
}

#endif
