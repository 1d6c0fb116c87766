/* The live engine: what is down, who is affected, what is not known, and what readers see. */
#include "unit.h"

#include "network/network.h"

#define NOON "2026-05-01T12:00:00+09:00"

/* Two cores of which one is enough; a building over them with two stations; a station over both buildings:
 *
 *      c1   c2          p (power of b1)
 *        \  / \          |
 *        b1 ───\─────────┘
 *        /\     b2
 *      s1  s2──/   (s2 needs one of b1, b2)                                                            */
static const char diamond[] =
    "{\"id\":\"c1\",\"kind\":\"core\"}\n{\"id\":\"c2\",\"kind\":\"core\"}\n{\"id\":\"p\",\"kind\":\"power\"}"
    "\n"
    "{\"id\":\"b1\",\"kind\":\"building\",\"prefecture\":\"13\",\"needs\":[{\"of\":[\"c1\",\"c2\"],\"at_"
    "least\":1},"
    "{\"of\":[\"p\"],\"at_least\":1}]}\n"
    "{\"id\":\"b2\",\"kind\":\"building\",\"prefecture\":\"14\",\"needs\":[{\"of\":[\"c2\"],\"at_least\":1}]}"
    "\n"
    "{\"id\":\"s1\",\"kind\":\"station\",\"prefecture\":\"13\",\"needs\":[{\"of\":[\"b1\"],\"at_least\":1}],"
    "\"users\":{\"voice\":100,\"net\":10}}\n"
    "{\"id\":\"s2\",\"kind\":\"station\",\"prefecture\":\"14\",\"needs\":[{\"of\":[\"b1\",\"b2\"],\"at_"
    "least\":1}],"
    "\"users\":{\"voice\":200}}\n";

static TkTopology *topology(const char *text)
{
    GError *error = NULL;
    g_autoptr(TkLines) lines = tk_lines_new_memory(text, strlen(text), TK_TOPOLOGY_LINE_MAX);
    TkTopology *t = tk_topology_read(lines, "t", NULL, 0, &error);
    if (t == NULL)
        fail_msg("%s", error->message);
    return t;
}

typedef struct {
    TkTopology *t;
    TkEngine *e;
} World;

static World world(const char *text, const TkEngineOptions *options)
{
    World w = {.t = topology(text)};
    w.e = tk_engine_new(w.t, options);
    return w;
}

static void world_end(World *w)
{
    GError *error = NULL;
    if (!tk_engine_check(w->e, &error))
        fail_msg("%s", error->message);
    tk_engine_free(w->e);
    tk_topology_unref(w->t);
}

/* An alarm `minute` minutes after noon: "fail", "warn" (not service-affecting) or "clear". */
static bool say(World *w, int minute, const char *source, const char *key, const char *object,
                const char *what, GError **error)
{
    TkAlarm a = {.at_us = at(NOON) + minute * 60 * TK_US_PER_S,
                 .source = source,
                 .source_len = strlen(source),
                 .key = key,
                 .key_len = strlen(key),
                 .object = object,
                 .object_len = strlen(object),
                 .severity = strcmp(what, "clear") == 0 ? TK_SEVERITY_CLEARED : TK_SEVERITY_MAJOR,
                 .service_affecting = strcmp(what, "warn") != 0};
    return tk_engine_apply(w->e, &a, error);
}

static void must(World *w, int minute, const char *key, const char *object, const char *what)
{
    GError *error = NULL;
    if (!say(w, minute, "nms", key, object, what, &error))
        fail_msg("%s", error->message);
}

static bool down(const World *w, const char *id)
{
    return tk_engine_is_down(w->e, tk_topology_find(w->t, id, strlen(id)));
}

static int64_t affected(const World *w, const char *service)
{
    TkNetworkCounts counts;
    tk_engine_counts(w->e, &counts);
    return counts.affected[tk_topology_service_find(w->t, service)];
}

static void one_of_two_cores_is_enough(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    must(&w, 0, "1", "c1", "fail");
    assert_true(down(&w, "c1"));
    assert_false(down(&w, "b1"));
    must(&w, 1, "2", "c2", "fail");
    assert_true(down(&w, "b1") && down(&w, "b2") && down(&w, "s1") && down(&w, "s2"));
    assert_int_equal(affected(&w, "voice"), 300);
    assert_int_equal(affected(&w, "net"), 10);
    must(&w, 2, "1", "c1", "clear");
    assert_false(down(&w, "s1") || down(&w, "s2"));
    assert_true(down(&w, "b2"));
    assert_int_equal(affected(&w, "voice"), 0);
    world_end(&w);
}

