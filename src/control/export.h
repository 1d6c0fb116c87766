/* What the writers of OSCAL documents share. */
#ifndef TK_CONTROL_EXPORT_H
#define TK_CONTROL_EXPORT_H

#include "control/control.h"

/* An OSCAL token begins with a letter; ids such as 3.1.1 get “_” before them. Owned. */
char *export_token(const char *id);
/* A uuid derived from system, framework and `what`; new reference. */
json_t *export_uuid(const char *system, const TkFramework *f, const char *what);
json_t *export_metadata(const TkFramework *f, const TkControlExport *with);
json_t *export_property(const char *name, const char *value);
/* What a state rests on, and the answer's own words. Owned. */
char *export_description(const TkSupport *support);

/* "implemented-requirements" as `make` writes each item of the framework that an answer supports; a refusal
 * where there is none, ending with `nothing`. New reference. */
typedef json_t *(*RequirementMake)(const TkSupport *support, const TkControlExport *with);
json_t *export_requirements(const TkFrameworks *frameworks, const TkControlAnswers *answers,
                            const TkFramework *framework, const TkControlExport *with, RequirementMake make,
                            const char *nothing, GError **error);

#endif
