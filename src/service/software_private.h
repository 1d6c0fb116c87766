/* The inside of the software use cases. */
#ifndef TK_SERVICE_SOFTWARE_PRIVATE_H
#define TK_SERVICE_SOFTWARE_PRIVATE_H

#include "inventory/inventory.h"
#include "service/act.h"
#include "service/register.h"

/* One SBOM record with its document; `why` where that cannot be read. */
typedef struct {
    char *record, *name, *system, *system_name;
    json_t *facilities; /* [id…] */
    const TkSbom *sbom; /* borrowed from TkSoftware; NULL: see why */
    char *why;
    json_t *users; /* {service: users under these facilities}; NULL: no facility is told */
    unsigned affected, investigated, unclear;
} TkSoftwareSystem;

typedef struct {
    char *record, *tracking_id, *title;
    const TkAdvisory *advisory; /* borrowed; NULL: see why */
    char *why;
    unsigned findings;
} TkSoftwareAdvisory;

typedef struct {
    const TkSoftwareSystem *system;
    const TkSoftwareAdvisory *advisory;
    const TkMatch *finding; /* borrowed from `matches` */
} TkSoftwareFinding;

typedef struct {
    TkApp *app;
    GPtrArray *systems, *advisories; /* owned */
    GPtrArray *matches;              /* of GArray of TkMatch */
    GArray *findings;                /* of TkSoftwareFinding */
    json_t *patches; /* {"SYSTEM VULNERABILITY": {"record","state","deadline","accepted_until"}} */
} TkSoftwareView;

/* ---- software.c ---- */

/* Everything current, matched. app->software's lock is held until tk_software_view_clear. */
bool tk_software_view(TkApp *app, TkSoftwareView *out, GError **error);
void tk_software_view_clear(TkSoftwareView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkSoftwareView, tk_software_view_clear)
/* The stored values of each record of a register, with its id as "id", as a list; new reference. */
json_t *tk_software_records(TkApp *app, const char *name, GError **error);

/* ---- software_people.c ---- */

/* Data kept longer than it may be: [{"record","name","category","oldest_on","retention_months","kept_until",
 * "overdue_days"}…]. */
json_t *tk_software_retention(TkApp *app, TkDate today, GError **error);
/* Training that is missing, has run out or runs out within 60 days, by person and course. */
json_t *tk_software_training(TkApp *app, TkDate today, GError **error);

#endif
