/* Technical standards as the page shows them. Nothing is written here: people's words are records of
 * registers, the law's are data, and each answer is computed anew from both. */
#include "service/standards_private.h"

#define ANSWER_MAX (32u << 20)

typedef struct {
    const TkStandards *s;
    TkJson *w;
} Out;

static void date_member(const Out *out, const char *key, TkDate date)
{
    tk_json_key(out->w, key);
    tk_json_date(out->w, date);
}

static void int_member(const Out *out, const char *key, int64_t value)
{
    tk_json_key(out->w, key);
    tk_json_int(out->w, value);
}

static void bool_member(const Out *out, const char *key, bool value)
{
    tk_json_key(out->w, key);
    tk_json_bool(out->w, value);
}

static void condition_member(const Out *out, TkText condition)
{
    if (condition.ja != NULL)
        tk_json_member2(out->w, "condition", condition.ja, condition.en);
}

static void value_member(const Out *out, const char *key, const TkRecord *record, const char *field)
{
    const json_t *value =
        record == NULL ? NULL : json_object_get(json_object_get(record->body, "values"), field);
    tk_json_key(out->w, key);
    if (value == NULL)
        tk_json_text(out->w, NULL);
    else
        tk_json_value(out->w, value);
}

static void person_members(const Out *out, const char *key, const TkRecord *record, const char *field)
{
    const char *id = record == NULL ? NULL : tk_program_text(record, field);
    g_autofree char *name_key = g_strconcat(key, "_name", NULL);
    tk_json_member(out->w, key, id);
    tk_json_member(out->w, name_key, tk_standards_person(out->s, id));
}

/* ---- a confirmation ---- */

static void document_json(const Out *out, const TkStandardsLine *line)
{
    tk_json_begin_object(out->w);
    tk_json_member(out->w, "document", line->law.id);
    tk_json_member(out->w, "letter", line->law.letter);
    tk_json_member2(out->w, "name", line->law.name.ja, line->law.name.en);
    condition_member(out, line->law.condition);
    tk_json_member(out->w, "state", tk_standards_document_state(line->state));
    bool_member(out, "lacking", line->lacking);
    tk_json_member(out->w, "record", line->record == NULL ? NULL : line->record->id);
    person_members(out, "author", line->record, "author");
    value_member(out, "due", line->record, "deadline");
    value_member(out, "valid_until", line->record, "valid_until");
    value_member(out, "file", line->record, "file");
    value_member(out, "reason", line->record, "reason");
    tk_json_end_object(out->w);
}

static void lines_json(const Out *out, const GArray *lines)
{
    int counts[TK_DOCUMENT_EMPTY + 1] = {0}, lacking = 0;
    tk_json_key(out->w, "documents");
    tk_json_begin_array(out->w);
    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        const TkStandardsLine *line = &g_array_index(lines, TkStandardsLine, i);
        counts[line->state]++;
        lacking += line->lacking;
        document_json(out, line);
    }
    tk_json_end_array(out->w);
    int_member(out, "documents_asked", lines == NULL ? 0 : lines->len);
    int_member(out, "documents_done", counts[TK_DOCUMENT_DONE]);
    int_member(out, "documents_not_applicable", counts[TK_DOCUMENT_NOT_NEEDED]);
    int_member(out, "documents_lacking", lacking);
    bool_member(out, "complete", lines != NULL && lacking == 0);
}

static void facilities_json(const Out *out, const TkRecord *confirmation)
{
    size_t i;
    json_t *one;
    tk_json_key(out->w, "facilities");
    tk_json_begin_array(out->w);
    json_array_foreach(json_object_get(json_object_get(confirmation->body, "values"), "facilities"), i, one)
    {
        const TkRecord *facility = tk_standards_facility(out->s, json_string_value(one));
        tk_json_begin_object(out->w);
        tk_json_member(out->w, "record", json_string_value(one));
        tk_json_member(out->w, "name", facility == NULL ? NULL : tk_program_text(facility, "name"));
        tk_json_member(out->w, "category", facility == NULL ? NULL : tk_program_text(facility, "category"));
        tk_json_member(out->w, "status", facility == NULL ? NULL : tk_program_text(facility, "status"));
        tk_json_end_object(out->w);
    }
    tk_json_end_array(out->w);
}

static bool is_filed(const TkRecord *confirmation)
{
    return g_strcmp0(tk_program_text(confirmation, "state"), "filed") == 0;
}

