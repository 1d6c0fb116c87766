/* The process of ISO 31000:2018, clause 6, as it shows in the registers: each step with its numbers, the day
 * it was last worked on, and what is missing. */
#include "service/risks_private.h"

typedef struct {
    TkRiskBook *book;
    json_t *items; /* the views of all risks */
} Process;

static bool is_open(const json_t *view)
{
    return g_strcmp0(json_string_value(json_object_get(view, "status")), "closed") != 0;
}

/* Open risks with one of the codes. */
static int with_codes(const Process *p, const char *const *codes)
{
    int n = 0;
    size_t i, k;
    const json_t *view, *one;
    json_array_foreach(p->items, i, view)
    {
        bool has = false;
        json_array_foreach(json_object_get(view, "attention"), k, one) has |=
            g_strv_contains(codes, json_string_value(json_object_get(one, "code")));
        n += has;
    }
    return n;
}

#define WITH(p, ...) with_codes(p, (const char *const[]){__VA_ARGS__, NULL})

static void step(json_t *steps, const char *id, const char *clause, const char *ja, const char *en,
                 json_t *facts, json_t *gaps)
{
    json_array_append_new(steps, json_pack("{s:s, s:s, s:{s:s, s:s}, s:o, s:o}", "id", id, "clause", clause,
                                           "name", "ja", ja, "en", en, "facts", facts, "gaps", gaps));
}

/* {"id","n","ja","en"}: "12 open risks". */
static void fact(json_t *facts, const char *id, json_int_t n, const char *ja, const char *en)
{
    json_array_append_new(facts, json_pack("{s:s, s:I, s:s, s:s}", "id", id, "n", n, "ja", ja, "en", en));
}

static void gap(json_t *gaps, json_int_t n, const char *id, const char *ja, const char *en)
{
    if (n > 0)
        fact(gaps, id, n, ja, en);
}

/* ---- the steps ---- */

static void scope_step(const Process *p, json_t *steps)
{
    json_t *facts = json_array(), *gaps = json_array();
    bool now = false;
    for (unsigned i = 0; i < p->book->criteria->len; i++)
        now |= ((const TkCriteria *)p->book->criteria->pdata[i])->from <= p->book->today;
    fact(facts, "criteria", p->book->criteria->len, "採用したリスク基準", "adopted criteria");
    gap(gaps, !now, "no-criteria-now", "今日有効なリスク基準がありません", "no criteria are in force today");
    gap(gaps, (json_int_t)json_array_size(p->book->refused), "refused", "読めないリスク基準",
        "criteria that cannot be read");
    step(steps, "scope", "6.3", "適用範囲・状況・基準", "Scope, context and criteria", facts, gaps);
}

static void assessment_steps(const Process *p, json_t *steps)
{
    int open = 0, sources = 0, analysed = 0, evaluated = 0;
    size_t i;
    const json_t *view;
    json_array_foreach(p->items, i, view)
    {
        if (!is_open(view))
            continue;
        const json_t *current = json_object_get(view, "current");
        open++;
        sources += json_is_string(json_object_get(view, "source_ref"));
        analysed += json_is_object(current);
        evaluated += json_is_object(json_object_get(current, "level"));
    }
    json_t *facts = json_array(), *gaps = json_array();
    fact(facts, "open", open, "特定したリスク", "risks identified");
    fact(facts, "sources", sources, "リスク源ライブラリーから", "from the library of sources");
    gap(gaps, open == 0, "no-risks", "リスクがまだ一つもありません", "no risk is identified yet");
    step(steps, "identification", "6.4.2", "リスクの特定", "Identification", facts, gaps);
    facts = json_array();
    gaps = json_array();
    fact(facts, "analysed", analysed, "分析したリスク", "risks analysed");
    gap(gaps, WITH(p, "not-analysed"), "not-analysed", "まだ分析していないリスク", "risks not analysed yet");
    step(steps, "analysis", "6.4.3", "リスク分析", "Analysis", facts, gaps);
    facts = json_array();
    gaps = json_array();
    fact(facts, "evaluated", evaluated, "基準に照らしたリスク", "risks evaluated by the criteria");
    gap(gaps, WITH(p, "no-criteria", "beyond-criteria"), "not-evaluated", "基準に照らせないリスク",
        "risks the criteria do not answer for");
    step(steps, "evaluation", "6.4.4", "リスク評価", "Evaluation", facts, gaps);
}

