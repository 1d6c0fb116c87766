/* What speaks against freezing a report. Checks look at the items as they are printed and, where the record
 * says otherwise, at the facts kept with the report. An error is something that cannot be true or that the
 * law asks for and is not there; everything a person may have a reason for is a warning. */
#include "report/model.h"

#define FINDINGS_MAX 200
#define SHORT_TEXT   10 /* characters; less says nothing about an accident */

typedef struct {
    const TkReport *report;
    int64_t now_us;
    GPtrArray *findings;
} Lint;

void tk_report_finding_free(TkReportFinding *finding)
{
    if (finding == NULL)
        return;
    g_free(finding->ja);
    g_free(finding->en);
    g_free(finding);
}

/* Takes the sentences. */
static void add(Lint *lint, bool error, const char *item, const char *rule, char *ja, char *en)
{
    if (lint->findings->len >= FINDINGS_MAX) {
        g_free(ja);
        g_free(en);
        return;
    }
    TkReportFinding *finding = g_new0(TkReportFinding, 1);
    *finding = (TkReportFinding){error, item, rule, ja, en};
    g_ptr_array_add(lint->findings, finding);
}

typedef void (*ItemCheck)(Lint *lint, const TkItem *item);

static void each_item(Lint *lint, ItemCheck check)
{
    const TkReport *report = lint->report;
    for (size_t s = 0; s < report->section_count; s++)
        for (size_t i = 0; i < report->sections[s].count; i++)
            check(lint, &report->sections[s].items[i]);
}

/* ------------------------------------------------------------------ missing and thin */

static void check_missing(Lint *lint, const TkItem *item)
{
    if (!tk_item_empty(item) || item->required == TK_STAGE_NONE)
        return;
    if (item->required <= lint->report->stage)
        add(lint, true, item->id, "missing",
            g_strdup_printf("「%s」が未記入です。この段階の報告に必要です(%s)。", item->label.ja,
                            item->article),
            g_strdup_printf("“%s” is not filled in; a report at this stage needs it (%s).", item->label.en,
                            item->article));
    else if (item->verified)
        add(lint, false, item->id, "not-yet-known",
            g_strdup_printf("「%s」がまだ記入されていません。判明していれば記入してください(%s)。",
                            item->label.ja, item->article),
            g_strdup_printf("“%s” is still empty; fill it in if it is known (%s).", item->label.en,
                            item->article));
}

static const char *const placeholders[] = {"TBD",  "TODO", "XXX",    "xxx",        "○○",
                                           "〇〇", "◯◯",   "ダミー", "テスト入力", "lorem"};
static const char *const undecided[] = {"調査中", "未定", "確認中", "精査中"};

static const char *found_in(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(text, words[i]) != NULL)
            return words[i];
    return NULL;
}

static const char *const prose_items[] = {"summary", "cause", "measures", "prevention"};

static bool is_one_of(const char *id, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (g_str_equal(id, ids[i]))
            return true;
    return false;
}

static void check_text(Lint *lint, const TkItem *item)
{
    if (item->table != NULL || item->value.type != TK_CELL_TEXT)
        return;
    const char *text = item->value.text.ja;
    const char *word = found_in(text, placeholders, G_N_ELEMENTS(placeholders));
    bool final = lint->report->stage == TK_STAGE_FINAL;
    if (word != NULL)
        add(lint, final, item->id, "placeholder",
            g_strdup_printf("「%s」に仮の文字「%s」が残っています。", item->label.ja, word),
            g_strdup_printf("“%s” still holds the placeholder “%s”.", item->label.en, word));
    word = found_in(text, undecided, G_N_ELEMENTS(undecided));
    if (final && word != NULL)
        add(lint, false, item->id, "undecided",
            g_strdup_printf("「%s」が「%s」のままです。最終の段階では確定した内容を記載してください。",
                            item->label.ja, word),
            g_strdup_printf("“%s” still says “%s”; at the final stage it should be settled.", item->label.en,
                            word));
    bool prose = is_one_of(item->id, prose_items, G_N_ELEMENTS(prose_items));
    if (prose && g_utf8_strlen(text, -1) < SHORT_TEXT)
        add(lint, false, item->id, "short",
            g_strdup_printf("「%s」が短すぎます(%ld文字)。", item->label.ja, g_utf8_strlen(text, -1)),
            g_strdup_printf("“%s” is very short (%ld characters).", item->label.en, g_utf8_strlen(text, -1)));
}

