/* The structure is data; the content is the carrier's. A file of the notice is believed whole or not at all,
 * because a measure that is missing would look like one that nobody asks for. */
#include "law/program_internal.h"

struct ReliabilityRule {
    int64_t order;
    TkReliabilityChapter chapter;
};

static const char *const columns[] = {"section", "item",       "title",  "measure", "text",
                                      "lines",   "designated", "others", "private", "user"};
enum { SECTION, ITEM, TITLE, MEASURE, TEXT, FIRST_MARK, COLUMNS = G_N_ELEMENTS(columns) };

static const struct {
    const char *id;
    TkText name;
} networks[TK_RELIABILITY_NETWORKS] = {
    {"lines", {"電気通信回線設備事業用", "Carriers with lines"}},
    {"designated", {"特定回線非設置事業用", "Named carriers without lines"}},
    {"others", {"その他の電気通信事業用", "Other carriers"}},
    {"private", {"自営情報通信", "Private networks"}},
    {"user", {"ユーザ", "Users' networks"}},
};

const char *tk_reliability_network(size_t index)
{
    return index < TK_RELIABILITY_NETWORKS ? networks[index].id : NULL;
}

TkText tk_reliability_network_name(size_t index)
{
    return networks[MIN(index, TK_RELIABILITY_NETWORKS - 1)].name;
}

size_t tk_reliability_network_find(const char *id)
{
    size_t i = 0;
    while (i < TK_RELIABILITY_NETWORKS && strcmp(networks[i].id, id) != 0)
        i++;
    return i;
}

/* ---- structure ---- */

bool tk_reliability_rule_read(const Where *where, const TkLawEntry *entry, GPtrArray *rules)
{
    ReliabilityRule *rule = g_new0(ReliabilityRule, 1);
    g_ptr_array_add(rules, rule);
    TkReliabilityChapter *chapter = &rule->chapter;
    chapter->entry = entry;
    chapter->id = tk_law_read_text(where, entry->data, "section");
    return chapter->id != NULL && tk_law_read_int(where, entry->data, "order", 0, 100000, &rule->order) &&
           tk_law_read_pair(where, entry->data, "name", &chapter->name) &&
           tk_law_read_int(where, entry->data, "items", 0, 10000, &chapter->items) &&
           tk_law_read_int(where, entry->data, "measures", 0, 10000, &chapter->measures);
}

static bool is_below(const char *id, const char *above)
{
    size_t len = strlen(above);
    return strncmp(id, above, len) == 0 && id[len] == '.';
}

static int by_order(gconstpointer a, gconstpointer b)
{
    const ReliabilityRule *x = *(const ReliabilityRule *const *)a, *y = *(const ReliabilityRule *const *)b;
    return (x->order > y->order) - (x->order < y->order);
}

/* What is published adds up: a chapter's numbers are the sums of those directly below it. */
static bool adds_up(const GPtrArray *rules, ReliabilityRule *rule)
{
    int64_t items = 0, measures = 0;
    rule->chapter.leaf = true;
    for (guint i = 0; i < rules->len; i++) {
        const TkReliabilityChapter *other = &((const ReliabilityRule *)rules->pdata[i])->chapter;
        if (!is_below(other->id, rule->chapter.id))
            continue;
        rule->chapter.leaf = false;
        if (strchr(other->id + strlen(rule->chapter.id) + 1, '.') != NULL)
            continue;
        items += other->items;
        measures += other->measures;
    }
    return rule->chapter.leaf || (items == rule->chapter.items && measures == rule->chapter.measures);
}

bool tk_reliability_rules_finish(GPtrArray *rules, GError **error)
{
    g_ptr_array_sort(rules, by_order);
    for (guint i = 0; i < rules->len; i++) {
        ReliabilityRule *rule = rules->pdata[i];
        Where where = {rule->chapter.entry->file, rule->chapter.entry->id, error};
        if (!adds_up(rules, rule))
            return tk_law_bad(&where, "measures",
                              "the numbers of the chapters below it do not add up to its own");
    }
    return true;
}

GArray *tk_law_reliability_chapters(const TkLaw *law)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(TkReliabilityChapter));
    for (guint i = 0; i < law->programme->reliability->len; i++)
        g_array_append_val(out, ((const ReliabilityRule *)law->programme->reliability->pdata[i])->chapter);
    return out;
}

/* ---- reading the carrier's file ---- */

typedef struct {
    const TkLaw *law;
    json_t *items, *findings;
    GHashTable *item_of; /* "section/item" → item, borrowed from items */
    GHashTable *codes;   /* of measures */
    size_t measures, faults;
    uint64_t line;
} Reading;

G_GNUC_PRINTF(4, 5)
static void fault(Reading *r, int column, const char *en, const char *ja, ...)
{
    r->faults++;
    if (json_array_size(r->findings) >= TK_RELIABILITY_FINDINGS_MAX)
        return;
    va_list list;
    va_start(list, ja);
    g_autofree char *words_ja = g_strdup_vprintf(ja, list);
    va_end(list);
    json_array_append_new(r->findings,
                          json_pack("{s:I, s:i, s:s?, s:s, s:s}", "line", (json_int_t)r->line, "column",
                                    column + 1, "field", column < COLUMNS ? columns[column] : NULL, "ja",
                                    words_ja, "en", en));
}

