/* Reading a questionnaire. Strict on purpose: a misspelt property would silently change what is asked or how
 * it is scored, so every object may have the known keys only and every text has a ceiling. */
#include "survey/internal.h"

#include <math.h>

const char *const tk_question_types[6] = {"choice", "yes-no", "scale", "number", "date", "text"};
const char *const tk_evidence_wishes[3] = {"none", "optional", "required"};

enum { TITLE_MAX = 300 };

/* Where in which file. */
typedef struct {
    const char *name;
    char place[96];
    GError **error;
} Spot;

static bool bad(const Spot *spot, const char *why)
{
    return tk_fail(spot->error, TK_ERROR_INPUT, "%s: %s: %s", spot->name, spot->place, why);
}

int tk_survey_word(const char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; text != NULL && i < count; i++)
        if (strcmp(list[i], text) == 0)
            return (int)i;
    return -1;
}

static bool only(const Spot *spot, const json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return bad(spot, "an object is needed");
    json_object_foreach((json_t *)object, key, value)
    {
        if (!g_strv_contains(known, key))
            return tk_fail(spot->error, TK_ERROR_INPUT, "%s: %s: “%.40s” is no property of the format",
                           spot->name, spot->place, key);
    }
    return true;
}

static bool id_ok(const char *id)
{
    size_t len = id == NULL ? 0 : strlen(id);
    if (len == 0 || len > TK_QUESTIONNAIRE_ID_MAX || !g_ascii_islower(id[0]))
        return false;
    return strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static const char *read_id(const Spot *spot, const json_t *object)
{
    const char *id = json_string_value(json_object_get(object, "id"));
    if (id_ok(id) && json_string_length(json_object_get(object, "id")) == strlen(id))
        return id;
    bad(spot, "“id” is 1 to 40 of a–z, 0–9 and '-', a letter first");
    return NULL;
}

/* No control characters but line breaks: the texts are shown, printed and exported. */
static bool text_ok(const json_t *value, size_t max)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    if (text == NULL || len == 0 || len > max || strlen(text) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 && text[i] != '\n')
            return false;
    return true;
}

static bool read_pair(const Spot *spot, const json_t *object, const char *key, size_t max, bool required,
                      const char **ja, const char **en)
{
    static const char *const known[] = {"ja", "en", NULL};
    const json_t *pair = json_object_get(object, key);
    if (pair == NULL && !required)
        return true;
    if (pair == NULL || !json_is_object(pair) || !text_ok(json_object_get(pair, "ja"), max) ||
        !text_ok(json_object_get(pair, "en"), max))
        return tk_fail(spot->error, TK_ERROR_INPUT,
                       "%s: %s: “%s” is {\"ja\",\"en\"}, neither empty nor over %zu bytes", spot->name,
                       spot->place, key, max);
    if (ja != NULL)
        *ja = json_string_value(json_object_get(pair, "ja"));
    if (en != NULL)
        *en = json_string_value(json_object_get(pair, "en"));
    return only(spot, pair, known);
}

static bool read_number(const Spot *spot, const json_t *object, const char *key, double otherwise,
                        double *out)
{
    const json_t *value = json_object_get(object, key);
    *out = value == NULL ? otherwise : json_number_value(value);
    if ((value != NULL && !json_is_number(value)) || !isfinite(*out) || *out < 0 || *out > 100)
        return tk_fail(spot->error, TK_ERROR_INPUT, "%s: %s: “%s” is a number from 0 to 100", spot->name,
                       spot->place, key);
    return true;
}

static bool read_truth(const Spot *spot, const json_t *object, const char *key, bool otherwise, bool *out)
{
    const json_t *value = json_object_get(object, key);
    *out = value == NULL ? otherwise : json_is_true(value);
    return value == NULL || json_is_boolean(value) || bad(spot, "“required” and “na” are true or false");
}

