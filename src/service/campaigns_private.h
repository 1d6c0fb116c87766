/* Inside the service: what the files on campaigns share. Records of the store:
 *
 *   campaign
 * {"title","kind","questionnaire":{"id","version","sha256","title"},"from","to","state","owner","note"?,
 *              "created_at","closed_at"?,"sheets":n}
 *   sheet
 * {"campaign","name"*,"department","email"*,"state":"invited|draft|submitted|revoked","token":sha256|null,
 *              "answers","evidence":[{"question","sha256","name","size","at"}…],"trace"*:[{"at","what",…}…],
 *              "saves","saved_at"?,"submitted_at"?,"receipt"?}        (* personal)
 *   finding
 * {"campaign","title","description"?,"severity","question"?,"sheet"?,"state":"open|measure|verified|accepted",
 *              "author","at","countermeasure"?,"trace":[{"at","who","action","result"?,"note"?}…]} */
#ifndef TK_SERVICE_CAMPAIGNS_PRIVATE_H
#define TK_SERVICE_CAMPAIGNS_PRIVATE_H

#include "service/program_private.h"

#include "survey/survey.h"

#define TK_KIND_QUESTIONNAIRE "questionnaire"
#define TK_KIND_CAMPAIGN      "campaign"
#define TK_KIND_SHEET         "sheet"
#define TK_KIND_FINDING       "finding"

static inline const char *tk_text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* ---- questionnaires.c ---- */

/* The questionnaire as it is now; *version (may be NULL) counts its versions, 0 for one that is built in. */
TkQuestionnaire *tk_questionnaire_now(TkApp *app, const char *id, int64_t *version, GError **error);
/* The one that a campaign froze. */
TkQuestionnaire *tk_questionnaire_frozen(TkApp *app, const json_t *campaign, GError **error);

/* ---- campaigns.c ---- */

TkRecord *tk_campaign_get(TkApp *app, const char *id, GError **error);
/* The id of the next record of a kind, PREFIX-0001. Under change_lock. */
char *tk_campaign_next_id(TkApp *app, const char *kind, const char *prefix);
/* Calls each for all records of `kind` that belong to the campaign, by id. */
bool tk_campaign_each(TkApp *app, const char *kind, const char *campaign, TkRecordFn each, gpointer data,
                      GError **error);
/* [{"id","title","to"}…] of campaigns that are open; new reference. */
json_t *tk_campaigns_open(TkApp *app, GError **error);
/* Whether answers are taken today; *error says why not. */
bool tk_campaign_is_on(TkApp *app, const json_t *campaign, GError **error);
/* Reads "version" of a request and compares; STALE, NO_VERSION. */
bool tk_campaign_version(const TkRecord *record, const json_t *request, GError **error);
/* A text of a request of 1 … max bytes without control characters but line breaks; NULL and *error.
 * `required` false:
 * "" where it is missing. Borrowed. */
const char *tk_campaign_text(const json_t *request, const char *field, size_t max, bool required,
                             GError **error);

/* ---- sheets.c ---- */

TkRecord *tk_sheet_get(TkApp *app, const char *campaign, const char *sheet, GError **error);
/* As staff sees it: no hash of a token, no answers. New reference. */
json_t *tk_sheet_view(const TkQuestionnaire *q, const TkRecord *record);
/* Adds the put of a sheet to the write, what is personal marked. */
void tk_sheet_write(TkWrite *write, const TkRecord *record, const char *action, const json_t *body);
/* A line of the sheet's trace. `who`, `note` may be NULL. */
void tk_sheet_trace(json_t *body, int64_t now_us, const char *what, const char *who, const char *to,
                    const char *note);
/* {question: number of files}; new reference. */
json_t *tk_sheet_files(const json_t *body);
/* Mails a link where an address and mail are there; true when it went out. */
bool tk_sheet_mail(TkApp *app, const json_t *campaign, const char *to, const char *name, const char *token,
                   const char *base);

/* ---- sheet_token.c ---- */

/* A new secret for a sheet (TK_SHEET_TOKEN_MAX bytes), and what is kept of it (65 bytes). */
void tk_sheet_token_make(const char *sheet, char *token, char *hash);
/* The sheet and its campaign that a token opens now; NOT_FOUND otherwise, in one sentence for all reasons. */
bool tk_sheet_token_open(TkApp *app, const char *token, TkRecord **sheet, TkRecord **campaign,
                         GError **error);

/* ---- campaign_results.c ---- */

/* Results of the sheets handed in; new reference. */
json_t *tk_campaign_results(TkApp *app, const char *campaign, const TkQuestionnaire *q, GError **error);
/* The campaign before this one of the same kind and questionnaire, by the last day; NULL where there is none.
 */
TkRecord *tk_campaign_last(TkApp *app, const TkRecord *campaign);
/* {"with":{id,title},…tk_survey_compare}, null where `with` is NULL and there is no last one. */
json_t *tk_campaign_comparison(TkApp *app, const TkRecord *campaign, const char *with, GError **error);

/* ---- findings.c ---- */

/* [finding…] of a campaign, with what the register says of the countermeasure; new reference. */
json_t *tk_campaign_findings(TkApp *app, const char *campaign, const char *owner, const TkActor *actor,
                             GError **error);

#endif
