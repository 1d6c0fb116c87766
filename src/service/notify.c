/* When to remind whom. One thread looks every few minutes at the calendar; for each open item the nearest
 * stage that has been reached (30, 7, 1, 0 days before; escalated; due without delay) is one reminder, sent
 * once. A stage that was missed while the program was off is not made up for: the next nearer one is what
 * matters by then.
 *
 * To whom: the item's owner, or whoever stands in for the owner that day (delegations register); escalation
 * goes to the second person of the settings as well. What has nobody goes to the settings' own addresses. */
#include "service/calendar_private.h"
#include "service/notify_private.h"

#define KIND         "reminder"
#define TRIES_MAX    8
#define BACK_OFF_S   60
#define BACK_OFF_MAX (6 * 3600)
#define BEHIND_D     60 /* items that were due longer ago are not reminded of any more */
#define SHOWN_MAX    500

struct TkNotifier {
    TkApp *app;
    TkNotifySettings *settings;
    GThread *thread;
    GMutex lock;
    GCond cond;
    bool stopping; /* under lock */
    bool started;  /* the first look, which settles what the last run left */
};

static const TkActor reminder = {"reminders", TK_ROLE_ADMINISTRATOR};

/* ---- stages ---- */

/* The stage that an item has reached; NULL: none yet. `out` has room for 32 bytes. */
static const char *stage_of(const TkNotifySettings *s, const json_t *item, TkDate today, char *out)
{
    TkDate date = TK_DATE_NONE;
    const char *text = json_string_value(json_object_get(item, "date"));
    if (text == NULL)
        return g_strlcpy(out, "without-delay", 32) > 0 ? out : NULL;
    if (!tk_date_parse(text, strlen(text), &date, NULL))
        return NULL;
    if (s->escalate_after >= 0 && today > date + s->escalate_after)
        return g_strlcpy(out, "escalated", 32) > 0 ? out : NULL;
    const char *reached = NULL;
    for (size_t i = 0; i < s->day_count; i++)
        if (today >= date - s->days[i]) {
            g_snprintf(out, 32, "before-%d", s->days[i]);
            reached = out;
        }
    return reached;
}

/* ---- to whom ---- */

typedef struct {
    const char *person;
    TkDate today;
    char *stands_in;
} Delegate;

static bool take_delegate(const TkRecord *record, void *data, GError **error)
{
    (void)error;
    Delegate *d = data;
    TkDate from = tk_program_date_of(record, "from"), to = tk_program_date_of(record, "to");
    bool here = g_strcmp0(tk_program_text(record, "person"), d->person) == 0 && from != TK_DATE_NONE &&
                from <= d->today && (to == TK_DATE_NONE || to >= d->today);
    if (here && d->stands_in == NULL)
        d->stands_in = g_strdup(tk_program_text(record, "deputy"));
    return true;
}

static void add_address(GPtrArray *to, const char *address)
{
    if (address == NULL || to->len >= NOTIFY_TO_MAX || strpbrk(address, "\r\n<>,") != NULL)
        return;
    for (guint i = 0; i < to->len; i++)
        if (strcmp(to->pdata[i], address) == 0)
            return;
    g_ptr_array_add(to, g_strdup(address));
}

static void add_person(TkApp *app, const char *person, GPtrArray *to)
{
    g_autoptr(TkRecord) record = tk_store_get(app->store, "r-persons", person, TK_TIME_NONE, NULL);
    if (record != NULL)
        add_address(to, tk_program_text(record, "email"));
}

/* The owner of an item: its own, or the owner of the record it comes from. New text or NULL. */
static char *owner_of(TkApp *app, const json_t *item)
{
    const char *owner = json_string_value(json_object_get(item, "owner"));
    const json_t *source = json_object_get(item, "source");
    const char *name = json_string_value(json_object_get(source, "register"));
    if (owner != NULL || name == NULL)
        return g_strdup(owner);
    g_autofree char *kind = g_strdup_printf("r-%s", name);
    g_autoptr(TkRecord) record =
        tk_store_get(app->store, kind, json_string_value(json_object_get(source, "id")), TK_TIME_NONE, NULL);
    return record == NULL ? NULL : g_strdup(tk_program_text(record, "owner"));
}

