/* A small carrier with a clock that the test turns, for the tests of the service. */
#ifndef TK_SERVICE_UNIT_H
#define TK_SERVICE_UNIT_H

#include "unit.h"

#include <glib/gstdio.h>

#include "service/service.h"

/* Two aggregation sites, one of which is enough; a building with a cell of 120,000 internet users and
 * 40,000 with emergency calls; a second building with 20,000 and 8,000; a base station with 3,000. */
static const char unit_topology[] =
    "{\"id\":\"agg1\",\"kind\":\"aggregation\",\"name\":\"集約1\",\"prefecture\":\"13\",\"needs\":[],"
    "\"users\":{}}\n"
    "{\"id\":\"agg2\",\"kind\":\"aggregation\",\"name\":\"集約2\",\"prefecture\":\"13\",\"needs\":[],"
    "\"users\":{}}\n"
    "{\"id\":\"b1\",\"kind\":\"building\",\"name\":\"ビル1\",\"prefecture\":\"13\",\"needs\":[{\"of\":["
    "\"agg1\",\"agg2\"],"
    "\"at_least\":1}],\"users\":{}}\n"
    "{\"id\":\"b2\",\"kind\":\"building\",\"name\":\"ビル2\",\"prefecture\":\"14\",\"needs\":[],\"users\":{}}"
    "\n"
    "{\"id\":\"bs3\",\"kind\":\"base-station\",\"name\":\"局3\",\"prefecture\":\"14\",\"needs\":[],\"users\":"
    "{}}\n"
    "{\"id\":\"c1\",\"kind\":\"cell\",\"prefecture\":\"13\",\"needs\":[{\"of\":[\"b1\"],\"at_least\":1}],"
    "\"users\":{\"internet-access\":120000,\"voice-emergency\":40000}}\n"
    "{\"id\":\"c2\",\"kind\":\"cell\",\"prefecture\":\"14\",\"needs\":[{\"of\":[\"b2\"],\"at_least\":1}],"
    "\"users\":{\"internet-access\":20000,\"voice-emergency\":8000}}\n"
    "{\"id\":\"c3\",\"kind\":\"cell\",\"prefecture\":\"14\",\"needs\":[{\"of\":[\"bs3\"],\"at_least\":1}],"
    "\"users\":{\"internet-access\":3000}}\n";

typedef struct {
    int64_t now_us;
    char *dir;
    TkApp *app;
} Unit;

static const TkActor unit_noc = {"noc-1", TK_ROLE_NOC_OPERATOR};
static const TkActor unit_chief = {"chief-1", TK_ROLE_GENERAL_MANAGER};
static const TkActor unit_auditor = {"auditor-1", TK_ROLE_AUDITOR};

static inline int64_t unit_clock(void *data)
{
    return ((Unit *)data)->now_us;
}

static inline void unit_open(Unit *unit)
{
    GError *error = NULL;
    g_autofree char *path = g_build_filename(unit->dir, "topology.jsonl", NULL);
    g_file_set_contents(path, unit_topology, -1, NULL);
    TkServiceOptions options = {.carrier_ja = "試験通信",
                                .data_dir = unit->dir,
                                .topology_path = path,
                                .clock = unit_clock,
                                .clock_data = unit,
                                .stepped = true};
    unit->app = tk_service_new(&options, &error);
    if (unit->app == NULL)
        fail_msg("%s", error->message);
}

static inline void unit_start(Unit *unit, const char *now)
{
    unit->now_us = at(now);
    unit->dir = g_dir_make_tmp("tokatsu-test-XXXXXX", NULL);
    unit_open(unit);
}

/* Stops as a crash would be seen by the next start: everything not in the store is gone. */
static inline void unit_restart(Unit *unit)
{
    tk_service_free(unit->app);
    unit_open(unit);
}