static void a_protected_leaf_stays_up_and_counts_go_to_its_prefecture(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    TkNetworkCounts counts;
    must(&w, 0, "1", "p", "fail");
    assert_true(down(&w, "b1") && down(&w, "s1"));
    assert_false(down(&w, "s2"));
    tk_engine_counts(w.e, &counts);
    assert_int_equal(counts.down, 3);
    assert_int_equal(counts.down_in[13], 2);
    assert_int_equal(counts.affected_in[13][0], 100);
    assert_int_equal(counts.affected_in[14][0], 0);
    world_end(&w);
}

static void two_alarms_on_one_object_must_both_end(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    must(&w, 0, "1", "s1", "fail");
    must(&w, 0, "2", "s1", "fail");
    must(&w, 1, "1", "s1", "clear");
    assert_true(down(&w, "s1"));
    must(&w, 2, "2", "s1", "clear");
    assert_false(down(&w, "s1"));
    world_end(&w);
}

static void an_alarm_that_does_not_affect_service_takes_nothing_down(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    must(&w, 0, "1", "s1", "warn");
    assert_false(down(&w, "s1"));
    must(&w, 1, "1", "s1", "fail");
    assert_true(down(&w, "s1"));
    must(&w, 2, "1", "s1", "warn");
    assert_false(down(&w, "s1"));
    world_end(&w);
}

static void an_alarm_may_move_to_another_object(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    must(&w, 0, "1", "s1", "fail");
    must(&w, 1, "1", "s2", "fail");
    assert_false(down(&w, "s1"));
    assert_true(down(&w, "s2"));
    must(&w, 2, "1", "s1", "clear"); /* ends the alarm whatever object the line names */
    assert_false(down(&w, "s2"));
    world_end(&w);
}

static void a_late_raise_does_not_bring_back_an_ended_alarm(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    must(&w, 5, "1", "s1", "clear");
    must(&w, 3, "1", "s1", "fail");
    assert_false(down(&w, "s1"));
    must(&w, 5, "1", "s1", "fail"); /* equal times: the order of arrival */
    assert_true(down(&w, "s1"));
    world_end(&w);
}

static void the_same_key_from_two_sources_is_two_alarms(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    assert_true(say(&w, 0, "east", "1", "s1", "fail", NULL));
    assert_true(say(&w, 0, "west", "1", "s1", "fail", NULL));
    assert_true(say(&w, 1, "east", "1", "s1", "clear", NULL));
    assert_true(down(&w, "s1"));
    world_end(&w);
}

static void an_unknown_object_is_refused_and_the_rest_goes_on(void **state)
{
    (void)state;
    GError *error = NULL;
    World w = world(diamond, NULL);
    assert_false(say(&w, 0, "nms", "1", "nowhere", "fail", &error));
    assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_NOT_FOUND));
    assert_error_says(error, "“nowhere”");
    must(&w, 0, "1", "s1", "fail");
    g_autoptr(TkSnapshot) s = tk_engine_publish(w.e, at(NOON));
    assert_int_equal(s->refused_object, 1);
    assert_int_equal(s->events, 1);
    world_end(&w);
}

static void a_lost_source_leaves_its_facilities_unknown_never_recovered(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    assert_true(say(&w, 0, "east", "1", "s1", "fail", NULL));
    assert_true(say(&w, 0, "east", "2", "s2", "warn", NULL));
    assert_true(say(&w, 0, "west", "1", "b2", "warn", NULL));
    tk_engine_source_lost(w.e, "east", at(NOON));
    g_autoptr(TkSnapshot) s = tk_engine_publish(w.e, at(NOON));
    assert_true(down(&w, "s1"));
    assert_int_equal(s->n_lost_sources, 1);
    assert_string_equal(s->lost_sources[0].source, "east");
    assert_int_equal(s->lost_sources[0].facilities, 2);
    assert_int_equal(s->unknown_total, 1);
    assert_string_equal(tk_topology_id(w.t, s->unknown[0]), "s2");
    assert_true(tk_engine_facility(w.e, s->unknown[0]).unknown);
    tk_engine_source_alive(w.e, "east");
    g_autoptr(TkSnapshot) after = tk_engine_publish(w.e, at(NOON));
    assert_int_equal(after->unknown_total, 0);
    assert_true(down(&w, "s1"));
    world_end(&w);
}

