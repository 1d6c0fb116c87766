/* Inside the room. */
#ifndef TK_SURVEY_INTERNAL_H
#define TK_SURVEY_INTERNAL_H

#include "survey/survey.h"

struct TkQuestionnaire {
    json_t *document; /* owned; all texts are borrowed from it */
    const char *id;
    TkQuestionArea areas[TK_QUESTIONNAIRE_AREAS_MAX];
    size_t area_count;
    TkQuestion *questions;
    size_t count;
    GHashTable *by_id; /* id → TkQuestion *, borrowed */
};

/* "choice" … in the order of the enumeration. */
extern const char *const tk_question_types[6];
extern const char *const tk_evidence_wishes[3];
/* The index of `text` in `list`, −1: none. */
int tk_survey_word(const char *const *list, size_t count, const char *text);

#endif
