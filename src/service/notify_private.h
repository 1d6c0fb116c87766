/* Inside the service: settings and sending of reminders. */
#ifndef TK_SERVICE_NOTIFY_PRIVATE_H
#define TK_SERVICE_NOTIFY_PRIVATE_H

#include "service/app.h"

#define NOTIFY_STAGES_MAX 8
#define NOTIFY_TO_MAX     16

struct TkNotifySettings {
    char *smtp_url, *from, *user, *password; /* smtp_url NULL: no mail */
    bool smtp_tls;
    char *hook_url, *hook_secret; /* hook_url NULL: no webhook */
    int days[NOTIFY_STAGES_MAX];  /* before the day, largest first */
    size_t day_count;
    int escalate_after; /* days after the day; -1: never */
    char **escalate_to; /* addresses */
    char **to;          /* addresses for what has no owner with an address */
    int look_every_s;
};

/* Stops reminding; nothing where it was not started. Before the store is closed. */
void tk_notify_stop(TkApp *app);

/* One message to all of `to` (NULL-terminated). False and *error (TK_ERROR_IO) where the server did not take
 * it. */
bool tk_notify_mail(const TkNotifySettings *settings, const char *const *to, const char *id,
                    const char *subject, const char *text, int64_t now_us, GError **error);
/* Whether this server sends mail; one message of somebody's asking, sent at once and kept nowhere. */
bool tk_notify_can_mail(const TkApp *app);
bool tk_notify_one_mail(TkApp *app, const char *to, const char *subject, const char *text, GError **error);
/* POST of `body` with its HMAC-SHA256 in X-Tokatsu-Signature and `id` in X-Tokatsu-Delivery. */
bool tk_notify_hook(const TkNotifySettings *settings, const char *id, const char *body, GError **error);

#endif
