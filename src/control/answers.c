/* Answers about items, with their evidence. A wrong record is left out and named; the others count. */
#include "control/frameworks.h"

enum { NOTE_MAX = 64 << 10, ID_MAX = 64, EVIDENCE_MAX = 100, REFUSED_MAX = 1000 };

struct TkControlAnswers {
    GStringChunk *words;
    GPtrArray *list;   /* TkControlAnswer * */
    GHashTable *items; /* that have been answered */
};

static const char *const states[] = {"open", "not-applicable", "planned", "partial", "implemented"};

const char *tk_control_state_text(TkControlState state)
{
    return states[state];
}

const char *tk_evidence_text(TkEvidence evidence)
{
    static const char *const names[] = {"none", "expired", "not-yet", "valid"};
    return names[evidence];
}

static const char *keep(TkControlAnswers *answers, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert(answers->words, text);
}

static void answer_free(void *data)
{
    TkControlAnswer *answer = data;
    g_array_unref(answer->evidence);
    g_free(answer);
}

static bool read_state(const json_t *record, TkControlState *state, GError **error)
{
    const char *text = field_text(record, "state", ID_MAX);
    for (size_t i = TK_CONTROL_NOT_APPLICABLE; text != NULL && i < G_N_ELEMENTS(states); i++)
        if (strcmp(text, states[i]) == 0) {
            *state = (TkControlState)i;
            return true;
        }
    return tk_fail(error, TK_ERROR_INPUT, "“state” must be implemented, partial, planned or not-applicable");
}

static bool read_day(const json_t *from, const char *key, TkDate *date, GError **error)
{
    const json_t *value = json_object_get(from, key);
    *date = TK_DATE_NONE;
    if (value == NULL || json_is_null(value))
        return true;
    g_autoptr(GError) why = NULL;
    const char *text = field_text(from, key, 10);
    if (text == NULL || !tk_date_parse(text, strlen(text), date, &why))
        return tk_fail(error, TK_ERROR_INPUT, "evidence: “%s” must be a day as 2026-11-23", key);
    return true;
}

