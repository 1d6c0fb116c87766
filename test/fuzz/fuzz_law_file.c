/* One file of an otherwise sound, very small law: the first byte chooses which file the rest of the input
 * replaces. A law that loads must then judge anything without harm. */
#include "law/law.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENTRY(id, family, more) ENTRY_TO(id, family, "null", more)
#define ENTRY_TO(id, family, to, more)                                                                       \
    "{\"id\":\"" id "\",\"family\":\"" family                                                                \
    "\",\"article\":\"58\",\"effective\":{\"from\":\"2008-04-01\",\"to\":" to "},"                           \
    "\"source\":{\"url\":\"https://e\"},\"verified\":true,\"text\":{\"ja\":\"j\",\"en\":\"e\"}" more "}"
#define LAW(type, entries) "{\"type\":\"" type "\",\"entries\":[" entries "]}"
#define NAME               "\"name\":{\"ja\":\"j\",\"en\":\"e\"}"

static const char *const files[] = {
    LAW("services", ENTRY("voice", "s1", "," NAME) "," ENTRY("mail-messaging-free", "s2", "," NAME)),
    LAW("accident-criteria",
        ENTRY("c", "serious-accident",
              ",\"law_date\":\"2008-04-01\",\"rows\":[{\"row\":null," NAME
              ",\"services\":[\"mail-messaging-free\"],"
              "\"monthly_users\":10,\"branches\":[{\"hours\":1,\"users\":3}]},{\"row\":\"2\"," NAME
              ",\"services\":[\"voice\",\"mail-messaging-free\"],\"branches\":[{\"hours\":2,"
              "\"users\":3}]}]") "," ENTRY("f", "important-facility",
                                           ",\"hours\":2") "," ENTRY("l", "link-notice",
                                                                     ",\"link_kbps_over\":5")),
    LAW("periodic-criteria",
        ENTRY("p1", "periodic-telecom-equipment",
              ",\"hours\":2,\"users\":3,\"serious_too\":true") "," ENTRY("p2",
                                                                         "periodic-other-"
                                                                         "equipment",
                                                                         ",\"hours\":2,\"users\":"
                                                                         "3") "," ENTRY("p3",
                                                                                        "periodic"
                                                                                        "-simplif"
                                                                                        "ied",
                                                                                        ",\"equip"
                                                                                        "ment\":["
                                                                                        "\"dslam"
                                                                                        "\"]")),
    LAW("reports", ENTRY("r1", "serious-initial",
                         "," NAME ",\"form\":null,\"clock\":\"occurrence\",\"due\":{\"without_delay\":"
                         "true}") "," ENTRY("r2", "serious-detailed",
                                            "," NAME ",\"form\":\"5\",\"clock\":\"occurrence\",\"due\":{"
                                            "\"days\":30}") "," ENTRY("r3", "periodic-detailed",
                                                                      "," NAME ",\"form\":\"7\",\"clock\":"
                                                                      "\"quarter\",\"due\":{"
                                                                      "\"months\":2}")),
    LAW("near-miss", ENTRY("n1", "near-miss",
                           ",\"carrier_users\":3,\"functions\":[{\"id\":\"control\"," NAME
                           "}],\"events\":[{\"id\":\"fire\",\"item\":\"4\"," NAME
                           ",\"unless_noticed_promptly\":true}],\"natural_disaster_counts_for\":["
                           "\"overturn\"]") "," ENTRY("n2", "near-miss-facility", "")),
    LAW("leaks", ENTRY("k1", "leak-secrecy", ",\"users_over\":0") "," ENTRY(
                     "k2", "leak-specified",
                     ",\"users_over\":1000,\"designated_only\":true,\"foreign_government\":true")),
    LAW("counting", ENTRY("e", "count-everyone", ",\"services\":[\"voice\"]")),
    LAW("holidays",
        ENTRY_TO("h", "holidays", "\"2027-01-01\"", ",\"days\":[{\"date\":\"2026-01-01\"," NAME "}]")),
};

static void say(const TkVerdict *verdict)
{
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 16 * 1024 * 1024);
    TkJson w = tk_json_to(&out);
    tk_json_begin_object(&w);
    tk_law_verdict_json(verdict, TK_LANG_EN, &w);
    tk_json_end_object(&w);
    for (size_t i = 0; i < verdict->why_count; i++)
        tk_law_why_add(&verdict->why[i], TK_LANG_JA, &out);
}

static void use(const TkLaw *law)
{
    TkVerdict verdict;
    TkForecast forecast;
    int64_t began = tk_time_of_date(tk_date_make(2026, 5, 1));
    for (TkService s = 0; s < (TkService)tk_law_service_count(law); s++)
        for (int i = 0; i < 12; i++) {
            TkAccidentFacts facts = tk_law_facts(s, began);
            facts.users = i % 4 == 0 ? -1 : i * 100000;
            facts.link_kbps = i == 8 ? 9 : -1;
            facts.fault = (TkFault)(i % 3);
            if (tk_law_judge(law, &facts, TK_DATE_NONE, began + i * TK_US_PER_DAY / 3, &verdict, NULL))
                say(&verdict);
            tk_law_forecast(law, TK_DATE_NONE, s, began, facts.users, i % 2 ? -1 : 5, began, &forecast, NULL);
        }
    for (int e = TK_NEAR_MISS_EVENT_UNKNOWN; e <= TK_NEAR_MISS_WRONG_CONFIGURATION; e++) {
        TkNearMissFacts facts = {
            .occurred_us = began, .known_us = TK_TIME_NONE, .carrier_users = e, .event = (TkNearMissEvent)e};
        if (tk_law_near_miss(law, &facts, TK_DATE_NONE, &verdict, NULL))
            say(&verdict);
    }
    TkLeakFacts leak = {TK_LEAK_SPECIFIED_USER_INFO, began, TK_TIME_NONE, 1, TK_YES, TK_UNKNOWN};
    if (tk_law_leak(law, &leak, TK_DATE_NONE, &verdict, NULL))
        say(&verdict);
    TkReportDue due;
    if (tk_law_report_due(law, "serious-detailed", tk_date_make(2026, 5, 1), &due))
        tk_law_deadline(law, &due);
    g_ptr_array_unref(tk_law_diff(law, tk_date_make(2010, 1, 1), tk_date_make(2026, 1, 1)));
    g_ptr_array_unref(tk_law_entries(law, "58", tk_date_make(2026, 1, 1)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TkLawFile list[G_N_ELEMENTS(files)];
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        list[i] = (TkLawFile){"sound.json", files[i], strlen(files[i])};
    if (size > 0)
        list[data[0] % G_N_ELEMENTS(files)] = (TkLawFile){"fuzz.json", (const char *)data + 1, size - 1};
    g_autoptr(GError) error = NULL;
    g_autoptr(TkLaw) law = tk_law_load(list, G_N_ELEMENTS(files), &error);
    g_assert((law == NULL) == (error != NULL));
    if (size == 0 && law == NULL)
        g_error("the small law is not sound: %s", error->message);
    if (law != NULL)
        use(law);
    return 0;
}
