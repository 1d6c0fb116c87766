/* Law for reading. The fields that every entry has are laid out by hand; those of its type are printed as
 * they come, rows of a table and other lists one item a line, so a new type of law file is readable without
 * code here. */
#include "cli/law_show.h"

static const char *pick(const Show *s, TkText text)
{
    return s->lang == TK_LANG_JA ? text.ja : text.en;
}

static const char *pair_text(const Show *s, const json_t *pair)
{
    return json_string_value(json_object_get(pair, s->lang == TK_LANG_JA ? "ja" : "en"));
}

static void add_span(Show *s, const TkLawEntry *e)
{
    tk_date_add_text(&s->out, e->from);
    tk_buf_add_str(&s->out, " – ");
    if (e->to != TK_DATE_NONE)
        tk_date_add_text(&s->out, e->to);
}

static void entry_json(const TkLawEntry *e, TkJson *w)
{
    tk_json_begin_object(w);
    tk_json_member(w, "file", e->file);
    tk_json_member(w, "type", e->type);
    tk_json_key(w, "entry");
    tk_json_value(w, e->data);
    tk_json_end_object(w);
}

void law_show_line(Show *s, const TkLawEntry *e)
{
    static const TkText unverified = {" [未確認]", " [unverified]"};
    if (s->jsonl) {
        TkJson w = tk_json_to(&s->out);
        entry_json(e, &w);
    } else {
        tk_buf_addf(&s->out, "%-32s  ", e->id);
        add_span(s, e);
        tk_buf_addf(&s->out, "%s  %s%s", e->to == TK_DATE_NONE ? "          " : "", e->article,
                    e->verified ? "" : pick(s, unverified));
    }
    tk_buf_add_char(&s->out, '\n');
}

/* ---- the fields of a type ---- */

static bool laid_out_by_hand(const char *key)
{
    static const char *const common[] = {"id",       "family", "article", "effective", "source",
                                         "verified", "note",   "text",    "name"};
    for (size_t i = 0; i < G_N_ELEMENTS(common); i++)
        if (strcmp(common[i], key) == 0)
            return true;
    return false;
}

static void add_branches(Show *s, const json_t *branches)
{
    size_t i;
    json_t *branch;
    json_array_foreach(branches, i, branch)
    {
        bool ja = s->lang == TK_LANG_JA;
        tk_buf_add_str(&s->out, i > 0 ? (ja ? " 又は " : ", or ") : ": ");
        tk_buf_add_int(&s->out, json_integer_value(json_object_get(branch, "hours")));
        tk_buf_add_str(&s->out, ja ? "時間以上かつ" : " h and ");
        tk_buf_add_grouped(&s->out, json_integer_value(json_object_get(branch, "users")));
        tk_buf_add_str(&s->out, ja ? "人以上" : " users");
    }
}

/* One item of a list: what numbers it, its name, what it asks for; anything else as JSON. */
static void add_item(Show *s, const json_t *item)
{
    static const char *const numbers[] = {"row", "item", "date"};
    const char *name = pair_text(s, json_object_get(item, "name"));
    if (name == NULL) {
        TkJson w = tk_json_to(&s->out);
        tk_json_value(&w, item);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const char *number = json_string_value(json_object_get(item, numbers[i]));
        if (number != NULL)
            tk_buf_addf(&s->out, "%s ", number);
    }
    tk_buf_add_str(&s->out, name);
    add_branches(s, json_object_get(item, "branches"));
    if (json_is_true(json_object_get(item, "unless_noticed_promptly")))
        tk_buf_add_str(&s->out, s->lang == TK_LANG_JA ? " (速やかに覚知できなかった場合に限る)"
                                                      : " (only where it was not noticed promptly)");
}

