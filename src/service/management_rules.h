/* Management rules (管理規程, 法44条): editions and their text, coverage by date, comparison, import,
 * self-inspection and orders. Part of the service's door.
 *
 *     rule-editions (register: name, effective day, approval, notification) ── content: SHA-256 ──► text
 * (blob) rule-inspections, rule-inspection-results (registers) orders of the kinds rules-change,
 * rules-compliance (register)
 *
 * An edition is a record of a register: history, conflict, approval by another person than who asks and the
 * calendar are the registers' own. Its text is one document (docs/rules-format.md) kept by its hash, so that
 * what was approved and filed is one leaf of the ledger; a text of an approved edition cannot be replaced
 * without taking the approval back.
 *
 * Answers are docs/api.md, Management rules. Dates: TK_DATE_NONE is today. `as_of_us`: the edition as it was
 * then, TK_TIME_NONE: now. */
#ifndef TK_SERVICE_MANAGEMENT_RULES_H
#define TK_SERVICE_MANAGEMENT_RULES_H

/* Editions, the one in force, items of the article, inspections, orders, what is to be filed by when. */
GBytes *tk_service_rules(TkApp *app, const TkActor *actor, TkDate date, GError **error);
/* One edition: record, text, coverage on a day; the day it takes effect where `date` is TK_DATE_NONE and it
 * is not in force yet. */
GBytes *tk_service_rules_edition(TkApp *app, const TkActor *actor, const char *id, int64_t as_of_us,
                                 TkDate date, GError **error);
/* Replaces the text: `request` is {"rules":{…}}. CONFLICT where the record has another version than
 * `expected_version`, INVALID with *findings where the register refuses (approved: it stays as it is). */
GBytes *tk_service_rules_save(TkApp *app, const TkActor *actor, const char *id, int64_t expected_version,
                              const json_t *request, GBytes **findings, GError **error);
/* {"rules":{…},"date"?,"effective"?} → the check; writes nothing. */
GBytes *tk_service_rules_check(TkApp *app, const TkActor *actor, const json_t *request, GError **error);

/* An edition at a time; as the older or the newer side of a comparison. */
typedef struct {
    const char *id;
    int64_t as_of_us;
} TkRulesEdition;

GBytes *tk_service_rules_compare(TkApp *app, const TkActor *actor, const TkRulesEdition *before,
                                 const TkRulesEdition *after, GError **error);
/* The same as 新旧対照表 (PDF). */
bool tk_service_rules_compare_file(TkApp *app, const TkActor *actor, const TkRulesEdition *before,
                                   const TkRulesEdition *after, TkServiceFile *file, GError **error);
/* The whole text: pdf, md, txt, json. */
bool tk_service_rules_file(TkApp *app, const TkActor *actor, const TkRulesEdition *edition,
                           const char *format, TkServiceFile *file, GError **error);

/* What is to be notified (様式第21・第22), in our own arrangement: basis, what changed since the edition
 * before, enclosures. PDF. */
bool tk_service_rules_notice(TkApp *app, const TkActor *actor, const char *id, TkServiceFile *file,
                             GError **error);

#define TK_RULES_IMPORT_MAX (8u << 20) /* bytes of a document */

/* A document taken apart, with guessed items and the check: {"source","rules","check","notes"}. Text,
 * Markdown (`name` ends in .md), or docx, told by its first bytes. Writes nothing. */
GBytes *tk_service_rules_import(TkApp *app, const TkActor *actor, const char *name, GBytes *bytes,
                                TkDate date, GError **error);

/* The same of a file, without a store: the text as tokatsu-rules/1 (new reference), nothing guessed. `notes`
 * gets {"ja","en"} sentences. For the command line. */
json_t *tk_rules_read_file(const char *name, GBytes *bytes, json_t *notes, GError **error);

#endif