/* ------------------------------------------------------------------ times */

typedef struct {
    const char *item, *path; /* as printed, else as recorded */
    const char *ja, *en;
} Moment;

static const Moment occurred = {"occurred_at", "/started_at", "発生日時", "the time of occurrence"};
static const Moment detected = {"detected_at", "/detected_at", "検知日時", "the time of detection"};
static const Moment known = {"known_at", "/known_at", "発生を知った日時", "the time of knowledge"};
static const Moment recovered = {"recovered_at", "/recovered_at", "復旧日時", "the time of recovery"};
static const Moment reported = {"reported_at", "/report/at", "報告日時", "the time of the report"};

static bool moment_of(const TkReport *report, const Moment *moment, int64_t *at_us)
{
    const TkItem *item = tk_report_item(report, moment->item);
    if (item != NULL && item->table == NULL && item->value.type == TK_CELL_TIME) {
        *at_us = item->value.number;
        return true;
    }
    const json_t *fact = item == NULL ? tk_facts_at(report->facts, moment->path) : NULL;
    return json_is_string(fact) &&
           tk_time_parse(json_string_value(fact), json_string_length(fact), at_us, NULL);
}

static void check_order(Lint *lint, const Moment *first, const Moment *second)
{
    int64_t a, b;
    if (!moment_of(lint->report, first, &a) || !moment_of(lint->report, second, &b) || a <= b)
        return;
    char text_a[TK_TIME_TEXT_MAX], text_b[TK_TIME_TEXT_MAX];
    tk_time_text(a, text_a);
    tk_time_text(b, text_b);
    add(lint, true, second->item, "time-order",
        g_strdup_printf("%s(%s)が%s(%s)より前です。", second->ja, text_b, first->ja, text_a),
        g_strdup_printf("%s (%s) lies before %s (%s).", second->en, text_b, first->en, text_a));
}

static void check_times(Lint *lint)
{
    check_order(lint, &occurred, &detected);
    check_order(lint, &occurred, &known);
    check_order(lint, &detected, &known);
    check_order(lint, &occurred, &recovered);
    check_order(lint, &known, &reported);
    check_order(lint, &occurred, &reported);
}

static void check_future(Lint *lint, const TkItem *item)
{
    const TkTable *table = item->table;
    int64_t latest = item->value.type == TK_CELL_TIME ? item->value.number : INT64_MIN;
    for (size_t i = 0; table != NULL && i < table->rows * table->width; i++)
        if (table->cells[i].type == TK_CELL_TIME)
            latest = MAX(latest, table->cells[i].number);
    if (latest <= lint->now_us)
        return;
    char text[TK_TIME_TEXT_MAX];
    tk_time_text(latest, text);
    add(lint, true, item->id, "future",
        g_strdup_printf("「%s」に現在より後の日時(%s)があります。", item->label.ja, text),
        g_strdup_printf("“%s” holds a time that has not come yet (%s).", item->label.en, text));
}

static void check_duration(Lint *lint)
{
    int64_t from, to;
    const TkItem *item = tk_report_item(lint->report, "duration");
    if (item == NULL || item->value.type != TK_CELL_DURATION || !moment_of(lint->report, &occurred, &from) ||
        !moment_of(lint->report, &recovered, &to))
        return;
    int64_t between_s = (to - from) / TK_US_PER_S;
    if (between_s < 0 || ABS(between_s - item->value.number) < 60)
        return;
    add(lint, false, item->id, "duration",
        g_strdup_printf("継続時間が発生日時から復旧日時までの時間と%" G_GINT64_FORMAT "秒違います。",
                        ABS(between_s - item->value.number)),
        g_strdup_printf("the duration differs by %" G_GINT64_FORMAT
                        " s from the time between occurrence and recovery.",
                        ABS(between_s - item->value.number)));
}

