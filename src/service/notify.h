/* Reminders of what falls due, by e-mail and webhook. Part of the service's door.
 *
 *     calendar ─► stage reached? ─► kept as “sending” ─► SMTP · webhook ─► kept as “sent”, or tried again
 * later
 *
 * Each reminder is a record with its own id (item and stage), written before it goes out: so nothing goes out
 * twice, over restarts too. One that was going out when the program ended is “uncertain”, is shown, and is
 * not sent again. */
#ifndef TK_SERVICE_NOTIFY_H
#define TK_SERVICE_NOTIFY_H

typedef struct TkNotifySettings TkNotifySettings;

/* Reads a settings file (docs/operating.md, Reminders) with the secrets it names. NULL and *error naming the
 * field. */
TkNotifySettings *tk_notify_settings_read(const char *path, GError **error);
void tk_notify_settings_free(TkNotifySettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkNotifySettings, tk_notify_settings_free)

/* Starts reminding; takes the settings. Once, after tk_service_new. */
void tk_service_notify_start(TkApp *app, TkNotifySettings *settings);
/* {"on","items":[{"id","stage","title","date","to","channel","state":"sending|sent|retry|failed|uncertain","tries","at",
 * "next_try","error"}…]}, newest first. */
GBytes *tk_service_reminders(TkApp *app, const TkActor *actor, GError **error);

#endif
