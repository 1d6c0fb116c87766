/* The demo: a clock that runs fast, a script, and a thread that sends the script's alarms through the same
 * door as any alarm. The days before the opening are played at once with the same code, so that what a
 * visitor finds in the history was made by the program and not by hand. */
#include "service/demo.h"

#include "service/demo_history.h"
#include "service/demo_script.h"

#define DAY_BEGINS_US (6 * 3600 * TK_US_PER_S) /* 06:00 in Japan */
#define OUTAGE_AT_US  (20 * 60 * TK_US_PER_S)  /* 20 seconds after the opening at speed 60 */
#define PAST_DAYS     3
#define FEED_EVERY_US (100 * 1000)
#define CACHED_DAYS   8
#define LINES_MAX     (4u << 20)

typedef struct {
    int day; /* 0 is the day of the opening */
    GArray *events;
    TkDemoOutage outage;
} Day;

struct TkDemo {
    TkApp *app;
    uint64_t seed;
    double speed;
    bool stepped;
    TkNowFn real_clock;
    void *real_data;
    int64_t opening_us; /* 06:00 of the script's day 0 */
    int64_t start_us;   /* demo time at which the clock starts to run; later days where data were kept */
    int64_t real_start; /* of the real clock then */
    bool running;       /* under lock, like `still_us` */
    int64_t still_us;   /* demo time while it stands still */
    int64_t fed_us;     /* the script has been sent until then; the feeder's own */
    GMutex lock;
    GCond stop_cond;
    bool stopping;
    GThread *thread;
    Day days[CACHED_DAYS]; /* under day_lock */
    GMutex day_lock;
};

/* ---- clock ---- */

static int64_t real_now(void *data)
{
    (void)data;
    return g_get_monotonic_time();
}

static int64_t demo_now(void *data)
{
    TkDemo *demo = data;
    g_mutex_lock(&demo->lock);
    int64_t now_us = demo->still_us;
    if (demo->running)
        now_us = demo->start_us +
                 (int64_t)((double)(demo->real_clock(demo->real_data) - demo->real_start) * demo->speed);
    g_mutex_unlock(&demo->lock);
    return now_us;
}

void tk_demo_set_now(TkDemo *demo, int64_t at_us)
{
    g_mutex_lock(&demo->lock);
    demo->still_us = MAX(demo->still_us, at_us);
    g_mutex_unlock(&demo->lock);
}

TkDemo *tk_demo_new(TkApp *app, const TkServiceOptions *o)
{
    TkDemo *demo = g_new0(TkDemo, 1);
    demo->app = app;
    demo->seed = o->demo_seed == 0 ? 1 : o->demo_seed;
    demo->speed = o->demo_speed > 0 ? o->demo_speed : 60;
    demo->stepped = o->stepped;
    demo->real_clock = o->clock != NULL ? o->clock : real_now;
    demo->real_data = o->clock_data;
    int64_t today = o->clock != NULL ? o->clock(o->clock_data) : g_get_real_time();
    demo->opening_us = tk_time_of_date(tk_date_of_time(today)) + DAY_BEGINS_US;
    demo->still_us = demo->opening_us - PAST_DAYS * TK_US_PER_DAY;
    g_mutex_init(&demo->lock);
    g_mutex_init(&demo->day_lock);
    g_cond_init(&demo->stop_cond);
    app->clock = demo_now;
    app->clock_data = demo;
    app->speed = demo->speed;
    return demo;
}

void tk_demo_free(TkDemo *demo)
{
    if (demo == NULL)
        return;
    for (size_t i = 0; i < CACHED_DAYS; i++)
        g_clear_pointer(&demo->days[i].events, g_array_unref);
    g_mutex_clear(&demo->lock);
    g_mutex_clear(&demo->day_lock);
    g_cond_clear(&demo->stop_cond);
    g_free(demo);
}

TkTopology *tk_demo_topology(TkDemo *demo, GError **error)
{
    return tk_demo_topology_of(demo->seed, error);
}

/* ---- script ---- */

static TkDemoDay kind_of_day(int day)
{
    switch (day) {
    case -1:
        return TK_DEMO_DAY_QUIET;
    case -2:
        return TK_DEMO_DAY_BUILDING;
    default:
        return TK_DEMO_DAY_OUTAGE;
    }
}

static Day *day_of(const TkDemo *demo, int day)
{
    Day *slot = (Day *)&demo->days[(day + PAST_DAYS) % CACHED_DAYS];
    if (slot->events != NULL && slot->day == day)
        return slot;
    g_clear_pointer(&slot->events, g_array_unref);
    slot->day = day;
    slot->events = tk_demo_day(demo->app->topology, demo->seed, kind_of_day(day),
                               demo->opening_us + (int64_t)day * TK_US_PER_DAY,
                               day < 0 ? 7 * 3600 * TK_US_PER_S : OUTAGE_AT_US, &slot->outage);
    return slot;
}

static void add_line(const TkDemo *demo, const TkDemoEvent *event, int day, TkBuf *out)
{
    char key[48];
    g_snprintf(key, sizeof key, "d%d-%u", day, event->key);
    TkJson w = tk_json_to(out);
    tk_json_begin_object(&w);
    tk_json_key(&w, "at");
    tk_json_time(&w, event->at_us);
    tk_json_member(&w, "source", "synthetic-ems");
    tk_json_member(&w, "key", key);
    tk_json_member(&w, "object", tk_topology_id(demo->app->topology, event->object));
    tk_json_member(&w, "severity", event->clear ? "cleared" : event->affecting ? "critical" : "warning");
    tk_json_key(&w, "service_affecting");
    tk_json_bool(&w, event->affecting);
    tk_json_end_object(&w);
    tk_buf_add_char(out, '\n');
}

