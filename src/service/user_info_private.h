/* Inside the service: what the files on user information share. */
#ifndef TK_SERVICE_USER_INFO_PRIVATE_H
#define TK_SERVICE_USER_INFO_PRIVATE_H

#include "service/program_private.h"

#define TK_KIND_PUBLIC_PAGE "public-page"

/* ---- user_info_records.c ---- */

/* [{"id","version","values"}…] of a register, empty where the carrier has no such one; new reference. */
json_t *tk_info_records(TkApp *app, const char *name, GError **error);
/* The record with this id of such a list; borrowed, NULL where there is none. */
const json_t *tk_info_find(const json_t *records, const char *id);
const char *tk_info_text(const json_t *record, const char *field); /* NULL where there is none */
bool tk_info_true(const json_t *record, const char *field);
/* {"ja","en"} of the fields FIELD and FIELD_en; the Japanese stands for an English text that is missing. */
json_t *tk_info_pair(const json_t *record, const char *field);
/* A copy of the law's entry of this family in force on the day; new reference, NULL before there was one. */
json_t *tk_info_law(TkApp *app, const char *family, TkDate date);
/* A gap: {"section","blocking","ja","en","register"?,"record"?}. `record` and `name` may be NULL. */
void tk_info_gap(json_t *gaps, const char *section, bool blocking, const char *name, const char *record,
                 const char *ja, const char *en);
/* How many of them block. */
size_t tk_info_blocking(const json_t *gaps);
/* The country's name as people call it; the code itself where it is not known here. */
TkText tk_country_name(const char *code);

/* ---- user_info_policy.c ---- */

/* [{"id","article","title":{ja,en},"paragraphs":[{ja,en}…],
 *   "tables":[{"caption","columns":[{ja,en}…],"rows":[[{ja,en}…]…]}…]}…]; new reference. `gaps` is added to.
 */
json_t *tk_policy_sections(TkApp *app, TkDate today, json_t *gaps, GError **error);
/* Whether a system of the country may affect the handling: 有 · 無 by the register of the foreign legal
 * environment.
 */
TkTri tk_country_affects(const json_t *countries, const char *code, const json_t **record);

/* ---- user_info_page.c ---- */

/* Such sections as a page; *bytes and hash as tk_public_page_html. */
bool tk_info_page(TkApp *app, const char *title, const char *basis, const json_t *sections, bool draft,
                  TkLang lang, GBytes **bytes, char hash[65], GError **error);

#endif
