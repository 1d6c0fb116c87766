/* tokatsu replay: alarms over a topology, by event time. With --at the state at given instants, without it
 * the accidents. All alarms are read first and put in order of time (stable: equal times stay in the order of
 * the file), so the engine is fed forward and needs no history. */
#include <errno.h>

#include "cli/cli.h"
#include "law/law.h"
#include "network/network.h"
#include "service/service.h"

#define NAME        "replay"
#define AT_MAX      10000u
#define EVENTS_MAX  20000000u
#define ENDED_MAX   10000000u
#define US_PER_HOUR (INT64_C(3600) * TK_US_PER_S)

typedef struct {
    const char *text; /* as given, echoed */
    int64_t at_us;
    char *line; /* the answer */
} At;

typedef struct {
    char *topology, *alarms, *format;
    GArray *at;           /* At */
    gint64 monthly_users; /* -1: not known */
} Arguments;

typedef struct {
    const Arguments *args;
    TkLaw *law;
    TkTopology *topology;
    TkEngine *engine;
    GArray *events; /* TkAlarmEvent */
    unsigned bad;   /* lines or accidents that could not be used */
} Replay;

static const char help[] =
    "Replays alarms over a topology in order of event time. Lines may come late, repeated and in any order.\n"
    "'-' reads the alarms from standard input. Without --at: one line per accident.\n\n"
    "Topology line: {\"id\",\"kind\",\"name\"?,\"prefecture\"?,\"lat\"?,\"lon\"?,\n"
    "                \"needs\":[{\"of\":[id…],\"at_least\":k}…],\"users\":{service:count…}}\n"
    "Alarm line:    {\"at\",\"source\",\"key\",\"object\",\"severity\",\"service_affecting\"}\n\n"
    "A service's serious_at is when it became (or, while it lasts, will become) a serious accident by the\n"
    "law of the day the accident began, counting everybody affected at any time. user_minutes of an "
    "accident\n"
    "that goes on run to the last event. Exit status 2 when a line could not be used; the others are.";

static bool take_times(Arguments *args, char **texts, GError **error)
{
    for (; texts != NULL && *texts != NULL; texts++) {
        At at = {.text = *texts};
        if (!tk_time_parse(*texts, strlen(*texts), &at.at_us, error)) {
            g_prefix_error(error, "--at: ");
            return false;
        }
        if (args->at->len == AT_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "--at: given more than %u times", AT_MAX);
        g_array_append_val(args->at, at);
    }
    return true;
}

static bool check_arguments(const Arguments *args, GError **error)
{
    if (args->topology == NULL || args->alarms == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "--%s is missing; `tokatsu replay --help` explains",
                       args->topology == NULL ? "topology" : "alarms");
    if (args->format != NULL && strcmp(args->format, "jsonl") != 0)
        return tk_fail(error, TK_ERROR_INPUT, "--format: “%s” is not jsonl", args->format);
    if (args->monthly_users < -1 || args->monthly_users > TK_LAW_COUNT_MAX)
        return tk_fail(error, TK_ERROR_INPUT,
                       "--monthly-users: %" G_GINT64_FORMAT " is not a number of users", args->monthly_users);
    return true;
}

/* ---- Reading ---- */

static void complain(Replay *r, uint64_t line, const char *why)
{
    fprintf(stderr, "tokatsu " NAME ": %s line %" G_GUINT64_FORMAT ", %s\n", r->args->alarms, line, why);
    r->bad++;
}

static bool resolve(Replay *r, const TkAlarm *alarm, TkAlarmEvent *event, GError **error)
{
    event->object = tk_topology_find(r->topology, alarm->object, alarm->object_len);
    if (event->object == TK_NO_FACILITY)
        return tk_fail(error, TK_ERROR_NOT_FOUND, "object: the topology has no facility “%.*s”",
                       (int)alarm->object_len, alarm->object);
    event->alarm =
        tk_engine_alarm(r->engine, alarm->source, alarm->source_len, alarm->key, alarm->key_len, error);
    event->at_us = alarm->at_us;
    event->severity = alarm->severity;
    event->service_affecting = alarm->service_affecting;
    return event->alarm != UINT32_MAX;
}

