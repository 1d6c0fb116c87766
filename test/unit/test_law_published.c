/* Accidents that were published, judged by the law of their day. What the ministry treated as serious must
 * come out serious; rows that are context only, or that no source confirms, are asserted as that, each with
 * its reason. */
#include "law_helper.h"

typedef enum {
    TREATED_SERIOUS, /* the source says that the ministry treated it as 重大な事故 */
    UNCONFIRMED,     /* guidance or a press list; its classification is unverified */
    CONTEXT,         /* named for context, no users published */
    NO_DATE          /* cannot be judged: not even the day is known */
} Standing;

static const struct {
    const char *operator, * start; /* how the row's columns begin */
    const char *service;
    TkOutcome outcome; /* of tk_law_judge on the published figures */
    const char *article;
    Standing standing;
    const char *why;
} expected[] = {
    {"KDDI", "2011-04-30", "internet-access", TK_OUTCOME_SERIOUS, "施行規則58条1号", UNCONFIRMED,
     "8.35 h and 910,000 users are past 2 h and 30,000 of its day; the guidance of 2012-02-15 names it, its "
     "own "
     "classification is unverified"},
    {"KDDI", "2011-11-02", "voice", TK_OUTCOME_SERIOUS, "施行規則58条1号", UNCONFIRMED,
     "as above, 7.57 h and 1.1 million users"},
    {"KDDI", "2012-01-25", "voice", TK_OUTCOME_SERIOUS, "施行規則58条1号", UNCONFIRMED,
     "as above, 3.5 h; published as 60,000 to 80,000 users, either of which is past 30,000"},
    {"(参考) Google経路リーク→NTT", "2017-08-25", "internet-access", TK_OUTCOME_UNDETERMINED,
     "報告規則7条の3第1項1号", CONTEXT,
     "23 minutes are below every branch, so it cannot be serious; users were not published, so whether it "
     "was periodic "
     "is open"},
    {"(参考) Google経路リーク→KDDI", "2017-08-25", "internet-access", TK_OUTCOME_UNDETERMINED,
     "報告規則7条の3第1項1号", CONTEXT, "15 minutes, as above"},
    {"ソフトバンク(Y!mobile含む)", "2018-02-19", "voice", TK_OUTCOME_SERIOUS, "施行規則58条1号 表二の項",
     TREATED_SERIOUS,
     "voice; emergency calls were reported as not affected, and the branch without them is met as well"},
    {"ソフトバンク", "2018-09", "other", TK_OUTCOME_UNDETERMINED, NULL, NO_DATE,
     "lost mail; neither day nor duration was published, so no version of the law can be chosen"},
    {"ソフトバンク", "2018-12-06", "voice-emergency", TK_OUTCOME_SERIOUS, "施行規則58条1号 表一の項",
     TREATED_SERIOUS, "4 h 25 min, 30.6 million"},
    {"NTTドコモ", "2021-10-14", "voice-emergency", TK_OUTCOME_SERIOUS, "施行規則58条1号 表一の項",
     TREATED_SERIOUS, "29 h 6 min; 4.6 million of voice"},
    {"KDDI", "2022-07-02", "voice-emergency", TK_OUTCOME_SERIOUS, "施行規則58条1号 表一の項", TREATED_SERIOUS,
     "61 h 25 min; 22.78 million of voice"},
    {"沖縄セルラー電話", "2022-07-02", "voice-emergency", TK_OUTCOME_SERIOUS, "施行規則58条1号 表一の項",
     TREATED_SERIOUS, "the same accident on another carrier's network: each judges by its own users"},
    {"NTTドコモ", "2022-12-17", "internet-access", TK_OUTCOME_SERIOUS, "施行規則58条1号 表五の項",
     TREATED_SERIOUS, "4.9 h of mobile data, 2.42 million; data was among the other services then"},
    {"NTT東日本", "2023-04-03", "voice-emergency", TK_OUTCOME_SERIOUS, "施行規則58条1号 表一の項",
     UNCONFIRMED,
     "about 3 h and up to 359,000 lines; the minister called it likely serious, a final classification is "
     "unverified"},
};

typedef struct {
    char *operator, * start, *end, *hours, *users, *status;
} Published;

static char *column(const TkCsvRecord *header, const TkCsvRecord *record, const char *name)
{
    for (size_t i = 0; i < header->count; i++)
        if (strcmp(header->fields[i].text, name) == 0)
            return g_strdup(record->fields[i].text);
    fail_msg("the list of published accidents has no column %s", name);
    return NULL;
}