static bool read_header(Reading *r, const TkCsvRecord *record)
{
    bool whole = record->count == COLUMNS;
    for (size_t i = 0; i < MIN(record->count, (size_t)COLUMNS); i++)
        if (strcmp(record->fields[i].text, columns[i]) != 0) {
            fault(r, (int)i,
                  "this column's name is another one; docs/reliability-format.md lists them in order",
                  "列名は %s でなければなりません(docs/reliability-format.md の順)。", columns[i]);
            whole = false;
        }
    if (record->count != COLUMNS)
        fault(r, (int)MIN(record->count, (size_t)COLUMNS), "the head has another number of columns",
              "見出しの列は %d 個です。", COLUMNS);
    return whole;
}

static bool is_leaf(const TkLaw *law, const char *section)
{
    for (guint i = 0; i < law->programme->reliability->len; i++) {
        const TkReliabilityChapter *chapter =
            &((const ReliabilityRule *)law->programme->reliability->pdata[i])->chapter;
        if (strcmp(chapter->id, section) == 0)
            return chapter->leaf;
    }
    return false;
}

/* A text of 1 to `max` characters that is UTF-8 without control characters, but for line breaks. */
static bool text_fits(Reading *r, const TkCsvRecord *record, int column, glong max)
{
    const TkCsvField *field = &record->fields[column];
    if (!g_utf8_validate(field->text, (gssize)field->len, NULL)) {
        fault(r, column, "the text is no UTF-8", "UTF-8 の文字ではありません。%s", "");
        return false;
    }
    glong length = g_utf8_strlen(field->text, -1);
    if (length == 0) {
        fault(r, column, "it is empty", "空です。%s", "");
        return false;
    }
    if (length > max) {
        fault(r, column, "it is too long", "%ld 文字までです。", max);
        return false;
    }
    for (const char *p = field->text; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 && *p != '\n' && *p != '\r') {
            fault(r, column, "it holds a control character", "制御文字があります。%s", "");
            return false;
        }
    return true;
}

/* Numbers stand in codes: no slash and no space in them. */
static bool number_fits(Reading *r, const TkCsvRecord *record, int column)
{
    if (!text_fits(r, record, column, 16))
        return false;
    if (strpbrk(record->fields[column].text, "/ \r\n") == NULL)
        return true;
    fault(r, column, "a number has neither a slash nor a space", "番号に斜線と空白は使えません。%s", "");
    return false;
}

