/* The risk register as people have to see it: where each risk stands by the criteria of its day, what is done
 * about it, and what needs attention. Nothing here is stored; asking changes nothing. */
#include "service/risks_private.h"

#define QUARTER_MONTHS 3

static const struct {
    const char *id, *likelihood, *consequence;
} positions[TK_RISK_POSITIONS] = {{"inherent", "inherent_likelihood", "inherent_consequence"},
                                  {"current", "current_likelihood", "current_consequence"},
                                  {"target", "target_likelihood", "target_consequence"}};

const char *tk_risk_position_id(TkRiskPosition position)
{
    return positions[position].id;
}

/* ---- evaluation ---- */

void tk_risk_steps(const json_t *values, TkRiskPosition position, int64_t *likelihood, int64_t *consequence)
{
    *likelihood = json_integer_value(json_object_get(values, positions[position].likelihood));
    *consequence = json_integer_value(json_object_get(values, positions[position].consequence));
}

json_t *tk_risk_position_json(const json_t *values, TkRiskPosition position, const TkCriteria *criteria)
{
    int64_t likelihood, consequence;
    tk_risk_steps(values, position, &likelihood, &consequence);
    if (likelihood == 0 || consequence == 0)
        return json_null();
    int level = criteria == NULL ? -1 : tk_risk_matrix_level(criteria->matrix, likelihood, consequence);
    return json_pack("{s:I, s:I, s:o}", "likelihood", (json_int_t)likelihood, "consequence",
                     (json_int_t)consequence, "level",
                     level < 0 ? json_null() : tk_risk_level_json(criteria->matrix, level));
}

/* ---- one risk, looked at ---- */

typedef struct {
    TkRiskBook *book;
    const TkRiskRecord *risk;
    const TkCriteria *criteria;
    int level; /* the current one; -1: cannot be told */
    json_t *attention;
} Look;

static void attend(const Look *look, const char *code, const char *ja, const char *en)
{
    json_array_append_new(look->attention, json_pack("{s:s, s:s, s:s}", "code", code, "ja", ja, "en", en));
}

static bool is_closed(const json_t *values)
{
    return g_strcmp0(tk_risk_text(values, "status"), "closed") == 0;
}

static TkAppetite appetite_of(const Look *look)
{
    return look->level < 0 ? TK_APPETITE_TAKE : look->criteria->matrix->levels[look->level].appetite;
}

static void look_at_analysis(Look *look)
{
    int64_t likelihood, consequence;
    tk_risk_steps(look->risk->values, TK_RISK_CURRENT, &likelihood, &consequence);
    if (look->criteria == NULL)
        attend(look, "no-criteria", "評価日に有効なリスク基準がありません。",
               "no criteria were in force on the day of the assessment");
    if (likelihood == 0)
        attend(look, "not-analysed", "現在の起こりやすさと影響が評価されていません。",
               "its present likelihood and consequence are not said");
    else if (look->criteria != NULL && look->level < 0)
        attend(look, "beyond-criteria", "起こりやすさか影響が、リスク基準の段階を超えています。",
               "likelihood or consequence lies beyond the steps of the criteria");
}

/* ---- measures ---- */

static json_t *measure_json(const Look *look, const char *id, bool *late)
{
    const TkRiskRecord *measure = g_hash_table_lookup(look->book->measures, id);
    if (measure == NULL)
        return json_pack("{s:s, s:s}", "id", id, "title", id);
    const char *status = tk_risk_text(measure->values, "status");
    TkDate deadline = tk_risk_day(measure->values, "deadline");
    bool open = g_strcmp0(status, "open") == 0 || g_strcmp0(status, "doing") == 0;
    bool overdue = open && deadline != TK_DATE_NONE && deadline < look->book->today;
    *late |= overdue;
    return json_pack("{s:s, s:s?, s:s?, s:o, s:b}", "id", id, "title", tk_risk_text(measure->values, "title"),
                     "status", status, "deadline", tk_program_date_json(deadline), "overdue", overdue);
}

static json_t *measures_json(Look *look)
{
    json_t *list = json_array();
    bool late = false;
    size_t i;
    const json_t *id;
    json_array_foreach(json_object_get(look->risk->values, "measures"), i, id)
        json_array_append_new(list, measure_json(look, json_string_value(id), &late));
    if (late)
        attend(look, "measure-overdue", "期限を過ぎた対策があります。", "a measure is past its day");
    if (g_strcmp0(tk_risk_text(look->risk->values, "treatment"), "reduce") == 0 &&
        json_array_size(list) == 0 && appetite_of(look) != TK_APPETITE_TAKE)
        attend(look, "no-measure", "「低減」ですが対策が登録されていません。",
               "is to be reduced, but names no measure");
    return list;
}

