/* The risk report on paper: for those who approve the criteria and answer for what is borne. Texts are in
 * Japanese, as every document of the carrier. */
#include "report/report.h"
#include "service/risks_private.h"

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

static TkDocumentMark mark_of(const json_t *level)
{
    const char *appetite = json_string_value(json_object_get(level, "appetite"));
    if (appetite == NULL)
        return TK_MARK_NONE;
    return strcmp(appetite, "never") == 0   ? TK_MARK_BAD
           : strcmp(appetite, "treat") == 0 ? TK_MARK_CHANGED
                                            : TK_MARK_GOOD;
}

/* "△ 中 (3×2)". */
static char *position_text(const json_t *view, const char *position)
{
    const json_t *p = json_object_get(view, position), *level = json_object_get(p, "level");
    if (!json_is_object(p))
        return g_strdup("—");
    return g_strdup_printf("%s %s (%d×%d)", text_of(level, "symbol"),
                           text_of(json_object_get(level, "label"), "ja"),
                           (int)json_integer_value(json_object_get(p, "likelihood")),
                           (int)json_integer_value(json_object_get(p, "consequence")));
}

static bool is_open(const json_t *view)
{
    return strcmp(text_of(view, "status"), "closed") != 0;
}

/* ---- criteria and heat map ---- */

/* How many open risks lie in a cell now. */
static int in_cell(const json_t *items, const char *criteria, size_t row, size_t column)
{
    int n = 0;
    size_t i;
    const json_t *view;
    json_array_foreach(items, i, view)
    {
        const json_t *p = json_object_get(view, "current");
        n += is_open(view) && strcmp(text_of(view, "criteria"), criteria) == 0 &&
             (size_t)json_integer_value(json_object_get(p, "likelihood")) == row + 1 &&
             (size_t)json_integer_value(json_object_get(p, "consequence")) == column + 1;
    }
    return n;
}

static const json_t *level_of(const json_t *matrix, size_t row, size_t column)
{
    const char *id =
        json_string_value(json_array_get(json_array_get(json_object_get(matrix, "cells"), row), column));
    size_t i;
    const json_t *level;
    json_array_foreach(json_object_get(matrix, "levels"), i, level)
    {
        if (g_strcmp0(text_of(level, "id"), id) == 0)
            return level;
    }
    return NULL;
}

static void add_map(TkDocument *d, const json_t *criteria, const json_t *items)
{
    const json_t *matrix = json_object_get(criteria, "matrix"),
                 *likelihood = json_object_get(matrix, "likelihood"),
                 *consequence = json_object_get(matrix, "consequence");
    size_t rows = json_array_size(likelihood), n = json_array_size(consequence);
    TkDocumentColumn heads[TK_RISK_STEPS_MAX + 1] = {{"起こりやすさ ＼ 影響", 2, false}};
    for (size_t c = 0; c < n; c++)
        heads[c + 1] = (TkDocumentColumn){
            text_of(json_object_get(json_array_get(consequence, c), "label"), "ja"), 2, false};
    tk_document_table(d, heads, n + 1);
    for (size_t r = rows; r-- > 0;) {
        TkDocumentCell cells[TK_RISK_STEPS_MAX + 1] = {
            {text_of(json_object_get(json_array_get(likelihood, r), "label"), "ja"), TK_MARK_HEAD}};
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        for (size_t c = 0; c < n; c++) {
            const json_t *level = level_of(matrix, r, c);
            int count = in_cell(items, text_of(criteria, "id"), r, c);
            char *text = count > 0 ? g_strdup_printf("%s %s  %d件", text_of(level, "symbol"),
                                                     text_of(json_object_get(level, "label"), "ja"), count)
                                   : g_strdup_printf("%s %s", text_of(level, "symbol"),
                                                     text_of(json_object_get(level, "label"), "ja"));
            g_ptr_array_add(texts, text);
            cells[c + 1] = (TkDocumentCell){text, mark_of(level)};
        }
        tk_document_row(d, cells);
    }
}

static void add_axis(TkDocument *d, const char *name, const json_t *steps)
{
    tk_document_table(d, (TkDocumentColumn[]){{name, 1, false}, {"名称", 2, false}, {"意味", 6, false}}, 3);
    size_t i;
    const json_t *one;
    json_array_foreach(steps, i, one)
    {
        g_autofree char *number = g_strdup_printf("%zu", i + 1);
        tk_document_row(d, (TkDocumentCell[]){{number, TK_MARK_HEAD},
                                              {text_of(json_object_get(one, "label"), "ja"), TK_MARK_NONE},
                                              {text_of(one, "meaning"), TK_MARK_NONE}});
    }
}