static void confirmation_json(const Out *out, const TkRecord *confirmation)
{
    TkDate judged, due = tk_standards_due(confirmation);
    g_autoptr(GArray) lines = tk_standards_lines(out->s, confirmation, &judged);
    const char *state = tk_program_text(confirmation, "state");
    bool closed = is_filed(confirmation) || g_strcmp0(state, "superseded") == 0;
    static const char *const texts[] = {"title", "category",  "basis",       "reason",    "state",
                                        "filed", "filed_ref", "planned_use", "designated"};
    tk_json_begin_object(out->w);
    tk_json_member(out->w, "record", confirmation->id);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        tk_json_member(out->w, texts[i], tk_program_text(confirmation, texts[i]));
    person_members(out, "confirmer", confirmation, "confirmer");
    date_member(out, "due", due);
    bool_member(out, "overdue", !closed && due != TK_DATE_NONE && due < out->s->today);
    date_member(out, "judged", judged);
    bool_member(out, "category_known", lines != NULL);
    facilities_json(out, confirmation);
    lines_json(out, lines);
    tk_json_end_object(out->w);
}

/* ---- categories ---- */

static bool confirmed(const TkStandards *s, const char *facility)
{
    for (guint i = 0; i < s->confirmations->len; i++)
        if (is_filed(s->confirmations->pdata[i]) &&
            tk_standards_names(s->confirmations->pdata[i], "facilities", facility))
            return true;
    return false;
}

/* How many facilities of the category there are, and how many wait for, or never had, their confirmation. */
static int64_t category_facilities(const Out *out, const char *category)
{
    int64_t all = 0, waiting = 0, without = 0;
    for (guint i = 0; i < out->s->facilities->len; i++) {
        const TkRecord *facility = out->s->facilities->pdata[i];
        const char *status = tk_program_text(facility, "status");
        if (g_strcmp0(tk_program_text(facility, "category"), category) != 0 ||
            g_strcmp0(status, "retired") == 0)
            continue;
        bool ready = confirmed(out->s, facility->id);
        all++;
        waiting += !ready && g_strcmp0(status, "planned") == 0;
        without += !ready && g_strcmp0(status, "active") == 0;
    }
    int_member(out, "facilities", all);
    int_member(out, "facilities_waiting", waiting);
    int_member(out, "facilities_without", without);
    return all;
}

static bool has_category(const GPtrArray *records, const char *category)
{
    for (guint i = 0; i < records->len; i++)
        if (g_strcmp0(tk_program_text(records->pdata[i], "category"), category) == 0)
            return true;
    return false;
}

static void category_documents(const Out *out, const TkStandardCategory *category)
{
    g_autoptr(GArray) set = tk_law_standard_documents(out->s->app->law, category, out->s->date);
    tk_json_key(out->w, "documents");
    tk_json_begin_array(out->w);
    for (guint i = 0; i < set->len; i++) {
        const TkStandardDocument *document = &g_array_index(set, TkStandardDocument, i);
        tk_json_begin_object(out->w);
        tk_json_member(out->w, "document", document->id);
        tk_json_member(out->w, "letter", document->letter);
        tk_json_member2(out->w, "name", document->name.ja, document->name.en);
        condition_member(out, document->condition);
        date_member(out, "since", document->entry->from);
        tk_json_end_object(out->w);
    }
    tk_json_end_array(out->w);
}

static void category_head(const Out *out, const TkStandardCategory *category)
{
    tk_json_member(out->w, "category", category->id);
    tk_json_member(out->w, "number", category->number);
    tk_json_member2(out->w, "name", category->name.ja, category->name.en);
    tk_json_member2(out->w, "equipment", category->equipment.ja, category->equipment.en);
    tk_json_member(out->w, "article", category->entry->article);
    bool_member(out, "verified", category->entry->verified);
    if (category->entry->note.ja != NULL)
        tk_json_member2(out->w, "note", category->entry->note.ja, category->entry->note.en);
    tk_json_key(out->w, "basis");
    tk_json_begin_array(out->w);
    for (size_t i = 0; i < category->basis_count; i++)
        tk_json_text(out->w, category->basis[i]);
    tk_json_end_array(out->w);
}

/* Whether the carrier has to do with the category: equipment, a confirmation or an assessment of it. */
static bool is_used(const TkStandards *s, const char *category)
{
    return has_category(s->facilities, category) || has_category(s->confirmations, category) ||
           has_category(s->assessments, category);
}

static void category_json(const Out *out, const TkStandardCategory *category)
{
    tk_json_begin_object(out->w);
    category_head(out, category);
    category_facilities(out, category->id);
    bool_member(out, "used", is_used(out->s, category->id));
    category_documents(out, category);
    tk_json_end_object(out->w);
}