static inline void unit_stop(Unit *unit)
{
    tk_service_free(unit->app);
    g_autoptr(GDir) dir = g_dir_open(unit->dir, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *file = g_build_filename(unit->dir, name, NULL);
        g_unlink(file);
    }
    g_rmdir(unit->dir);
    g_free(unit->dir);
}

static inline json_t *unit_json(GBytes *bytes)
{
    assert_non_null(bytes);
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    json_t *value = tk_json_read("answer", text, len, 64u << 20, NULL);
    assert_non_null(value);
    g_bytes_unref(bytes);
    return value;
}

/* A raise or clear of `object` at `when`; the clock is turned to `now` before it is sent. */
static inline void unit_alarm(Unit *unit, const char *now, const char *when, const char *object, bool clear)
{
    unit->now_us = MAX(unit->now_us, at(now));
    g_autofree char *line =
        g_strdup_printf("{\"at\":\"%s\",\"source\":\"ems\",\"key\":\"%s\",\"object\":\"%s\","
                        "\"severity\":\"%s\",\"service_affecting\":true}\n",
                        when, object, object, clear ? "cleared" : "critical");
    GError *error = NULL;
    GBytes *answer = tk_service_alarms(unit->app, &unit_noc, line, strlen(line), &error);
    if (answer == NULL)
        fail_msg("%s", error->message);
    g_autoptr(json_t) told = unit_json(answer);
    assert_int_equal(json_integer_value(json_object_get(told, "accepted")), 1);
    tk_service_step(unit->app);
}

static inline void unit_tick(Unit *unit, const char *now)
{
    unit->now_us = at(now);
    tk_service_step(unit->app);
}

static inline json_t *unit_board(Unit *unit)
{
    return unit_json(tk_service_board(unit->app, NULL));
}

static inline json_t *unit_accident(Unit *unit, const char *id)
{
    GError *error = NULL;
    GBytes *bytes = tk_service_accident(unit->app, &unit_auditor, id, &error);
    if (bytes == NULL)
        fail_msg("%s", error->message);
    return unit_json(bytes);
}

/* All accidents, newest first. */
static inline json_t *unit_list(Unit *unit, const char *state)
{
    return unit_json(
        tk_service_accidents(unit->app, &unit_auditor, state, false, &(TkPage){.limit = 100}, NULL));
}

/* Acts with the version as it is now; takes `request`. NULL where it is refused. */
static inline json_t *unit_act(Unit *unit, const TkActor *actor, const char *id, json_t *request,
                               GError **error)
{
    g_autoptr(json_t) body = request;
    g_autoptr(json_t) now = unit_accident(unit, id);
    json_object_set(body, "version", json_object_get(now, "version"));
    GBytes *bytes = tk_service_accident_act(unit->app, actor, id, body, error);
    return bytes == NULL ? NULL : unit_json(bytes);
}

static inline json_t *unit_must(Unit *unit, const TkActor *actor, const char *id, json_t *request)
{
    GError *error = NULL;
    json_t *answer = unit_act(unit, actor, id, request, &error);
    if (answer == NULL)
        fail_msg("%s", error->message);
    return answer;
}

static inline const char *unit_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static inline int64_t unit_int(const json_t *object, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(object, key));
}

/* The service's part of an accident. */
static inline json_t *unit_service(const json_t *accident, const char *id)
{
    size_t i;
    json_t *service;
    json_array_foreach(json_object_get(accident, "services"), i, service)
    {
        if (strcmp(unit_text(service, "service"), id) == 0)
            return service;
    }
    fail_msg("the accident does not touch %s", id);
    return NULL;
}

/* How many history entries have this action. */
static inline int unit_actions(const json_t *accident, const char *action)
{
    size_t i;
    int count = 0;
    const json_t *entry;
    json_array_foreach(json_object_get(accident, "history"), i, entry)
    {
        count += strcmp(unit_text(entry, "action"), action) == 0;
    }
    return count;
}

#endif