static void treatment_step(const Process *p, json_t *steps)
{
    int treated = 0, measures = 0, accepted = 0;
    size_t i;
    const json_t *view;
    json_array_foreach(p->items, i, view)
    {
        if (!is_open(view))
            continue;
        treated += json_is_string(json_object_get(view, "treatment"));
        measures += (int)json_array_size(json_object_get(view, "measures"));
        accepted += json_is_object(json_object_get(view, "acceptance"));
    }
    json_t *facts = json_array(), *gaps = json_array();
    fact(facts, "treated", treated, "対応を決めたリスク", "risks with a treatment");
    fact(facts, "measures", measures, "対策", "measures");
    fact(facts, "accepted", accepted, "受容の申請・承認", "acceptances asked for or decided");
    gap(gaps, WITH(p, "no-treatment", "no-measure"), "untreated", "対応か対策が決まっていないリスク",
        "risks without treatment or measure");
    gap(gaps, WITH(p, "not-acceptable", "acceptance-missing", "acceptance-expired", "acceptance-exceeded"),
        "acceptance", "受容が有効でないリスク", "risks borne without a valid acceptance");
    gap(gaps, WITH(p, "acceptance-waiting"), "waiting", "承認を待つ受容",
        "acceptances that wait for approval");
    gap(gaps, WITH(p, "measure-overdue", "target-overdue"), "late", "遅れている対策・目標",
        "risks with late measures or targets");
    step(steps, "treatment", "6.5", "リスク対応", "Treatment", facts, gaps);
}

static void communication_step(const Process *p, json_t *steps)
{
    int told = 0, silent = 0;
    size_t i;
    const json_t *view;
    json_array_foreach(p->items, i, view)
    {
        const char *appetite = json_string_value(
            json_object_get(json_object_get(json_object_get(view, "current"), "level"), "appetite"));
        bool above = is_open(view) && appetite != NULL && strcmp(appetite, "take") != 0;
        bool said = json_integer_value(json_object_get(view, "communications")) > 0;
        told += said;
        silent += above && !said;
    }
    json_t *facts = json_array(), *gaps = json_array();
    fact(facts, "told", told, "伝達・協議したリスク", "risks communicated or consulted on");
    gap(gaps, silent, "silent", "許容水準を超えるのに伝達・協議の記録がないリスク",
        "risks above the appetite that nobody was told of");
    step(steps, "communication", "6.2", "伝達・協議", "Communication and consultation", facts, gaps);
}

static void monitoring_step(const Process *p, json_t *steps)
{
    int watched = 0, blind = 0;
    size_t i;
    const json_t *view;
    json_array_foreach(p->items, i, view)
    {
        bool has = json_array_size(json_object_get(view, "indicators")) > 0;
        const char *appetite = json_string_value(
            json_object_get(json_object_get(json_object_get(view, "current"), "level"), "appetite"));
        watched += has && is_open(view);
        blind += is_open(view) && !has && appetite != NULL && strcmp(appetite, "take") != 0;
    }
    json_t *facts = json_array(), *gaps = json_array();
    fact(facts, "watched", watched, "指標で見ているリスク", "risks watched by indicators");
    gap(gaps, blind, "blind", "許容水準を超えるのに指標がないリスク",
        "risks above the appetite without indicators");
    gap(gaps, WITH(p, "review-overdue"), "review", "見直しの期限を過ぎたリスク", "risks past their review");
    gap(gaps, WITH(p, "indicator-red"), "red", "警報の境を超えたリスク", "risks with a red indicator");
    gap(gaps, WITH(p, "indicator-stale"), "stale", "測定が遅れているリスク",
        "risks whose indicators were not measured in time");
    step(steps, "monitoring", "6.6", "モニタリング・レビュー", "Monitoring and review", facts, gaps);
}

static void recording_step(const Process *p, json_t *steps)
{
    json_t *facts = json_array();
    int64_t versions = 0;
    for (unsigned i = 0; i < p->book->risks->len; i++)
        versions += ((const TkRiskRecord *)p->book->risks->pdata[i])->version;
    fact(facts, "versions", versions, "証跡に残るリスクの版", "versions of risks in the ledger");
    step(steps, "recording", "6.7", "記録・報告", "Recording and reporting", facts, json_array());
}

GBytes *tk_service_risks_process(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    if (book == NULL)
        return NULL;
    g_autoptr(json_t) items = json_array();
    for (unsigned i = 0; i < book->risks->len; i++)
        json_array_append_new(items, tk_risk_view(book, book->risks->pdata[i], TK_TIME_NONE));
    Process p = {book, items};
    json_t *steps = json_array();
    communication_step(&p, steps);
    scope_step(&p, steps);
    assessment_steps(&p, steps);
    treatment_step(&p, steps);
    monitoring_step(&p, steps);
    recording_step(&p, steps);
    g_autoptr(json_t) out = json_pack("{s:o, s:b}", "steps", steps, "synthetic", app->synthetic);
    return tk_json_bytes(out);
}
