/* Reasons in words, and a verdict as JSON. A judgement only collects numbers; sentences are made here, in the
 * language asked for, so that the two languages cannot come to different reasons. */
#include "law/internal.h"

typedef struct {
    TkBuf *out;
    bool ja;
} Words;

static void say(const Words *w, const char *ja, const char *en)
{
    tk_buf_add_str(w->out, w->ja ? ja : en);
}

static void say_pair(const Words *w, TkText text)
{
    say(w, text.ja, text.en);
}

static void say_duration(const Words *w, int64_t seconds)
{
    if (seconds >= 86400) {
        tk_buf_add_int(w->out, seconds / 86400);
        say(w, "日", "d ");
    }
    tk_duration_add(w->out, seconds % 86400);
}

static void say_date(const Words *w, int64_t date)
{
    tk_date_add_text(w->out, (TkDate)date);
}

static void say_hours(const Words *w, int64_t hours)
{
    tk_buf_add_int(w->out, hours);
    say(w, "時間以上", " h");
}

static void say_users(const Words *w, int64_t users)
{
    tk_buf_add_grouped(w->out, users);
    say(w, "人", " users");
}

/* The time limb: met with how much, or how much short. */
static void say_time_limb(const Words *w, int64_t hours, int64_t duration_s)
{
    int64_t needed = hours * 3600;
    if (duration_s >= needed) {
        say(w, "時間は要件を満たす(", "time met (");
        say_duration(w, duration_s);
        tk_buf_add_str(w->out, ")");
        return;
    }
    say(w, "時間は ", "time ");
    say_duration(w, needed - duration_s);
    say(w, " 不足", " short");
}

/* The users limb by count, by line speeds, or not known. `met` is the limb's answer. */
static void say_users_limb(const Words *w, int64_t needed, int64_t users, int64_t met)
{
    if (users < 0 && met == TK_UNKNOWN) {
        say(w, "利用者数は不明", "users not known");
    } else if (users < 0) {
        say(w,
            met ? "利用者数の要件は伝送速度の総和で満たす" : "利用者数の要件は伝送速度の総和では満たさない",
            met ? "users met by the sum of line speeds" : "users not met by the sum of line speeds");
    } else if (users >= needed) {
        say(w, "利用者数は要件を満たす(", "users met (");
        tk_buf_add_grouped(w->out, users);
        tk_buf_add_str(w->out, " ≧ ");
        tk_buf_add_grouped(w->out, needed);
        tk_buf_add_str(w->out, ")");
    } else {
        say(w, "利用者数は ", "users ");
        tk_buf_add_grouped(w->out, needed - users);
        say(w, "人不足", " short");
    }
}

static void say_branch(const Words *w, const TkReason *r)
{
    tk_buf_add_str(w->out, r->detail);
    say(w, "「", " (");
    say_pair(w, r->subject);
    say(w, "」の ", "), ");
    say_hours(w, r->n[0]);
    say(w, "かつ", " and ");
    say_users(w, r->n[1]);
    say(w, "以上: ", ": ");
    say_users_limb(w, r->n[1], r->n[3], r->n[4]);
    say(w, "、", ", ");
    say_time_limb(w, r->n[0], r->n[2]);
}

static void say_periodic(const Words *w, const TkReason *r)
{
    tk_buf_add_str(w->out, r->detail);
    say(w, "(", " (");
    say_users(w, r->n[1]);
    say(w, "以上又は", " or ");
    say_hours(w, r->n[0]);
    tk_buf_add_str(w->out, "): ");
    say_users_limb(w, r->n[1], r->n[3], r->n[4]);
    say(w, "、", ", ");
    say_time_limb(w, r->n[0], r->n[2]);
}

static void say_facility(const Words *w, const TkReason *r)
{
    tk_buf_add_str(w->out, r->detail);
    say(w, "(重要な電気通信設備の故障で全ての通信の疎通が",
        " (important facility, all communication impossible for ");
    say_hours(w, r->n[0]);
    say(w, "不能): ", "): ");
    if (r->n[2] == TK_UNKNOWN)
        say(w, "全ての通信が不能だったかは不明", "whether all communication was impossible is not known");
    else
        say(w, r->n[2] ? "全ての通信が不能" : "全ての通信が不能ではない",
            r->n[2] ? "all communication was impossible" : "not all communication was impossible");
    say(w, "、", ", ");
    say_time_limb(w, r->n[0], r->n[1]);
}

static void say_link(const Words *w, const TkReason *r)
{
    say(w, "利用者数の代わりに伝送速度の総和 ", "Line speeds of ");
    tk_buf_add_grouped(w->out, r->n[0]);
    say(w, " kbps を", " kbps in sum stand for the users: ");
    tk_buf_add_str(w->out, r->detail);
    say(w, "の基準(", ", more than ");
    tk_buf_add_grouped(w->out, r->n[1]);
    say(w, r->n[2] ? " kbps を超える)に当て、満たす" : " kbps を超える)に当て、満たさない",
        r->n[2] ? " kbps: met" : " kbps: not met");
    if (!r->n[3])
        say(w, "。この告示は二次資料で見たもので、告示の他の基準は未確認",
            ". The notice was seen in a secondary source; its other criteria are unverified");
}

