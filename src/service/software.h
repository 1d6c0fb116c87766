/* Software that runs, what is said about it, and what is done about that; data kept too long; training that
 * is due. Part of the service's door. The documents are imported into registers (sboms, advisories), the
 * answers are given in registers (patches, patch-acceptances, courses, trainings); what is here is computed
 * from them each time. */
#ifndef TK_SERVICE_SOFTWARE_H
#define TK_SERVICE_SOFTWARE_H

#define TK_SOFTWARE_DOCUMENT_MAX (32u << 20) /* bytes of one import */

typedef struct TkSoftware TkSoftware; /* documents that were read, kept by their hash */

TkSoftware *tk_software_new(void);
void tk_software_free(TkSoftware *software);

/* Systems with their components, advisories, counts of findings, data kept too long and training that is due:
 * docs/software.md. */
GBytes *tk_service_software(TkApp *app, const TkActor *actor, GError **error);
/* What advisories say about components, affected and highest score first. `status` NULL or one of
 * tk_advisory_status_name. */
GBytes *tk_service_software_findings(TkApp *app, const TkActor *actor, const char *status, const TkPage *page,
                                     GError **error);
/* Components of all systems by name; `search` NULL or a part of a name or a package URL. */
GBytes *tk_service_software_components(TkApp *app, const TkActor *actor, const char *search,
                                       const TkPage *page, GError **error);
/* Imports an SBOM of `system` (a record of systems), that runs on `facilities` (ids by commas, may be NULL):
 * read first, refused at a JSON pointer; then kept as a file with a record of “sboms”, those before of the
 * same serial or name marked replaced. The record. */
GBytes *tk_service_software_add_sbom(TkApp *app, const TkActor *actor, const char *system,
                                     const char *facilities, const char *name, GBytes *bytes,
                                     GBytes **findings, GError **error);
/* The same for an advisory; one with the same tracking id before is marked replaced. */
GBytes *tk_service_software_add_advisory(TkApp *app, const TkActor *actor, const char *name, GBytes *bytes,
                                         GBytes **findings, GError **error);

#endif