/* ---- acceptance ---- */

/* The decision that counts: the one that lasts longest among those accepted, else one that waits. */
static const TkRiskRecord *acceptance_of(const Look *look)
{
    const GPtrArray *all = g_hash_table_lookup(look->book->acceptances, look->risk->id);
    const TkRiskRecord *found = NULL;
    bool found_accepted = false;
    for (unsigned i = 0; all != NULL && i < all->len; i++) {
        const TkRiskRecord *one = all->pdata[i];
        const char *state = tk_risk_text(one->values, "state");
        bool accepted = g_strcmp0(state, "accepted") == 0;
        if (!accepted && g_strcmp0(state, "asked") != 0)
            continue;
        bool better = found == NULL || accepted > found_accepted ||
                      (accepted == found_accepted &&
                       tk_risk_day(one->values, "expires") >= tk_risk_day(found->values, "expires"));
        if (better) {
            found = one;
            found_accepted = accepted;
        }
    }
    return found;
}

/* What was accepted covers what there is now, cell by cell: not by level, which another matrix may name
 * otherwise. */
static bool covers(const Look *look, const json_t *accepted)
{
    int64_t likelihood, consequence;
    tk_risk_steps(look->risk->values, TK_RISK_CURRENT, &likelihood, &consequence);
    return likelihood <= json_integer_value(json_object_get(accepted, "likelihood")) &&
           consequence <= json_integer_value(json_object_get(accepted, "consequence"));
}

static void look_at_acceptance(Look *look, const TkRiskRecord *acceptance, bool expired)
{
    TkAppetite appetite = appetite_of(look);
    bool accept = g_strcmp0(tk_risk_text(look->risk->values, "treatment"), "accept") == 0;
    bool decided =
        acceptance != NULL && g_strcmp0(tk_risk_text(acceptance->values, "state"), "accepted") == 0;
    if (accept && appetite == TK_APPETITE_NEVER)
        attend(look, "not-acceptable", "この水準は受容できません。対応が必要です。",
               "cannot be borne at this level: it has to be treated");
    else if (accept && appetite == TK_APPETITE_TREAT && acceptance == NULL)
        attend(look, "acceptance-missing", "許容水準を超えていますが、受容の承認がありません。",
               "is above the appetite, and nobody approved bearing it");
    else if (accept && appetite == TK_APPETITE_TREAT && !decided)
        attend(look, "acceptance-waiting", "受容が統括管理者の承認を待っています。",
               "waits for the general manager's approval");
    if (decided && expired)
        attend(look, "acceptance-expired", "受容の期限が過ぎています。",
               "was accepted until a day that has passed");
    if (decided && !expired && look->level >= 0 && appetite != TK_APPETITE_TAKE &&
        !covers(look, acceptance->values))
        attend(look, "acceptance-exceeded", "受容したときより高い水準になっています。",
               "is higher by now than what was accepted");
}

static json_t *acceptance_json(Look *look)
{
    const TkRiskRecord *one = acceptance_of(look);
    TkDate expires = one == NULL ? TK_DATE_NONE : tk_risk_day(one->values, "expires");
    bool expired = expires != TK_DATE_NONE && expires < look->book->today;
    look_at_acceptance(look, one, expired);
    if (one == NULL)
        return json_null();
    return json_pack(
        "{s:s, s:s?, s:s?, s:o, s:s?, s:s?, s:O?, s:O?, s:b, s:b}", "id", one->id, "state",
        tk_risk_text(one->values, "state"), "reason", tk_risk_text(one->values, "reason"), "expires",
        tk_program_date_json(expires), "approver", tk_risk_text(one->values, "approver"), "approved_at",
        tk_risk_text(one->values, "approved_at"), "likelihood", json_object_get(one->values, "likelihood"),
        "consequence", json_object_get(one->values, "consequence"), "expired", expired, "covers",
        covers(look, one->values));
}

/* ---- indicators ---- */

/* "green", "amber", "red"; "unknown" where nothing was measured. Beyond a border is at it or worse. */
static const char *indicator_state(const json_t *values)
{
    const json_t *value = json_object_get(values, "value");
    double sign = g_strcmp0(tk_risk_text(values, "worse"), "down") == 0 ? -1 : 1;
    if (!json_is_number(value))
        return "unknown";
    double now = sign * json_number_value(value);
    if (now >= sign * json_number_value(json_object_get(values, "red")))
        return "red";
    return now >= sign * json_number_value(json_object_get(values, "amber")) ? "amber" : "green";
}