static char **recipients(TkNotifier *n, const json_t *item, const char *stage, TkDate today)
{
    g_autoptr(GPtrArray) to = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *owner = owner_of(n->app, item);
    if (owner != NULL) {
        Delegate delegate = {owner, today, NULL};
        tk_program_each(n->app, "delegations", take_delegate, &delegate, NULL);
        add_person(n->app, delegate.stands_in != NULL ? delegate.stands_in : owner, to);
        g_free(delegate.stands_in);
    }
    for (char **one = n->settings->escalate_to; strcmp(stage, "escalated") == 0 && *one != NULL; one++)
        add_address(to, *one);
    for (char **one = n->settings->to; to->len == 0 && *one != NULL; one++)
        add_address(to, *one);
    g_ptr_array_add(to, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&to), FALSE);
}

/* ---- what it says ---- */

static char *subject_of(const json_t *item, const char *stage)
{
    const char *date = json_string_value(json_object_get(item, "date"));
    const char *title = json_string_value(json_object_get(json_object_get(item, "title"), "ja"));
    const char *what = strcmp(stage, "escalated") == 0 ? "期限超過" : date == NULL ? "速やかに" : "期限";
    return g_strdup_printf("[%s%s%s] %.180s", what, date == NULL ? "" : " ", date == NULL ? "" : date, title);
}

static char *text_of(const json_t *item, const char *stage)
{
    const char *article = json_string_value(json_object_get(item, "article"));
    const char *date = json_string_value(json_object_get(item, "date"));
    const json_t *title = json_object_get(item, "title");
    return g_strdup_printf(
        "%s\r\n%s\r\n\r\n期限 / due: %s\r\n%s%s%s段階 / stage: %s\r\n番号 / key: %s\r\n",
        json_string_value(json_object_get(title, "ja")), json_string_value(json_object_get(title, "en")),
        date == NULL ? "速やかに / without delay" : date,
        article == NULL ? "" : "根拠 / article: ", article == NULL ? "" : article,
        article == NULL ? "" : "\r\n", stage, json_string_value(json_object_get(item, "key")));
}

/* ---- one reminder ---- */

static bool write_down(TkNotifier *n, const char *id, int64_t version, const char *action,
                       const json_t *document, GError **error)
{
    TkWrite *write = tk_write_new(reminder.id, tk_app_now(n->app));
    tk_write_put(write, KIND, id, version, action, document);
    tk_write_mark_personal(write, "/to");
    return tk_store_commit(n->app->store, write, NULL, error);
}

static bool send_by(TkNotifier *n, const char *id, const json_t *document, GError **error)
{
    const json_t *item = json_object_get(document, "item");
    const char *stage = json_string_value(json_object_get(document, "stage"));
    if (g_strcmp0(json_string_value(json_object_get(document, "channel")), "webhook") == 0) {
        g_autoptr(json_t) body = json_pack("{s:s, s:s, s:O, s:O}", "id", id, "stage", stage, "item", item,
                                           "at", json_object_get(document, "at"));
        char *text = json_dumps(body, JSON_COMPACT);
        bool done = tk_notify_hook(n->settings, id, text, error);
        free(text);
        return done;
    }
    g_autoptr(GPtrArray) to = g_ptr_array_new();
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(document, "to"), i, one)
        g_ptr_array_add(to, (gpointer)json_string_value(one));
    g_ptr_array_add(to, NULL);
    g_autofree char *subject = subject_of(item, stage);
    g_autofree char *text = text_of(item, stage);
    return tk_notify_mail(n->settings, (const char *const *)to->pdata, id, subject, text, tk_app_now(n->app),
                          error);
}

/* Sends what is kept as “sending” with this version, and keeps what came of it. */
static void deliver(TkNotifier *n, const char *id, int64_t version, json_t *document)
{
    g_autoptr(GError) error = NULL;
    json_int_t tries = json_integer_value(json_object_get(document, "tries")) + 1;
    bool done = send_by(n, id, document, &error);
    int64_t wait_s = MIN((int64_t)BACK_OFF_S << MIN(tries - 1, 10), BACK_OFF_MAX);
    char at[TK_TIME_TEXT_MAX];
    json_object_set_new(document, "tries", json_integer(tries));
    json_object_set_new(document, "state",
                        json_string(done                 ? "sent"
                                    : tries >= TRIES_MAX ? "failed"
                                                         : "retry"));
    json_object_set_new(document, "error", done ? json_null() : json_string(error->message));
    json_object_set_new(document, "at", json_string(tk_time_text(tk_app_now(n->app), at)));
    json_object_set_new(document, "next_try_us",
                        done ? json_null() : json_integer(tk_app_now(n->app) + wait_s * TK_US_PER_S));
    g_autoptr(GError) kept = NULL;
    if (!write_down(n, id, version, done ? "sent" : "refused", document, &kept))
        g_warning("a reminder went out, but this could not be kept: %s", kept->message);
}