static void what_if_touches_nothing(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    TkNetworkCounts before, counts, after;
    TkFacilityIx c2 = tk_topology_find(w.t, "c2", 2), c1 = tk_topology_find(w.t, "c1", 2);
    must(&w, 0, "1", "c1", "fail");
    tk_engine_counts(w.e, &before);
    tk_engine_what_if(w.e, &c2, 1, NULL, 0, &counts);
    assert_int_equal(counts.affected[0], 300);
    assert_int_equal(counts.down, 6);
    tk_engine_what_if(w.e, &c2, 1, &c1, 1, &counts);
    assert_int_equal(counts.affected[0], 0);
    assert_int_equal(counts.down, 2);
    tk_engine_counts(w.e, &after);
    assert_memory_equal(&before, &after, sizeof before);
    world_end(&w);
}

static void a_facility_says_why_it_is_down_and_who_is_under_it(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    must(&w, 0, "1", "c1", "fail");
    must(&w, 0, "2", "c2", "fail");
    must(&w, 0, "3", "b1", "fail");
    TkFacilityState b1 = tk_engine_facility(w.e, tk_topology_find(w.t, "b1", 2));
    assert_true(b1.down);
    assert_int_equal(b1.alarms, 1);
    assert_int_equal(b1.unmet_needs, 1);
    assert_int_equal(b1.under[0], 300); /* s2 too, though b2 protects it */
    world_end(&w);
}

static void a_snapshot_does_not_change_when_the_engine_goes_on(void **state)
{
    (void)state;
    World w = world(diamond, NULL);
    must(&w, 0, "1", "p", "fail");
    g_autoptr(TkSnapshot) s = tk_engine_publish(w.e, at(NOON) + 60 * TK_US_PER_S);
    must(&w, 2, "1", "p", "clear");
    tk_snapshot_unref(tk_engine_publish(w.e, at(NOON) + 180 * TK_US_PER_S));
    assert_int_equal(s->seq, 1);
    assert_int_equal(s->counts.down, 3);
    assert_int_equal(s->n_down, 3);
    assert_string_equal(tk_topology_id(s->topology, s->down[0]), "p");
    assert_int_equal(s->n_open, 1);
    assert_int_equal(s->accidents[0]->members_down, 1);
    assert_true(s->accidents[0]->ended_at_us == TK_TIME_NONE);
    g_autoptr(TkSnapshot) now = tk_engine_snapshot(w.e);
    assert_int_equal(now->seq, 2);
    assert_int_equal(now->n_open, 0);
    assert_int_equal(now->n_accidents, 1);
    assert_int_equal(now->accidents[0]->ended_at_us, at(NOON) + 120 * TK_US_PER_S);
    world_end(&w);
}

static void lists_in_a_snapshot_have_a_ceiling_and_totals_do_not(void **state)
{
    (void)state;
    TkEngineOptions o = tk_engine_defaults();
    o.down_list_max = 2;
    o.open_list_max = 1;
    World w = world(diamond, &o);
    must(&w, 0, "1", "s2", "fail");
    must(&w, 1, "2", "p", "fail");
    g_autoptr(TkSnapshot) s = tk_engine_publish(w.e, at(NOON));
    assert_int_equal(s->n_down, 2);
    assert_int_equal(s->counts.down, 4);
    assert_int_equal(s->n_open, 1);
    assert_int_equal(s->open_total, 2);
    world_end(&w);
}

static void an_event_older_than_the_history_is_refused_and_counted(void **state)
{
    (void)state;
    GError *error = NULL;
    TkEngineOptions o = tk_engine_defaults();
    o.history_max = 4;
    World w = world(diamond, &o);
    for (int i = 0; i < 8; i++)
        must(&w, 10 + i, "1", "s1", i % 2 ? "clear" : "fail");
    assert_false(say(&w, 1, "nms", "9", "s2", "fail", &error));
    assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_CONFLICT));
    assert_error_says(error, "older than the history that is kept");
    g_autoptr(TkSnapshot) s = tk_engine_publish(w.e, at(NOON));
    assert_int_equal(s->refused_too_late, 1);
    assert_int_equal(s->n_accidents, 4);
    world_end(&w);
}