static json_t *indicators_json(Look *look)
{
    const GPtrArray *all = g_hash_table_lookup(look->book->indicators, look->risk->id);
    json_t *list = json_array();
    bool red = false, stale = false;
    for (unsigned i = 0; all != NULL && i < all->len; i++) {
        const TkRiskRecord *one = all->pdata[i];
        const char *state = indicator_state(one->values);
        TkDate next = tk_risk_day(one->values, "next");
        bool overdue = next != TK_DATE_NONE && next < look->book->today;
        red |= strcmp(state, "red") == 0;
        stale |= overdue;
        json_array_append_new(list, json_pack("{s:s, s:s?, s:O?, s:s?, s:s, s:o, s:o, s:b}", "id", one->id,
                                              "name", tk_risk_text(one->values, "name"), "value",
                                              json_object_get(one->values, "value"), "unit",
                                              tk_risk_text(one->values, "unit"), "state", state, "measured",
                                              tk_program_date_json(tk_risk_day(one->values, "measured")),
                                              "next", tk_program_date_json(next), "overdue", overdue));
    }
    if (red)
        attend(look, "indicator-red", "警報の境を超えた指標があります。", "an indicator is red");
    if (stale)
        attend(look, "indicator-stale", "測定の期限を過ぎた指標があります。",
               "an indicator was not measured in time");
    return list;
}

/* ---- treatment and days ---- */

static void look_at_treatment(Look *look)
{
    const json_t *values = look->risk->values;
    TkDate target_by = tk_risk_day(values, "target_by"), review = tk_risk_day(values, "review");
    if (appetite_of(look) != TK_APPETITE_TAKE && tk_risk_text(values, "treatment") == NULL)
        attend(look, "no-treatment", "許容水準を超えていますが、対応が決まっていません。",
               "is above the appetite, and no treatment is chosen");
    if (review != TK_DATE_NONE && review < look->book->today)
        attend(look, "review-overdue", "見直しの期限を過ぎています。", "is past its review");
    json_t *target = tk_risk_position_json(values, TK_RISK_TARGET, look->criteria);
    json_t *current = tk_risk_position_json(values, TK_RISK_CURRENT, look->criteria);
    if (target_by != TK_DATE_NONE && target_by < look->book->today && !json_is_null(target) &&
        !json_equal(target, current))
        attend(look, "target-overdue", "目標の期限を過ぎましたが、目標に届いていません。",
               "should have reached its target by now");
    json_decref(target);
    json_decref(current);
}

/* ---- views ---- */

/* What has not been changed since needs no look at the history. */
static json_t *before_json(const Look *look, int64_t before_us)
{
    const TkRiskRecord *risk = look->risk;
    if (before_us == TK_TIME_NONE)
        return json_null();
    g_autoptr(TkRecord) then = NULL;
    const json_t *values = risk->values;
    if (risk->at_us > before_us) {
        then = tk_store_get(look->book->app->store, "r-risks", risk->id, before_us, NULL);
        values = then == NULL ? NULL : json_object_get(then->body, "values");
    }
    return values == NULL
               ? json_null()
               : tk_risk_position_json(values, TK_RISK_CURRENT, tk_risk_criteria_of(look->book, values));
}

static const char *const copied[] = {"title",     "status", "category",  "event",      "consequence",
                                     "treatment", "review", "assessed",  "target_by",  "treatment_plan",
                                     "source",    "method", "closed_on", "source_ref", NULL};

json_t *tk_risk_view(TkRiskBook *book, const TkRiskRecord *risk, int64_t before_us)
{
    const json_t *values = risk->values;
    Look look = {book, risk, tk_risk_criteria_of(book, values), -1, json_array()};
    int64_t likelihood, consequence;
    tk_risk_steps(values, TK_RISK_CURRENT, &likelihood, &consequence);
    if (look.criteria != NULL)
        look.level = tk_risk_matrix_level(look.criteria->matrix, likelihood, consequence);
    json_t *view = json_pack("{s:s, s:I}", "id", risk->id, "version", (json_int_t)risk->version);
    for (size_t i = 0; copied[i] != NULL; i++)
        json_object_set_new(view, copied[i],
                            json_incref(json_object_get(values, copied[i]) == NULL
                                            ? json_null()
                                            : json_object_get(values, copied[i])));
    look_at_analysis(&look);
    json_object_set_new(view, "owner", tk_risk_named(book, "persons", tk_risk_text(values, "owner")));
    json_object_set_new(view, "criteria",
                        look.criteria == NULL ? json_null() : json_string(look.criteria->id));
    for (int p = 0; p < TK_RISK_POSITIONS; p++)
        json_object_set_new(view, positions[p].id,
                            tk_risk_position_json(values, (TkRiskPosition)p, look.criteria));
    json_object_set_new(view, "before", before_json(&look, before_us));
    json_object_set_new(view, "measures", measures_json(&look));
    json_object_set_new(view, "acceptance", acceptance_json(&look));
    json_object_set_new(view, "indicators", indicators_json(&look));
    const GPtrArray *said = g_hash_table_lookup(book->said, risk->id);
    json_object_set_new(view, "communications", json_integer(said == NULL ? 0 : said->len));
    look_at_treatment(&look);
    if (is_closed(values))
        json_array_clear(look.attention);
    json_object_set_new(view, "attention", look.attention);
    return view;
}