/* Keeps that it is going out, then sends it. */
static void begin(TkNotifier *n, const char *id, int64_t version, json_t *document)
{
    json_object_set_new(document, "state", json_string("sending"));
    if (write_down(n, id, version, "send", document, NULL)) {
        g_autoptr(TkRecord) record = tk_store_get(n->app->store, KIND, id, TK_TIME_NONE, NULL);
        if (record != NULL)
            deliver(n, id, record->version, document);
    }
}

static void remind(TkNotifier *n, const json_t *item, const char *stage, const char *channel, char **to)
{
    char at[TK_TIME_TEXT_MAX];
    g_autofree char *name =
        g_strdup_printf("%s@%s@%s", json_string_value(json_object_get(item, "key")), stage, channel);
    g_autofree char *id = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    g_autoptr(TkRecord) known = tk_store_get(n->app->store, KIND, id, TK_TIME_NONE, NULL);
    if (known != NULL)
        return;
    g_autoptr(json_t) list = json_array();
    for (; *to != NULL; to++)
        json_array_append_new(list, json_string(*to));
    g_autoptr(json_t) document =
        json_pack("{s:O, s:s, s:s, s:O, s:i, s:s}", "item", item, "stage", stage, "channel", channel, "to",
                  list, "tries", 0, "at", tk_time_text(tk_app_now(n->app), at));
    begin(n, id, TK_STORE_NEW, document);
}

/* ---- a look ---- */

static bool is_stopping(TkNotifier *n)
{
    g_mutex_lock(&n->lock);
    bool stopping = n->stopping;
    g_mutex_unlock(&n->lock);
    return stopping;
}

static GPtrArray *reminders_in(TkApp *app, const char *state)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free);
    TkFilter filter = {.pointer = "/state", .op = TK_FILTER_EQ, .text = state};
    TkQuery query = {.kind = KIND, .filters = &filter, .filter_count = 1, .limit = SHOWN_MAX};
    if (tk_store_index(app->store, KIND, "/state", NULL))
        tk_store_list(app->store, &query, tk_record_keep, all, NULL, NULL);
    return all;
}

/* What was going out when the program ended is not sent again: it may have arrived. */
static void settle(TkNotifier *n)
{
    g_autoptr(GPtrArray) all = reminders_in(n->app, "sending");
    for (guint i = 0; i < all->len; i++) {
        TkRecord *record = all->pdata[i];
        g_autoptr(json_t) document = json_deep_copy(record->body);
        json_object_set_new(document, "state", json_string("uncertain"));
        write_down(n, record->id, record->version, "settle", document, NULL);
    }
}

static void try_again(TkNotifier *n)
{
    g_autoptr(GPtrArray) all = reminders_in(n->app, "retry");
    for (guint i = 0; i < all->len && !is_stopping(n); i++) {
        TkRecord *record = all->pdata[i];
        if (json_integer_value(json_object_get(record->body, "next_try_us")) > tk_app_now(n->app))
            continue;
        g_autoptr(json_t) document = json_deep_copy(record->body);
        begin(n, record->id, record->version, document);
    }
}

static void look_at(TkNotifier *n, const json_t *items, TkDate today)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
    {
        char room[32];
        const char *stage = stage_of(n->settings, item, today, room);
        bool done = g_strcmp0(json_string_value(json_object_get(item, "state")), "done") == 0;
        if (stage == NULL || done || is_stopping(n))
            continue;
        g_auto(GStrv) to = recipients(n, item, stage, today);
        if (n->settings->smtp_url != NULL && to[0] != NULL)
            remind(n, item, stage, "mail", to);
        if (n->settings->hook_url != NULL)
            remind(n, item, stage, "webhook", to);
    }
}