static const char *sign_of(const char *text)
{
    static const char *const none[] = {"", "-", "−", "－", "―", "ー"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        if (strcmp(text, none[i]) == 0)
            return "−";
    if (strcmp(text, "◎") == 0 || strcmp(text, "○") == 0)
        return text;
    return strcmp(text, "◎*") == 0 || strcmp(text, "◎＊") == 0 ? "◎*" : NULL;
}

static json_t *read_marks(Reading *r, const TkCsvRecord *record)
{
    json_t *marks = json_array();
    for (int i = FIRST_MARK; i < COLUMNS; i++) {
        const char *sign = sign_of(record->fields[i].text);
        if (sign == NULL)
            fault(r, i, "a mark is ◎, ◎*, ○, or nothing", "記号は ◎ ◎* ○ 又は空欄です。%s", "");
        json_array_append_new(marks, json_string(sign != NULL ? sign : "−"));
    }
    return marks;
}

/* The item a row belongs to, made with its first measure; NULL where its title contradicts an earlier row. */
static json_t *item_for(Reading *r, const TkCsvRecord *record)
{
    const char *section = record->fields[SECTION].text, *number = record->fields[ITEM].text,
               *title = record->fields[TITLE].text;
    g_autofree char *key = g_strdup_printf("%s/%s", section, number);
    json_t *item = g_hash_table_lookup(r->item_of, key);
    if (item == NULL) {
        item = json_pack("{s:s, s:s, s:s, s:[]}", "section", section, "item", number, "title", title,
                         "measures");
        json_array_append_new(r->items, item);
        g_hash_table_insert(r->item_of, g_steal_pointer(&key), item);
        return item;
    }
    if (strcmp(json_string_value(json_object_get(item, "title")), title) == 0)
        return item;
    fault(r, TITLE, "an earlier row gives this item another title", "同じ項目の前の行と題名が違います。%s",
          "");
    return NULL;
}

static void read_row(Reading *r, const TkCsvRecord *record)
{
    if (record->count != COLUMNS) {
        fault(r, (int)MIN(record->count, (size_t)COLUMNS), "the row has another number of columns",
              "列は %d 個です。", COLUMNS);
        return;
    }
    const char *section = record->fields[SECTION].text;
    size_t before = r->faults;
    if (!is_leaf(r->law, section))
        fault(r, SECTION, "there is no such chapter that holds items; docs/reliability-format.md lists them",
              "項目を持つ章の識別子ではありません(docs/reliability-format.md)。%s", "");
    number_fits(r, record, ITEM);
    text_fits(r, record, TITLE, 300);
    number_fits(r, record, MEASURE);
    text_fits(r, record, TEXT, 4000);
    g_autoptr(json_t) marks = read_marks(r, record);
    if (r->faults > before)
        return;
    g_autofree char *code =
        g_strdup_printf("%s/%s/%s", section, record->fields[ITEM].text, record->fields[MEASURE].text);
    if (g_hash_table_contains(r->codes, code)) {
        fault(r, MEASURE, "an earlier row has this measure already", "対策 %s は前の行にあります。", code);
        return;
    }
    json_t *item = item_for(r, record);
    if (item == NULL)
        return;
    json_array_append_new(json_object_get(item, "measures"),
                          json_pack("{s:s, s:s, s:s, s:O}", "measure", record->fields[MEASURE].text, "code",
                                    code, "text", record->fields[TEXT].text, "marks", marks));
    g_hash_table_add(r->codes, g_steal_pointer(&code));
    r->measures++;
}

static void read_all(Reading *r, const char *text, size_t len)
{
    g_autoptr(TkCsv) csv = tk_csv_new_memory(text, len, 64u * 1024);
    TkCsvRecord record;
    bool head = true;
    r->line = 1;
    for (TkCsvStatus status; (status = tk_csv_next(csv, &record)) != TK_CSV_END;) {
        r->line = record.line;
        if (status != TK_CSV_OK) {
            fault(r, 0, status == TK_CSV_BAD ? record.why : "it could not be read",
                  "CSV として読めません。%s", "");
            continue;
        }
        if (head && !read_header(r, &record))
            return;
        if (!head)
            read_row(r, &record);
        head = false;
        if (r->measures > TK_RELIABILITY_MEASURES_MAX) {
            fault(r, MEASURE, "the file has too many measures", "対策は %d 件までです。",
                  TK_RELIABILITY_MEASURES_MAX);
            return;
        }
    }
    if (r->measures == 0 && r->faults == 0)
        fault(r, 0, "the file has no measures", "対策がありません。%s", "");
}

json_t *tk_reliability_read(const TkLaw *law, const char *text, size_t len, json_t **findings, GError **error)
{
    *findings = NULL;
    if (len > TK_RELIABILITY_CSV_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "the file has %zu bytes; up to %u are read", len,
                TK_RELIABILITY_CSV_MAX);
        return NULL;
    }
    g_autoptr(json_t) items = json_array(), told = json_array();
    g_autoptr(GHashTable) item_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Reading r = {.law = law, .items = items, .findings = told, .item_of = item_of, .codes = codes};
    read_all(&r, text, len);
    if (r.faults == 0)
        return json_pack("{s:O, s:I, s:I}", "items", items, "items_total", (json_int_t)json_array_size(items),
                         "measures_total", (json_int_t)r.measures);
    *findings = json_pack("{s:O, s:I}", "items", told, "total", (json_int_t)r.faults);
    const json_t *first = json_array_get(told, 0);
    tk_fail_both(error, TK_ERROR_INVALID, "%lld 行目から誤りがあり、取り込めません(%zu 件)。",
                 "line %lld: the file is not taken: %zu faults",
                 (long long)json_integer_value(json_object_get(first, "line")), r.faults);
    return NULL;
}

/* ---- counts ---- */

static void count(const json_t *content, const TkReliabilityChapter *chapter, int64_t *items,
                  int64_t *measures)
{
    size_t i;
    json_t *item;
    *items = *measures = 0;
    json_array_foreach(json_object_get(content, "items"), i, item)
    {
        const char *section = json_string_value(json_object_get(item, "section"));
        if (section == NULL || (strcmp(section, chapter->id) != 0 && !is_below(section, chapter->id)))
            continue;
        (*items)++;
        *measures += (int64_t)json_array_size(json_object_get(item, "measures"));
    }
}

json_t *tk_reliability_counts(const TkLaw *law, const json_t *content)
{
    json_t *out = json_array();
    for (guint i = 0; i < law->programme->reliability->len; i++) {
        const TkReliabilityChapter *chapter =
            &((const ReliabilityRule *)law->programme->reliability->pdata[i])->chapter;
        int64_t items, measures;
        count(content, chapter, &items, &measures);
        json_array_append_new(
            out, json_pack("{s:s, s:{s:s, s:s}, s:I, s:I, s:{s:I, s:I}, s:b}", "section", chapter->id, "name",
                           "ja", chapter->name.ja, "en", chapter->name.en, "items", (json_int_t)items,
                           "measures", (json_int_t)measures, "published", "items", (json_int_t)chapter->items,
                           "measures", (json_int_t)chapter->measures, "same",
                           items == chapter->items && measures == chapter->measures));
    }
    return out;
}
