/* The promises that no single example shows: on random networks and random alarms, in any order of arrival
 * and with any repetition, the engine agrees with a model that is as plain as can be and was written apart
 * from it.
 *
 * The model keeps every event, sorts them, and after each works out from nothing what is down (by recursion),
 * the roots of what fell (by recursion), and the accidents (as lists that are searched). */
#include "unit.h"

#include "network/network.h"

enum { FACILITIES_MAX = 24, NEEDS_MAX = 3, MEMBERS_MAX = 4, ALARMS = 12, EVENTS_MAX = 60, SERVICES = 2 };

/* ---- A random number without a global ---- */

static uint32_t dice(uint64_t *seed, uint32_t n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*seed >> 33) % n);
}

/* ---- The model ---- */

typedef struct {
    int n, of[MEMBERS_MAX], at_least;
} Need;

typedef struct {
    int needs, users[SERVICES];
    Need need[NEEDS_MAX];
    bool has_users;
} Node;

typedef struct {
    int at, alarm, object, arrival;
    bool fails;
} Event;

typedef struct {
    int started, ended; /* -1: open */
    bool causes[FACILITIES_MAX], down[FACILITIES_MAX], ever[FACILITIES_MAX];
    int down_for[FACILITIES_MAX];
    long long concurrent[SERVICES], peak[SERVICES], user_time[SERVICES];
    bool merged;
} Case;

typedef struct {
    Node nodes[FACILITIES_MAX];
    int n;
    Event now[ALARMS]; /* the latest of each alarm; arrival -1: none */
    bool down[FACILITIES_MAX];
    Case cases[EVENTS_MAX];
    int n_cases, clock;
} Model;

static bool has_alarm(const Model *m, int f)
{
    for (int a = 0; a < ALARMS; a++)
        if (m->now[a].arrival >= 0 && m->now[a].fails && m->now[a].object == f)
            return true;
    return false;
}

static bool met(const Model *m, const Need *need);

static bool works(const Model *m, int f)
{
    if (has_alarm(m, f))
        return false;
    for (int i = 0; i < m->nodes[f].needs; i++)
        if (!met(m, &m->nodes[f].need[i]))
            return false;
    return true;
}

static bool met(const Model *m, const Need *need)
{
    int up = 0;
    for (int i = 0; i < need->n; i++)
        up += works(m, need->of[i]);
    return up >= need->at_least;
}

static void roots(const Model *m, int f, bool out[FACILITIES_MAX])
{
    bool all = true;
    for (int i = 0; i < m->nodes[f].needs; i++) {
        const Need *need = &m->nodes[f].need[i];
        if (met(m, need))
            continue;
        all = false;
        for (int j = 0; j < need->n; j++)
            if (!works(m, need->of[j]))
                roots(m, need->of[j], out);
    }
    if (all)
        out[f] = true;
}

static bool share(const bool *a, const bool *b)
{
    for (int f = 0; f < FACILITIES_MAX; f++)
        if (a[f] && b[f])
            return true;
    return false;
}

static void time_passes(Model *m, int at)
{
    for (int c = 0; c < m->n_cases; c++)
        for (int f = 0; f < m->n; f++)
            if (m->cases[c].down[f] && !m->cases[c].merged) {
                m->cases[c].down_for[f] += at - m->clock;
                for (int s = 0; s < SERVICES; s++)
                    m->cases[c].user_time[s] += (long long)m->nodes[f].users[s] * (at - m->clock);
            }
    m->clock = at;
}

/* All that the two had, in the one that began earlier. Peaks are read off the journal again by the engine;
 * the model keeps the concurrent counts at each event for that (see `peaks`). */
static void join(Case *a, Case *b)
{
    for (int f = 0; f < FACILITIES_MAX; f++) {
        a->causes[f] |= b->causes[f];
        a->down[f] |= b->down[f];
        a->ever[f] |= b->ever[f];
        a->down_for[f] += b->down_for[f];
    }
    for (int s = 0; s < SERVICES; s++)
        a->user_time[s] += b->user_time[s];
    b->merged = true;
}

static void leaf_falls(Model *m, int f, int at)
{
    bool from[FACILITIES_MAX] = {false};
    Case *mine = NULL;
    roots(m, f, from);
    for (int c = 0; c < m->n_cases; c++) {
        Case *k = &m->cases[c];
        if (k->merged || k->ended >= 0 || !share(k->causes, from))
            continue;
        if (mine == NULL)
            mine = k;
        else
            join(mine, k);
    }
    if (mine == NULL) {
        mine = &m->cases[m->n_cases++];
        memset(mine, 0, sizeof *mine);
        mine->started = at;
        mine->ended = -1;
    }
    mine->down[f] = mine->ever[f] = true;
    for (int r = 0; r < FACILITIES_MAX; r++)
        mine->causes[r] |= from[r];
}

