/* What entered, left or changed in the law between two days, for reading side by side. */
#include "service/act.h"

static json_t *words(TkText text)
{
    return text.ja == NULL ? json_null() : tk_text2(text.ja, text.en);
}

static json_t *day(TkDate date)
{
    char text[TK_TIME_TEXT_MAX];
    return date == TK_DATE_NONE ? json_null() : json_string(tk_date_text(date, text));
}

/* The entry's data are copied: they belong to all threads, and their counts are not atomic. */
static json_t *entry_json(const TkLawEntry *entry)
{
    if (entry == NULL)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:b, s:o, s:o}", "id", entry->id, "family",
                     entry->family, "article", entry->article, "type", entry->type, "from", day(entry->from),
                     "to", day(entry->to), "text", words(entry->text), "source", entry->source, "verified",
                     entry->verified, "note", words(entry->note), "data", json_deep_copy(entry->data));
}

GBytes *tk_service_law_changes(TkApp *app, const TkActor *actor, TkDate before, TkDate after, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_READ, error))
        return NULL;
    g_autoptr(GPtrArray) changes = tk_law_diff(app->law, before, after);
    g_autoptr(json_t) list = json_array();
    for (unsigned i = 0; i < changes->len; i++) {
        const TkLawChange *change = g_ptr_array_index(changes, i);
        const char *kind = change->before == NULL ? "entered" : change->after == NULL ? "left" : "changed";
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:o}", "change", kind, "before",
                                        entry_json(change->before), "after", entry_json(change->after)));
    }
    g_autoptr(json_t) out =
        json_pack("{s:o, s:o, s:O}", "before", day(before), "after", day(after), "changes", list);
    return tk_json_bytes(out);
}