static bool read_options(const Spot *spot, TkQuestion *question)
{
    static const char *const known[] = {"id", "label", "score", NULL};
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    size_t count = json_array_size(question->options), i;
    json_t *option;
    double score;
    if (question->type != TK_QUESTION_CHOICE)
        return question->options == NULL || bad(spot, "only a choice has options");
    if (count < 2 || count > TK_QUESTIONNAIRE_OPTIONS_MAX)
        return bad(spot, "a choice has 2 to 20 options");
    json_array_foreach(question->options, i, option)
    {
        const json_t *given = json_object_get(option, "score");
        if (!only(spot, option, known) || read_id(spot, option) == NULL ||
            !read_pair(spot, option, "label", TITLE_MAX, true, NULL, NULL) ||
            (given != NULL && !json_is_null(given) && !read_number(spot, option, "score", 0, &score)))
            return false;
        if (!g_hash_table_add(seen, (gpointer)json_string_value(json_object_get(option, "id"))))
            return bad(spot, "two options have the same id");
    }
    return true;
}

static bool read_kind(const Spot *spot, const json_t *object, TkQuestion *question)
{
    int type = tk_survey_word(tk_question_types, G_N_ELEMENTS(tk_question_types),
                              json_string_value(json_object_get(object, "type")));
    const json_t *wish = json_object_get(object, "evidence");
    int evidence = wish == NULL ? 0
                                : tk_survey_word(tk_evidence_wishes, G_N_ELEMENTS(tk_evidence_wishes),
                                                 json_string_value(wish));
    if (type < 0)
        return bad(spot, "“type” is choice, yes-no, scale, number, date or text");
    if (evidence < 0)
        return bad(spot, "“evidence” is none, optional or required");
    question->type = (TkQuestionType)type;
    question->evidence = (TkFilesWish)evidence;
    return read_number(spot, object, "weight", type <= TK_QUESTION_SCALE ? 1 : 0, &question->weight) &&
           (type <= TK_QUESTION_SCALE || question->weight == 0 ||
            bad(spot, "numbers, dates and texts are not scored: “weight” is 0"));
}

static bool read_question(TkQuestionnaire *q, Spot *spot, size_t area, const json_t *object)
{
    static const char *const known[] = {"id",       "text", "help",     "type",    "weight", "source",
                                        "required", "na",   "evidence", "options", NULL};
    TkQuestion *question = &q->questions[q->count];
    *question = (TkQuestion){.area = area, .options = json_object_get(object, "options")};
    if (!only(spot, object, known) || (question->id = read_id(spot, object)) == NULL)
        return false;
    g_snprintf(spot->place, sizeof spot->place, "question “%s”", question->id);
    if (!read_pair(spot, object, "text", TK_QUESTIONNAIRE_TEXT_MAX, true, &question->ja, &question->en) ||
        !read_pair(spot, object, "help", TK_QUESTIONNAIRE_TEXT_MAX, false, NULL, NULL) ||
        !read_pair(spot, object, "source", TITLE_MAX, false, NULL, NULL) ||
        !read_kind(spot, object, question) ||
        !read_truth(spot, object, "required", true, &question->required) ||
        !read_truth(spot, object, "na", false, &question->may_not_apply) || !read_options(spot, question))
        return false;
    if (!g_hash_table_insert(q->by_id, (gpointer)question->id, question))
        return bad(spot, "another question has this id");
    q->count++;
    return true;
}

static bool read_area(TkQuestionnaire *q, Spot *spot, const json_t *object)
{
    static const char *const known[] = {"id", "title", "weight", "source", "questions", NULL};
    size_t index = q->area_count, i;
    TkQuestionArea *area = &q->areas[index];
    const json_t *questions = json_object_get(object, "questions");
    json_t *question;
    *area = (TkQuestionArea){.first = q->count};
    g_snprintf(spot->place, sizeof spot->place, "area %zu", index + 1);
    if (!only(spot, object, known) || (area->id = read_id(spot, object)) == NULL ||
        !read_pair(spot, object, "title", TITLE_MAX, true, &area->ja, &area->en) ||
        !read_pair(spot, object, "source", TITLE_MAX, false, NULL, NULL) ||
        !read_number(spot, object, "weight", 1, &area->weight))
        return false;
    for (size_t other = 0; other < index; other++)
        if (strcmp(q->areas[other].id, area->id) == 0)
            return bad(spot, "another area has this id");
    if (!json_is_array(questions) || json_array_size(questions) == 0)
        return bad(spot, "“questions” is a list that is not empty");
    if (q->count + json_array_size(questions) > TK_QUESTIONNAIRE_QUESTIONS_MAX)
        return tk_fail(spot->error, TK_ERROR_LIMIT, "%s: a questionnaire has at most %d questions",
                       spot->name, TK_QUESTIONNAIRE_QUESTIONS_MAX);
    json_array_foreach(questions, i, question)
    {
        g_snprintf(spot->place, sizeof spot->place, "area “%s”, question %zu", area->id, i + 1);
        if (!read_question(q, spot, index, question))
            return false;
    }
    area->count = q->count - area->first;
    q->area_count++;
    return true;
}