static void add_field(Show *s, const char *sign, const char *key, const json_t *value)
{
    if (!json_is_array(value)) {
        tk_buf_addf(&s->out, "%s %s: ", sign, key);
        TkJson w = tk_json_to(&s->out);
        tk_json_value(&w, value);
        tk_buf_add_char(&s->out, '\n');
        return;
    }
    tk_buf_addf(&s->out, "%s %s:\n", sign, key);
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item)
    {
        tk_buf_addf(&s->out, "%s   ", sign);
        add_item(s, item);
        tk_buf_add_char(&s->out, '\n');
    }
}

void law_show_whole(Show *s, const TkLawEntry *e)
{
    if (s->jsonl) {
        law_show_line(s, e);
        return;
    }
    tk_buf_addf(&s->out, "%s  (%s, %s)\n  ", e->article, e->id, e->file);
    add_span(s, e);
    tk_buf_addf(&s->out, "\n  %s\n", pick(s, e->text));
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)e->data, key, value)
    {
        if (!laid_out_by_hand(key))
            add_field(s, " ", key, value);
    }
    tk_buf_addf(&s->out, "  %s: %s\n", s->lang == TK_LANG_JA ? "出典" : "source", e->source);
    if (!e->verified)
        tk_buf_addf(&s->out, "  %s: %s\n", s->lang == TK_LANG_JA ? "未確認" : "unverified", pick(s, e->note));
    tk_buf_add_char(&s->out, '\n');
}

/* ---- changes ---- */

static bool has_item(const json_t *list, const json_t *item)
{
    size_t i;
    json_t *other;
    json_array_foreach(list, i, other)
    {
        if (json_equal(other, item))
            return true;
    }
    return false;
}

/* The items of `list` that `other` does not have. */
static void add_items_gone(Show *s, const char *sign, const json_t *list, const json_t *other)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (has_item(other, item))
            continue;
        tk_buf_addf(&s->out, "%s   ", sign);
        add_item(s, item);
        tk_buf_add_char(&s->out, '\n');
    }
}

static void add_field_change(Show *s, const char *key, const json_t *before, const json_t *after)
{
    if (before != NULL && after != NULL && json_equal(before, after))
        return;
    if (json_is_array(before) && json_is_array(after)) {
        tk_buf_addf(&s->out, "  %s:\n", key);
        add_items_gone(s, "-", before, after);
        add_items_gone(s, "+", after, before);
        return;
    }
    if (before != NULL)
        add_field(s, "-", key, before);
    if (after != NULL)
        add_field(s, "+", key, after);
}

static void add_fields_changed(Show *s, const json_t *before, const json_t *after)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)before, key, value)
    {
        if (!laid_out_by_hand(key))
            add_field_change(s, key, value, json_object_get(after, key));
    }
    json_object_foreach((json_t *)after, key, value)
    {
        if (!laid_out_by_hand(key) && json_object_get(before, key) == NULL)
            add_field_change(s, key, NULL, value);
    }
}

static void change_json(Show *s, const TkLawChange *change)
{
    TkJson w = tk_json_to(&s->out);
    tk_json_begin_object(&w);
    tk_json_member(&w, "family", (change->before != NULL ? change->before : change->after)->family);
    tk_json_key(&w, "before");
    change->before != NULL ? tk_json_value(&w, change->before->data) : tk_json_null(&w);
    tk_json_key(&w, "after");
    change->after != NULL ? tk_json_value(&w, change->after->data) : tk_json_null(&w);
    tk_json_end_object(&w);
    tk_buf_add_char(&s->out, '\n');
}

static void add_head(Show *s, const char *sign, const TkLawEntry *e)
{
    if (e == NULL)
        return;
    tk_buf_addf(&s->out, "%s %s  (%s)  ", sign, e->article, e->id);
    add_span(s, e);
    tk_buf_addf(&s->out, "\n%s %s\n", sign, pick(s, e->text));
}

void law_show_change(Show *s, const TkLawChange *change)
{
    if (s->jsonl) {
        change_json(s, change);
        return;
    }
    add_head(s, "-", change->before);
    add_head(s, "+", change->after);
    if (change->before != NULL && change->after != NULL)
        add_fields_changed(s, change->before->data, change->after->data);
    tk_buf_add_char(&s->out, '\n');
}
