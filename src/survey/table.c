/* A questionnaire as a table, one question a row, so that it can be written in any spreadsheet. The table is
 * turned into the document and read as one: there is one set of checks. */
#include "survey/internal.h"

enum {
    C_AREA,
    C_AREA_JA,
    C_AREA_EN,
    C_ID,
    C_JA,
    C_EN,
    C_HELP_JA,
    C_HELP_EN,
    C_TYPE,
    C_WEIGHT,
    C_REQUIRED,
    C_NA,
    C_EVIDENCE,
    C_OPTIONS,
    COLUMNS
};

static const char *const columns[COLUMNS] = {"area",     "area_ja", "area_en",  "id",     "ja",
                                             "en",       "help_ja", "help_en",  "type",   "weight",
                                             "required", "na",      "evidence", "options"};

typedef struct {
    const char *name;
    int at[COLUMNS]; /* place in a row, −1: not there */
    json_t *areas;
    GError **error;
} Table;

static bool bad_row(const Table *t, uint64_t line, const char *why)
{
    return tk_fail(t->error, TK_ERROR_INPUT, "%s: line %" G_GUINT64_FORMAT ": %s", t->name, line, why);
}

static bool read_header(Table *t, const TkCsvRecord *record)
{
    for (int c = 0; c < COLUMNS; c++)
        t->at[c] = -1;
    for (size_t i = 0; i < record->count; i++) {
        int column = tk_survey_word(columns, COLUMNS, record->fields[i].text);
        if (column < 0)
            return tk_fail(t->error, TK_ERROR_INPUT, "%s: line 1: “%.40s” is no column of the format",
                           t->name, record->fields[i].text);
        if (t->at[column] >= 0)
            return bad_row(t, 1, "a column is given twice");
        t->at[column] = (int)i;
    }
    static const int needed[] = {C_AREA, C_ID, C_JA, C_TYPE};
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        if (t->at[needed[i]] < 0)
            return bad_row(t, 1, "the columns area, id, ja and type are needed");
    return true;
}

/* "" where the row has none. */
static const char *cell(const Table *t, const TkCsvRecord *record, int column)
{
    int at = t->at[column];
    return at < 0 || (size_t)at >= record->count ? "" : record->fields[at].text;
}

static json_t *pair(const char *ja, const char *en)
{
    return json_pack("{s:s, s:s}", "ja", ja, "en", en[0] == '\0' ? ja : en);
}

/* yes:はい:Yes:100|no:いいえ:No:0 */
static json_t *read_cell_options(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "|", TK_QUESTIONNAIRE_OPTIONS_MAX + 2);
    json_t *list = json_array();
    for (char **part = parts; *part != NULL; part++) {
        g_auto(GStrv) bits = g_strsplit(*part, ":", 4);
        guint count = g_strv_length(bits);
        char *end = NULL;
        double score = count == 4 ? g_ascii_strtod(bits[3], &end) : 0;
        if (count < 2 || (count == 4 && bits[3][0] != '\0' && (*end != '\0' || end == bits[3]))) {
            json_decref(list);
            return NULL;
        }
        json_t *label = pair(bits[1], count > 2 ? bits[2] : "");
        json_t *option = label == NULL ? NULL : json_pack("{s:s, s:o}", "id", bits[0], "label", label);
        if (option == NULL) {
            json_decref(list);
            return NULL;
        }
        if (count == 4 && bits[3][0] != '\0')
            json_object_set_new(option, "score", json_real(score));
        json_array_append_new(list, option);
    }
    return list;
}

/* yes or true, no or false or empty; −1: neither */
static int truth_of(const char *text, int otherwise)
{
    if (text[0] == '\0')
        return otherwise;
    if (strcmp(text, "yes") == 0 || strcmp(text, "true") == 0)
        return 1;
    return strcmp(text, "no") == 0 || strcmp(text, "false") == 0 ? 0 : -1;
}

static json_t *area_of(Table *t, const TkCsvRecord *record)
{
    const char *id = cell(t, record, C_AREA), *ja = cell(t, record, C_AREA_JA);
    size_t i;
    json_t *area;
    json_array_foreach(t->areas, i, area)
    {
        if (g_strcmp0(json_string_value(json_object_get(area, "id")), id) == 0)
            return area;
    }
    if (json_array_size(t->areas) >= TK_QUESTIONNAIRE_AREAS_MAX)
        return NULL;
    json_t *title = pair(ja[0] == '\0' ? id : ja, cell(t, record, C_AREA_EN));
    area = json_pack("{s:s, s:o, s:[]}", "id", id, "title", title, "questions");
    if (area != NULL)
        json_array_append_new(t->areas, area);
    return area;
}

static bool add_numbers(const Table *t, const TkCsvRecord *record, json_t *question)
{
    const char *weight = cell(t, record, C_WEIGHT), *options = cell(t, record, C_OPTIONS);
    int required = truth_of(cell(t, record, C_REQUIRED), 1), na = truth_of(cell(t, record, C_NA), 0);
    if (required < 0 || na < 0)
        return bad_row(t, record->line, "required and na are yes or no");
    json_object_set_new(question, "required", json_boolean(required));
    json_object_set_new(question, "na", json_boolean(na));
    if (weight[0] != '\0') {
        char *end;
        double value = g_ascii_strtod(weight, &end);
        if (*end != '\0' || end == weight || json_object_set_new(question, "weight", json_real(value)) != 0)
            return bad_row(t, record->line, "weight is a number");
    }
    if (options[0] != '\0') {
        json_t *list = read_cell_options(options);
        if (list == NULL)
            return bad_row(t, record->line, "options are id:日本語:English:score, parted by |");
        json_object_set_new(question, "options", list);
    }
    return true;
}