static void take_alarm(Replay *r, const TkLine *line)
{
    TkAlarm alarm;
    TkAlarmEvent event;
    GError *error = NULL;
    if (line->len == 0)
        return;
    if (tk_alarm_parse(line->text, line->len, &alarm, &error) && resolve(r, &alarm, &event, &error)) {
        g_array_append_val(r->events, event);
        return;
    }
    complain(r, line->number, error->message);
    g_clear_error(&error);
}

static gint by_time(gconstpointer a, gconstpointer b)
{
    int64_t x = ((const TkAlarmEvent *)a)->at_us, y = ((const TkAlarmEvent *)b)->at_us;
    return (x > y) - (x < y);
}

static bool read_lines(Replay *r, TkLines *lines, GError **error)
{
    TkLine line;
    for (;;) {
        switch (tk_lines_next(lines, &line)) {
        case TK_LINE_OK:
            take_alarm(r, &line);
            break;
        case TK_LINE_TOO_LONG:
            complain(r, line.number, "the line is longer than 16384 bytes");
            break;
        case TK_LINE_BAD_UTF8:
            complain(r, line.number, "the line is not valid UTF-8");
            break;
        case TK_LINE_IO:
            return tk_fail(error, TK_ERROR_IO, "%s cannot be read: %s", r->args->alarms, g_strerror(errno));
        case TK_LINE_END:
            g_array_sort(r->events, by_time); /* stable */
            return true;
        }
        if (r->events->len == EVENTS_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "%s has more than %u alarms; split it by time",
                           r->args->alarms, EVENTS_MAX);
    }
}

static bool read_alarms(Replay *r, GError **error)
{
    FILE *file = tk_cli_open(r->args->alarms, error);
    if (file == NULL)
        return false;
    g_autoptr(TkLines) lines = tk_lines_new(file, TK_ALARM_LINE_MAX);
    bool ok = read_lines(r, lines, error);
    tk_cli_close(file);
    return ok;
}

/* ---- Running ---- */

/* Applies what happened up to an instant, from the `from`th event on; returns where it stopped. */
static uint32_t run_until(Replay *r, uint32_t from, int64_t at_us)
{
    const TkAlarmEvent *events = (const TkAlarmEvent *)(void *)r->events->data;
    uint32_t to = from;
    while (to < r->events->len && events[to].at_us <= at_us)
        to++;
    tk_engine_apply_events(r->engine, events + from, to - from);
    return to;
}

static char *state_line(const Replay *r, const At *at)
{
    TkNetworkCounts counts;
    g_auto(TkBuf) out;
    tk_buf_init(&out, 64 << 10);
    TkJson w = tk_json_to(&out);
    tk_engine_counts(r->engine, &counts);
    tk_json_begin_object(&w);
    tk_json_member(&w, "at", at->text);
    tk_json_key(&w, "down");
    tk_json_int(&w, counts.down);
    tk_json_key(&w, "affected");
    tk_json_begin_object(&w);
    for (uint32_t s = 0; s < tk_topology_services(r->topology); s++) {
        if (counts.affected[s] == 0)
            continue;
        tk_json_key(&w, tk_topology_service(r->topology, s));
        tk_json_int(&w, counts.affected[s]);
    }
    tk_json_end_object(&w);
    tk_json_end_object(&w);
    return g_strdup(tk_buf_str(&out));
}

static gint at_by_time(gconstpointer a, gconstpointer b)
{
    int64_t x = (*(At *const *)a)->at_us, y = (*(At *const *)b)->at_us;
    return (x > y) - (x < y);
}

/* One forward run, stopping at each instant; printed in the order they were given. */
static void show_states(Replay *r)
{
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    uint32_t next = 0;
    for (guint i = 0; i < r->args->at->len; i++)
        g_ptr_array_add(order, &g_array_index(r->args->at, At, i));
    g_ptr_array_sort(order, at_by_time);
    for (guint i = 0; i < order->len; i++) {
        At *at = order->pdata[i];
        next = run_until(r, next, at->at_us);
        at->line = state_line(r, at);
    }
    for (guint i = 0; i < r->args->at->len; i++)
        puts(g_array_index(r->args->at, At, i).line);
}