/* ---- the list ---- */

typedef struct {
    int total, open, above, accepted, attention, overdue, worse, better;
    json_t *levels; /* level id → how many open risks are of it */
} Sum;

static int rank_of(const json_t *view, const char *position)
{
    return (int)json_integer_value(
        json_object_get(json_object_get(json_object_get(view, position), "level"), "rank"));
}

static int steps_of(const json_t *view, const char *position)
{
    const json_t *p = json_object_get(view, position);
    return (int)(json_integer_value(json_object_get(p, "likelihood")) +
                 json_integer_value(json_object_get(p, "consequence")));
}

/* By its steps: where only the level is another one, the criteria have changed and not the risk. */
static bool moved_itself(const json_t *view)
{
    const json_t *then = json_object_get(view, "before"), *now = json_object_get(view, "current");
    return !json_equal(json_object_get(then, "likelihood"), json_object_get(now, "likelihood")) ||
           !json_equal(json_object_get(then, "consequence"), json_object_get(now, "consequence"));
}

static bool has_code(const json_t *view, const char *code)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(view, "attention"), i, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "code")), code) == 0)
            return true;
    }
    return false;
}

static void count(Sum *sum, const json_t *view)
{
    const json_t *level = json_object_get(json_object_get(view, "current"), "level");
    const char *id = json_string_value(json_object_get(level, "id")),
               *appetite = json_string_value(json_object_get(level, "appetite"));
    int before = rank_of(view, "before"), now = rank_of(view, "current");
    sum->total++;
    if (g_strcmp0(json_string_value(json_object_get(view, "status")), "closed") == 0)
        return;
    sum->open++;
    sum->above += appetite != NULL && strcmp(appetite, "take") != 0;
    sum->attention += json_array_size(json_object_get(view, "attention")) > 0;
    sum->overdue += has_code(view, "review-overdue") || has_code(view, "measure-overdue") ||
                    has_code(view, "acceptance-expired") || has_code(view, "target-overdue");
    sum->accepted +=
        g_strcmp0(json_string_value(json_object_get(json_object_get(view, "acceptance"), "state")),
                  "accepted") == 0;
    int steps = steps_of(view, "current") - steps_of(view, "before");
    bool moved = before > 0 && now > 0 && moved_itself(view);
    sum->worse += moved && (now > before || (now == before && steps > 0));
    sum->better += moved && (now < before || (now == before && steps < 0));
    if (id != NULL)
        json_object_set_new(sum->levels, id,
                            json_integer(json_integer_value(json_object_get(sum->levels, id)) + 1));
}

/* The last day of the quarter before the present one. */
static TkDate last_quarter(TkDate today)
{
    int year, month, day;
    tk_date_split(today, &year, &month, &day);
    int first = (month - 1) / QUARTER_MONTHS * QUARTER_MONTHS + 1;
    return tk_date_make(year, first, 1) - 1;
}

json_t *tk_risks_document(TkApp *app, TkDate since, GError **error)
{
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    if (book == NULL)
        return NULL;
    if (since == TK_DATE_NONE)
        since = last_quarter(book->today);
    int64_t before_us = tk_time_of_date(since + 1) - 1;
    Sum sum = {.levels = json_object()};
    json_t *items = json_array(), *criteria = json_array();
    for (unsigned i = 0; i < book->risks->len; i++) {
        json_t *view = tk_risk_view(book, book->risks->pdata[i], before_us);
        count(&sum, view);
        json_array_append_new(items, view);
    }
    for (unsigned i = 0; i < book->criteria->len; i++)
        json_array_append_new(criteria, tk_criteria_json(book->criteria->pdata[i]));
    return json_pack("{s:o, s:o, s:b, s:o, s:O, s:o, s:{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:o}}",
                     "date", tk_program_date_json(book->today), "since", tk_program_date_json(since),
                     "synthetic", app->synthetic, "criteria", criteria, "refused", book->refused, "items",
                     items, "summary", "total", sum.total, "open", sum.open, "above", sum.above, "accepted",
                     sum.accepted, "attention", sum.attention, "overdue", sum.overdue, "worse", sum.worse,
                     "better", sum.better, "levels", sum.levels);
}