static bool is_used(const json_t *items, const char *criteria)
{
    size_t i;
    const json_t *view;
    json_array_foreach(items, i, view)
    {
        if (is_open(view) && strcmp(text_of(view, "criteria"), criteria) == 0)
            return true;
    }
    return false;
}

static void add_criteria(TkDocument *d, const json_t *document)
{
    const json_t *items = json_object_get(document, "items"), *one;
    size_t i;
    tk_document_heading(d, 1, "リスク基準とヒートマップ");
    json_array_foreach(json_object_get(document, "criteria"), i, one)
    {
        if (!is_used(items, text_of(one, "id")))
            continue;
        g_autofree char *name =
            g_strdup_printf("%s(%s から適用)", text_of(one, "name"), text_of(one, "from"));
        tk_document_heading(d, 2, name);
        add_map(d, one, items);
        tk_document_note(d, "件数は現在の位置にある未終了のリスクです。緑は受容できる水準、黄は対応または統括"
                            "管理者の承認が必要な水準、"
                            "赤は受容できない水準です。");
        add_axis(d, "起こりやすさ", json_object_get(json_object_get(one, "matrix"), "likelihood"));
        add_axis(d, "影響", json_object_get(json_object_get(one, "matrix"), "consequence"));
    }
}

/* ---- the risks ---- */

static json_int_t steps_of(const json_t *position)
{
    return json_integer_value(json_object_get(position, "likelihood")) +
           json_integer_value(json_object_get(position, "consequence"));
}

static const char *movement(const json_t *view)
{
    json_int_t before = json_integer_value(
        json_object_get(json_object_get(json_object_get(view, "before"), "level"), "rank"));
    json_int_t now = json_integer_value(
        json_object_get(json_object_get(json_object_get(view, "current"), "level"), "rank"));
    if (now == 0)
        return "—";
    if (before == 0)
        return "新規";
    const json_t *then = json_object_get(view, "before"), *here = json_object_get(view, "current");
    if (json_equal(json_object_get(then, "likelihood"), json_object_get(here, "likelihood")) &&
        json_equal(json_object_get(then, "consequence"), json_object_get(here, "consequence")))
        return now == before ? "→ 同じ" : "基準の変更";
    json_int_t by = now != before ? now - before : steps_of(here) - steps_of(then);
    return by > 0 ? "↑ 悪化" : by < 0 ? "↓ 改善" : "→ 同じ";
}

static void add_list(TkDocument *d, const json_t *items)
{
    size_t i;
    const json_t *view;
    tk_document_heading(d, 1, "リスクの一覧");
    tk_document_table(d,
                      (TkDocumentColumn[]){{"番号", 2, false},
                                           {"リスク", 6, false},
                                           {"対策前", 3, false},
                                           {"現在", 3, false},
                                           {"目標", 3, false},
                                           {"推移", 2, false},
                                           {"所有者", 3, false},
                                           {"見直し", 3, false}},
                      8);
    json_array_foreach(items, i, view)
    {
        if (!is_open(view))
            continue;
        g_autofree char *inherent = position_text(view, "inherent"),
                        *current = position_text(view, "current"), *target = position_text(view, "target");
        tk_document_row(d, (TkDocumentCell[]){
                               {text_of(view, "id"), TK_MARK_HEAD},
                               {text_of(view, "title"), TK_MARK_NONE},
                               {inherent, TK_MARK_NONE},
                               {current, mark_of(json_object_get(json_object_get(view, "current"), "level"))},
                               {target, TK_MARK_NONE},
                               {movement(view), TK_MARK_NONE},
                               {text_of(json_object_get(view, "owner"), "title"), TK_MARK_NONE},
                               {text_of(view, "review"), TK_MARK_NONE}});
    }
}

static void add_measures(TkDocument *d, const json_t *measures)
{
    size_t i;
    const json_t *one;
    json_array_foreach(measures, i, one)
    {
        g_autofree char *text = g_strdup_printf(
            "対策 %s: %s(期限 %s%s)", text_of(one, "id"), text_of(one, "title"), text_of(one, "deadline"),
            json_is_true(json_object_get(one, "overdue")) ? "、遅延" : "");
        tk_document_bullet(d, 0, text);
    }
}

