/* Obligations as JSON and in words, and what differs between two results. */
#include "law/program_internal.h"

static void add_pair(TkJson *w, const char *key, TkText text)
{
    tk_json_member2(w, key, text.ja, text.en);
}

static void add_date(TkJson *w, const char *key, TkDate date)
{
    tk_json_key(w, key);
    tk_json_date(w, date);
}

static void add_tri(TkJson *w, const char *key, TkTri tri)
{
    tk_json_key(w, key);
    if (tri == TK_UNKNOWN)
        tk_json_null(w);
    else
        tk_json_bool(w, tri == TK_YES);
}

static const char *applies_id(TkTri tri)
{
    return tri == TK_YES ? "yes" : tri == TK_NO ? "no" : "cannot-tell";
}

/* ---- a fact ---- */

static void add_value(const TkDutyFact *fact, TkLang lang, bool boundary, TkBuf *out)
{
    bool ja = lang == TK_LANG_JA;
    int64_t value = boundary ? fact->boundary : fact->value;
    TkText name = boundary ? fact->boundary_name : fact->value_name;
    if (!boundary && !fact->known)
        tk_buf_add_str(out, ja ? "不明" : "not known");
    else if (fact->kind == 'b')
        tk_buf_add_str(out, value != 0 ? (ja ? "該当" : "yes") : (ja ? "非該当" : "no"));
    else if (fact->kind == 'o')
        tk_buf_add_str(out, ja ? name.ja : name.en);
    else
        tk_buf_add_grouped(out, value);
}

void tk_law_duty_fact_add(const TkDutyFact *fact, TkLang lang, TkBuf *out)
{
    char day[TK_TIME_TEXT_MAX];
    bool ja = lang == TK_LANG_JA;
    tk_buf_add_str(out, ja ? fact->name.ja : fact->name.en);
    if (fact->service != NULL)
        tk_buf_addf(out, ja ? "[%s]" : " [%s]", fact->service);
    if (fact->kind == 'c')
        tk_buf_addf(out, ja ? "(%s)" : " (%s)", tk_date_text(fact->as_of, day));
    tk_buf_add_str(out, ": ");
    add_value(fact, lang, false, out);
    tk_buf_add_str(out, ja ? "(基準: " : " (boundary: ");
    add_value(fact, lang, true, out);
    if (fact->kind == 'c')
        tk_buf_add_str(out, ja ? "以上" : " or more");
    tk_buf_add_str(out, ")");
}

static void add_sentence(TkJson *w, const char *key, const TkDutyFact *fact)
{
    g_auto(TkBuf) ja = {0}, en = {0};
    tk_buf_init(&ja, 4096);
    tk_buf_init(&en, 4096);
    tk_law_duty_fact_add(fact, TK_LANG_JA, &ja);
    tk_law_duty_fact_add(fact, TK_LANG_EN, &en);
    add_pair(w, key, (TkText){tk_buf_str(&ja), tk_buf_str(&en)});
}

static void add_raw(TkJson *w, const char *key, const TkDutyFact *fact, bool boundary)
{
    int64_t value = boundary ? fact->boundary : fact->value;
    tk_json_key(w, key);
    if (!boundary && !fact->known)
        tk_json_null(w);
    else if (fact->kind == 'b')
        tk_json_bool(w, value != 0);
    else if (fact->kind == 'o')
        tk_json_text(w, boundary ? fact->boundary_name.en : fact->value_name.en);
    else
        tk_json_int(w, value);
}

static void add_fact(TkJson *w, const TkDutyFact *fact)
{
    tk_json_begin_object(w);
    tk_json_member(w, "fact", fact->fact);
    tk_json_member(w, "service", fact->service);
    add_raw(w, "value", fact, false);
    add_raw(w, "boundary", fact, true);
    add_date(w, "as_of", fact->as_of);
    add_tri(w, "met", fact->met);
    add_tri(w, "speaks_for", fact->speaks_for);
    tk_json_member(w, "article", fact->article);
    add_sentence(w, "text", fact);
    tk_json_end_object(w);
}

/* ---- an obligation ---- */

static void add_deadline(TkJson *w, const TkDutyDeadline *deadline)
{
    tk_json_begin_object(w);
    tk_json_member(w, "rule", deadline->rule);
    add_pair(w, "what", deadline->what);
    tk_json_member(w, "after", deadline->after);
    tk_json_key(w, "count");
    tk_json_int(w, deadline->count);
    add_date(w, "due", deadline->due);
    add_date(w, "from", deadline->from);
    add_date(w, "to", deadline->to);
    tk_json_end_object(w);
}