static void check_deadline(Lint *lint)
{
    TkDate due = lint->report->due, today = tk_date_of_time(lint->now_us);
    if (due == TK_DATE_NONE || today < due)
        return;
    char text[TK_TIME_TEXT_MAX];
    tk_date_text(due, text);
    if (today > due)
        add(lint, false, NULL, "deadline",
            g_strdup_printf("報告期限(%s)を%d日過ぎています。速やかに提出してください。", text, today - due),
            g_strdup_printf("the deadline (%s) passed %d days ago; submit without delay.", text,
                            today - due));
    else
        add(lint, false, NULL, "deadline", g_strdup_printf("本日(%s)が報告期限です。", text),
            g_strdup_printf("the deadline is today (%s).", text));
}

/* ------------------------------------------------------------------ users */

/* Columns called "users", and the single item: 0 or unknown is worth a question, below 0 impossible. */
static void check_user_cell(Lint *lint, const TkItem *item, const char *who, const TkCell *cell)
{
    bool final = lint->report->stage == TK_STAGE_FINAL;
    const char *of = who[0] != '\0' ? who : item->label.ja;
    if (cell->type == TK_CELL_NONE)
        add(lint, final, item->id, "users-unknown", g_strdup_printf("「%s」の利用者数が不明です。", of),
            g_strdup_printf("the number of users of “%s” is not known.", of));
    else if (cell->type == TK_CELL_NUMBER && cell->number < 0)
        add(lint, true, item->id, "users-negative", g_strdup_printf("「%s」の利用者数が負の数です。", of),
            g_strdup_printf("the number of users of “%s” is negative.", of));
    else if (cell->type == TK_CELL_NUMBER && cell->number == 0)
        add(lint, false, item->id, "users-zero", g_strdup_printf("「%s」の利用者数が0です。", of),
            g_strdup_printf("the number of users of “%s” is 0.", of));
}

static void check_users(Lint *lint, const TkItem *item)
{
    const TkTable *table = item->table;
    if (table == NULL) {
        bool one = g_str_equal(item->id, "users_most") || g_str_equal(item->id, "leak_users");
        if (one && item->value.type == TK_CELL_NUMBER)
            check_user_cell(lint, item, "", &item->value);
        return;
    }
    bool counts = g_str_equal(item->id, "services") || g_str_equal(item->id, "rows");
    size_t users = 0, service = 0;
    while (users < table->width && !g_str_equal(table->columns[users].id, "users"))
        users++;
    while (service < table->width && !g_str_equal(table->columns[service].id, "service"))
        service++;
    if (!counts || users == table->width || service == table->width)
        return;
    for (size_t row = 0; row < table->rows; row++) {
        const TkCell *name = &table->cells[row * table->width + service];
        check_user_cell(lint, item, name->type == TK_CELL_TEXT ? name->text.ja : "",
                        &table->cells[row * table->width + users]);
    }
}

/* ------------------------------------------------------------------ against the record */

static const char *fact_text(const TkReport *report, const char *path)
{
    const char *text = json_string_value(tk_facts_at(report->facts, path));
    return text != NULL ? text : "";
}

/* The count that the record says was chosen, NULL where it does not say. */
static const json_t *chosen_count(const json_t *service)
{
    const char *chosen = json_string_value(json_object_get(service, "chosen"));
    const json_t *count = chosen != NULL ? json_object_get(json_object_get(service, "counts"), chosen) : NULL;
    return json_is_object(count) ? json_object_get(count, "users") : count;
}

static void check_counts(Lint *lint)
{
    size_t i;
    json_t *service;
    const json_t *services = tk_facts_at(lint->report->facts, "/services");
    if (tk_report_item(lint->report, "services") == NULL)
        return;
    json_array_foreach((json_t *)services, i, service)
    {
        const json_t *users = json_object_get(service, "users"), *count = chosen_count(service);
        const char *id = json_string_value(json_object_get(service, "service"));
        if (!json_is_integer(users) || !json_is_integer(count) ||
            json_integer_value(users) == json_integer_value(count))
            continue;
        json_int_t says = json_integer_value(users), chose = json_integer_value(count);
        add(lint, true, "services", "count-differs",
            g_strdup_printf("役務 %s の報告する数(%lld)が、選ばれた数え方の数(%lld)と違います。", id, says,
                            chose),
            g_strdup_printf("service %s reports %lld users, but the count chosen for it is %lld.", id, says,
                            chose));
    }
}