static void ended_alarms_make_room_for_new_ones(void **state)
{
    (void)state;
    TkEngineOptions o = tk_engine_defaults();
    o.history_max = 16;
    o.alarms_max = 32;
    World w = world(diamond, &o);
    must(&w, 0, "stays", "s2", "fail");
    for (int i = 0; i < 500; i++) {
        g_autofree char *key = g_strdup_printf("key-%d", i);
        must(&w, 1 + 2 * i, key, "s1", "fail");
        must(&w, 2 + 2 * i, key, "s1", "clear");
    }
    assert_true(down(&w, "s2"));
    must(&w, 2000, "stays", "s2", "clear");
    assert_false(down(&w, "s2"));
    world_end(&w);
}

static void too_many_alarms_are_refused(void **state)
{
    (void)state;
    GError *error = NULL;
    TkEngineOptions o = tk_engine_defaults();
    o.alarms_max = 2;
    World w = world(diamond, &o);
    must(&w, 0, "1", "s1", "fail");
    must(&w, 0, "2", "s1", "fail");
    assert_false(say(&w, 0, "nms", "3", "s1", "fail", &error));
    assert_true(g_error_matches(error, TK_ERROR, TK_ERROR_LIMIT));
    g_clear_error(&error);
    must(&w, 1, "1", "s1", "clear");
    world_end(&w);
}

static const struct {
    const char *line, *says;
} bad_alarms[] = {
    {"{\"source\":\"s\",\"key\":\"k\",\"object\":\"o\",\"severity\":\"major\",\"service_affecting\":true}",
     "at: is missing"},
    {"{\"at\":\"2026-05-01T12:00:00\",\"source\":\"s\"}", "at: “2026-05-01T12:00:00”"},
    {"{\"at\":\"9999-01-01T00:00:00Z\"}", "at: "},
    {"{\"at\":12}", "at: is not a text"},
    {"{\"at\":\"2026-05-01T12:00:00Z\",\"source\":\"s\",\"key\":\"k\",\"object\":\"o\",\"severity\":"
     "\"major\"}",
     "service_affecting: is missing"},
    {"{\"severity\":\"MAJOR\"}", "severity: is none of critical, major"},
    {"{\"service_affecting\":\"yes\"}", "service_affecting: is neither true nor false"},
    {"{\"source\":\"\"}", "source: is empty"},
    {"{\"key\":\"a\",\"key\":\"b\"}", "key: is given twice"},
    {"{\"key\":\"a\" \"object\"}", "a comma or the end"},
    {"nothing", "the line is not a JSON object"},
    {"{\"key\":\"\x80\"}", "key: is not valid UTF-8"},
};

static void a_bad_alarm_line_is_refused_naming_the_field(void **state)
{
    (void)state;
    TkAlarm alarm;
    for (size_t i = 0; i < G_N_ELEMENTS(bad_alarms); i++) {
        GError *error = NULL;
        if (tk_alarm_parse(bad_alarms[i].line, strlen(bad_alarms[i].line), &alarm, &error))
            fail_msg("taken: %s", bad_alarms[i].line);
        assert_error_says(error, bad_alarms[i].says);
    }
}

static void a_clearing_line_need_not_say_whether_it_affects_service(void **state)
{
    (void)state;
    TkAlarm a;
    const char *line =
        "{\"at\":\"2026-05-01T12:00:00.25+09:00\",\"source\":\"n\\u00e9\",\"key\":\"k/1\",\"object\":\"o\","
        "\"severity\":\"cleared\",\"extra\":[{\"a\":null}]}";
    assert_true(tk_alarm_parse(line, strlen(line), &a, NULL));
    assert_int_equal(a.at_us, at(NOON) + 250000);
    assert_int_equal(a.source_len, 3);
    assert_memory_equal(a.source, "né", 3);
    assert_int_equal(a.severity, TK_SEVERITY_CLEARED);
    assert_false(a.service_affecting);
}

/* One core, three stations in prefectures 13, 27 and 13, 300 cells under each: wide enough that a recount
 * finds whole blocks of neighbours down, blocks of two prefectures, blocks partly down, and a rest. */
