/* Technical standards by category and day. The data say for each measure which group of equipment (a chapter
 * and section of the 設備規則) must do what by which article; a category stands in one group for each
 * paragraph of 法41条 it can fall under. Reading checks that all names meet: a category's documents and
 * groups, a measure's categories. */
#include "law/program_internal.h"

#define CELLS_MAX     32
#define DOCUMENTS_MAX 48

static const char *const groups[] = {"line-voice",  "line-other",       "eligible",        "universal-1",
                                     "universal-2", "designated-voice", "designated-other"};
static const char *const bases[] = {"41-1", "41-2", "41-3", "41-5"};

typedef enum { KIND_CATEGORY, KIND_MEASURE, KIND_DOCUMENT, KIND_SCOPE } Kind;
static const char *const kinds[] = {"category", "measure", "document", "scope"};

typedef struct {
    const char *group, *article;
    TkStandardLevel level;
    TkText condition;
    const json_t *categories; /* NULL: all of the group */
} Cell;

struct StandardsRule {
    Kind kind;
    Span span;
    int64_t order;
    const TkLawEntry *entry;
    TkStandardCategory category;
    TkStandardMeasure measure;
    TkStandardDocument document;
    Cell cells[CELLS_MAX];
    size_t cell_count;
    const json_t *documents; /* of a category */
};

/* ---- reading ---- */

static bool known(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static bool read_condition(const Where *where, const json_t *object, TkText *out)
{
    return json_object_get(object, "condition") == NULL || tk_law_read_pair(where, object, "condition", out);
}

static bool read_category(const Where *where, const json_t *data, StandardsRule *rule)
{
    TkStandardCategory *category = &rule->category;
    category->entry = rule->entry;
    category->id = tk_law_read_text(where, data, "category");
    category->number = category->id == NULL ? NULL : tk_law_read_text(where, data, "number");
    if (category->number == NULL || !tk_law_read_pair(where, data, "name", &category->name) ||
        !tk_law_read_pair(where, data, "applies", &category->equipment))
        return false;
    const json_t *list = tk_law_read_array(where, data, "basis", TK_STANDARD_BASES_MAX);
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        const char *basis = tk_law_read_text(where, one, "basis");
        const char *group = basis == NULL ? NULL : tk_law_read_text(where, one, "group");
        if (group == NULL)
            return false;
        if (!known(bases, G_N_ELEMENTS(bases), basis) || !known(groups, G_N_ELEMENTS(groups), group))
            return tk_law_bad(where, "basis",
                              "there is no such basis or group; docs/law-format.md lists them");
        category->basis[category->basis_count] = basis;
        category->group[category->basis_count++] = group;
    }
    rule->documents = tk_law_read_array(where, data, "documents", DOCUMENTS_MAX);
    json_array_foreach(rule->documents, i,
                       one) if (tk_law_read_text(where, one, "document") == NULL) return false;
    return list != NULL && rule->documents != NULL;
}

static bool read_cell(const Where *where, const json_t *object, Cell *cell)
{
    cell->group = tk_law_read_text(where, object, "group");
    cell->article = cell->group == NULL ? NULL : tk_law_read_text(where, object, "article");
    const char *level = cell->article == NULL ? NULL : tk_law_read_text(where, object, "level");
    if (level == NULL || !read_condition(where, object, &cell->condition))
        return false;
    if (!known(groups, G_N_ELEMENTS(groups), cell->group))
        return tk_law_bad(where, "group", "there is no such group; docs/law-format.md lists them");
    cell->level = strcmp(level, "must") == 0     ? TK_STANDARD_MUST
                  : strcmp(level, "effort") == 0 ? TK_STANDARD_EFFORT
                                                 : TK_STANDARD_NONE;
    if (cell->level == TK_STANDARD_NONE)
        return tk_law_bad(where, "level", "it is “must” or “effort”");
    cell->categories = json_object_get(object, "categories");
    return cell->categories == NULL || tk_law_read_array(where, object, "categories", 32) != NULL;
}