void tk_law_duty_json(const TkDuty *duty, TkJson *w)
{
    tk_json_member(w, "id", duty->id);
    tk_json_member(w, "kind", duty->kind);
    tk_json_member(w, "topic", duty->topic);
    add_pair(w, "name", duty->name);
    tk_json_member(w, "applies", applies_id(duty->applies));
    tk_json_key(w, "voluntary");
    tk_json_bool(w, duty->voluntary);
    add_date(w, "since", duty->since);
    tk_json_key(w, "since_open");
    tk_json_bool(w, duty->since_open);
    tk_json_member(w, "article", duty->entry->article);
    tk_json_member(w, "entry", duty->entry->id);
    add_date(w, "version", duty->entry->from);
    add_date(w, "version_to", duty->entry->to);
    tk_json_key(w, "in_force");
    tk_json_bool(w, duty->in_force);
    tk_json_key(w, "verified");
    tk_json_bool(w, duty->entry->verified);
    if (duty->entry->note.ja != NULL)
        add_pair(w, "note", duty->entry->note);
    add_pair(w, "text", duty->entry->text);
    add_pair(w, "proof", duty->proof);
    tk_json_member(w, "source", duty->entry->source);
    tk_json_key(w, "deadlines");
    tk_json_begin_array(w);
    for (size_t i = 0; i < duty->deadline_count; i++)
        add_deadline(w, &duty->deadlines[i]);
    tk_json_end_array(w);
    tk_json_key(w, "missing");
    tk_json_begin_array(w);
    for (size_t i = 0; i < duty->missing_count; i++)
        tk_json_text(w, duty->missing[i]);
    tk_json_end_array(w);
    tk_json_key(w, "why");
    tk_json_begin_array(w);
    for (size_t i = 0; i < duty->why_count; i++)
        add_fact(w, &duty->why[i]);
    tk_json_end_array(w);
}

/* ---- what differs ---- */

static bool same_text(const TkDuty *a, const TkDuty *b)
{
    return a->entry == b->entry || (strcmp(a->entry->article, b->entry->article) == 0 &&
                                    strcmp(a->entry->text.ja, b->entry->text.ja) == 0);
}

static const char *change_of(const TkDuty *a, const TkDuty *b)
{
    if (a->applies == b->applies)
        return a->applies == TK_YES && !same_text(a, b) ? "changes" : NULL;
    if (b->applies == TK_UNKNOWN || a->applies == TK_UNKNOWN)
        return "unclear";
    return b->applies == TK_YES ? "appears" : "disappears";
}

static const TkDutyFact *fact_of(const TkDuty *duty, const TkDutyFact *like)
{
    for (size_t i = 0; i < duty->why_count; i++)
        if (strcmp(duty->why[i].fact, like->fact) == 0 && duty->why[i].boundary == like->boundary &&
            g_strcmp0(duty->why[i].service, like->service) == 0)
            return &duty->why[i];
    return NULL;
}

/* Facts whose answer is another one than before; none where only the law has changed. */
static void add_because(TkJson *w, const TkDuty *a, const TkDuty *b)
{
    tk_json_key(w, "because");
    tk_json_begin_array(w);
    for (size_t i = 0; i < b->why_count; i++) {
        const TkDutyFact *then = fact_of(a, &b->why[i]);
        if (then != NULL && then->met != b->why[i].met)
            add_fact(w, &b->why[i]);
    }
    tk_json_end_array(w);
}

static void add_side(TkJson *w, const char *key, const TkDuty *duty)
{
    tk_json_key(w, key);
    tk_json_begin_object(w);
    tk_json_member(w, "applies", applies_id(duty->applies));
    add_date(w, "version", duty->entry->from);
    tk_json_key(w, "in_force");
    tk_json_bool(w, duty->in_force);
    add_pair(w, "text", duty->entry->text);
    tk_json_end_object(w);
}

void tk_law_program_diff_json(const TkProgram *before, const TkProgram *after, TkJson *w)
{
    tk_json_begin_array(w);
    for (size_t i = 0; i < tk_program_count(after); i++) {
        const TkDuty *b = tk_program_duty(after, i), *a = tk_program_find(before, b->id);
        const char *change = a == NULL ? NULL : change_of(a, b);
        if (change == NULL)
            continue;
        tk_json_begin_object(w);
        tk_json_member(w, "id", b->id);
        tk_json_member(w, "kind", b->kind);
        add_pair(w, "name", b->name);
        tk_json_member(w, "article", b->entry->article);
        tk_json_member(w, "change", change);
        add_side(w, "before", a);
        add_side(w, "after", b);
        add_because(w, a, b);
        tk_json_end_object(w);
    }
    tk_json_end_array(w);
}

/* ---- the facts there are ---- */

static void add_options(TkJson *w, const Fact *fact)
{
    tk_json_key(w, "options");
    tk_json_begin_array(w);
    for (size_t i = 0; i < fact->option_count; i++) {
        tk_json_begin_object(w);
        tk_json_member(w, "id", fact->options[i]);
        add_pair(w, "name", fact->option_names[i]);
        tk_json_end_object(w);
    }
    tk_json_end_array(w);
}

void tk_law_profile_facts_json(const TkLaw *law, TkJson *w)
{
    static const char *const kinds[] = {"boolean", "count", "choice", "date"};
    tk_json_begin_array(w);
    for (guint i = 0; i < law->programme->facts->len; i++) {
        const Fact *fact = law->programme->facts->pdata[i];
        tk_json_begin_object(w);
        tk_json_member(w, "fact", fact->id);
        tk_json_member(w, "scope", fact->of_service ? "service" : "carrier");
        tk_json_member(w, "kind", kinds[fact->kind]);
        add_pair(w, "name", fact->name);
        add_pair(w, "text", fact->entry->text);
        tk_json_member(w, "article", fact->entry->article);
        if (fact->option_count > 0)
            add_options(w, fact);
        tk_json_end_object(w);
    }
    tk_json_end_array(w);
}
