/* The evaluated register as a table: what a spreadsheet or another program is given. The register's own
 * export has the records as they were written; this one has what the criteria say of them. */
#include "service/risks_private.h"
#include "xlsx/xlsx.h"

#define TABLE_MAX (32u << 20)

static const struct {
    const char *id, *ja;
} columns[] = {
    {"id", "番号"},
    {"title", "リスク"},
    {"category", "分類"},
    {"status", "状態"},
    {"owner", "所有者"},
    {"assessed", "評価日"},
    {"inherent", "対策前"},
    {"inherent_level", "対策前の水準"},
    {"current", "現在"},
    {"current_level", "現在の水準"},
    {"target", "目標"},
    {"target_level", "目標の水準"},
    {"before_level", "前期末の水準"},
    {"treatment", "対応"},
    {"measures", "対策"},
    {"acceptance", "受容"},
    {"accepted_until", "受容の期限"},
    {"review", "次の見直し"},
    {"attention", "要対応"},
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

/* "likelihood × consequence", or the level's Japanese name. */
static char *position_text(const json_t *view, const char *position, bool level)
{
    const json_t *p = json_object_get(view, position);
    if (!json_is_object(p))
        return g_strdup("");
    if (level)
        return g_strdup(text_of(json_object_get(json_object_get(p, "level"), "label"), "ja"));
    return g_strdup_printf("%d × %d", (int)json_integer_value(json_object_get(p, "likelihood")),
                           (int)json_integer_value(json_object_get(p, "consequence")));
}

static char *joined(const json_t *list, const char *key)
{
    g_autoptr(GString) out = g_string_new(NULL);
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
        g_string_append_printf(out, "%s%s", i > 0 ? " / " : "", text_of(one, key));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *cell(const json_t *view, const char *id)
{
    static const char *const at[] = {"inherent", "current", "target"};
    for (size_t i = 0; i < G_N_ELEMENTS(at); i++)
        if (strcmp(id, at[i]) == 0)
            return position_text(view, id, false);
    if (g_str_has_suffix(id, "_level")) {
        g_autofree char *position = g_strndup(id, strlen(id) - strlen("_level"));
        return position_text(view, position, true);
    }
    if (strcmp(id, "owner") == 0)
        return g_strdup(text_of(json_object_get(view, "owner"), "title"));
    if (strcmp(id, "measures") == 0)
        return joined(json_object_get(view, "measures"), "title");
    if (strcmp(id, "attention") == 0)
        return joined(json_object_get(view, "attention"), "ja");
    if (strcmp(id, "acceptance") == 0)
        return g_strdup(text_of(json_object_get(view, "acceptance"), "state"));
    if (strcmp(id, "accepted_until") == 0)
        return g_strdup(text_of(json_object_get(view, "acceptance"), "expires"));
    return g_strdup(text_of(view, id));
}

static GBytes *as_csv(const json_t *items)
{
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, TABLE_MAX);
    size_t i;
    const json_t *view;
    tk_buf_add_str(&buf, "\xef\xbb\xbf");
    for (size_t c = 0; c < G_N_ELEMENTS(columns); c++)
        tk_buf_addf(&buf, "%s%s", c > 0 ? "," : "", columns[c].ja);
    tk_buf_add_str(&buf, "\r\n");
    json_array_foreach(items, i, view)
    {
        for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
            g_autofree char *text = cell(view, columns[c].id);
            tk_buf_add_str(&buf, c > 0 ? "," : "");
            tk_csv_add_field(&buf, text);
        }
        tk_buf_add_str(&buf, "\r\n");
    }
    return g_bytes_new(buf.data, buf.len);
}

static GBytes *as_sheet(const json_t *items, GError **error)
{
    g_autoptr(TkXlsxTable) table = tk_xlsx_table_new("リスク", error);
    if (table == NULL)
        return NULL;
    const char *labels[G_N_ELEMENTS(columns)], *ids[G_N_ELEMENTS(columns)];
    for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
        labels[c] = columns[c].ja;
        ids[c] = columns[c].id;
    }
    tk_xlsx_table_head(table, labels, ids, G_N_ELEMENTS(columns));
    size_t i;
    const json_t *view;
    json_array_foreach(items, i, view)
    {
        for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
            g_autofree char *text = cell(view, columns[c].id);
            tk_xlsx_table_text(table, text);
        }
        tk_xlsx_table_row(table);
    }
    return tk_xlsx_table_end(g_steal_pointer(&table), error);
}

bool tk_service_risks_export(TkApp *app, const TkActor *actor, const char *format, TkServiceFile *file,
                             GError **error)
{
    *file = (TkServiceFile){0};
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return false;
    bool csv = strcmp(format, "csv") == 0, sheet = strcmp(format, "xlsx") == 0;
    if (!csv && !sheet && strcmp(format, "json") != 0)
        return tk_fail(error, TK_ERROR_NOT_FOUND,
                       "“%.20s” is no format of this table; there are csv, xlsx and json", format);
    g_autoptr(json_t) document = tk_risks_document(app, TK_DATE_NONE, error);
    if (document == NULL)
        return false;
    const json_t *items = json_object_get(document, "items");
    file->bytes = csv ? as_csv(items) : sheet ? as_sheet(items, error) : tk_json_bytes(document);
    file->content_type = csv     ? "text/csv; charset=utf-8"
                         : sheet ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                                 : "application/json";
    file->filename = g_strdup_printf("risks.%s", format);
    return file->bytes != NULL;
}