static bool read_measure(const Where *where, const json_t *data, StandardsRule *rule)
{
    TkStandardMeasure *measure = &rule->measure;
    int64_t goal = 0;
    measure->entry = rule->entry;
    measure->id = tk_law_read_text(where, data, "measure");
    if (measure->id == NULL || !tk_law_read_int(where, data, "goal", 1, 5, &goal) ||
        !tk_law_read_pair(where, data, "name", &measure->name))
        return false;
    measure->goal = (int)goal;
    const json_t *cells = tk_law_read_array(where, data, "applies", CELLS_MAX);
    size_t i;
    json_t *one;
    json_array_foreach(cells, i,
                       one) if (!read_cell(where, one, &rule->cells[rule->cell_count++])) return false;
    return cells != NULL;
}

static bool read_document(const Where *where, const json_t *data, StandardsRule *rule)
{
    rule->document.entry = rule->entry;
    rule->document.id = tk_law_read_text(where, data, "document");
    return rule->document.id != NULL && tk_law_read_pair(where, data, "name", &rule->document.name) &&
           read_condition(where, data, &rule->document.condition);
}

bool tk_standards_read(const Where *where, const TkLawEntry *entry, GPtrArray *rules)
{
    StandardsRule *rule = g_new0(StandardsRule, 1);
    g_ptr_array_add(rules, rule);
    rule->span = tk_law_span(entry);
    rule->entry = entry;
    const char *kind = tk_law_read_text(where, entry->data, "kind");
    if (kind == NULL)
        return false;
    while (rule->kind <= KIND_SCOPE && strcmp(kinds[rule->kind], kind) != 0)
        rule->kind++;
    if (rule->kind > KIND_SCOPE)
        return tk_law_bad(where, "kind", "there is no such kind; docs/law-format.md lists them");
    if (rule->kind != KIND_SCOPE && !tk_law_read_int(where, entry->data, "order", 0, 100000, &rule->order))
        return false;
    switch (rule->kind) {
    case KIND_CATEGORY:
        return read_category(where, entry->data, rule);
    case KIND_MEASURE:
        return read_measure(where, entry->data, rule);
    case KIND_DOCUMENT:
        return read_document(where, entry->data, rule);
    case KIND_SCOPE:
        break;
    }
    return true;
}

/* ---- checking that the names meet ---- */

static const StandardsRule *find(const GPtrArray *rules, Kind kind, const char *id, TkDate date)
{
    for (guint i = 0; i < rules->len; i++) {
        const StandardsRule *rule = rules->pdata[i];
        const char *own = kind == KIND_CATEGORY  ? rule->category.id
                          : kind == KIND_MEASURE ? rule->measure.id
                                                 : rule->document.id;
        bool in_force = date == TK_DATE_NONE || (rule->span.from <= date && date <= rule->span.to);
        if (rule->kind == kind && in_force && strcmp(own, id) == 0)
            return rule;
    }
    return NULL;
}

static bool names_meet(const Where *where, const GPtrArray *rules, const StandardsRule *rule)
{
    size_t i;
    json_t *one;
    json_array_foreach(rule->documents, i, one)
    {
        const char *id = json_string_value(json_object_get(one, "document"));
        const StandardsRule *document = find(rules, KIND_DOCUMENT, id, TK_DATE_NONE);
        if (document == NULL || document->span.from > rule->span.from)
            return tk_law_bad(where, "documents",
                              "it names a document that no entry describes, or that begins later");
    }
    for (size_t c = 0; c < rule->cell_count; c++)
        json_array_foreach(rule->cells[c].categories, i, one)
        {
            const char *id = json_string_value(one);
            if (id == NULL || find(rules, KIND_CATEGORY, id, TK_DATE_NONE) == NULL)
                return tk_law_bad(where, "categories", "it names a category that no entry describes");
        }
    return true;
}

