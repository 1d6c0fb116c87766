#include "cli/program_standards.h"

typedef struct {
    const TkLaw *law;
    TkDate date;
    TkLang lang;
    TkBuf *out;
} Show;

static const char *words(const Show *s, TkText text)
{
    return s->lang == TK_LANG_JA ? text.ja : text.en;
}

static const char *sign(TkStandardLevel level)
{
    return level == TK_STANDARD_MUST ? "●" : "△";
}

/* ---- table ---- */

static void add_condition(const Show *s, TkText condition)
{
    if (condition.ja != NULL)
        tk_buf_addf(s->out, "  (%s)", words(s, condition));
    tk_buf_add_char(s->out, '\n');
}

static void show_documents(const Show *s, const TkStandardCategory *category)
{
    g_autoptr(GArray) set = tk_law_standard_documents(s->law, category, s->date);
    tk_buf_addf(s->out, s->lang == TK_LANG_JA ? "  書類 %u\n" : "  documents %u\n", set->len);
    for (guint i = 0; i < set->len; i++) {
        const TkStandardDocument *one = &g_array_index(set, TkStandardDocument, i);
        tk_buf_addf(s->out, "    %s %s", one->letter != NULL ? one->letter : "—", words(s, one->name));
        add_condition(s, one->condition);
    }
}

static void show_measures(const Show *s, const TkStandardCategory *category, size_t basis)
{
    g_autoptr(GArray) measures = tk_law_standard_measures(s->law, category, basis, s->date);
    tk_buf_addf(s->out, s->lang == TK_LANG_JA ? "  措置 (法%s条%s項)\n" : "  measures (法%s条%s項)\n", "41",
                category->basis[basis] + 3);
    for (guint i = 0; i < measures->len; i++) {
        const TkStandardMeasure *one = &g_array_index(measures, TkStandardMeasure, i);
        if (one->level == TK_STANDARD_NONE)
            continue;
        tk_buf_addf(s->out, "    %s %s  %s", sign(one->level), words(s, one->name), one->article);
        add_condition(s, one->condition);
    }
}

static void show_category(const Show *s, const TkStandardCategory *category)
{
    tk_buf_addf(s->out, "%s %s (%s)  [%s%s]\n", category->number, words(s, category->name), category->id,
                category->entry->article,
                category->entry->verified ? ""
                : s->lang == TK_LANG_JA   ? "、未確認"
                                          : ", unverified");
    show_documents(s, category);
    for (size_t basis = 0; basis < category->basis_count; basis++)
        show_measures(s, category, basis);
}

/* ---- lines ---- */

static void documents_json(const Show *s, TkJson *w, const TkStandardCategory *category)
{
    g_autoptr(GArray) set = tk_law_standard_documents(s->law, category, s->date);
    tk_json_key(w, "documents");
    tk_json_begin_array(w);
    for (guint i = 0; i < set->len; i++) {
        const TkStandardDocument *one = &g_array_index(set, TkStandardDocument, i);
        tk_json_begin_object(w);
        tk_json_member(w, "document", one->id);
        tk_json_member(w, "letter", one->letter);
        tk_json_member2(w, "name", one->name.ja, one->name.en);
        tk_json_end_object(w);
    }
    tk_json_end_array(w);
}

static void measures_json(const Show *s, TkJson *w, const TkStandardCategory *category)
{
    tk_json_key(w, "measures");
    tk_json_begin_array(w);
    for (size_t basis = 0; basis < category->basis_count; basis++) {
        g_autoptr(GArray) measures = tk_law_standard_measures(s->law, category, basis, s->date);
        for (guint i = 0; i < measures->len; i++) {
            const TkStandardMeasure *one = &g_array_index(measures, TkStandardMeasure, i);
            if (one->level == TK_STANDARD_NONE)
                continue;
            tk_json_begin_object(w);
            tk_json_member(w, "measure", one->id);
            tk_json_member(w, "basis", category->basis[basis]);
            tk_json_member(w, "level", one->level == TK_STANDARD_MUST ? "must" : "effort");
            tk_json_member(w, "article", one->article);
            tk_json_end_object(w);
        }
    }
    tk_json_end_array(w);
}

static void category_json(const Show *s, const TkStandardCategory *category)
{
    TkJson w = tk_json_to(s->out);
    tk_json_begin_object(&w);
    tk_json_member(&w, "category", category->id);
    tk_json_member(&w, "number", category->number);
    tk_json_member(&w, "article", category->entry->article);
    tk_json_member2(&w, "name", category->name.ja, category->name.en);
    tk_json_key(&w, "verified");
    tk_json_bool(&w, category->entry->verified);
    documents_json(s, &w, category);
    measures_json(s, &w, category);
    tk_json_end_object(&w);
    tk_buf_add_char(s->out, '\n');
}

bool program_standards(const TkLaw *law, TkDate date, const char *only, bool jsonl, TkLang lang, TkBuf *out,
                       GError **error)
{
    const Show s = {law, date, lang, out};
    g_autoptr(GArray) categories = tk_law_standard_categories(law, date);
    bool shown = false;
    for (guint i = 0; i < categories->len; i++) {
        const TkStandardCategory *one = &g_array_index(categories, TkStandardCategory, i);
        if (only != NULL && strcmp(only, one->id) != 0)
            continue;
        shown = true;
        if (jsonl)
            category_json(&s, one);
        else
            show_category(&s, one);
    }
    char text[TK_TIME_TEXT_MAX];
    return shown || tk_fail(error, TK_ERROR_NOT_FOUND, "there is no category “%s” of equipment on %s",
                            only != NULL ? only : "", tk_date_text(date, text));
}