/* A value somebody wrote over a number or a time of the record. */
static void check_entered(Lint *lint, const TkItem *item)
{
    const json_t *fact =
        item->entered && item->path[0] != '\0' ? tk_facts_at(lint->report->facts, item->path) : NULL;
    if (fact == NULL || json_is_null(fact) || item->table != NULL)
        return;
    bool differs = false;
    int64_t at = 0;
    if (item->value.type == TK_CELL_NUMBER || item->value.type == TK_CELL_DURATION)
        differs = json_is_integer(fact) && json_integer_value(fact) != item->value.number;
    else if (item->value.type == TK_CELL_TIME && json_is_string(fact))
        differs = tk_time_parse(json_string_value(fact), json_string_length(fact), &at, NULL) &&
                  at != item->value.number;
    if (differs)
        add(lint, false, item->id, "record-differs",
            g_strdup_printf("「%s」の記入が事故の記録と違います。理由を控えてください。", item->label.ja),
            g_strdup_printf("“%s” as entered differs from the accident's record; note the reason.",
                            item->label.en));
}

static void check_state(Lint *lint)
{
    const char *state = fact_text(lint->report, "/state");
    const TkItem *item = tk_report_item(lint->report, "recovered_at");
    if (item == NULL || item->table != NULL)
        return;
    bool running = g_str_equal(state, "suspected") || g_str_equal(state, "confirmed");
    bool over = g_str_equal(state, "recovered") || g_str_equal(state, "closed");
    if (running && !tk_item_empty(item))
        add(lint, true, item->id, "still-running",
            g_strdup("復旧日時が記入されていますが、記録では事故が続いています。"),
            g_strdup("a time of recovery is given, but by the record the accident still goes on."));
    if (over && tk_item_empty(item))
        add(lint, true, item->id, "recovery-missing",
            g_strdup("記録では復旧していますが、復旧日時がありません。"),
            g_strdup("by the record the accident is over, but there is no time of recovery."));
}

static void check_outcome(Lint *lint)
{
    const TkReport *report = lint->report;
    const char *outcome = fact_text(report, "/outcome");
    if (outcome[0] == '\0')
        return;
    bool serious = g_str_equal(outcome, "serious");
    if (g_str_has_prefix(report->kind, "serious-") && !serious)
        add(lint, false, NULL, "outcome",
            g_strdup_printf("現在の判定は重大な事故ではありません(%s)。この様式でよいか確認してください。",
                            outcome),
            g_strdup_printf(
                "by the present judgement this is no serious accident (%s); make sure that this is the "
                "right form.",
                outcome));
    if (g_str_has_prefix(report->kind, "near-miss-") && serious)
        add(lint, true, NULL, "outcome",
            g_strdup("重大な事故に該当するため、おそれ事態の報告の対象外です(施行規則58条の2)。"),
            g_strdup(
                "this is a serious accident, which the report of a near miss excludes (施行規則58条の2)."));
}

/* ------------------------------------------------------------------ all of it */

static int worst_first(const void *a, const void *b)
{
    const TkReportFinding *x = *(TkReportFinding *const *)a, *y = *(TkReportFinding *const *)b;
    return (int)y->error - (int)x->error;
}

GPtrArray *tk_report_lint(const TkReport *report, int64_t now_us)
{
    Lint lint = {report, now_us, g_ptr_array_new_with_free_func((GDestroyNotify)tk_report_finding_free)};
    each_item(&lint, check_missing);
    check_times(&lint);
    each_item(&lint, check_future);
    check_duration(&lint);
    each_item(&lint, check_users);
    check_counts(&lint);
    each_item(&lint, check_entered);
    check_state(&lint);
    check_outcome(&lint);
    check_deadline(&lint);
    each_item(&lint, check_text);
    g_ptr_array_sort(lint.findings, worst_first); /* stable */
    return lint.findings;
}

json_t *tk_report_findings_json(const GPtrArray *findings)
{
    json_t *list = json_array();
    for (guint i = 0; i < findings->len; i++) {
        const TkReportFinding *finding = findings->pdata[i];
        json_array_append_new(list,
                              json_pack("{s:s,s:s?,s:s,s:{s:s,s:s}}", "level",
                                        finding->error ? "error" : "warning", "item", finding->item, "rule",
                                        finding->rule, "text", "ja", finding->ja, "en", finding->en));
    }
    return list;
}