static char *wide_topology(void)
{
    static const char *const place[] = {"13", "27", "13"};
    GString *text = g_string_new("{\"id\":\"core\",\"kind\":\"core\",\"prefecture\":\"13\"}\n");
    for (int s = 0; s < 3; s++) {
        g_string_append_printf(text,
                               "{\"id\":\"s%d\",\"kind\":\"station\",\"prefecture\":\"%s\","
                               "\"needs\":[{\"at_least\":1,\"of\":[\"core\"]}]}\n",
                               s, place[s]);
        for (int c = 0; c < 300; c++)
            g_string_append_printf(text,
                                   "{\"id\":\"s%d-%d\",\"kind\":\"cell\",\"prefecture\":\"%s\","
                                   "\"needs\":[{\"at_least\":1,\"of\":[\"s%d\"]}],"
                                   "\"users\":{\"voice\":%d,\"internet-access\":1}}\n",
                                   s, c, place[s], s, 10 + s);
    }
    return g_string_free(text, FALSE);
}

static void recount_is(World *w, uint32_t down, int64_t tokyo, int64_t osaka)
{
    TkNetworkCounts kept, counted;
    tk_engine_recount(w->e, &counted);
    tk_engine_counts(w->e, &kept);
    assert_int_equal(counted.down, down);
    assert_int_equal(counted.affected_in[13][tk_topology_service_find(w->t, "voice")], tokyo);
    assert_int_equal(counted.affected_in[27][tk_topology_service_find(w->t, "voice")], osaka);
    assert_memory_equal(&counted, &kept, sizeof kept);
    assert_true(tk_engine_check(w->e, NULL));
}

static void a_recount_of_a_wide_network_agrees_block_by_block(void **state)
{
    (void)state;
    g_autofree char *text = wide_topology();
    World w = world(text, NULL);
    recount_is(&w, 0, 0, 0);
    must(&w, 0, "a", "core", "fail");
    recount_is(&w, 904, 300 * 10 + 300 * 12, 300 * 11);
    must(&w, 1, "a", "core", "clear");
    must(&w, 2, "b", "s0-299", "fail");
    must(&w, 3, "c", "s2-299", "fail");
    recount_is(&w, 2, 10 + 12, 0);
    must(&w, 4, "d", "s1", "fail");
    recount_is(&w, 303, 10 + 12, 300 * 11);
    must(&w, 5, "b", "s0-299", "clear");
    must(&w, 6, "d", "s1", "clear");
    recount_is(&w, 1, 12, 0);
    world_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_two_cores_is_enough),
        cmocka_unit_test(a_protected_leaf_stays_up_and_counts_go_to_its_prefecture),
        cmocka_unit_test(two_alarms_on_one_object_must_both_end),
        cmocka_unit_test(an_alarm_that_does_not_affect_service_takes_nothing_down),
        cmocka_unit_test(an_alarm_may_move_to_another_object),
        cmocka_unit_test(a_late_raise_does_not_bring_back_an_ended_alarm),
        cmocka_unit_test(the_same_key_from_two_sources_is_two_alarms),
        cmocka_unit_test(an_unknown_object_is_refused_and_the_rest_goes_on),
        cmocka_unit_test(a_lost_source_leaves_its_facilities_unknown_never_recovered),
        cmocka_unit_test(what_if_touches_nothing),
        cmocka_unit_test(a_facility_says_why_it_is_down_and_who_is_under_it),
        cmocka_unit_test(a_snapshot_does_not_change_when_the_engine_goes_on),
        cmocka_unit_test(lists_in_a_snapshot_have_a_ceiling_and_totals_do_not),
        cmocka_unit_test(an_event_older_than_the_history_is_refused_and_counted),
        cmocka_unit_test(ended_alarms_make_room_for_new_ones),
        cmocka_unit_test(too_many_alarms_are_refused),
        cmocka_unit_test(a_recount_of_a_wide_network_agrees_block_by_block),
        cmocka_unit_test(a_bad_alarm_line_is_refused_naming_the_field),
        cmocka_unit_test(a_clearing_line_need_not_say_whether_it_affects_service),
    };
    return cmocka_run_group_tests_name("network_engine", tests, NULL, NULL);
}
