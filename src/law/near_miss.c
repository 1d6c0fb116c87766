/* Near misses (重大な事故が生ずるおそれがあると認められる事態, 規58条の2) and leaks (漏えい,
 * 法28条1項2号イ・ロ). Both are lists of conditions rather than thresholds: each condition is asked,
 * explained, and answered yes, no or unknown; one "no" ends it, and an unknown matters only where no
 * condition says no. */
#include "law/internal.h"

static TkTri tri_not(TkTri a)
{
    return a == TK_UNKNOWN ? a : a == TK_YES ? TK_NO : TK_YES;
}

/* Explains one condition and joins it to the others. */
static void ask(TkVerdict *v, TkTri *all, const char *article, TkText condition, TkTri answer)
{
    TkReason *why = tk_law_because(v, WHY_CONDITION, article);
    why->subject = condition;
    why->n[0] = answer;
    if (answer == TK_NO || *all == TK_NO)
        *all = TK_NO;
    else if (answer == TK_UNKNOWN)
        *all = TK_UNKNOWN;
}

static void ask_users(TkVerdict *v, TkTri *all, const char *article, TkText condition, int64_t users,
                      int64_t needed, bool strictly, TkTri *answer)
{
    TkReason *why = tk_law_because(v, WHY_CONDITION_USERS, article);
    *answer = users < 0 ? TK_UNKNOWN : (strictly ? users > needed : users >= needed) ? TK_YES : TK_NO;
    why->subject = condition;
    why->n[0] = users;
    why->n[1] = needed;
    why->n[2] = *answer;
    why->n[3] = strictly;
    if (all == NULL)
        return;
    if (*answer == TK_NO || *all == TK_NO)
        *all = TK_NO;
    else if (*answer == TK_UNKNOWN)
        *all = TK_UNKNOWN;
}

static bool begin(const Span *span, const char *what, TkDate date, TkVerdict *v, GError **error)
{
    char day[TK_TIME_TEXT_MAX];
    if (span == NULL)
        return tk_fail(error, TK_ERROR_LAW, "%s: no version is held for %s; it was not in force then", what,
                       tk_date_text(date, day));
    memset(v, 0, sizeof *v);
    v->law_date = v->version_date = span->from;
    v->article = span->article;
    v->duration_s = -1;
    v->outcome = TK_OUTCOME_NOT_REPORTABLE;
    return true;
}

static bool days_of(int64_t occurred_us, int64_t known_us, TkDate law_date, TkDate *date, TkDate *known,
                    GError **error)
{
    if (occurred_us == TK_TIME_NONE)
        return tk_fail(error, TK_ERROR_INPUT, "started_at: it is needed");
    if (known_us != TK_TIME_NONE && known_us < occurred_us)
        return tk_fail(error, TK_ERROR_INPUT, "known_at: it lies before started_at");
    *date = law_date == TK_DATE_NONE ? tk_date_of_time(occurred_us) : law_date;
    *known = tk_date_of_time(known_us == TK_TIME_NONE ? occurred_us : known_us);
    return true;
}

static bool count_ok(int64_t value, const char *field, GError **error)
{
    return (value >= -1 && value <= TK_LAW_COUNT_MAX) ||
           tk_fail(error, TK_ERROR_INPUT,
                   "%s: %" G_GINT64_FORMAT " is not a count between 0 and 10,000,000,000", field, value);
}

static void conclude(const TkLaw *law, TkVerdict *v, TkTri answer, TkOutcome yes, const char *const kinds[2],
                     TkDate date, TkDate known)
{
    v->outcome = answer == TK_YES  ? yes
                 : answer == TK_NO ? TK_OUTCOME_NOT_REPORTABLE
                                   : TK_OUTCOME_UNDETERMINED;
    for (size_t i = 0; i < 2 && answer == TK_YES; i++)
        tk_law_add_report(law, v, kinds[i], date, known);
}

/* ホ: the event is one of the list of its day. */
static TkTri event_answer(const NearMiss *rule, const TkNearMissFacts *facts)
{
    if (facts->event == TK_NEAR_MISS_EVENT_UNKNOWN)
        return TK_UNKNOWN;
    uint32_t bit = 1U << facts->event;
    if (!(rule->events & bit))
        return TK_NO;
    return rule->unless_noticed & bit ? tri_not(facts->noticed_promptly) : TK_YES;
}

static TkText event_text(const NearMiss *rule, const TkNearMissFacts *facts)
{
    static const TkText list = {"列挙された事象のいずれか", "one of the listed events"};
    if (facts->event <= TK_NEAR_MISS_NONE || rule->event_names[facts->event].ja == NULL)
        return list;
    return rule->event_names[facts->event];
}

static TkTri function_answer(const NearMiss *rule, TkFunction function)
{
    if (function == TK_FUNCTION_UNKNOWN)
        return TK_UNKNOWN;
    return rule->functions >> function & 1 ? TK_YES : TK_NO;
}