static void published_clear(Published *p)
{
    g_free(p->operator);
    g_free(p->start);
    g_free(p->end);
    g_free(p->hours);
    g_free(p->users);
    g_free(p->status);
}

/* The first whole number in a field such as 音声4600000/データ8300000以上; -1 where there is none. */
static int64_t first_number(const char *text)
{
    while (*text != '\0' && !g_ascii_isdigit(*text))
        text++;
    return *text == '\0' ? -1 : g_ascii_strtoll(text, NULL, 10);
}

/* "2018-02-19T09:30" is in Japan; where only the day is known, midnight stands for it. */
static bool instant(const char *text, int64_t *us)
{
    g_autofree char *whole = strlen(text) == 16 ? g_strconcat(text, ":00+09:00", NULL)
                                                : g_strdup_printf("%.10sT00:00:00+09:00", text);
    return tk_time_parse(whole, strlen(whole), us, NULL);
}

static size_t find(const Published *p)
{
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        if (g_str_has_prefix(p->operator, expected[i].operator) &&
            g_str_has_prefix(p->start, expected[i].start))
            return i;
    fail_msg("nothing is expected of %s %s: add it with a reason", p->operator, p->start);
    return 0;
}

static void check(const TkLaw *law, const Published *p, size_t i)
{
    bool treated = g_str_has_prefix(p->status, "重大な事故(");
    if (treated != (expected[i].standing == TREATED_SERIOUS))
        fail_msg("%s %s: “%s” does not fit what is expected (%s)", p->operator, p->start, p->status,
                 expected[i].why);
    int64_t start, end;
    if (!instant(p->start, &start)) {
        assert_int_equal(expected[i].standing, NO_DATE);
        return;
    }
    TkAccidentFacts facts = tk_law_facts(service(law, expected[i].service), start);
    double hours = g_ascii_strtod(p->hours, NULL);
    facts.ended_us = start + (int64_t)(hours * 3600) * TK_US_PER_S;
    if (p->end[0] != '\0' && instant(p->end, &end)) {
        facts.ended_us = end;
        assert_true(ABS((double)(end - start) / 3.6e9 - hours) < 0.011); /* the list agrees with itself */
    }
    facts.users = first_number(p->users);
    TkVerdict verdict;
    GError *error = NULL;
    if (!tk_law_judge(law, &facts, TK_DATE_NONE, 0, &verdict, &error))
        fail_msg("%s %s: %s", p->operator, p->start, error->message);
    if (verdict.outcome != expected[i].outcome)
        fail_msg("%s %s is %s (%s)", p->operator, p->start, tk_law_outcome_id(verdict.outcome),
                 expected[i].why);
    assert_string_equal(verdict.article, expected[i].article);
    if (treated)
        assert_int_equal(verdict.outcome, TK_OUTCOME_SERIOUS);
}

static void published_accidents_come_out_as_the_ministry_treated_them(void **state)
{
    (void)state;
    g_autofree char *path =
        g_build_filename(g_getenv("TOKATSU_SHARED") ? g_getenv("TOKATSU_SHARED") : "/nonexistent", "law",
                         "serious_accidents.csv", NULL);
    g_autofree char *text = NULL;
    size_t len;
    if (!g_file_get_contents(path, &text, &len, NULL)) {
        print_message("the list of published accidents is not here: set TOKATSU_SHARED\n");
        g_clear_pointer(&path, g_free); /* skip() does not come back */
        skip();
    }
    g_autoptr(TkLaw) law = law_of_the_project();
    bool seen[G_N_ELEMENTS(expected)] = {false};
    g_autoptr(TkCsv) heads = tk_csv_new_memory(text, len, 65536);
    g_autoptr(TkCsv) rows = tk_csv_new_memory(text, len, 65536);
    TkCsvRecord header, record;
    assert_int_equal(tk_csv_next(heads, &header), TK_CSV_OK);
    assert_int_equal(tk_csv_next(rows, &record), TK_CSV_OK);
    while (tk_csv_next(rows, &record) == TK_CSV_OK) {
        Published p = {column(&header, &record, "operator"),       column(&header, &record, "start_datetime"),
                       column(&header, &record, "end_datetime"),   column(&header, &record, "duration_hours"),
                       column(&header, &record, "affected_users"), column(&header, &record, "legal_status")};
        size_t i = find(&p);
        assert_false(seen[i]);
        seen[i] = true;
        check(law, &p, i);
        published_clear(&p);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        if (!seen[i])
            fail_msg("%s %s is no longer in the list", expected[i].operator, expected[i].start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_accidents_come_out_as_the_ministry_treated_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
