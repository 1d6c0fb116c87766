/* Technical standards (技術基準, 法41条・42条): what is asked of which equipment, whether it is met, and the
 * documents of self-confirmation. Part of the service's door.
 *
 *     law/jp/standards.json ─► measures and sets of documents by category and day ─┐
 *     confirmations, confirmation-documents, measure-assessments,                  ├─► overview, matrix,
 *     maintenance-checks, facilities, orders (registers) ──────────────────────────┘   package (PDF)
 *
 * Start of use is held back by the register of facilities itself (its gate, docs/register-format.md). */
#ifndef TK_SERVICE_STANDARDS_H
#define TK_SERVICE_STANDARDS_H

/* docs/api.md, Technical standards. `date` TK_DATE_NONE: today. */
GBytes *tk_service_standards(TkApp *app, const TkActor *actor, TkDate date, GError **error);
/* Measures × categories with what is asked, under which article, and the carrier's own assessments. */
GBytes *tk_service_standards_matrix(TkApp *app, const TkActor *actor, TkDate date, GError **error);
/* The documents of one confirmation with an index, as one PDF; `english`: of the words around them. */
bool tk_service_standards_package(TkApp *app, const TkActor *actor, const char *id, bool english,
                                  TkServiceFile *file, GError **error);

#endif