/* 1号: all of イ to ヘ. */
static TkTri first_item(const NearMiss *rule, const TkNearMissFacts *facts, TkVerdict *v)
{
    TkTri all = TK_YES;
    TkTri answer;
    const char *article = rule->span.article;
    bool excused = facts->event > TK_NEAR_MISS_NONE && (rule->despite_disaster >> facts->event & 1);
    ask_users(v, &all, article,
              (TkText){"イ 前年度末の利用者数", "(イ) users at the end of the fiscal year before"},
              facts->carrier_users, rule->carrier_users, false, &answer);
    ask(v, &all, article,
        (TkText){"ロ 二以上の都道府県にわたる役務の設備", "(ロ) a service over two or more prefectures"},
        facts->several_prefectures);
    ask(v, &all, article, (TkText){"ハ 端末設備・端末系伝送路設備以外", "(ハ) not terminal-side equipment"},
        tri_not(facts->terminal_side));
    ask(v, &all, article, (TkText){"ニ 五つの機能のいずれか", "(ニ) one of the five functions"},
        function_answer(rule, facts->function));
    ask(v, &all, article, event_text(rule, facts), event_answer(rule, facts));
    ask(v, &all, article, (TkText){"ヘ(1) 計画されていない", "(ヘ1) not planned"}, tri_not(facts->planned));
    ask(v, &all, article, (TkText){"ヘ(2) 設計仕様の範囲外", "(ヘ2) outside the design"},
        tri_not(facts->within_design));
    ask(v, &all, article,
        (TkText){"ヘ(3) 自然災害によらない(転倒・脱落を除く)",
                 "(ヘ3) no natural disaster, overturning aside"},
        excused ? TK_YES : tri_not(facts->natural_disaster));
    return all;
}

bool tk_law_near_miss(const TkLaw *law, const TkNearMissFacts *facts, TkDate law_date, TkVerdict *v,
                      GError **error)
{
    static const char *const kinds[2] = {"near-miss-initial", "near-miss-detailed"};
    TkDate date = 0, known = 0;
    if (!days_of(facts->occurred_us, facts->known_us, law_date, &date, &known, error) ||
        !count_ok(facts->carrier_users, "carrier_users", error))
        return false;
    const NearMiss *rule = IN_FORCE(law->near_misses, date);
    if (!begin(rule == NULL ? NULL : &rule->span, "施行規則58条の2", date, v, error))
        return false;
    const NearMissFacility *facility = IN_FORCE(law->near_miss_facilities, date);
    TkTri not_serious = TK_YES;
    ask(v, &not_serious, rule->span.article, (TkText){"重大な事故に該当しない", "not a serious accident"},
        tri_not(facts->serious));
    TkTri by_facility = TK_NO;
    if (facility != NULL && facts->important_facility_damage != TK_NO) {
        by_facility = TK_YES;
        ask(v, &by_facility, facility->span.article,
            (TkText){"重要な電気通信設備の深刻な機能低下又は重大な損傷",
                     "grave loss of function of, or damage to, an important facility"},
            facts->important_facility_damage);
    }
    TkTri answer = by_facility;
    if (by_facility == TK_YES) {
        v->article = facility->span.article;
    } else {
        TkTri first = first_item(rule, facts, v);
        answer = first == TK_YES ? TK_YES : (first == TK_NO ? by_facility : TK_UNKNOWN);
    }
    if (not_serious == TK_NO || (not_serious == TK_UNKNOWN && answer == TK_YES))
        answer = not_serious;
    conclude(law, v, answer, TK_OUTCOME_NEAR_MISS, kinds, date, known);
    return true;
}

/* 法28条1項2号ロ: designated carriers; more than a thousand users, or any number to a foreign government. */
static TkTri specified_leak(const Leak *rule, const TkLeakFacts *facts, TkVerdict *v)
{
    const char *article = rule->span.article;
    TkTri designated = TK_YES, many, abroad = TK_YES;
    if (rule->designated_only)
        ask(v, &designated, article,
            (TkText){"法27条の5で指定された事業者", "a carrier designated by art. 27-5"}, facts->designated);
    ask_users(v, NULL, article, (TkText){"情報に含まれる利用者の数", "users in the information"},
              facts->users, rule->users_over, true, &many);
    if (rule->foreign_government)
        ask(v, &abroad, article,
            (TkText){"外国の制度に基づく外国政府への提供", "given to a foreign government"},
            facts->foreign_government);
    else
        abroad = TK_NO;
    TkTri either = many == TK_YES || abroad == TK_YES ? TK_YES
                   : many == TK_NO && abroad == TK_NO ? TK_NO
                                                      : TK_UNKNOWN;
    if (designated == TK_NO || either == TK_NO)
        return TK_NO;
    return designated == TK_UNKNOWN || either == TK_UNKNOWN ? TK_UNKNOWN : TK_YES;
}

bool tk_law_leak(const TkLaw *law, const TkLeakFacts *facts, TkDate law_date, TkVerdict *v, GError **error)
{
    static const char *const secrecy[2] = {"leak-secrecy-initial", "leak-secrecy-detailed"};
    static const char *const specified[2] = {"leak-specified-initial", "leak-specified-detailed"};
    TkDate date = 0, known = 0;
    if (!days_of(facts->occurred_us, facts->known_us, law_date, &date, &known, error) ||
        !count_ok(facts->users, "users", error))
        return false;
    if (facts->kind == TK_LEAK_SECRECY) {
        const Leak *rule = IN_FORCE(law->leak_secrecy, date);
        if (!begin(rule == NULL ? NULL : &rule->span, "電気通信事業法28条", date, v, error))
            return false;
        TkTri any = TK_YES;
        ask(v, &any, rule->span.article,
            (TkText){"通信の秘密の漏えい(人数の下限なし)",
                     "leak of the secrecy of communications, whatever the number"},
            TK_YES);
        if (!rule->span.verified)
            tk_law_because(v, WHY_UNVERIFIED, rule->span.article);
        conclude(law, v, TK_YES, TK_OUTCOME_LEAK, secrecy, date, known);
        return true;
    }
    const Leak *rule = IN_FORCE(law->leak_specified, date);
    if (!begin(rule == NULL ? NULL : &rule->span, "施行規則58条1項", date, v, error))
        return false;
    conclude(law, v, specified_leak(rule, facts, v), TK_OUTCOME_LEAK, specified, date, known);
    return true;
}