static void look(TkNotifier *n)
{
    TkDate today = tk_date_of_time(tk_app_now(n->app));
    int ahead = n->settings->day_count > 0 ? n->settings->days[0] : 0;
    g_autoptr(json_t) dated = json_array();
    g_autoptr(json_t) undated = json_array();
    g_autoptr(GError) error = NULL;
    if (!n->started)
        settle(n);
    n->started = true;
    try_again(n);
    if (!tk_calendar_items(n->app, &reminder, today - BEHIND_D, today + ahead, dated, undated, &error)) {
        g_warning("reminders: %s", error->message);
        return;
    }
    look_at(n, dated, today);
    look_at(n, undated, today);
}

static gpointer run(gpointer data)
{
    TkNotifier *n = data;
    while (!is_stopping(n)) {
        look(n);
        g_mutex_lock(&n->lock);
        gint64 until = g_get_monotonic_time() + n->settings->look_every_s * G_TIME_SPAN_SECOND;
        while (!n->stopping && g_cond_wait_until(&n->cond, &n->lock, until))
            continue;
        g_mutex_unlock(&n->lock);
    }
    return NULL;
}

/* ---- life ---- */

void tk_service_notify_start(TkApp *app, TkNotifySettings *settings)
{
    TkNotifier *n = g_new0(TkNotifier, 1);
    n->app = app;
    n->settings = settings;
    g_mutex_init(&n->lock);
    g_cond_init(&n->cond);
    app->notifier = n;
    n->thread = g_thread_new("reminders", run, n);
}

bool tk_notify_can_mail(const TkApp *app)
{
    return app->notifier != NULL && app->notifier->settings->smtp_url != NULL;
}

bool tk_notify_one_mail(TkApp *app, const char *to, const char *subject, const char *text, GError **error)
{
    const char *const all[] = {to, NULL};
    g_autofree char *id = g_uuid_string_random();
    return tk_notify_mail(app->notifier->settings, all, id, subject, text, tk_app_now(app), error);
}

void tk_notify_stop(TkApp *app)
{
    TkNotifier *n = app->notifier;
    app->notifier = NULL;
    if (n == NULL)
        return;
    g_mutex_lock(&n->lock);
    n->stopping = true;
    g_cond_broadcast(&n->cond);
    g_mutex_unlock(&n->lock);
    g_thread_join(n->thread);
    tk_notify_settings_free(n->settings);
    g_mutex_clear(&n->lock);
    g_cond_clear(&n->cond);
    g_free(n);
}

/* ---- what went out ---- */

static int newest(gconstpointer a, gconstpointer b)
{
    const TkRecord *x = *(const TkRecord *const *)a, *y = *(const TkRecord *const *)b;
    return (x->at_us < y->at_us) - (x->at_us > y->at_us);
}

static json_t *reminder_view(const TkRecord *record)
{
    const json_t *item = json_object_get(record->body, "item");
    json_t *next = json_object_get(record->body, "next_try_us");
    return json_pack("{s:s, s:O, s:O, s:O?, s:O, s:O, s:O, s:O, s:O, s:o, s:O?}", "id", record->id, "stage",
                     json_object_get(record->body, "stage"), "title", json_object_get(item, "title"), "date",
                     json_object_get(item, "date"), "source", json_object_get(item, "source"), "to",
                     json_object_get(record->body, "to"), "channel", json_object_get(record->body, "channel"),
                     "state", json_object_get(record->body, "state"), "tries",
                     json_object_get(record->body, "tries"), "next_try",
                     json_is_integer(next) ? tk_json_of_time(json_integer_value(next)) : json_null(), "error",
                     json_object_get(record->body, "error"));
}

GBytes *tk_service_reminders(TkApp *app, const TkActor *actor, GError **error)
{
    if (!tk_service_may(actor, TK_MAY_SEE_ACCOUNTS, error)) /* addresses of people are in it */
        return NULL;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)tk_record_free);
    uint64_t total = 0;
    TkQuery query = {.kind = KIND, .limit = TK_STORE_LIMIT_MAX};
    if (!tk_store_list(app->store, &query, tk_record_keep, all, &total, error))
        return NULL;
    g_ptr_array_sort(all, newest);
    g_autoptr(json_t) items = json_array();
    for (guint i = 0; i < all->len && i < SHOWN_MAX; i++) {
        json_t *view = reminder_view(all->pdata[i]);
        if (view != NULL)
            json_array_append_new(items, view);
    }
    g_autoptr(json_t) out =
        json_pack("{s:b, s:I, s:O}", "on", app->notifier != NULL, "total", (json_int_t)total, "items", items);
    return tk_json_bytes(out);
}
