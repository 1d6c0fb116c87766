/* A report as one CSV: the list itself where the form says which table that is, else a long list with one
 * line for each value. UTF-8 with a byte-order mark, because the spreadsheets it is opened with take a file
 * without one for Shift_JIS. */
#include "report/faces.h"

#define CSV_MAX (256u << 20)

typedef struct {
    TkBuf out;
    TkLang lang;
    bool begun; /* something stands on this line */
} Csv;

static void add(Csv *csv, const char *text)
{
    if (csv->begun)
        tk_buf_add_char(&csv->out, ',');
    csv->begun = true;
    tk_csv_add_field(&csv->out, text);
}

static void add_cell(Csv *csv, const TkCell *cell)
{
    g_autofree char *text = tk_cell_text(cell, csv->lang, false, TK_STYLE_DATA);
    add(csv, text);
}

static void end_line(Csv *csv)
{
    tk_buf_add(&csv->out, "\r\n", 2);
    csv->begun = false;
}

static void add_table(Csv *csv, const TkTable *table)
{
    for (size_t c = 0; c < table->width; c++) {
        g_autofree char *label = tk_face_column_label(&table->columns[c], csv->lang);
        add(csv, label);
    }
    end_line(csv);
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t c = 0; c < table->width; c++)
            add_cell(csv, &table->cells[row * table->width + c]);
        end_line(csv);
    }
}

static void add_line(Csv *csv, const TkSection *section, const TkItem *item, size_t row,
                     const TkColumn *column, const TkCell *cell)
{
    bool en = csv->lang == TK_LANG_EN;
    char number[24];
    g_snprintf(number, sizeof number, "%zu", row);
    add(csv, tk_text_in(section->title, csv->lang));
    add(csv, item->id);
    add(csv, tk_text_in(item->label, csv->lang));
    add(csv, row > 0 ? number : "");
    add(csv, column != NULL ? tk_text_in(column->label, csv->lang) : "");
    add_cell(csv, cell);
    add(csv, tk_text_in(column != NULL ? column->unit : item->unit, csv->lang));
    add(csv, item->article);
    add(csv, item->verified ? (en ? "yes" : "確認済") : (en ? "no" : "未確認"));
    end_line(csv);
}

static void add_long_list(Csv *csv, const TkReport *report)
{
    static const char *const ja[] = {"区分", "項目番号", "項目",          "行", "列", "値",
                                     "単位", "根拠",     "公式項目の確認"};
    static const char *const en[] = {"section", "item", "label",   "row",      "column",
                                     "value",   "unit", "article", "confirmed"};
    for (size_t i = 0; i < G_N_ELEMENTS(ja); i++)
        add(csv, csv->lang == TK_LANG_EN ? en[i] : ja[i]);
    end_line(csv);
    for (size_t s = 0; s < report->section_count; s++) {
        const TkSection *section = &report->sections[s];
        for (size_t i = 0; i < section->count; i++) {
            const TkItem *item = &section->items[i];
            const TkTable *table = item->table;
            if (table == NULL)
                add_line(csv, section, item, 0, NULL, &item->value);
            for (size_t cell = 0; table != NULL && cell < table->rows * table->width; cell++)
                add_line(csv, section, item, cell / table->width + 1, &table->columns[cell % table->width],
                         &table->cells[cell]);
        }
    }
}

bool tk_report_csv(const TkReport *report, TkLang lang, GBytes **bytes, GError **error)
{
    Csv csv = {.lang = lang};
    tk_buf_init(&csv.out, CSV_MAX);
    tk_buf_add_str(&csv.out, "\xef\xbb\xbf");
    const TkItem *list = report->csv_table[0] != '\0' ? tk_report_item(report, report->csv_table) : NULL;
    if (list != NULL && list->table != NULL)
        add_table(&csv, list->table);
    else
        add_long_list(&csv, report);
    if (csv.out.overflow) {
        tk_buf_clear(&csv.out);
        return tk_fail(error, TK_ERROR_LIMIT, "the CSV would be larger than %u bytes", CSV_MAX);
    }
    *bytes = g_bytes_new_take(csv.out.data, csv.out.len);
    return true;
}