static void leaf_rises(Model *m, int f)
{
    for (int c = 0; c < m->n_cases; c++)
        m->cases[c].down[f] = false;
}

static void end_cases(Model *m, int at)
{
    for (int c = 0; c < m->n_cases; c++) {
        bool any = false;
        for (int f = 0; f < m->n; f++)
            any |= m->cases[c].down[f];
        if (!any && m->cases[c].ended < 0)
            m->cases[c].ended = at;
    }
}

static void model_event(Model *m, const Event *e)
{
    time_passes(m, e->at);
    m->now[e->alarm] = *e;
    bool before[FACILITIES_MAX];
    memcpy(before, m->down, sizeof before);
    for (int f = 0; f < m->n; f++)
        m->down[f] = !works(m, f);
    for (int f = 0; f < m->n; f++)
        if (m->down[f] && !before[f] && m->nodes[f].has_users)
            leaf_falls(m, f, e->at);
    for (int f = 0; f < m->n; f++)
        if (!m->down[f] && before[f])
            leaf_rises(m, f);
    end_cases(m, e->at);
}

/* ---- The random world ---- */

static void make_nodes(Model *m, uint64_t *seed)
{
    memset(m, 0, sizeof *m);
    m->n = 3 + (int)dice(seed, FACILITIES_MAX - 2);
    for (int f = 0; f < m->n; f++) {
        Node *node = &m->nodes[f];
        node->needs = f == 0 ? 0 : (int)dice(seed, NEEDS_MAX + 1);
        for (int i = 0; i < node->needs; i++) {
            Need *need = &node->need[i];
            int wanted = 1 + (int)dice(seed, MEMBERS_MAX);
            for (int j = 0; j < wanted; j++) {
                int member = (int)dice(seed, (uint32_t)f);
                bool twice = false;
                for (int k = 0; k < need->n; k++)
                    twice |= need->of[k] == member;
                if (!twice)
                    need->of[need->n++] = member;
            }
            need->at_least = 1 + (int)dice(seed, (uint32_t)need->n);
        }
        for (int s = 0; s < SERVICES; s++)
            node->users[s] = dice(seed, 2) ? (int)dice(seed, 1000) : 0;
        node->has_users = node->users[0] + node->users[1] > 0;
    }
    for (int a = 0; a < ALARMS; a++)
        m->now[a].arrival = -1;
}

static TkTopology *make_topology(const Model *m, uint64_t *seed)
{
    static const char *const services[SERVICES] = {"one", "two"};
    TkTopologyBuilder *b = tk_topology_builder_new(services, SERVICES);
    char id[16], member[MEMBERS_MAX][16];
    uint32_t first = dice(seed, (uint32_t)m->n); /* ids may be used before they are defined */
    for (int i = 0; i < m->n; i++) {
        int f = (i + (int)first) % m->n;
        const Node *node = &m->nodes[f];
        g_snprintf(id, sizeof id, "f%02d", f);
        TkFacilityInput input = {.id = id, .kind = "k", .prefecture = f % 48, .lat = 1, .lon = 1};
        assert_true(tk_topology_builder_add(b, &input, 0, NULL));
        for (int q = 0; q < node->needs; q++) {
            const char *of[MEMBERS_MAX];
            for (int j = 0; j < node->need[q].n; j++) {
                g_snprintf(member[j], sizeof member[j], "f%02d", node->need[q].of[j]);
                of[j] = member[j];
            }
            assert_true(
                tk_topology_builder_need(b, of, (size_t)node->need[q].n, node->need[q].at_least, NULL));
        }
        for (int s = 0; s < SERVICES; s++)
            assert_true(tk_topology_builder_users(b, services[s], node->users[s], NULL));
    }
    TkTopology *t = tk_topology_builder_finish(b, NULL);
    assert_non_null(t);
    return t;
}

/* Events in order of time; no two of one alarm at one instant, so that repetition cannot change their order.
 */
static int make_events(const Model *m, uint64_t *seed, Event *events)
{
    int n = 1 + (int)dice(seed, EVENTS_MAX - 1), at = 0, objects[ALARMS];
    for (int a = 0; a < ALARMS; a++)
        objects[a] = (int)dice(seed, (uint32_t)m->n);
    for (int i = 0; i < n; i++) {
        at += 1 + (int)dice(seed, 3);
        int alarm = (int)dice(seed, ALARMS);
        if (dice(seed, 8) == 0)
            objects[alarm] = (int)dice(seed, (uint32_t)m->n); /* the alarm moves */
        events[i] = (Event){.at = at, .alarm = alarm, .object = objects[alarm], .fails = dice(seed, 5) < 3};
    }
    return n;
}