static const char *treatment_ja(const char *id)
{
    static const char *const names[][2] = {
        {"avoid", "回避"}, {"reduce", "低減"}, {"share", "共有"}, {"accept", "受容"}};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(id, names[i][0]) == 0)
            return names[i][1];
    return "未定";
}

static void add_acceptance(TkDocument *d, const json_t *acceptance)
{
    if (!json_is_object(acceptance))
        return;
    bool accepted = strcmp(text_of(acceptance, "state"), "accepted") == 0;
    g_autofree char *text =
        accepted ? g_strdup_printf("受容 %s: %s。承認者 %s、期限 %s%s", text_of(acceptance, "id"),
                                   text_of(acceptance, "reason"), text_of(acceptance, "approver"),
                                   text_of(acceptance, "expires"),
                                   json_is_true(json_object_get(acceptance, "expired")) ? "(期限切れ)" : "")
                 : g_strdup_printf("受容 %s: 承認待ち。%s", text_of(acceptance, "id"),
                                   text_of(acceptance, "reason"));
    tk_document_bullet(d, 0, text);
}

static void add_one(TkDocument *d, const json_t *view)
{
    g_autofree char *head = g_strdup_printf("%s %s", text_of(view, "id"), text_of(view, "title"));
    g_autofree char *story = g_strdup_printf("リスク源: %s\n事象: %s\n結果: %s", text_of(view, "source"),
                                             text_of(view, "event"), text_of(view, "consequence"));
    g_autofree char *treatment = g_strdup_printf("対応: %s。%s", treatment_ja(text_of(view, "treatment")),
                                                 text_of(view, "treatment_plan"));
    tk_document_heading(d, 2, head);
    tk_document_paragraph(d, story);
    tk_document_paragraph(d, treatment);
    add_measures(d, json_object_get(view, "measures"));
    add_acceptance(d, json_object_get(view, "acceptance"));
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(view, "attention"), i, one)
    {
        g_autofree char *text = g_strdup_printf("要対応: %s", text_of(one, "ja"));
        tk_document_bullet(d, 0, text);
    }
}

static void add_summary(TkDocument *d, const json_t *document)
{
    static const char *const rows[][2] = {
        {"open", "未終了のリスク"},           {"above", "許容水準を超えるもの"},
        {"accepted", "受容の承認があるもの"}, {"attention", "要対応があるもの"},
        {"overdue", "期限を過ぎたもの"},      {"worse", "前期末より悪化"},
        {"better", "前期末より改善"}};
    const json_t *summary = json_object_get(document, "summary");
    tk_document_heading(d, 1, "概況");
    tk_document_table(d, (TkDocumentColumn[]){{"項目", 3, false}, {"件数", 1, true}}, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *n =
            g_strdup_printf("%d", (int)json_integer_value(json_object_get(summary, rows[i][0])));
        tk_document_row(d, (TkDocumentCell[]){{rows[i][1], TK_MARK_NONE}, {n, TK_MARK_NONE}});
    }
}

bool tk_service_risks_report(TkApp *app, const TkActor *actor, TkDate since, TkServiceFile *file,
                             GError **error)
{
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    g_autoptr(json_t) document = tk_risks_document(app, since, error);
    if (document == NULL)
        return false;
    g_autofree char *subtitle = g_strdup_printf("%s 現在(推移は %s 末との比較)", text_of(document, "date"),
                                                text_of(document, "since"));
    g_autoptr(TkDocument) d = tk_document_new(&(TkDocumentHead){.title = "リスク報告書",
                                                                .subtitle = subtitle,
                                                                .carrier = app->carrier_ja,
                                                                .by = actor->id,
                                                                .foot = "ISO 31000:2018 6.7 記録・報告",
                                                                .at_us = tk_app_now(app),
                                                                .lang = TK_LANG_JA,
                                                                .landscape = true,
                                                                .contents = true,
                                                                .numbered = true,
                                                                .synthetic = app->synthetic});
    add_summary(d, document);
    add_criteria(d, document);
    add_list(d, json_object_get(document, "items"));
    tk_document_heading(d, 1, "リスクごとの対応");
    size_t i;
    const json_t *view;
    json_array_foreach(json_object_get(document, "items"), i, view)
    {
        if (is_open(view))
            add_one(d, view);
    }
    g_autoptr(TkRiskBook) book = tk_risk_book_open(app, error);
    if (book == NULL || !tk_risk_report_parts(d, book, error))
        return false;
    file->content_type = "application/pdf";
    file->filename = g_strdup_printf("risk-report-%s.pdf", text_of(document, "date"));
    return tk_document_pdf(d, &file->bytes, error);
}