static bool read_head(TkQuestionnaire *q, const Spot *spot)
{
    static const char *const known[] = {"format", "id",      "version", "title", "purpose",
                                        "source", "wording", "areas",   NULL};
    static const char *const wordings[] = {"own", "official"};
    const json_t *version = json_object_get(q->document, "version");
    if (!only(spot, q->document, known))
        return false;
    if (g_strcmp0(json_string_value(json_object_get(q->document, "format")), "tokatsu-questionnaire/1") != 0)
        return bad(spot, "“format” must be tokatsu-questionnaire/1");
    if (version != NULL && !text_ok(version, 40))
        return bad(spot, "“version” is a text of 1 to 40 bytes");
    if (tk_survey_word(wordings, 2, json_string_value(json_object_get(q->document, "wording"))) < 0)
        return bad(spot, "“wording” says whose words the questions are: own or official");
    return (q->id = read_id(spot, q->document)) != NULL &&
           read_pair(spot, q->document, "title", TITLE_MAX, true, NULL, NULL) &&
           read_pair(spot, q->document, "purpose", TK_QUESTIONNAIRE_TEXT_MAX, false, NULL, NULL) &&
           read_pair(spot, q->document, "source", TK_QUESTIONNAIRE_TEXT_MAX, false, NULL, NULL);
}

/* Takes `document`. */
static TkQuestionnaire *take(const char *name, json_t *document, GError **error)
{
    g_autoptr(TkQuestionnaire) q = g_new0(TkQuestionnaire, 1);
    Spot spot = {.name = name, .place = "the document", .error = error};
    size_t i;
    json_t *area;
    q->document = document;
    q->questions = g_new0(TkQuestion, TK_QUESTIONNAIRE_QUESTIONS_MAX);
    q->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    if (!read_head(q, &spot))
        return NULL;
    const json_t *areas = json_object_get(document, "areas");
    if (!json_is_array(areas) || json_array_size(areas) == 0 ||
        json_array_size(areas) > TK_QUESTIONNAIRE_AREAS_MAX) {
        bad(&spot, "“areas” is a list of 1 to 50");
        return NULL;
    }
    json_array_foreach(areas, i, area)
    {
        if (!read_area(q, &spot, area))
            return NULL;
    }
    return g_steal_pointer(&q);
}

TkQuestionnaire *tk_questionnaire_of(const char *name, const json_t *document, GError **error)
{
    return take(name, json_deep_copy(document), error);
}

TkQuestionnaire *tk_questionnaire_read(const char *name, const char *text, size_t len, GError **error)
{
    json_t *document = tk_json_read(name, text, len, TK_QUESTIONNAIRE_FILE_MAX, error);
    return document == NULL ? NULL : take(name, document, error);
}

void tk_questionnaire_free(TkQuestionnaire *q)
{
    if (q == NULL)
        return;
    g_hash_table_unref(q->by_id);
    g_free(q->questions);
    json_decref(q->document);
    g_free(q);
}

const char *tk_questionnaire_id(const TkQuestionnaire *q)
{
    return q->id;
}

const json_t *tk_questionnaire_document(const TkQuestionnaire *q)
{
    return q->document;
}

size_t tk_questionnaire_count(const TkQuestionnaire *q)
{
    return q->count;
}

const TkQuestion *tk_questionnaire_at(const TkQuestionnaire *q, size_t index)
{
    return &q->questions[index];
}

const TkQuestion *tk_questionnaire_find(const TkQuestionnaire *q, const char *id)
{
    return id == NULL ? NULL : g_hash_table_lookup(q->by_id, id);
}

size_t tk_questionnaire_areas(const TkQuestionnaire *q)
{
    return q->area_count;
}

const TkQuestionArea *tk_questionnaire_area(const TkQuestionnaire *q, size_t index)
{
    return &q->areas[index];
}