static void say_monthly(const Words *w, const TkReason *r)
{
    say(w, "前年度の月平均利用者数 ", "Monthly users of the year before, ");
    tk_buf_add_grouped(w->out, r->n[0]);
    say(w, r->n[2] ? "人は " : "人は ", r->n[2] ? ", are at least " : ", are fewer than ");
    tk_buf_add_grouped(w->out, r->n[1]);
    say(w, r->n[2] ? "人以上なので " : "人に満たないので ", r->n[2] ? ": judged by " : ": not judged by ");
    tk_buf_add_str(w->out, r->detail);
    say(w, r->n[2] ? "で判定する" : "には当たらない", "");
}

static void say_monthly_missing(const Words *w, const TkReason *r)
{
    say(w, "前年度の月平均利用者数(monthly_users)が分からず、",
        "monthly_users of the year before are not known, so it is open whether ");
    tk_buf_add_str(w->out, r->detail);
    say(w, "(", " (");
    tk_buf_add_grouped(w->out, r->n[0]);
    say(w, "人以上)に当たるか決まらない。", " or more) applies. ");
    say(w, r->n[1] ? "結論はこれで変わる" : "どちらの項でも結論は同じ",
        r->n[1] ? "The answer hangs on it" : "Both rows give the same answer");
}

static void say_condition(const Words *w, const TkReason *r)
{
    tk_buf_add_str(w->out, r->detail);
    say(w, " ", " ");
    say_pair(w, r->subject);
    tk_buf_add_str(w->out, ": ");
    if (r->n[0] == TK_UNKNOWN)
        say(w, "不明", "not known");
    else
        say(w, r->n[0] ? "当たる" : "当たらない", r->n[0] ? "yes" : "no");
}

static void say_condition_users(const Words *w, const TkReason *r)
{
    tk_buf_add_str(w->out, r->detail);
    tk_buf_add_str(w->out, " ");
    say_pair(w, r->subject);
    tk_buf_add_str(w->out, ": ");
    if (r->n[0] < 0) {
        say(w, "人数は不明", "the number is not known");
        return;
    }
    tk_buf_add_grouped(w->out, r->n[0]);
    say(w, r->n[3] ? (r->n[2] ? " > " : " ≦ ") : (r->n[2] ? " ≧ " : " < "),
        r->n[3] ? (r->n[2] ? " > " : " ≦ ") : (r->n[2] ? " ≧ " : " < "));
    tk_buf_add_grouped(w->out, r->n[1]);
}

static void say_what_if(const Words *w, const TkReason *r)
{
    say(w, "仮定: 発生日 ", "What if: judged by the law of ");
    say_date(w, w->ja ? r->n[1] : r->n[0]);
    say(w, " ではなく ", " instead of that of its day, ");
    say_date(w, w->ja ? r->n[0] : r->n[1]);
    say(w, " の法令で判定した", "");
}

static void say_going_on(const Words *w, const TkReason *r)
{
    say(w, "継続中のため ", "Still going on: judged as of ");
    tk_time_add(w->out, r->n[0]);
    say(w, " 現在で判定した", "");
}

static void say_simplified(const Words *w, const TkReason *r)
{
    tk_buf_add_str(w->out, r->detail);
    say(w, ": 無線基地局、遠隔収容装置又はDSLAMの故障なので簡易な様式で足りる",
        ": the fault is of a radio base station, remote unit or DSLAM, so the simplified form will do");
    if (!r->n[0])
        say(w, "(告示の文言は未確認)", " (the notice's wording is unverified)");
}

/* A kind of reason is either put together by `say`, or is its detail followed by a fixed text. */
static const struct {
    void (*say)(const Words *w, const TkReason *r);
    TkText text;
} sentences[] = {
    [WHY_BRANCH] = {say_branch, {NULL, NULL}},
    [WHY_LINK] = {say_link, {NULL, NULL}},
    [WHY_MONTHLY] = {say_monthly, {NULL, NULL}},
    [WHY_MONTHLY_MISSING] = {say_monthly_missing, {NULL, NULL}},
    [WHY_USERS_MISSING] =
        {NULL,
         {"影響利用者数(affected_users)も伝送速度の総和(link_kbps)も分からず、結論はこれで変わる",
          "Missing: neither affected_users nor link_kbps is known, and the answer hangs on them"}},
    [WHY_FACILITY] = {say_facility, {NULL, NULL}},
    [WHY_FACILITY_MISSING] =
        {NULL,
         {": 全ての通信の疎通が不能だったか(all_traffic_lost)が分からず、結論はこれで変わる",
          ": missing, all_traffic_lost is not known, and the answer hangs on it"}},
    [WHY_NOT_TELECOM] =
        {NULL,
         {": 電気通信設備以外の設備の故障なので重大な事故には当たらない",
          ": the fault is of other than telecommunications equipment, so it is no serious accident"}},
    [WHY_ADDITIONAL] = {NULL,
                        {": 付加的な機能だけに係るため対象外",
                         ": excluded, only additional functions are concerned"}},
    [WHY_PERIODIC] = {say_periodic, {NULL, NULL}},
    [WHY_SIMPLIFIED] = {say_simplified, {NULL, NULL}},
    [WHY_PERIODIC_TOO] =
        {NULL,
         {": この時点の法令では重大な事故も四半期の報告に含める",
          ": by the law of that time a serious accident is in the quarterly report as well"}},
    [WHY_WHAT_IF] = {say_what_if, {NULL, NULL}},
    [WHY_GOING_ON] = {say_going_on, {NULL, NULL}},
    [WHY_UNVERIFIED] = {NULL, {": この時点の条文は未確認", ": the text as of then is unverified"}},
    [WHY_CONDITION] = {say_condition, {NULL, NULL}},
    [WHY_CONDITION_USERS] = {say_condition_users, {NULL, NULL}},
};