static bool is_sha256(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static bool read_evidence(TkControlAnswers *answers, const json_t *from, TkControlEvidence *evidence,
                          GError **error)
{
    const char *title = field_text(from, "title", NOTE_MAX), *sha256 = field_text(from, "sha256", 64);
    if (title == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "evidence: “title” must be a text");
    if (json_object_get(from, "sha256") != NULL && (sha256 == NULL || !is_sha256(sha256)))
        return tk_fail(error, TK_ERROR_INPUT, "evidence: “sha256” must be 64 digits 0–9, a–f");
    if (!read_day(from, "effective", &evidence->effective, error) ||
        !read_day(from, "expires", &evidence->expires, error))
        return false;
    if (evidence->effective == TK_DATE_NONE)
        return tk_fail(error, TK_ERROR_INPUT,
                       "evidence: “effective” is missing: the day from which it holds");
    if (evidence->expires != TK_DATE_NONE && evidence->expires < evidence->effective)
        return tk_fail(error, TK_ERROR_INPUT, "evidence: it expires before it takes effect");
    evidence->title = keep(answers, title);
    evidence->sha256 = keep(answers, sha256);
    return true;
}

static bool read_all_evidence(TkControlAnswers *answers, const json_t *record, GArray *list, GError **error)
{
    const json_t *from = json_object_get(record, "evidence");
    if (from != NULL && (!json_is_array(from) || json_array_size(from) > EVIDENCE_MAX))
        return tk_fail(error, TK_ERROR_INPUT, "“evidence” must be a list of at most %d", EVIDENCE_MAX);
    for (size_t i = 0; i < json_array_size(from); i++) {
        TkControlEvidence evidence = {0};
        if (!read_evidence(answers, json_array_get(from, i), &evidence, error))
            return false;
        g_array_append_val(list, evidence);
    }
    return true;
}

static bool read_item(const TkFrameworks *frameworks, const json_t *record, const TkFrameworkItem **item,
                      GError **error)
{
    const char *framework = field_text(record, "framework", ID_MAX), *id = field_text(record, "item", ID_MAX);
    const TkFramework *f = framework != NULL ? tk_framework_find(frameworks, framework) : NULL;
    if (f == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "there is no framework “%s”",
                       framework != NULL ? framework : "");
    *item = id != NULL ? tk_framework_item(f, id) : NULL;
    if (*item == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "%s has no item “%s”", f->id, id != NULL ? id : "");
    if (!tk_framework_is_unit(*item))
        return tk_fail(error, TK_ERROR_INPUT, "“%s” is a %s; in %s a %s is answered", id, (*item)->kind,
                       f->id, f->unit);
    return true;
}

static bool read_answer(const TkFrameworks *frameworks, TkControlAnswers *answers, const json_t *record,
                        GError **error)
{
    const TkFrameworkItem *item = NULL;
    TkControlState state = TK_CONTROL_OPEN;
    const json_t *note = json_object_get(record, "note");
    if (!read_item(frameworks, record, &item, error) || !read_state(record, &state, error))
        return false;
    if (note != NULL && (!json_is_string(note) || json_string_length(note) > NOTE_MAX))
        return tk_fail(error, TK_ERROR_INPUT, "“note” must be a text of at most %d bytes", NOTE_MAX);
    if (g_hash_table_contains(answers->items, item))
        return tk_fail(error, TK_ERROR_INPUT, "%s %s is answered twice", item->framework->id, item->id);
    g_autoptr(GArray) evidence = g_array_new(FALSE, FALSE, sizeof(TkControlEvidence));
    if (!read_all_evidence(answers, record, evidence, error))
        return false;
    TkControlAnswer *answer = g_new0(TkControlAnswer, 1);
    *answer = (TkControlAnswer){item, state, keep(answers, field_text(record, "note", NOTE_MAX)),
                                g_steal_pointer(&evidence)};
    g_ptr_array_add(answers->list, answer);
    g_hash_table_add(answers->items, (void *)item);
    return true;
}

TkControlAnswers *tk_control_answers_of(const TkFrameworks *frameworks, const char *name, const json_t *list,
                                        GPtrArray *refused, GError **error)
{
    if (json_array_size(list) > TK_FRAMEWORK_ANSWERS_MAX) {
        tk_fail(error, TK_ERROR_LIMIT, "%s: %zu answers are more than %d", name, json_array_size(list),
                TK_FRAMEWORK_ANSWERS_MAX);
        return NULL;
    }
    TkControlAnswers *answers = g_new0(TkControlAnswers, 1);
    answers->words = g_string_chunk_new(4096);
    answers->list = g_ptr_array_new_with_free_func(answer_free);
    answers->items = g_hash_table_new(NULL, NULL);
    for (size_t i = 0; i < json_array_size(list); i++) {
        g_autoptr(GError) why = NULL;
        const json_t *record = json_array_get(list, i);
        const char *from = field_text(record, "record", NOTE_MAX);
        if (read_answer(frameworks, answers, record, &why) || refused->len >= REFUSED_MAX)
            continue;
        g_ptr_array_add(refused, from != NULL
                                     ? g_strdup_printf("%s: %s", from, why->message)
                                     : g_strdup_printf("%s: answer %zu: %s", name, i + 1, why->message));
    }
    return answers;
}

TkControlAnswers *tk_control_answers_read(const TkFrameworks *frameworks, const char *name, const char *text,
                                          size_t len, GPtrArray *refused, GError **error)
{
    g_autoptr(json_t) file = tk_json_read(name, text, len, TK_FRAMEWORK_FILE_MAX, error);
    if (file == NULL)
        return NULL;
    const json_t *list = json_object_get(file, "answers");
    if (g_strcmp0(field_text(file, "format", ID_MAX), "tokatsu-answers/1") != 0 || !json_is_array(list)) {
        tk_fail(error, TK_ERROR_INPUT, "%s: “format” must be tokatsu-answers/1 and “answers” a list", name);
        return NULL;
    }
    return tk_control_answers_of(frameworks, name, list, refused, error);
}

void tk_control_answers_free(TkControlAnswers *answers)
{
    if (answers == NULL)
        return;
    g_hash_table_unref(answers->items);
    g_ptr_array_unref(answers->list);
    g_string_chunk_free(answers->words);
    g_free(answers);
}

size_t tk_control_answers_count(const TkControlAnswers *answers)
{
    return answers->list->len;
}

const TkControlAnswer *tk_control_answers_at(const TkControlAnswers *answers, size_t index)
{
    return answers->list->pdata[index];
}

TkEvidence tk_control_evidence_on(const TkControlAnswer *answer, TkDate date)
{
    TkEvidence best = TK_EVIDENCE_NONE;
    for (size_t i = 0; i < answer->evidence->len; i++) {
        const TkControlEvidence *e = &g_array_index(answer->evidence, TkControlEvidence, i);
        TkEvidence is = e->effective > date                               ? TK_EVIDENCE_NOT_YET
                        : e->expires != TK_DATE_NONE && e->expires < date ? TK_EVIDENCE_EXPIRED
                                                                          : TK_EVIDENCE_VALID;
        best = MAX(best, is);
    }
    return best;
}
