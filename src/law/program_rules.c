/* Facts, terms and obligations from checked entries to structs. Facts first, then terms, which may name facts
 * only, then obligations, which may name both: so no condition can turn in a circle. */
#include "law/program_internal.h"

typedef struct {
    TkLaw *law;
    Programme *programme;
    const TkLawEntry *entry;
    Where where;
} Reading;

/* ---- facts ---- */

static bool read_options(const Reading *r, Fact *fact)
{
    const json_t *list = tk_law_read_array(&r->where, r->entry->data, "options", OPTIONS_MAX);
    if (list == NULL)
        return false;
    size_t i;
    json_t *option;
    json_array_foreach(list, i, option)
    {
        fact->options[i] = tk_law_read_text(&r->where, option, "id");
        if (fact->options[i] == NULL || !tk_law_read_pair(&r->where, option, "name", &fact->option_names[i]))
            return false;
        fact->option_count++;
    }
    return true;
}

static bool read_fact(const Reading *r)
{
    static const char *const kinds[] = {"boolean", "count", "choice", "date"};
    if (r->programme->facts->len == FACTS_MAX)
        return tk_law_bad(&r->where, "id", "there are more facts than 96");
    Fact *fact = g_new0(Fact, 1);
    g_ptr_array_add(r->programme->facts, fact);
    fact->entry = r->entry;
    fact->id = tk_law_read_text(&r->where, r->entry->data, "fact");
    const char *kind = fact->id == NULL ? NULL : tk_law_read_text(&r->where, r->entry->data, "kind");
    const char *scope = kind == NULL ? NULL : tk_law_read_text(&r->where, r->entry->data, "scope");
    if (scope == NULL || !tk_law_read_pair(&r->where, r->entry->data, "name", &fact->name))
        return false;
    fact->of_service = strcmp(scope, "service") == 0;
    if (!fact->of_service && strcmp(scope, "carrier") != 0)
        return tk_law_bad(&r->where, "scope", "it is carrier or service");
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i], kind) == 0) {
            fact->kind = (FactKind)i;
            return fact->kind != FACT_CHOICE || read_options(r, fact);
        }
    return tk_law_bad(&r->where, "kind", "it is boolean, count, choice or date");
}

const Fact *tk_programme_fact(const Programme *programme, const char *id, bool of_service)
{
    for (guint i = 0; i < programme->facts->len; i++) {
        const Fact *fact = programme->facts->pdata[i];
        if (fact->of_service == of_service && strcmp(fact->id, id) == 0)
            return fact;
    }
    return NULL;
}

static bool check_fact_ids(const Programme *programme, GError **error)
{
    for (guint i = 0; i < programme->facts->len; i++) {
        const Fact *fact = programme->facts->pdata[i];
        if (tk_programme_fact(programme, fact->id, fact->of_service) != fact)
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s: entry “%s”: field “fact”: another entry has the fact “%s”", fact->entry->file,
                           fact->entry->id, fact->id);
    }
    return true;
}

/* ---- terms ---- */

static void term_free(gpointer data)
{
    Term *term = data;
    tk_condition_clear(&term->when);
    g_free(term);
}

static bool read_term(const Reading *r)
{
    Term *term = g_new0(Term, 1);
    term->span = tk_law_span(r->entry);
    term->family = r->entry->family;
    bool ok = tk_condition_read(&r->where, r->programme, json_object_get(r->entry->data, "when"), "when",
                                false, &term->when);
    g_ptr_array_add(r->programme->terms, term);
    return ok;
}

const Term *tk_programme_term(const Programme *programme, const char *family, TkDate date)
{
    for (guint i = 0; i < programme->terms->len; i++) {
        const Term *term = programme->terms->pdata[i];
        if (term->span.from <= date && date <= term->span.to && strcmp(term->family, family) == 0)
            return term;
    }
    return NULL;
}

/* ---- obligations ---- */

static void obligation_free(gpointer data)
{
    Obligation *duty = data;
    tk_condition_clear(&duty->when);
    for (size_t i = 0; i < duty->due_count; i++)
        tk_condition_clear(&duty->dues[i].when);
    g_free(duty);
}