void tk_demo_script(const TkDemo *demo, int64_t from_us, int64_t to_us, TkBuf *out)
{
    int first = (int)MAX((from_us - demo->opening_us) / TK_US_PER_DAY - 2, -PAST_DAYS);
    int last = (int)((to_us - demo->opening_us) / TK_US_PER_DAY);
    g_mutex_lock((GMutex *)&demo->day_lock);
    for (int day = first; day <= last; day++) {
        const Day *slot = day_of(demo, day);
        for (unsigned i = 0; i < slot->events->len; i++) {
            const TkDemoEvent *event = &g_array_index(slot->events, TkDemoEvent, i);
            if (event->at_us > from_us && event->at_us <= to_us)
                add_line(demo, event, day, out);
        }
    }
    g_mutex_unlock((GMutex *)&demo->day_lock);
}

void tk_demo_feed(TkDemo *demo, int64_t until_us)
{
    if (until_us <= demo->fed_us)
        return;
    static const TkActor source = {"synthetic-ems", TK_ROLE_ALARM_SOURCE};
    g_auto(TkBuf) lines = {0};
    tk_buf_init(&lines, LINES_MAX);
    tk_demo_script(demo, demo->fed_us, until_us, &lines);
    demo->fed_us = until_us;
    if (lines.len == 0)
        return;
    GError *error = NULL;
    GBytes *answer = tk_service_alarms(demo->app, &source, lines.data, lines.len, &error);
    if (answer == NULL) {
        g_warning("the demo's alarms were not taken: %s", error->message);
        g_clear_error(&error);
        return;
    }
    g_bytes_unref(answer);
}

/* ---- life ---- */

/* Data of an earlier run: the script is the one of that run, its alarms until now are sent again (which
 * changes nothing where they had arrived), and the clock goes on with the next morning. */
static void resume(TkDemo *demo)
{
    int64_t earliest = INT64_MAX, latest = INT64_MIN;
    g_autoptr(GPtrArray) all = tk_incidents_all(demo->app);
    for (unsigned i = 0; i < all->len; i++) {
        const TkIncident *incident = g_ptr_array_index(all, i);
        latest = MAX(latest, incident->known_at);
        if (incident->from_engine) /* not those of the earlier years, or a visitor's */
            earliest = MIN(earliest, incident->started_at);
    }
    if (earliest != INT64_MAX)
        demo->opening_us = tk_time_of_date(tk_date_of_time(earliest - DAY_BEGINS_US)) + DAY_BEGINS_US +
                           PAST_DAYS * TK_US_PER_DAY;
    demo->start_us = demo->opening_us;
    while (demo->start_us <= latest)
        demo->start_us += TK_US_PER_DAY;
    demo->fed_us = demo->opening_us - TK_US_PER_DAY; /* what began the day before may end after the opening */
}

static bool play_history(TkDemo *demo, GError **error)
{
    int64_t begin_us = demo->still_us;
    demo->still_us = 0; /* the years come before the days */
    if (!tk_demo_play_years(demo->app, demo, demo->seed, begin_us, error) ||
        !tk_demo_campaign_before(demo->app, demo, demo->opening_us, error) ||
        !tk_demo_add_records(demo->app, demo, demo->opening_us, begin_us, error) ||
        !tk_demo_add_reliability(demo->app, error) || !tk_demo_open_cases(demo->app, demo, begin_us, error))
        return false;
    if (!tk_demo_campaign_now(demo->app, demo->opening_us, error))
        return false;
    tk_demo_add_software(demo->app);
    return tk_demo_play_past(demo->app, demo, begin_us, demo->opening_us, error);
}

bool tk_demo_begin(TkDemo *demo, GError **error)
{
    bool fresh = tk_store_ledger_size(demo->app->store) == 0;
    demo->start_us = demo->opening_us;
    demo->fed_us = demo->still_us;
    if (!fresh)
        resume(demo);
    else if (!play_history(demo, error) || !tk_service_checks_step(demo->app, NULL, error))
        return false;
    tk_demo_set_now(demo, demo->start_us);
    tk_demo_feed(demo, demo->start_us);
    return true;
}

static void *feeder(void *data)
{
    TkDemo *demo = data;
    for (;;) {
        g_mutex_lock(&demo->lock);
        if (!demo->stopping)
            g_cond_wait_until(&demo->stop_cond, &demo->lock, g_get_monotonic_time() + FEED_EVERY_US);
        bool stop = demo->stopping;
        g_mutex_unlock(&demo->lock);
        if (stop)
            return NULL;
        tk_demo_feed(demo, demo_now(demo));
    }
}

void tk_demo_run(TkDemo *demo)
{
    g_mutex_lock(&demo->lock);
    demo->real_start = demo->real_clock(demo->real_data);
    demo->running = true;
    g_mutex_unlock(&demo->lock);
    if (!demo->stepped)
        demo->thread = g_thread_new("demo", feeder, demo);
}

void tk_demo_stop(TkDemo *demo)
{
    g_mutex_lock(&demo->lock);
    demo->stopping = true;
    g_cond_broadcast(&demo->stop_cond);
    g_mutex_unlock(&demo->lock);
    if (demo->thread != NULL)
        g_thread_join(demo->thread);
    demo->thread = NULL;
}