static void feed(TkEngine *e, const TkTopology *t, const Event *event)
{
    char key[16], id[16];
    g_snprintf(key, sizeof key, "a%d", event->alarm);
    g_snprintf(id, sizeof id, "f%02d", event->object);
    TkAlarm alarm = {.at_us = (1000 + event->at) * TK_US_PER_S,
                     .source = event->alarm % 2 ? "x" : "y",
                     .source_len = 1,
                     .key = key,
                     .key_len = strlen(key),
                     .object = id,
                     .object_len = strlen(id),
                     .severity = event->fails ? TK_SEVERITY_MAJOR : TK_SEVERITY_CLEARED,
                     .service_affecting = true};
    (void)t;
    assert_true(tk_engine_apply(e, &alarm, NULL));
}

static void assert_counts_agree(const Model *m, const TkTopology *t, TkEngine *e)
{
    GError *error = NULL;
    TkNetworkCounts counts;
    int down = 0;
    long long users[SERVICES] = {0};
    for (int f = 0; f < m->n; f++) {
        char id[16];
        g_snprintf(id, sizeof id, "f%02d", f);
        bool is_down = tk_engine_is_down(e, tk_topology_find(t, id, 3));
        assert_int_equal(is_down, m->down[f]);
        down += is_down;
        for (int s = 0; s < SERVICES; s++)
            users[s] += is_down ? m->nodes[f].users[s] : 0;
    }
    tk_engine_counts(e, &counts);
    assert_int_equal(counts.down, down);
    for (int s = 0; s < SERVICES; s++) {
        int number = tk_topology_service_find(t, s ? "two" : "one");
        assert_int_equal(number < 0 ? 0 : counts.affected[number], users[s]);
    }
    if (!tk_engine_check(e, &error))
        fail_msg("%s", error->message);
}

static void assert_accident_agrees(const Model *m, const TkTopology *t, const TkAccident *a, const Case *c)
{
    assert_int_equal(a->started_at_us, (1000 + c->started) * TK_US_PER_S);
    if (c->ended < 0)
        assert_true(a->ended_at_us == TK_TIME_NONE);
    else
        assert_int_equal(a->ended_at_us, (1000 + c->ended) * TK_US_PER_S);
    uint32_t n = 0, members = 0;
    for (int f = 0; f < m->n; f++) {
        members += c->ever[f];
        if (!c->causes[f])
            continue;
        char id[16];
        g_snprintf(id, sizeof id, "f%02d", f);
        assert_true(n < a->n_causes);
        assert_string_equal(tk_topology_id(t, a->causes[n++]), id);
    }
    assert_int_equal(a->n_causes, n);
    assert_int_equal(a->members_ever, members);
    for (uint32_t i = 0; i < a->n_services; i++) {
        const TkServiceImpact *impact = &a->services[i];
        int s = strcmp(tk_topology_service(t, impact->service), "two") == 0;
        long long ever = 0, now = 0, at_least = 0;
        for (int f = 0; f < m->n; f++) {
            ever += c->ever[f] ? m->nodes[f].users[s] : 0;
            now += c->down[f] ? m->nodes[f].users[s] : 0;
            at_least += c->ever[f] && c->down_for[f] >= 10 ? m->nodes[f].users[s] : 0;
        }
        assert_int_equal(impact->ever, ever);
        assert_int_equal(impact->concurrent, now);
        assert_int_equal(impact->at_least, at_least);
        assert_true(impact->peak <= ever && impact->peak >= now && impact->peak > 0);
        double minutes = (double)c->user_time[s] / 60.0;
        assert_true(impact->user_minutes > minutes - 1e-6 && impact->user_minutes < minutes + 1e-6);
    }
}

static void assert_accidents_agree(const Model *m, const TkTopology *t, TkEngine *e)
{
    g_autoptr(GPtrArray) accidents = tk_engine_accidents(e, (1000 + m->clock) * TK_US_PER_S);
    guint n = 0;
    for (int c = 0; c < m->n_cases; c++) {
        if (m->cases[c].merged)
            continue;
        assert_true(n < accidents->len);
        assert_accident_agrees(m, t, accidents->pdata[n++], &m->cases[c]);
    }
    assert_int_equal(accidents->len, n);
}

static TkEngine *engine(TkTopology *t, uint32_t history_max)
{
    TkEngineOptions o = tk_engine_defaults();
    o.history_max = history_max;
    o.at_least_us = 10 * TK_US_PER_S;
    return tk_engine_new(t, &o);
}

