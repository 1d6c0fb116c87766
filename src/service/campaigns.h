/* Inspections (自己点検), audits (監査) and surveys as campaigns. Part of the service's door.
 *
 *     questionnaire ─ frozen ─► campaign ─► sheets, one a respondent, by link ─► results ─► findings
 *                                                                                             │
 *        next campaign ◄─ compared ─ verified by another ◄─ countermeasures register ◄────────┘
 *
 * A respondent has no account. The link carries a random secret of 256 bits in its fragment, which browsers
 * send to nobody; the page shows it in a header of its own, so that no other page can make it write (CSRF)
 * and no log or Referer holds it. Only its SHA-256 is kept. It opens one sheet, until that sheet is handed
 * in, delegated, revoked, the campaign closed or its day past; looking at the sheet uses nothing up. All
 * refusals of a token are one sentence, from which nothing is learnt.
 *
 * Who may what: everybody who reads sees campaigns; TK_MAY_RUN_PROGRAM runs them. Whoever owns the campaign,
 * wrote the finding or changed its countermeasure does not verify it. Results, errors: as in service.h. */
#ifndef TK_SERVICE_CAMPAIGNS_H
#define TK_SERVICE_CAMPAIGNS_H

#define TK_CAMPAIGN_RESPONDENTS_MAX 500                 /* sheets of one campaign */
#define TK_CAMPAIGN_FINDINGS_MAX    1000                /* of one campaign */
#define TK_SHEET_FILES_MAX          20                  /* files of evidence on one sheet */
#define TK_SHEET_FILE_BYTES_MAX     (10u * 1024 * 1024) /* one of them */
#define TK_SHEET_BYTES_MAX          (50u * 1024 * 1024) /* all of them */
#define TK_SHEET_ANSWERS_MAX        (256u * 1024)       /* bytes of all answers of a sheet */
#define TK_SHEET_SAVES_MAX          1000                /* versions of one sheet */
#define TK_SHEET_DELEGATIONS_MAX    5
#define TK_SHEET_TOKEN_MAX          128 /* bytes of a link's secret, with NUL */

/* ---- questionnaires (docs/questionnaire-format.md) ---- */

GBytes *tk_service_questionnaires(TkApp *app, const TkActor *actor, GError **error);
GBytes *tk_service_questionnaire(TkApp *app, const TkActor *actor, const char *id, GError **error);
/* Keeps one, as the next version where its id is known; those built in are not replaced. INVALID with its
 * place. */
GBytes *tk_service_questionnaire_put(TkApp *app, const TkActor *actor, const json_t *document,
                                     GError **error);
/* The same from a table; `title`s where the id is new. */
GBytes *tk_service_questionnaire_table(TkApp *app, const TkActor *actor, const char *id, const char *title_ja,
                                       const char *title_en, const char *csv, size_t len, GError **error);
bool tk_service_questionnaire_csv(TkApp *app, const TkActor *actor, const char *id, TkServiceFile *file,
                                  GError **error);

/* ---- campaigns ---- */

GBytes *tk_service_campaigns(TkApp *app, const TkActor *actor, GError **error);
/* Whole: questionnaire, respondents with progress, results, findings, comparison with the last one. */
GBytes *tk_service_campaign(TkApp *app, const TkActor *actor, const char *id, GError **error);
/* {"title","kind","questionnaire","from","to","note"?}: freezes the questionnaire as it is. */
GBytes *tk_service_campaign_add(TkApp *app, const TkActor *actor, const json_t *request, GError **error);
/* {"action":"edit|close|reopen","version","title"?,"to"?,"note"?} */
GBytes *tk_service_campaign_act(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                GError **error);
/* {"respondents":[{"name","department"?,"email"?}…]} → {"links":[{"sheet","name","token","mailed"}…]}: the
 * only time that the tokens are told. `base` (may be NULL) is how the page is reached, for mails. */
GBytes *tk_service_campaign_invite(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                                   const char *base, GError **error);
/* {"action":"renew|revoke"} of one sheet; renewing tells the new token as above. */
GBytes *tk_service_sheet_act(TkApp *app, const TkActor *actor, const char *id, const char *sheet,
                             const json_t *request, const char *base, GError **error);
/* Mails whoever has not handed in; {"reminded":n,"without_address":n}. CONFLICT where no mail is configured.
 */
GBytes *tk_service_campaign_remind(TkApp *app, const TkActor *actor, const char *id, GError **error);
/* One sheet with its answers and scores. */
GBytes *tk_service_sheet(TkApp *app, const TkActor *actor, const char *id, const char *sheet, GError **error);
bool tk_service_sheet_evidence(TkApp *app, const TkActor *actor, const char *id, const char *hash,
                               TkServiceFile *file, GError **error);
/* Compared with another campaign; `with` NULL: the last one before it of the same kind and questionnaire. */
GBytes *tk_service_campaign_compare(TkApp *app, const TkActor *actor, const char *id, const char *with,
                                    GError **error);
/* `format` csv, xlsx or pdf. */
bool tk_service_campaign_file(TkApp *app, const TkActor *actor, const char *id, const char *format,
                              TkLang lang, TkServiceFile *file, GError **error);

/* ---- findings ---- */

/* {"title","description"?,"severity","question"?,"sheet"?} */
GBytes *tk_service_finding_add(TkApp *app, const TkActor *actor, const char *campaign, const json_t *request,
                               GError **error);
/* {"action":"measure","version", "measure","owner","deadline","title"?} makes a record of the register of
 * countermeasures; {"action":"verify","version","result":"effective|not-effective","note"} once that is done;
 * {"action":"accept","version","note"} leaves it at that. *findings: what the register finds wrong. */
GBytes *tk_service_finding_act(TkApp *app, const TkActor *actor, const char *id, const json_t *request,
                               GBytes **findings, GError **error);

/* ---- the respondent: `token` as the link has it ---- */

GBytes *tk_service_answer_sheet(TkApp *app, const char *token, GError **error);
/* {"version","answers"}: keeps a draft. INVALID with *findings. */
GBytes *tk_service_answer_save(TkApp *app, const char *token, const json_t *request, GBytes **findings,
                               GError **error);
GBytes *tk_service_answer_evidence(TkApp *app, const char *token, const char *question, const char *name,
                                   GBytes *bytes, GError **error);
GBytes *tk_service_answer_evidence_remove(TkApp *app, const char *token, const char *hash, GError **error);
/* {"version","name","department"?,"email"?,"note"?} → {"to","token","mailed"}; the old token ends. */
GBytes *tk_service_answer_delegate(TkApp *app, const char *token, const json_t *request, const char *base,
                                   GError **error);
/* {"version","answers"?}: hands in; the token ends. → {"receipt","submitted_at"}. */
GBytes *tk_service_answer_submit(TkApp *app, const char *token, const json_t *request, GBytes **findings,
                                 GError **error);

#endif