static const struct {
    const char *rule, *number; /* the field that holds how many; NULL: none */
} due_kinds[] = {
    [DUE_BEFORE_OPERATIONS] = {"before-operations", NULL},
    [DUE_BEFORE_USE] = {"before-use", NULL},
    [DUE_WITHOUT_DELAY] = {"without-delay", NULL},
    [DUE_MONTHS_AFTER] = {"months-after", "months"},
    [DUE_DAYS] = {"days", "days"},
    [DUE_QUARTERLY] = {"quarterly", "months"},
    [DUE_HALF_YEARLY] = {"half-yearly", "months"},
    [DUE_YEARLY] = {"yearly", "months"},
    [DUE_BUSINESS_YEARLY] = {"business-yearly", NULL},
    [DUE_STANDING] = {"standing", NULL},
    [DUE_BY] = {"by", NULL},
};

static bool read_due_fact(const Reading *r, const json_t *object, const char *field, DueRule *due)
{
    const char *id = tk_law_read_text(&r->where, object, field);
    due->fact = id == NULL ? NULL : tk_programme_fact(r->programme, id, false);
    if (id != NULL && (due->fact == NULL || due->fact->kind != FACT_BOOLEAN))
        return tk_law_bad(&r->where, "deadlines", "what is counted from is a boolean fact of a carrier");
    return due->fact != NULL;
}

static bool read_due(const Reading *r, const json_t *object, DueRule *due)
{
    const char *rule = tk_law_read_text(&r->where, object, "rule");
    if (rule == NULL || !tk_law_read_pair(&r->where, object, "what", &due->what))
        return false;
    size_t kind = 0;
    while (kind < G_N_ELEMENTS(due_kinds) && strcmp(due_kinds[kind].rule, rule) != 0)
        kind++;
    if (kind == G_N_ELEMENTS(due_kinds))
        return tk_law_bad(&r->where, "deadlines", "there is no such rule; docs/law-format.md lists them");
    due->kind = (DueKind)kind;
    int64_t number = 0;
    if (due_kinds[kind].number != NULL &&
        !tk_law_read_int(&r->where, object, due_kinds[kind].number, 1, 366, &number))
        return false;
    due->count = (int32_t)number;
    due->after = json_string_value(json_object_get(object, "after"));
    if ((due->kind == DUE_WITHOUT_DELAY || due->kind == DUE_DAYS) && due->after == NULL)
        return tk_law_bad(&r->where, "deadlines", "“after” says after what");
    if (due->kind == DUE_BY && !tk_law_read_date(&r->where, object, "date", &due->by))
        return false;
    if (due->kind == DUE_MONTHS_AFTER && !read_due_fact(r, object, "fact", due))
        return false;
    if (due->kind == DUE_BUSINESS_YEARLY && !read_due_fact(r, object, "after_fact", due))
        return false;
    const json_t *when = json_object_get(object, "when");
    return when == NULL || tk_condition_read(&r->where, r->programme, when, "deadlines", true, &due->when);
}

static bool one_of(const char *word, const char *const *words)
{
    return word != NULL && g_strv_contains(words, word);
}

static bool read_obligation(const Reading *r)
{
    static const char *const kinds[] = {"duty", "recommended", "option", "criterion", NULL};
    static const char *const topics[] = {
        "entry", "facilities", "rules", "officers", "reports", "user-information", "external-transmission",
        NULL};
    const json_t *data = r->entry->data, *when = json_object_get(data, "when"),
                 *dues = json_object_get(data, "deadlines");
    Obligation *duty = g_new0(Obligation, 1);
    g_ptr_array_add(r->programme->duties, duty);
    duty->span = tk_law_span(r->entry);
    duty->entry = r->entry;
    duty->kind = json_string_value(json_object_get(data, "kind"));
    duty->topic = json_string_value(json_object_get(data, "topic"));
    if (!one_of(duty->kind, kinds))
        return tk_law_bad(&r->where, "kind", "it is duty, recommended, option or criterion");
    if (!one_of(duty->topic, topics))
        return tk_law_bad(&r->where, "topic", "there is no such topic; docs/law-format.md lists them");
    if (!tk_law_read_pair(&r->where, data, "name", &duty->name) ||
        !tk_law_read_pair(&r->where, data, "proof", &duty->proof))
        return false;
    if (when == NULL || (json_is_null(when) && r->entry->verified))
        return tk_law_bad(&r->where, "when", "it is a condition, or null in an entry that is not verified");
    if (!json_is_null(when) && !tk_condition_read(&r->where, r->programme, when, "when", true, &duty->when))
        return false;
    if (!json_is_array(dues) || json_array_size(dues) > TK_DUTY_DEADLINES_MAX)
        return tk_law_bad(&r->where, "deadlines", "a list of at most 4 is needed");
    size_t i;
    json_t *due;
    json_array_foreach(dues, i, due) if (!read_due(r, due, &duty->dues[duty->due_count++])) return false;
    return true;
}