GBytes *tk_service_risks(TkApp *app, const TkActor *actor, TkDate since, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(json_t) out = tk_risks_document(app, since, error);
    return out == NULL ? NULL : tk_json_bytes(out);
}

/* ---- one risk, whole ---- */

typedef struct {
    TkRiskBook *book;
    json_t *list;
} Trail;

/* Where it stood after each change that moved it. */
static bool take_version(const TkRecord *record, void *data)
{
    Trail *trail = data;
    if (record->deleted)
        return true;
    const json_t *values = json_object_get(record->body, "values");
    const TkCriteria *criteria = tk_risk_criteria_of(trail->book, values);
    const json_t *last = json_array_get(trail->list, json_array_size(trail->list) - 1);
    json_t *current = tk_risk_position_json(values, TK_RISK_CURRENT, criteria);
    bool moved =
        last == NULL || !json_equal(json_object_get(last, "current"), current) ||
        g_strcmp0(json_string_value(json_object_get(last, "status")), tk_risk_text(values, "status")) != 0;
    if (moved)
        json_array_append_new(trail->list,
                              json_pack("{s:I, s:o, s:s, s:s?, s:O, s:s?}", "version",
                                        (json_int_t)record->version, "at", tk_json_of_time(record->at_us),
                                        "who", record->who, "status", tk_risk_text(values, "status"),
                                        "current", current, "assessed", tk_risk_text(values, "assessed")));
    json_decref(current);
    return true;
}

static int by_day_down(gconstpointer a, gconstpointer b)
{
    const TkRiskRecord *x = *(const TkRiskRecord *const *)a, *y = *(const TkRiskRecord *const *)b;
    return g_strcmp0(tk_risk_text(y->values, "on"), tk_risk_text(x->values, "on"));
}

static json_t *said_json(TkRiskBook *book, const char *risk)
{
    GPtrArray *all = g_hash_table_lookup(book->said, risk);
    json_t *list = json_array();
    if (all != NULL)
        g_ptr_array_sort(all, by_day_down);
    for (unsigned i = 0; all != NULL && i < all->len; i++) {
        const TkRiskRecord *one = all->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:O}", "id", one->id, "values", one->values));
    }
    return list;
}

static void add_affected(TkRiskBook *book, const json_t *values, json_t *view)
{
    static const char *const lists[][2] = {{"services", "services"},
                                           {"facilities", "facilities"},
                                           {"systems", "systems"},
                                           {"contractors", "contractors"},
                                           {"data", "data-assets"}};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        json_object_set_new(view, lists[i][0],
                            tk_risk_named_list(book, lists[i][1], json_object_get(values, lists[i][0])));
}

GBytes *tk_service_risk(TkApp *app, const TkActor *actor, const char *id, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    if (book == NULL)
        return NULL;
    const TkRiskRecord *risk = tk_risk_book_risk(book, id);
    if (risk == NULL) {
        tk_fail(error, TK_ERROR_NOT_FOUND, "there is no risk %.120s", id);
        return NULL;
    }
    g_autoptr(json_t) view = tk_risk_view(book, risk, tk_time_of_date(last_quarter(book->today) + 1) - 1);
    const TkCriteria *criteria = tk_risk_criteria_of(book, risk->values);
    Trail trail = {book, json_array()};
    json_object_set_new(view, "trail", trail.list);
    if (!tk_store_history(app->store, "r-risks", id, take_version, &trail, error))
        return NULL;
    json_t *ties = tk_risk_bow_ties(book, id, error);
    if (ties == NULL)
        return NULL;
    add_affected(book, risk->values, view);
    json_object_set_new(view, "bow_ties", ties);
    json_object_set_new(view, "assurance",
                        tk_risk_assurance_path(book, tk_risk_text(risk->values, "assurance")));
    json_object_set_new(view, "said", said_json(book, id));
    json_object_set_new(view, "used", criteria == NULL ? json_null() : tk_criteria_json(criteria));
    json_object_set_new(view, "synthetic", json_boolean(app->synthetic));
    return tk_json_bytes(view);
}