/* Arrival: events in any order, some of them several times. */
static int disorder(const Event *events, int n, uint64_t *seed, Event *out)
{
    int m = 0;
    for (int i = 0; i < n; i++)
        for (uint32_t k = 0; k < 1 + (dice(seed, 4) == 0); k++)
            out[m++] = events[i];
    for (int i = m - 1; i > 0; i--) {
        int j = (int)dice(seed, (uint32_t)i + 1);
        Event swap = out[i];
        out[i] = out[j];
        out[j] = swap;
    }
    return m;
}

/* ---- The promises ---- */

static void in_order_the_engine_agrees_with_the_model_after_every_event(void **state)
{
    (void)state;
    for (uint64_t run = 0; run < 1500; run++) {
        uint64_t seed = run * 7919 + 1;
        static Model m;
        Event events[EVENTS_MAX];
        make_nodes(&m, &seed);
        g_autoptr(TkTopology) t = make_topology(&m, &seed);
        g_autoptr(TkEngine) e = engine(t, run % 3 == 0 ? 0 : run % 3 == 1 ? 8 : 1000);
        int n = make_events(&m, &seed, events);
        for (int i = 0; i < n; i++) {
            model_event(&m, &events[i]);
            feed(e, t, &events[i]);
            assert_counts_agree(&m, t, e);
        }
        assert_accidents_agree(&m, t, e);
    }
}

static void in_any_order_with_any_repetition_the_answer_is_the_same(void **state)
{
    (void)state;
    for (uint64_t run = 0; run < 3000; run++) {
        uint64_t seed = run * 104729 + 3;
        static Model m;
        Event events[EVENTS_MAX], arrival[2 * EVENTS_MAX];
        make_nodes(&m, &seed);
        g_autoptr(TkTopology) t = make_topology(&m, &seed);
        /* a history that holds all; small enough in some runs for the middle checkpoint to be taken and
         * redone */
        int n = make_events(&m, &seed, events), arrived = disorder(events, n, &seed, arrival);
        g_autoptr(TkEngine) e = engine(t, run % 2 ? 100000 : (uint32_t)arrived + 1);
        for (int i = 0; i < n; i++)
            model_event(&m, &events[i]);
        for (int i = 0; i < arrived; i++) {
            feed(e, t, &arrival[i]);
            if (dice(&seed, 16) == 0)
                tk_snapshot_unref(tk_engine_publish(e, 0));
            GError *error = NULL;
            if (!tk_engine_check(e, &error))
                fail_msg("run %u: %s", (unsigned)run, error->message);
        }
        assert_counts_agree(&m, t, e);
        assert_accidents_agree(&m, t, e);
        assert_counts_agree(&m, t, e); /* folding has ended in the present */
    }
}

static void a_little_late_within_a_short_history_is_as_good_as_in_order(void **state)
{
    (void)state;
    for (uint64_t run = 0; run < 1500; run++) {
        uint64_t seed = run * 15485863 + 5;
        static Model m;
        Event events[EVENTS_MAX];
        make_nodes(&m, &seed);
        g_autoptr(TkTopology) t = make_topology(&m, &seed);
        g_autoptr(TkEngine) e = engine(t, 12);
        int n = make_events(&m, &seed, events);
        for (int i = 0; i < n; i++)
            model_event(&m, &events[i]);
        for (int i = 0; i + 1 < n; i += 2) { /* neighbours change places; a history of 12 keeps at least 6 */
            if (dice(&seed, 2)) {
                Event swap = events[i];
                events[i] = events[i + 1];
                events[i + 1] = swap;
            }
        }
        int refused = 0;
        for (int i = 0; i < n; i++) {
            TkApplied applied;
            char key[16], id[16];
            g_snprintf(key, sizeof key, "a%d", events[i].alarm);
            g_snprintf(id, sizeof id, "f%02d", events[i].object);
            applied = tk_engine_apply_event(e, tk_engine_alarm(e, "x", 1, key, strlen(key), NULL),
                                            tk_topology_find(t, id, 3),
                                            events[i].fails ? TK_SEVERITY_MAJOR : TK_SEVERITY_CLEARED, true,
                                            (1000 + events[i].at) * TK_US_PER_S);
            refused += applied == TK_REFUSED_TOO_LATE;
        }
        if (refused > 0)
            continue; /* fell on the edge of the history: refused and counted, which is another test */
        assert_counts_agree(&m, t, e);
        assert_accidents_agree(&m, t, e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order_the_engine_agrees_with_the_model_after_every_event),
        cmocka_unit_test(in_any_order_with_any_repetition_the_answer_is_the_same),
        cmocka_unit_test(a_little_late_within_a_short_history_is_as_good_as_in_order),
    };
    return cmocka_run_group_tests_name("network_property", tests, NULL, NULL);
}