/* ---- Accidents ---- */

/* When a service's part of an accident became a serious accident (施行規則58条), by the branches of the day
 * it began. *certain is false where a row hangs on the monthly users and they are not known; such a row is
 * left out. */
static bool serious_at(Replay *r, const TkAccident *accident, const TkServiceImpact *impact, int64_t *at_us,
                       bool *certain, GError **error)
{
    TkForecast forecast;
    const char *id = tk_topology_service(r->topology, impact->service);
    TkService service = tk_law_service_find(r->law, id, strlen(id));
    *at_us = TK_TIME_NONE;
    *certain = true;
    if (!tk_law_forecast(r->law, tk_date_of_time(accident->started_at_us), service, impact->first_at_us,
                         impact->ever, r->args->monthly_users, impact->first_at_us, &forecast, error))
        return false;
    for (size_t i = 0; i < forecast.count; i++) {
        const TkForecastBranch *branch = &forecast.branches[i];
        *certain &= branch->certain;
        int64_t met = tk_impact_first_met(impact, TK_COUNT_EVER, branch->branch.hours * US_PER_HOUR,
                                          branch->branch.users);
        if (branch->certain && met != TK_TIME_NONE && (*at_us == TK_TIME_NONE || met < *at_us))
            *at_us = met;
    }
    return true;
}

static void show_service(Replay *r, const TkAccident *accident, const TkServiceImpact *impact, TkJson *w)
{
    int64_t at_us;
    bool certain;
    GError *error = NULL;
    if (!serious_at(r, accident, impact, &at_us, &certain, &error)) {
        char text[TK_TIME_TEXT_MAX];
        fprintf(stderr, "tokatsu " NAME ": the accident of %s cannot be judged: %s\n",
                tk_time_text(accident->started_at_us, text), error->message);
        g_clear_error(&error);
        r->bad++;
    }
    tk_json_key(w, tk_topology_service(r->topology, impact->service));
    tk_json_begin_object(w);
    tk_json_key(w, "peak");
    tk_json_int(w, impact->peak);
    tk_json_key(w, "ever");
    tk_json_int(w, impact->ever);
    tk_json_key(w, "user_minutes");
    tk_json_number(w, impact->user_minutes);
    tk_json_key(w, "serious_at");
    tk_json_time(w, at_us);
    if (!certain) {
        tk_json_member(w, "missing", "monthly_users");
    }
    tk_json_key(w, "started_at");
    tk_json_time(w, impact->first_at_us);
    tk_json_key(w, "recovered_at");
    tk_json_time(w, impact->recovered_at_us);
    tk_json_key(w, "at_least");
    tk_json_begin_object(w);
    tk_json_key(w, "minutes");
    tk_json_int(w, accident->at_least_us / (60 * TK_US_PER_S));
    tk_json_key(w, "users");
    tk_json_int(w, impact->at_least);
    tk_json_end_object(w);
    tk_json_key(w, "under_failed");
    tk_json_int(w, impact->under_failed);
    tk_json_end_object(w);
}

static void show_accident(Replay *r, const TkAccident *accident, TkBuf *out)
{
    TkJson w = tk_json_to(out);
    tk_json_begin_object(&w);
    tk_json_key(&w, "started_at");
    tk_json_time(&w, accident->started_at_us);
    tk_json_key(&w, "ended_at");
    tk_json_time(&w, accident->ended_at_us);
    tk_json_key(&w, "causes");
    tk_json_begin_array(&w);
    for (uint32_t i = 0; i < accident->n_causes; i++)
        tk_json_text(&w, tk_topology_id(r->topology, accident->causes[i]));
    tk_json_end_array(&w);
    tk_json_key(&w, "services");
    tk_json_begin_object(&w);
    for (uint32_t i = 0; i < accident->n_services; i++)
        show_service(r, accident, &accident->services[i], &w);
    tk_json_end_object(&w);
    tk_json_key(&w, "leaves");
    tk_json_int(&w, accident->members_ever);
    tk_json_end_object(&w);
}