static int by_order(gconstpointer a, gconstpointer b)
{
    const StandardsRule *x = *(const StandardsRule *const *)a, *y = *(const StandardsRule *const *)b;
    return (x->order > y->order) - (x->order < y->order);
}

bool tk_standards_finish(GPtrArray *rules, GError **error)
{
    g_ptr_array_sort(rules, by_order);
    for (guint i = 0; i < rules->len; i++) {
        const StandardsRule *rule = rules->pdata[i];
        Where where = {rule->entry->file, rule->entry->id, error};
        if (!names_meet(&where, rules, rule))
            return false;
    }
    return true;
}

/* ---- asking ---- */

static bool in_force(const StandardsRule *rule, Kind kind, TkDate date)
{
    return rule->kind == kind && rule->span.from <= date && date <= rule->span.to;
}

GArray *tk_law_standard_categories(const TkLaw *law, TkDate date)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(TkStandardCategory));
    for (guint i = 0; i < law->programme->standards->len; i++) {
        const StandardsRule *rule = law->programme->standards->pdata[i];
        if (in_force(rule, KIND_CATEGORY, date))
            g_array_append_val(out, rule->category);
    }
    return out;
}

bool tk_law_standard_category(const TkLaw *law, const char *id, TkDate date, TkStandardCategory *out)
{
    const StandardsRule *rule = find(law->programme->standards, KIND_CATEGORY, id, date);
    if (rule != NULL)
        *out = rule->category;
    return rule != NULL;
}

static const Cell *cell_for(const StandardsRule *rule, const char *group, const char *category)
{
    for (size_t c = 0; c < rule->cell_count; c++) {
        const Cell *cell = &rule->cells[c];
        if (strcmp(cell->group, group) != 0)
            continue;
        bool named = cell->categories == NULL;
        size_t i;
        json_t *one;
        json_array_foreach(cell->categories, i, one) named |= strcmp(json_string_value(one), category) == 0;
        if (named)
            return cell;
    }
    return NULL;
}

GArray *tk_law_standard_measures(const TkLaw *law, const TkStandardCategory *category, size_t basis,
                                 TkDate date)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(TkStandardMeasure));
    for (guint i = 0; i < law->programme->standards->len; i++) {
        const StandardsRule *rule = law->programme->standards->pdata[i];
        if (!in_force(rule, KIND_MEASURE, date))
            continue;
        TkStandardMeasure measure = rule->measure;
        const Cell *cell =
            basis < category->basis_count ? cell_for(rule, category->group[basis], category->id) : NULL;
        if (cell != NULL) {
            measure.level = cell->level;
            measure.article = cell->article;
            measure.condition = cell->condition;
        }
        g_array_append_val(out, measure);
    }
    return out;
}

GArray *tk_law_standard_documents(const TkLaw *law, const TkStandardCategory *category, TkDate date)
{
    GArray *out = g_array_new(FALSE, TRUE, sizeof(TkStandardDocument));
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(category->entry->data, "documents"), i, one)
    {
        const char *id = json_string_value(json_object_get(one, "document"));
        const StandardsRule *rule = find(law->programme->standards, KIND_DOCUMENT, id, date);
        if (rule == NULL)
            continue; /* the day lies outside the category's own span */
        TkStandardDocument document = rule->document;
        document.letter = json_string_value(json_object_get(one, "letter"));
        g_array_append_val(out, document);
    }
    return out;
}

GPtrArray *tk_law_standard_scope(const TkLaw *law, TkDate date)
{
    GPtrArray *out = g_ptr_array_new();
    for (guint i = 0; i < law->programme->standards->len; i++) {
        const StandardsRule *rule = law->programme->standards->pdata[i];
        if (in_force(rule, KIND_SCOPE, date))
            g_ptr_array_add(out, (gpointer)rule->entry);
    }
    return out;
}

TkDate tk_law_standard_designation_due(TkDate designated)
{
    return designated == TK_DATE_NONE ? TK_DATE_NONE : tk_date_add_months(designated, 3);
}
