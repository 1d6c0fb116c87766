/* The second half of the risk report: functional assurance and bow ties. */
#include "report/report.h"
#include "service/risks_private.h"

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

/* ---- functional assurance ---- */

static const char *kind_ja(const char *kind)
{
    static const char *const names[][2] = {{"objective", "目的"}, {"service", "重要な役務"},
                                           {"work", "業務"},      {"resource", "経営資源"},
                                           {"event", "事象"},     {"cause", "要因"}};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(kind, names[i][0]) == 0)
            return names[i][1];
    return kind;
}

static char *joined_ja(const json_t *list)
{
    GString *out = g_string_new(NULL);
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
        g_string_append_printf(out, "%s%s", i > 0 ? "\n" : "", text_of(one, "ja"));
    return g_string_free(out, FALSE);
}

static char *tolerable_ja(const json_t *node)
{
    const json_t *hours = json_object_get(node, "tolerable_hours"),
                 *users = json_object_get(node, "tolerable_users");
    if (!json_is_number(hours) || !json_is_integer(users))
        return g_strdup("");
    return g_strdup_printf("%g時間・%" JSON_INTEGER_FORMAT "人", json_number_value(hours),
                           json_integer_value(users));
}

static void add_node(TkDocument *d, const json_t *node)
{
    const json_t *gaps = json_object_get(node, "gaps");
    g_autofree char *missing = joined_ja(gaps), *tolerable = tolerable_ja(node);
    g_autoptr(GString) title = g_string_new(NULL);
    for (json_int_t i = 0; i < json_integer_value(json_object_get(node, "depth")); i++)
        g_string_append(title, "　");
    g_string_append(title, text_of(node, "title"));
    tk_document_row(
        d, (TkDocumentCell[]){{kind_ja(text_of(node, "kind")), TK_MARK_HEAD},
                              {title->str, TK_MARK_NONE},
                              {tolerable, TK_MARK_NONE},
                              {text_of(json_object_get(node, "risk"), "id"), TK_MARK_NONE},
                              {missing, json_array_size(gaps) > 0 ? TK_MARK_CHANGED : TK_MARK_NONE}});
}

static bool add_assurance(TkDocument *d, TkRiskBook *book, GError **error)
{
    g_autoptr(json_t) tree = tk_risk_assurance_json(book, error);
    if (tree == NULL)
        return false;
    const json_t *nodes = json_object_get(tree, "nodes"), *node;
    size_t i;
    if (json_array_size(nodes) == 0)
        return true;
    tk_document_heading(d, 1, "機能保証");
    tk_document_note(d, "社会に欠かせない役割から、結果の側からたどる。段の名称は本製品による。");
    tk_document_table(d,
                      (TkDocumentColumn[]){{"段", 2, false},
                                           {"名称", 7, false},
                                           {"許容する停止", 3, false},
                                           {"リスク", 2, false},
                                           {"足りないところ", 6, false}},
                      5);
    json_array_foreach(nodes, i, node) add_node(d, node);
    return true;
}

/* ---- bow ties ---- */

static TkDocumentMark mark_of(const char *state)
{
    if (strcmp(state, "works") == 0)
        return TK_MARK_GOOD;
    return strcmp(state, "missing") == 0 || strcmp(state, "late") == 0 ? TK_MARK_BAD : TK_MARK_CHANGED;
}

static void add_lines(TkDocument *d, const char *side, const json_t *lines)
{
    size_t i, k;
    const json_t *line, *barrier;
    json_array_foreach(lines, i, line)
    {
        const json_t *barriers = json_object_get(line, "barriers");
        if (json_array_size(barriers) == 0)
            tk_document_row(d, (TkDocumentCell[]){{side, TK_MARK_HEAD},
                                                  {text_of(line, "title"), TK_MARK_NONE},
                                                  {"障壁がありません", TK_MARK_BAD},
                                                  {"", TK_MARK_NONE}});
        json_array_foreach(barriers, k, barrier)
        {
            const char *state = text_of(barrier, "state");
            g_autofree char *said = g_strdup_printf("%s %s", text_of(barrier, "symbol"),
                                                    text_of(json_object_get(barrier, "words"), "ja"));
            tk_document_row(d, (TkDocumentCell[]){{side, TK_MARK_HEAD},
                                                  {k == 0 ? text_of(line, "title") : "", TK_MARK_NONE},
                                                  {text_of(barrier, "title"), TK_MARK_NONE},
                                                  {said, mark_of(state)}});
        }
    }
}

static bool add_ties(TkDocument *d, TkRiskBook *book, GError **error)
{
    g_autoptr(json_t) ties = tk_risk_ties_json(book, error);
    size_t i;
    const json_t *tie;
    if (ties == NULL)
        return false;
    if (json_array_size(ties) > 0)
        tk_document_heading(d, 1, "ボウタイ");
    json_array_foreach(ties, i, tie)
    {
        tk_document_heading(d, 2, text_of(tie, "title"));
        tk_document_table(
            d,
            (TkDocumentColumn[]){
                {"側", 2, false}, {"要因・結果", 6, false}, {"障壁", 6, false}, {"状態", 3, false}},
            4);
        add_lines(d, "要因と予防", json_object_get(tie, "causes"));
        add_lines(d, "結果と回復", json_object_get(tie, "consequences"));
    }
    return true;
}

bool tk_risk_report_parts(TkDocument *document, TkRiskBook *book, GError **error)
{
    return add_assurance(document, book, error) && add_ties(document, book, error);
}