static bool read_officer(const Reading *r)
{
    return tk_officer_read(&r->where, r->entry, r->programme->officers);
}

static bool read_rules_item(const Reading *r)
{
    return tk_rules_item_read(&r->where, r->entry, r->programme);
}

static bool read_standards(const Reading *r)
{
    return tk_standards_read(&r->where, r->entry, r->programme->standards);
}

static bool read_reliability(const Reading *r)
{
    return tk_reliability_rule_read(&r->where, r->entry, r->programme->reliability);
}

/* ---- all of them ---- */

static int by_topic(gconstpointer a, gconstpointer b)
{
    const Obligation *x = *(const Obligation *const *)a, *y = *(const Obligation *const *)b;
    int order = strcmp(x->topic, y->topic);
    if (order == 0)
        order = strcmp(x->entry->family, y->entry->family);
    return order != 0 ? order : (x->span.from > y->span.from) - (x->span.from < y->span.from);
}

static bool check_families(const Programme *programme, GError **error)
{
    g_autoptr(GHashTable) topics = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < programme->duties->len; i++) {
        const Obligation *duty = programme->duties->pdata[i];
        const char *topic = g_hash_table_lookup(topics, duty->entry->family);
        if (topic != NULL && strcmp(topic, duty->topic) != 0)
            return tk_fail(error, TK_ERROR_INPUT,
                           "%s: entry “%s”: field “topic”: versions of one rule share their topic",
                           duty->entry->file, duty->entry->id);
        g_hash_table_insert(topics, (gpointer)duty->entry->family, (gpointer)duty->topic);
    }
    return true;
}

bool tk_programme_compile(TkLaw *law, GError **error)
{
    static const struct {
        const char *type;
        bool (*read)(const Reading *);
    } readers[] = {{"profile-facts", read_fact},
                   {"profile-terms", read_term},
                   {"obligations", read_obligation},
                   {"officers", read_officer},
                   {"rules-items", read_rules_item},
                   {"standards", read_standards},
                   {"reliability-structure", read_reliability}};
    Programme *programme = law->programme = g_new0(Programme, 1);
    programme->facts = g_ptr_array_new_with_free_func(g_free);
    programme->terms = g_ptr_array_new_with_free_func(term_free);
    programme->duties = g_ptr_array_new_with_free_func(obligation_free);
    programme->officers = g_ptr_array_new_with_free_func(g_free);
    programme->rules = g_ptr_array_new_with_free_func(tk_rules_rule_free);
    programme->standards = g_ptr_array_new_with_free_func(g_free);
    programme->reliability = g_ptr_array_new_with_free_func(g_free);
    programme->begins = TK_DATE_NONE;
    for (size_t t = 0; t < G_N_ELEMENTS(readers); t++)
        for (guint i = 0; i < law->entries->len; i++) {
            const TkLawEntry *entry = &g_array_index(law->entries, TkLawEntry, i);
            Reading reading = {law, programme, entry, {entry->file, entry->id, error}};
            if (strcmp(entry->type, readers[t].type) == 0 && !readers[t].read(&reading))
                return false;
        }
    for (guint i = 0; i < programme->duties->len; i++) {
        TkDate from = ((const Obligation *)programme->duties->pdata[i])->span.from;
        if (programme->begins == TK_DATE_NONE || from < programme->begins)
            programme->begins = from;
    }
    g_ptr_array_sort(programme->duties, by_topic);
    tk_rules_rules_sort(programme);
    return check_fact_ids(programme, error) && check_families(programme, error) &&
           tk_standards_finish(programme->standards, error) &&
           tk_reliability_rules_finish(programme->reliability, error);
}

void tk_programme_free(Programme *programme)
{
    if (programme == NULL)
        return;
    g_ptr_array_unref(programme->facts);
    g_ptr_array_unref(programme->terms);
    g_ptr_array_unref(programme->duties);
    g_ptr_array_unref(programme->officers);
    g_ptr_array_unref(programme->rules);
    g_ptr_array_unref(programme->standards);
    g_ptr_array_unref(programme->reliability);
    g_free(programme);
}