static bool show_accidents(Replay *r, GError **error)
{
    g_auto(TkBuf) out;
    tk_buf_init(&out, 1u << 30);
    run_until(r, 0, INT64_MAX);
    int64_t last_us =
        r->events->len > 0 ? g_array_index(r->events, TkAlarmEvent, r->events->len - 1).at_us : TK_TIME_NONE;
    g_autoptr(GPtrArray) accidents = tk_engine_accidents(r->engine, last_us);
    for (guint i = 0; i < accidents->len; i++) {
        tk_buf_reset(&out);
        show_accident(r, accidents->pdata[i], &out);
        if (out.overflow)
            return tk_fail(error, TK_ERROR_LIMIT, "an accident has too many causes to be printed");
        puts(tk_buf_str(&out));
    }
    return true;
}

/* ---- The command ---- */

static bool replay(Replay *r, GError **error)
{
    TkEngineOptions options = tk_engine_defaults();
    options.accidents = r->args->at->len == 0;
    options.history_max = 0;
    options.ended_max = ENDED_MAX;
    options.alarms_max = UINT32_MAX;
    r->law = tk_asset_law(NULL, error);
    if (r->law == NULL || (r->topology = tk_cli_topology(r->args->topology, r->law, error)) == NULL)
        return false;
    r->engine = tk_engine_new(r->topology, &options);
    if (!read_alarms(r, error))
        return false;
    if (tk_topology_unplaced(r->topology) > 0)
        fprintf(stderr, "tokatsu " NAME ": %u facilities have a prefecture that is none of the 47\n",
                tk_topology_unplaced(r->topology));
    if (r->args->at->len == 0)
        return show_accidents(r, error);
    show_states(r);
    return true;
}

static void at_clear(gpointer at)
{
    g_free(((At *)at)->line);
}

static int run(const Arguments *args)
{
    Replay r = {.args = args, .events = g_array_new(FALSE, FALSE, sizeof(TkAlarmEvent))};
    GError *error = NULL;
    int status = 0;
    if (!check_arguments(args, &error) || !replay(&r, &error))
        status = tk_cli_fail(NAME, error);
    else if (r.bad > 0)
        status = 2;
    tk_engine_free(r.engine);
    tk_topology_unref(r.topology);
    tk_law_free(r.law);
    g_array_unref(r.events);
    return fflush(stdout) == 0 ? status : 2;
}

int tk_cli_replay(int argc, char **argv)
{
    Arguments args = {.monthly_users = -1};
    g_auto(GStrv) times = NULL;
    const GOptionEntry entries[] = {
        {"topology", 0, 0, G_OPTION_ARG_FILENAME, &args.topology, "topology lines", "FILE"},
        {"alarms", 0, 0, G_OPTION_ARG_FILENAME, &args.alarms, "alarm lines; - is standard input", "FILE"},
        {"at", 0, 0, G_OPTION_ARG_STRING_ARRAY, &times, "the state after all events up to TIME; repeatable",
         "TIME"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &args.format, "jsonl, the default", "FORMAT"},
        {"monthly-users", 0, 0, G_OPTION_ARG_INT64, &args.monthly_users,
         "average monthly users of the year before (free mail and messaging)", "N"},
        G_OPTION_ENTRY_NULL};
    int status = 0;
    GError *error = NULL;
    if (!tk_cli_options(&argc, &argv, "--topology FILE --alarms FILE", help, entries, &status))
        return status;
    args.at = g_array_new(FALSE, FALSE, sizeof(At));
    g_array_set_clear_func(args.at, at_clear);
    if (argc > 1)
        tk_fail(&error, TK_ERROR_INPUT, "“%s” is not an option; `tokatsu replay --help` lists them", argv[1]);
    if (error != NULL || !take_times(&args, times, &error))
        status = tk_cli_fail(NAME, error);
    else
        status = run(&args);
    g_array_unref(args.at);
    g_free(args.topology);
    g_free(args.alarms);
    g_free(args.format);
    return status;
}