/* ---- the rest of the overview ---- */

static void scope_json(const Out *out)
{
    g_autoptr(GPtrArray) scope = tk_law_standard_scope(out->s->app->law, out->s->date);
    tk_json_key(out->w, "scope");
    tk_json_begin_array(out->w);
    for (guint i = 0; i < scope->len; i++) {
        const TkLawEntry *entry = scope->pdata[i];
        tk_json_begin_object(out->w);
        tk_json_member(out->w, "article", entry->article);
        date_member(out, "since", entry->from);
        tk_json_member2(out->w, "text", entry->text.ja, entry->text.en);
        bool_member(out, "verified", entry->verified);
        tk_json_end_object(out->w);
    }
    tk_json_end_array(out->w);
}

/* Equipment that is planned, whose confirmation is not filed: its register holds it back. */
static void waiting_json(const Out *out)
{
    int told = 0;
    tk_json_key(out->w, "waiting");
    tk_json_begin_array(out->w);
    for (guint i = 0; i < out->s->facilities->len && told < 200; i++) {
        const TkRecord *facility = out->s->facilities->pdata[i];
        const char *category = tk_program_text(facility, "category");
        if (g_strcmp0(tk_program_text(facility, "status"), "planned") != 0 ||
            g_strcmp0(category, "exempt") == 0 || confirmed(out->s, facility->id))
            continue;
        told++;
        tk_json_begin_object(out->w);
        tk_json_member(out->w, "record", facility->id);
        tk_json_member(out->w, "name", tk_program_text(facility, "name"));
        tk_json_member(out->w, "category", category);
        tk_json_end_object(out->w);
    }
    tk_json_end_array(out->w);
}

static void orders_json(const Out *out)
{
    tk_json_key(out->w, "orders");
    tk_json_begin_array(out->w);
    for (guint i = 0; i < out->s->orders->len; i++) {
        const TkRecord *order = out->s->orders->pdata[i];
        if (g_strcmp0(tk_program_text(order, "kind"), "conformity") != 0)
            continue;
        tk_json_begin_object(out->w);
        tk_json_member(out->w, "record", order->id);
        tk_json_key(out->w, "values");
        tk_json_value(out->w, json_object_get(order->body, "values"));
        tk_json_end_object(out->w);
    }
    tk_json_end_array(out->w);
}

static void checks_json(const Out *out)
{
    tk_json_key(out->w, "checks");
    tk_json_begin_array(out->w);
    for (guint i = 0; i < out->s->checks->len && i < 500; i++) {
        const TkRecord *check = out->s->checks->pdata[i];
        TkDate next = tk_program_date_of(check, "next");
        const char *result = tk_program_text(check, "result");
        static const char *const texts[] = {"title", "category", "measure", "done", "result"};
        tk_json_begin_object(out->w);
        tk_json_member(out->w, "record", check->id);
        for (size_t t = 0; t < G_N_ELEMENTS(texts); t++)
            tk_json_member(out->w, texts[t], tk_program_text(check, texts[t]));
        date_member(out, "next", next);
        bool_member(out, "overdue",
                    next != TK_DATE_NONE && next < out->s->today && g_strcmp0(result, "ended") != 0);
        person_members(out, "owner", check, "owner");
        tk_json_end_object(out->w);
    }
    tk_json_end_array(out->w);
}

static GBytes *finish(TkBuf *buf, GError **error)
{
    if (!buf->overflow)
        return g_bytes_new(buf->data, buf->len);
    tk_fail(error, TK_ERROR_LIMIT, "the answer is too large");
    return NULL;
}

GBytes *tk_service_standards(TkApp *app, const TkActor *actor, TkDate date, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_auto(TkStandards) s = {.app = app, .actor = actor, .date = date};
    if (!tk_standards_gather(&s, error))
        return NULL;
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    Out out = {&s, &w};
    tk_json_begin_object(&w);
    date_member(&out, "date", s.date);
    bool_member(&out, "synthetic", app->synthetic);
    bool_member(&out, "facilities_more", s.facilities_more);
    scope_json(&out);
    g_autoptr(GArray) categories = tk_law_standard_categories(app->law, s.date);
    tk_json_key(&w, "categories");
    tk_json_begin_array(&w);
    for (guint i = 0; i < categories->len; i++)
        category_json(&out, &g_array_index(categories, TkStandardCategory, i));
    tk_json_end_array(&w);
    tk_json_key(&w, "confirmations");
    tk_json_begin_array(&w);
    for (guint i = 0; i < s.confirmations->len; i++)
        confirmation_json(&out, s.confirmations->pdata[i]);
    tk_json_end_array(&w);
    waiting_json(&out);
    checks_json(&out);
    orders_json(&out);
    tk_json_end_object(&w);
    return finish(&buf, error);
}

