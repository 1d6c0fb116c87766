/* Specified user information (特定利用者情報, 法27条の5–27条の11) and the external transmission rule
 * (外部送信規律, 法27条の12). Part of the service's door.
 *
 *     registers ─► sections {ja,en} ─┬─► the page to publish (HTML, hash) ─► versions ─► publications
 *     leaks, law ─┘     gaps ────────┘
 *
 * What is published is computed from the registers at each asking; what is missing is a gap, and a gap that
 * the law names blocks the freezing of a version. A version keeps its bytes by hash; whether the one
 * published is what the registers say today is seen by comparing the hashes of the content. Results, errors:
 * as in service.h. */
#ifndef TK_SERVICE_USER_INFO_H
#define TK_SERVICE_USER_INFO_H

/* docs/api.md, User information: designation and duties, rules, assessments, manager, counts, gaps. `date`
 * TK_DATE_NONE: today. */
GBytes *tk_service_user_info(TkApp *app, const TkActor *actor, TkDate date, GError **error);
/* The public policy (情報取扱方針, 施行規則22条の2の23) as it stands, with gaps, versions and publications.
 */
GBytes *tk_service_policy(TkApp *app, const TkActor *actor, GError **error);
/* The page; `version` 0: as it stands. */
bool tk_service_policy_page(TkApp *app, const TkActor *actor, unsigned version, TkLang lang,
                            TkServiceFile *file, GError **error);
/* Freezes the next version in both languages. INVALID with *findings {"fields":[gap…]} while a gap blocks it;
 * CONFLICT where the newest version says the same. TK_MAY_RUN_PROGRAM. */
GBytes *tk_service_policy_freeze(TkApp *app, const TkActor *actor, GBytes **findings, GError **error);
/* {"from","to","sections":[{"id","title","from","to"}…]} of two versions (0: as it stands): those that
 * differ. */
GBytes *tk_service_policy_diff(TkApp *app, const TkActor *actor, unsigned from, unsigned to, GError **error);
/* Average monthly users by service and fiscal year with their classes (報告規則2条3項・4項), as CSV. */
bool tk_service_user_counts(TkApp *app, const TkActor *actor, TkServiceFile *file, GError **error);

/* Sites and apps with their tags, and what is missing for each. */
GBytes *tk_service_transmissions(TkApp *app, const TkActor *actor, GError **error);
/* The table of one site as a page to publish. */
bool tk_service_transmissions_page(TkApp *app, const TkActor *actor, const char *site, TkLang lang,
                                   TkServiceFile *file, GError **error);

#endif