void tk_law_why_add(const TkReason *reason, TkLang lang, TkBuf *out)
{
    const Words words = {out, lang == TK_LANG_JA};
    g_assert(reason->kind >= 0 && (size_t)reason->kind < G_N_ELEMENTS(sentences));
    if (sentences[reason->kind].say != NULL) {
        sentences[reason->kind].say(&words, reason);
        return;
    }
    if (reason->detail != NULL)
        tk_buf_add_str(out, reason->detail);
    say_pair(&words, sentences[reason->kind].text);
}

static void report_json(const TkReportDue *report, TkJson *w)
{
    tk_json_begin_object(w);
    tk_json_member(w, "kind", report->kind);
    tk_json_member(w, "form", report->form);
    tk_json_key(w, "due");
    tk_json_date(w, report->due);
    tk_json_member(w, "clock", tk_law_clock_id(report->clock));
    tk_json_end_object(w);
}

static void branch_json(const TkVerdict *verdict, TkJson *w)
{
    tk_json_key(w, "branch");
    if (!verdict->has_branch) {
        tk_json_null(w);
        return;
    }
    tk_json_begin_object(w);
    tk_json_key(w, "hours");
    tk_json_int(w, verdict->branch.hours);
    tk_json_key(w, "users");
    tk_json_int(w, verdict->branch.users);
    tk_json_end_object(w);
}

#define SENTENCE_MAX 4096

void tk_law_why_json(const TkVerdict *verdict, TkLang lang, TkJson *w)
{
    tk_json_begin_array(w);
    g_auto(TkBuf) sentence;
    tk_buf_init(&sentence, SENTENCE_MAX);
    for (size_t i = 0; i < verdict->why_count; i++) {
        tk_buf_reset(&sentence);
        tk_law_why_add(&verdict->why[i], lang, &sentence);
        tk_json_text_len(w, sentence.data, sentence.len);
    }
    tk_json_end_array(w);
}

void tk_law_verdict_json(const TkVerdict *verdict, TkLang lang, TkJson *w)
{
    tk_json_key(w, "law");
    tk_json_date(w, verdict->law_date);
    tk_json_member(w, "outcome", tk_law_outcome_id(verdict->outcome));
    tk_json_member(w, "article", verdict->article);
    branch_json(verdict, w);
    tk_json_key(w, "duration_s");
    if (verdict->duration_s < 0)
        tk_json_null(w);
    else
        tk_json_int(w, verdict->duration_s);
    tk_json_key(w, "reports");
    tk_json_begin_array(w);
    for (size_t i = 0; i < verdict->report_count; i++)
        report_json(&verdict->reports[i], w);
    tk_json_end_array(w);
    tk_json_key(w, "why");
    tk_law_why_json(verdict, lang, w);
    tk_json_key(w, "version");
    tk_json_date(w, verdict->version_date);
}

static void add_count(TkJson *w, const char *key, bool known, int64_t value)
{
    tk_json_key(w, key);
    if (known)
        tk_json_int(w, value);
    else
        tk_json_null(w);
}

static void add_condition(const TkReason *r, TkJson *w)
{
    bool counted = r->kind == WHY_CONDITION_USERS;
    int64_t answer = r->n[counted ? 2 : 0];
    tk_json_begin_object(w);
    tk_json_member(w, "article", r->detail);
    tk_json_member2(w, "text", r->subject.ja, r->subject.en);
    tk_json_key(w, "met");
    if (answer == TK_UNKNOWN)
        tk_json_null(w);
    else
        tk_json_bool(w, answer == TK_YES);
    add_count(w, "value", counted && r->n[0] >= 0, r->n[0]);
    add_count(w, "needed", counted, r->n[1]);
    tk_json_end_object(w);
}

void tk_law_conditions_json(const TkVerdict *verdict, TkJson *w)
{
    tk_json_begin_array(w);
    for (size_t i = 0; i < verdict->why_count; i++)
        if (verdict->why[i].kind == WHY_CONDITION || verdict->why[i].kind == WHY_CONDITION_USERS)
            add_condition(&verdict->why[i], w);
    tk_json_end_array(w);
}
