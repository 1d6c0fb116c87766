/* A very small, sound law with facts of each kind, a term and an obligation, for fuzzers of the programme. */
#ifndef TK_FUZZ_SMALL_LAW_H
#define TK_FUZZ_SMALL_LAW_H

#include "law/law.h"

#define ENTRY(id, family, more)                                                                              \
    "{\"id\":\"" id "\",\"family\":\"" family                                                                \
    "\",\"article\":\"58\",\"effective\":{\"from\":\"2021-04-01\",\"to\":null},"                             \
    "\"source\":{\"url\":\"https://e\"},\"verified\":true,\"text\":{\"ja\":\"j\",\"en\":\"e\"}" more "}"
#define LAW(type, entries) "{\"type\":\"" type "\",\"entries\":[" entries "]}"
#define NAME               "\"name\":{\"ja\":\"j\",\"en\":\"e\"}"
#define WHAT               "\"what\":{\"ja\":\"j\",\"en\":\"e\"}"
#define FACT(id, scope, kind)                                                                                \
    ENTRY("f-" scope id, "f-" scope id,                                                                      \
          ",\"fact\":\"" id "\",\"scope\":\"" scope "\",\"kind\":\"" kind "\"," NAME)

enum { SMALL_OBLIGATIONS = 5, SMALL_FILES = 6 };

static const char *const small_law[SMALL_FILES] = {
    LAW("services", ENTRY("voice", "s1", "," NAME)),
    LAW("accident-criteria",
        ENTRY("c", "serious-accident",
              ",\"law_date\":\"2008-04-01\",\"rows\":[{\"row\":null," NAME
              ",\"services\":[\"voice\"],\"branches\":[{\"hours\":1,\"users\":3}]}]") "," ENTRY("f",
                                                                                                "important-"
                                                                                                "facility",
                                                                                                ",\"hours\":"
                                                                                                "2")),
    LAW("periodic-criteria",
        ENTRY("p1", "periodic-telecom-equipment", ",\"hours\":2,\"users\":3,\"serious_too\":true") "," ENTRY(
            "p2", "periodic-other-equipment",
            ",\"hours\":2,\"users\":3") "," ENTRY("p3", "periodic-simplified", ",\"equipment\":[\"dslam\"]")),
    LAW("reports",
        ENTRY("r1", "serious-initial",
              "," NAME ",\"form\":null,\"clock\":\"occurrence\",\"due\":{\"without_delay\":true}")),
    LAW("profile-facts",
        FACT("on", "carrier", "boolean") "," FACT("users", "carrier", "count") "," FACT(
            "operations_begin", "carrier",
            "date") "," FACT("business_year_end", "carrier",
                             "count") "," FACT("users", "service",
                                               "count") "," ENTRY("f-kind", "f-kind",
                                                                  ",\"fact\":\"kind\",\"scope\":\"carrier\","
                                                                  "\"kind\":\"choice\"," NAME
                                                                  ",\"options\":[{\"id\":\"a\"," NAME
                                                                  "},{\"id\":\"b\"," NAME "}]")),
    LAW("obligations", ENTRY("o1", "duty",
                             ",\"kind\":\"duty\",\"topic\":\"reports\"," NAME
                             ",\"proof\":{\"ja\":\"j\",\"en\":\"e\"},\"when\":{\"all\":["
                             "{\"fact\":\"on\",\"is\":true},{\"any\":[{\"any_service\":{\"fact\":\"users\","
                             "\"at\":\"previous-fiscal-year-end\","
                             "\"at_least\":5}},{\"not\":{\"fact\":\"kind\",\"equals\":\"a\"}},{\"fact\":"
                             "\"users\",\"at\":\"half-year-last-day\","
                             "\"at_least\":3}]}]},\"deadlines\":[{\"rule\":\"half-yearly\",\"months\":3," WHAT
                             "},{\"rule\":\"months-after\",\"months\":3,\"fact\":\"on\"," WHAT
                             "},{\"rule\":\"business-yearly\",\"after_fact\":\"on\"," WHAT
                             "},{\"rule\":\"before-operations\"," WHAT "}]")),
};

/* Asks everything of a law and a profile that the programme asks. */
static inline void small_law_use(const TkLaw *law, const TkProfile *profile)
{
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, 16 * 1024 * 1024);
    TkJson w = tk_json_to(&out);
    g_autoptr(TkProgram) before = tk_law_obligations(law, profile, tk_date_make(2022, 2, 28), NULL);
    g_autoptr(TkProgram) after = tk_law_obligations(law, profile, tk_date_make(2026, 3, 31), NULL);
    for (size_t i = 0; after != NULL && i < tk_program_count(after); i++) {
        tk_json_begin_object(&w);
        tk_law_duty_json(tk_program_duty(after, i), &w);
        tk_json_end_object(&w);
    }
    if (before != NULL && after != NULL)
        tk_law_program_diff_json(before, after, &w);
    tk_law_profile_facts_json(law, &w);
    tk_duty_dues_free(tk_law_dues(law, profile, tk_date_make(2024, 1, 1), tk_date_make(2025, 3, 31), NULL));
}

#endif
