/* survey: questionnaires, the sheets people fill in, and what comes of them as numbers.
 *
 *     file (JSON, CSV) ─► TkQuestionnaire ─┬─ tk_sheet_check    is this sheet sound, is it whole?
 *                                          ├─ tk_sheet_scores   0 … 100 a question, an area, in all
 *                                          ├─ tk_survey_results of many sheets
 *                                          └─ tk_survey_compare two results, question by question
 *
 * A questionnaire is data (docs/questionnaire-format.md): areas with questions, some of which are scored.
 * There is one formula: the score of a question is the mean over the sheets that answered it, of an area the
 * mean of its questions by weight, of the whole the mean of its areas by weight. A single sheet is the case
 * of one. What is not applicable, not answered or not scored takes no part, so that nobody wins by leaving
 * out, which the counts beside each score show. Pure: bytes and trees in, trees out. */
#ifndef TK_SURVEY_H
#define TK_SURVEY_H

#include "base/base.h"

#define TK_QUESTIONNAIRE_FILE_MAX      (1024u * 1024) /* bytes of one file */
#define TK_QUESTIONNAIRE_AREAS_MAX     50
#define TK_QUESTIONNAIRE_QUESTIONS_MAX 400 /* in all areas */
#define TK_QUESTIONNAIRE_OPTIONS_MAX   20
#define TK_QUESTIONNAIRE_TEXT_MAX      2000 /* bytes of a question */
#define TK_QUESTIONNAIRE_ID_MAX        40   /* bytes; a–z, 0–9, '-', a letter first */
#define TK_ANSWER_TEXT_MAX             4000 /* bytes of a text or a comment */
#define TK_ANSWER_NUMBER_MAX           1e12
#define TK_SURVEY_SCORE_NONE           (-1.0)

typedef enum {
    TK_QUESTION_CHOICE, /* one of the options; each may carry a score */
    TK_QUESTION_YES_NO, /* yes is 100, no is 0 */
    TK_QUESTION_SCALE,  /* 0 … 4, of 25 each */
    TK_QUESTION_NUMBER, /* not scored, as the next two */
    TK_QUESTION_DATE,
    TK_QUESTION_TEXT,
} TkQuestionType;

typedef enum { TK_FILES_NONE, TK_FILES_OPTIONAL, TK_FILES_REQUIRED } TkFilesWish;

/* Texts are borrowed from the questionnaire. */
typedef struct {
    const char *id;
    size_t area; /* index */
    const char *ja, *en;
    TkQuestionType type;
    double weight; /* 0 … 100; 0: not scored */
    bool required, may_not_apply;
    TkFilesWish evidence;
    const json_t *options; /* of a choice: [{"id","label","score"?}…] */
} TkQuestion;

typedef struct {
    const char *id, *ja, *en;
    double weight;
    size_t first, count; /* its questions */
} TkQuestionArea;

typedef struct TkQuestionnaire TkQuestionnaire;

/* Reads and checks a file. `name` begins every message; NULL and *error (TK_ERROR_INPUT, TK_ERROR_LIMIT)
 * naming the place and the reason. Everything that the format does not know is refused. */
TkQuestionnaire *tk_questionnaire_read(const char *name, const char *text, size_t len, GError **error);
TkQuestionnaire *tk_questionnaire_of(const char *name, const json_t *document, GError **error);
/* The same from a table (docs/questionnaire-format.md, CSV), whose rows are questions; `head` is the
 * document without its areas, borrowed. A bad row is named by its line; nothing of the file is taken then. */
TkQuestionnaire *tk_questionnaire_from_csv(const char *name, const char *csv, size_t len, const json_t *head,
                                           GError **error);
void tk_questionnaire_free(TkQuestionnaire *q);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkQuestionnaire, tk_questionnaire_free)

const char *tk_questionnaire_id(const TkQuestionnaire *q);
/* The checked document; borrowed, never changed. */
const json_t *tk_questionnaire_document(const TkQuestionnaire *q);
/* As a table that tk_questionnaire_from_csv reads back. */
void tk_questionnaire_to_csv(const TkQuestionnaire *q, TkBuf *out);
size_t tk_questionnaire_count(const TkQuestionnaire *q);
const TkQuestion *tk_questionnaire_at(const TkQuestionnaire *q, size_t index);
const TkQuestion *tk_questionnaire_find(const TkQuestionnaire *q, const char *id); /* NULL: none */
size_t tk_questionnaire_areas(const TkQuestionnaire *q);
const TkQuestionArea *tk_questionnaire_area(const TkQuestionnaire *q, size_t index);

/* ---- a sheet: {question id: {"value"?, "na"?: true, "comment"?: text}} ---- */

/* Everything that is wrong with the answers, [{"field": question id,"ja","en"}…] in the questionnaire's
 * order. `whole`: also what is missing for handing it in; `evidence` ({question id: number of files}, may be
 * NULL) counts then. New reference, empty when nothing is. */
json_t *tk_sheet_check(const TkQuestionnaire *q, const json_t *answers, bool whole, const json_t *evidence);
/* Whether this question has an answer (a value, or “not applicable”). */
bool tk_sheet_answered(const json_t *answers, const char *question);
/* The score of one answer, 0 … 100; TK_SURVEY_SCORE_NONE where it has none. */
double tk_answer_score(const TkQuestion *question, const json_t *answer);

/* {"score":0…100|null,"answered","total","areas":[{"id","title","score","answered","total"}…],
 *  "questions":[{"id","score","answered","not_applicable","counts":{option:n}}…]} of a JSON array of
 * sheets' answers; new reference. */
json_t *tk_survey_results(const TkQuestionnaire *q, const json_t *sheets);
/* The same of one sheet. */
json_t *tk_sheet_scores(const TkQuestionnaire *q, const json_t *answers);
/* {"score":{"before","after","change"},"areas":[{"id","title","before","after","change"}…],
 *  "questions":[{"id","before","after","change","wording":"same"|"changed"|"new"|"gone"}…]}: matched by id.
 * change is after − before, null where one of them is missing or the wording has changed. Exchanging the two
 * exchanges before and after and the sign of each change. New reference. */
json_t *tk_survey_compare(const TkQuestionnaire *q_before, const json_t *before,
                          const TkQuestionnaire *q_after, const json_t *after);

#endif
