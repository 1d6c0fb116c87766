/* The demo's earlier years: accidents that were entered by hand, reported and closed, so that statistics and
 * the board's report have something to count; and one near miss and one leak that are still being handled.
 * All of it is made up from the seed, and goes through the same use cases as anything a person does. */
#include <math.h>

#include "service/demo_history.h"

#define HOUR_US (INT64_C(3600) * TK_US_PER_S)
#define DAY_US  (24 * HOUR_US)
#define YEARS   4

static const TkActor noc = {"運用 太郎(架空)", TK_ROLE_NOC_OPERATOR};
static const TkActor chief = {"統括 花子(架空)", TK_ROLE_GENERAL_MANAGER};

typedef struct {
    TkApp *app;
    TkDemo *demo;
    GRand *rand;
} Years;

static const char *const causes[] = {"equipment", "equipment", "human", "external", "external", "other"};
static const char *const services[] = {"internet-access", "internet-access", "voice", "voice-emergency",
                                       "lpwa"};

/* Between low and high, small ones more often. */
static int64_t skewed(GRand *rand, double low, double high)
{
    double share = g_rand_double(rand);
    return (int64_t)(low * pow(high / low, share * share));
}

static json_t *made_up(Years *years, int64_t began_us, int64_t ended_us)
{
    const char *service = services[g_rand_int_range(years->rand, 0, (gint32)G_N_ELEMENTS(services))];
    bool simple = g_rand_int_range(years->rand, 0, 3) == 0;
    return json_pack("{s:s, s:o, s:o, s:o, s:{s:I}, s:s, s:s, s:s, s:s}", "title",
                     simple ? "無線基地局の故障(架空)" : "伝送設備の故障(架空)", "started_at",
                     tk_json_of_time(began_us), "detected_at", tk_json_of_time(began_us), "recovered_at",
                     tk_json_of_time(ended_us), "services", service,
                     (json_int_t)skewed(years->rand, 300, 400000), "fault", "telecom-equipment", "equipment",
                     simple ? "radio-base-station" : "other", "place", "架空県架空市", "summary",
                     "統計の例とするために作った合成データ。");
}

static json_t *parsed(GBytes *bytes)
{
    g_autoptr(GBytes) owned = bytes;
    gsize len;
    const char *text = g_bytes_get_data(owned, &len);
    return tk_json_read("answer", text, len, 16u << 20, NULL);
}

/* Takes `request`; *accident becomes the answer. */
static bool act(Years *years, json_t **accident, const TkActor *actor, json_t *request, GError **error)
{
    g_autoptr(json_t) body = request;
    json_object_set(body, "version", json_object_get(*accident, "version"));
    GBytes *answer = tk_service_accident_act(
        years->app, actor, json_string_value(json_object_get(*accident, "id")), body, error);
    if (answer == NULL)
        return false;
    json_decref(*accident);
    *accident = parsed(answer);
    return *accident != NULL;
}

static bool report_all(Years *years, json_t **accident, GError **error)
{
    g_autoptr(json_t) deadlines = json_deep_copy(json_object_get(*accident, "deadlines"));
    size_t i;
    const json_t *deadline;
    json_array_foreach(deadlines, i, deadline)
    {
        json_t *request = json_pack("{s:s, s:O, s:s}", "action", "reported", "kind",
                                    json_object_get(deadline, "kind"), "how", "架空の窓口へ提出");
        if (!act(years, accident, &chief, request, error))
            return false;
    }
    return true;
}

static bool one_accident(Years *years, int64_t began_us, GError **error)
{
    int64_t ended_us = began_us + skewed(years->rand, 600, 90000) * TK_US_PER_S;
    tk_demo_set_now(years->demo, ended_us + HOUR_US);
    g_autoptr(json_t) request = made_up(years, began_us, ended_us);
    GBytes *answer = tk_service_accident_open(years->app, &noc, request, error);
    if (answer == NULL)
        return false;
    json_t *accident = parsed(answer);
    const char *cause = causes[g_rand_int_range(years->rand, 0, (gint32)G_N_ELEMENTS(causes))];
    bool done = accident != NULL &&
                act(years, &accident, &noc,
                    json_pack("{s:s, s:{s:s}}", "action", "edit", "fields", "cause_class", cause), error) &&
                report_all(years, &accident, error) &&
                act(years, &accident, &chief, json_pack("{s:s}", "action", "close"), error);
    json_decref(accident);
    return done;
}

static bool open_case(Years *years, const char *kind, json_t *request, GError **error)
{
    g_autoptr(json_t) owned = request;
    g_autoptr(GBytes) answer = tk_service_case_open(years->app, &noc, kind, owned, error);
    return answer != NULL;
}

bool tk_demo_open_cases(TkApp *app, TkDemo *demo, int64_t now_us, GError **error)
{
    Years years = {.app = app};
    tk_demo_set_now(demo, now_us);
    json_t *leak =
        json_pack("{s:s, s:s, s:o, s:o, s:i, s:b, s:b, s:s, s:s, s:s}", "title", "請求書の誤送付(架空)",
                  "leak", "specified-user-info", "started_at", tk_json_of_time(now_us - 20 * DAY_US),
                  "known_at", tk_json_of_time(now_us - 19 * DAY_US), "users", 1840, "foreign_government", 0,
                  "designated", 1, "place", "架空県架空市の事務所", "summary",
                  "請求書を別の利用者へ送付した(架空の設定)。", "measures", "回収中(架空の設定)。");
    json_t *near = json_pack(
        "{s:s, s:o, s:o, s:i, s:b, s:b, s:s, s:s, s:b, s:b, s:b, s:b, s:s, s:s, s:s}", "title",
        "予備系への切替え失敗(架空)", "started_at", tk_json_of_time(now_us - 30 * HOUR_US), "known_at",
        tk_json_of_time(now_us - 29 * HOUR_US), "carrier_users", 18000000, "several_prefectures", 1,
        "terminal_side", 0, "function", "switching", "event", "no-switchover", "planned", 0, "within_design",
        0, "natural_disaster", 0, "serious", 0, "place", "架空県架空市", "summary",
        "予備系へ切り替えられず、手動で切り替えた(架空の設定)。", "measures",
        "手動で切り替えた(架空の設定)。");
    return open_case(&years, TK_KIND_LEAK, leak, error) && open_case(&years, TK_KIND_NEAR_MISS, near, error);
}

bool tk_demo_play_years(TkApp *app, TkDemo *demo, uint64_t seed, int64_t to_us, GError **error)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)seed);
    Years years = {app, demo, rand};
    int year, month, day;
    tk_date_split(tk_date_of_time(to_us), &year, &month, &day);
    int64_t at_us = tk_time_of_date(tk_date_make(year - YEARS, 4, 1));
    int64_t end_us =
        tk_time_of_date(tk_date_make(year, 1, 1)) - 3 * DAY_US; /* the numbers of this year are the days' */
    while (at_us < end_us) {
        if (!one_accident(&years, at_us, error))
            return false;
        at_us += skewed(rand, 10, 60) * DAY_US + g_rand_int_range(rand, 0, 24) * HOUR_US;
    }
    return true;
}