static bool add_row(Table *t, const TkCsvRecord *record)
{
    const char *help = cell(t, record, C_HELP_JA), *evidence = cell(t, record, C_EVIDENCE);
    json_t *text = pair(cell(t, record, C_JA), cell(t, record, C_EN));
    g_autoptr(json_t) question = json_pack("{s:s, s:o, s:s}", "id", cell(t, record, C_ID), "text", text,
                                           "type", cell(t, record, C_TYPE));
    json_t *area = question == NULL ? NULL : area_of(t, record);
    if (question == NULL)
        return bad_row(t, record->line, "its text is not UTF-8");
    if (area == NULL)
        return bad_row(t, record->line, "there are more than 50 areas, or its name is not UTF-8");
    if (help[0] != '\0')
        json_object_set_new(question, "help", pair(help, cell(t, record, C_HELP_EN)));
    if (evidence[0] != '\0')
        json_object_set_new(question, "evidence", json_string(evidence));
    return add_numbers(t, record, question) &&
           json_array_append(json_object_get(area, "questions"), question) == 0;
}

static bool read_rows(Table *t, TkCsv *csv)
{
    TkCsvRecord record;
    bool first = true;
    size_t rows = 0;
    for (;;) {
        TkCsvStatus status = tk_csv_next(csv, &record);
        if (status == TK_CSV_END)
            return !first || bad_row(t, 1, "the table is empty");
        if (status != TK_CSV_OK)
            return bad_row(t, record.line, status == TK_CSV_BAD ? record.why : "it cannot be read");
        if (!first && ++rows > TK_QUESTIONNAIRE_QUESTIONS_MAX)
            return tk_fail(t->error, TK_ERROR_LIMIT, "%s: a questionnaire has at most %d questions", t->name,
                           TK_QUESTIONNAIRE_QUESTIONS_MAX);
        if (!(first ? read_header(t, &record) : add_row(t, &record)))
            return false;
        first = false;
    }
}

TkQuestionnaire *tk_questionnaire_from_csv(const char *name, const char *csv, size_t len, const json_t *head,
                                           GError **error)
{
    if (len > TK_QUESTIONNAIRE_FILE_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "%s: a questionnaire has at most %u bytes", name,
                TK_QUESTIONNAIRE_FILE_MAX);
        return NULL;
    }
    g_autoptr(TkCsv) reader = tk_csv_new_memory(csv, len, 64 * 1024);
    g_autoptr(json_t) document = json_copy((json_t *)head);
    Table table = {.name = name, .areas = json_array(), .error = error};
    json_object_set_new(document, "areas", table.areas);
    return read_rows(&table, reader) ? tk_questionnaire_of(name, document, error) : NULL;
}

/* ---- writing ---- */

static const char *lang(const json_t *object, const char *key, const char *which)
{
    const char *text = json_string_value(json_object_get(json_object_get(object, key), which));
    return text == NULL ? "" : text;
}

static void add_options(TkBuf *out, const TkQuestion *question)
{
    g_auto(TkBuf) text = {0};
    tk_buf_init(&text, 64 * 1024);
    size_t i;
    json_t *option;
    json_array_foreach(question->options, i, option)
    {
        const json_t *score = json_object_get(option, "score");
        char number[G_ASCII_DTOSTR_BUF_SIZE] = "";
        if (json_is_number(score))
            g_ascii_formatd(number, sizeof number, "%g", json_number_value(score));
        tk_buf_addf(&text, "%s%s:%s:%s:%s", i == 0 ? "" : "|",
                    json_string_value(json_object_get(option, "id")), lang(option, "label", "ja"),
                    lang(option, "label", "en"), number);
    }
    tk_csv_add_field(out, tk_buf_str(&text));
}

static void add_question(TkBuf *out, const TkQuestionArea *area, const TkQuestion *question,
                         const json_t *object)
{
    char weight[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(weight, sizeof weight, "%g", question->weight);
    const char *const cells[] = {area->id,
                                 area->ja,
                                 area->en,
                                 question->id,
                                 question->ja,
                                 question->en,
                                 lang(object, "help", "ja"),
                                 lang(object, "help", "en"),
                                 tk_question_types[question->type],
                                 weight,
                                 question->required ? "yes" : "no",
                                 question->may_not_apply ? "yes" : "no",
                                 tk_evidence_wishes[question->evidence]};
    for (size_t i = 0; i < G_N_ELEMENTS(cells); i++) {
        tk_csv_add_field(out, cells[i]);
        tk_buf_add_char(out, ',');
    }
    add_options(out, question);
    tk_buf_add_str(out, "\r\n");
}

void tk_questionnaire_to_csv(const TkQuestionnaire *q, TkBuf *out)
{
    for (int c = 0; c < COLUMNS; c++)
        tk_buf_addf(out, "%s%s", columns[c], c + 1 == COLUMNS ? "\r\n" : ",");
    const json_t *areas = json_object_get(q->document, "areas");
    for (size_t i = 0; i < q->count; i++) {
        const TkQuestion *question = &q->questions[i];
        const TkQuestionArea *area = &q->areas[question->area];
        const json_t *list = json_object_get(json_array_get(areas, question->area), "questions");
        add_question(out, area, question, json_array_get(list, i - area->first));
    }
}