/* ---- the matrix ---- */

static void assessment_json(const Out *out, const TkRecord *record)
{
    static const char *const fields[] = {"state", "ground",  "evidence", "facilities",
                                         "plan",  "plan_by", "checked"};
    tk_json_key(out->w, "assessment");
    if (record == NULL) {
        tk_json_text(out->w, NULL);
        return;
    }
    TkDate by = tk_program_date_of(record, "plan_by");
    const char *state = tk_program_text(record, "state");
    bool open = g_strcmp0(state, "meets") != 0 && g_strcmp0(state, "not-applicable") != 0;
    tk_json_begin_object(out->w);
    tk_json_member(out->w, "record", record->id);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        value_member(out, fields[i], record, fields[i]);
    person_members(out, "owner", record, "owner");
    bool_member(out, "overdue", open && by != TK_DATE_NONE && by < out->s->today);
    tk_json_end_object(out->w);
}

static void cell_json(const Out *out, const TkStandardCategory *category, size_t basis,
                      const TkStandardMeasure *measure)
{
    tk_json_begin_object(out->w);
    tk_json_member(out->w, "category", category->id);
    tk_json_member(out->w, "basis", category->basis[basis]);
    tk_json_member(out->w, "level", tk_standards_level(measure->level));
    g_autofree char *article = g_strconcat("事業用電気通信設備規則", measure->article, NULL);
    tk_json_member(out->w, "article", article);
    condition_member(out, measure->condition);
    if (is_used(out->s, category->id))
        assessment_json(out, tk_standards_assessment(out->s, category->id, measure->id));
    tk_json_end_object(out->w);
}

static void measure_cells(const Out *out, const GArray *categories, guint row)
{
    tk_json_key(out->w, "cells");
    tk_json_begin_array(out->w);
    for (guint c = 0; c < categories->len; c++) {
        const TkStandardCategory *category = &g_array_index(categories, TkStandardCategory, c);
        for (size_t basis = 0; basis < category->basis_count; basis++) {
            g_autoptr(GArray) measures =
                tk_law_standard_measures(out->s->app->law, category, basis, out->s->date);
            const TkStandardMeasure *measure = &g_array_index(measures, TkStandardMeasure, row);
            if (measure->level != TK_STANDARD_NONE)
                cell_json(out, category, basis, measure);
        }
    }
    tk_json_end_array(out->w);
}

static void measure_json(const Out *out, const GArray *categories, const TkStandardMeasure *measure,
                         guint row)
{
    tk_json_begin_object(out->w);
    tk_json_member(out->w, "measure", measure->id);
    tk_json_member2(out->w, "name", measure->name.ja, measure->name.en);
    int_member(out, "goal", measure->goal);
    date_member(out, "since", measure->entry->from);
    bool_member(out, "verified", measure->entry->verified);
    measure_cells(out, categories, row);
    tk_json_end_object(out->w);
}

GBytes *tk_service_standards_matrix(TkApp *app, const TkActor *actor, TkDate date, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_auto(TkStandards) s = {.app = app, .actor = actor, .date = date};
    if (!tk_standards_gather(&s, error))
        return NULL;
    g_autoptr(GArray) categories = tk_law_standard_categories(app->law, s.date);
    TkStandardCategory none = {0};
    g_autoptr(GArray) measures = tk_law_standard_measures(app->law, &none, 0, s.date);
    g_auto(TkBuf) buf = {0};
    tk_buf_init(&buf, ANSWER_MAX);
    TkJson w = tk_json_to(&buf);
    Out out = {&s, &w};
    tk_json_begin_object(&w);
    date_member(&out, "date", s.date);
    tk_json_key(&w, "categories");
    tk_json_begin_array(&w);
    for (guint i = 0; i < categories->len; i++) {
        const TkStandardCategory *category = &g_array_index(categories, TkStandardCategory, i);
        tk_json_begin_object(&w);
        category_head(&out, category);
        bool_member(&out, "used", is_used(&s, category->id));
        tk_json_end_object(&w);
    }
    tk_json_end_array(&w);
    tk_json_key(&w, "measures");
    tk_json_begin_array(&w);
    for (guint i = 0; i < measures->len; i++)
        measure_json(&out, categories, &g_array_index(measures, TkStandardMeasure, i), i);
    tk_json_end_array(&w);
    tk_json_end_object(&w);
    return finish(&buf, error);
}
