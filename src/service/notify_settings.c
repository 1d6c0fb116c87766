/* The settings of reminders: one file, and the files of secrets that it names. */
#include "service/notify_private.h"

#define FILE_MAX   (64u * 1024)
#define SECRET_MAX 4096u

static bool bad(const char *path, const char *field, const char *why, GError **error)
{
    return tk_fail(error, TK_ERROR_INPUT, "%s: field “%s”: %s", path, field, why);
}

/* A secret alone in its file, without the newline at its end. */
static char *read_secret(const char *path, const json_t *object, const char *field, GError **error)
{
    const char *file = json_string_value(json_object_get(object, field));
    char *text = NULL;
    gsize len = 0;
    if (file == NULL) {
        bad(path, field, "the name of a file that holds the secret is needed", error);
        return NULL;
    }
    if (!g_file_get_contents(file, &text, &len, NULL) || len > SECRET_MAX || len == 0) {
        g_free(text);
        tk_fail(error, TK_ERROR_IO,
                "%s: field “%s”: the file %s cannot be read, is empty, or is longer than %u bytes", path,
                field, file, SECRET_MAX);
        return NULL;
    }
    return g_strchomp(text);
}

static bool safe_address(const char *text)
{
    const char *at = text == NULL ? NULL : strchr(text, '@');
    if (at == NULL || at == text || at[1] == '\0' || strlen(text) > 254)
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if (!g_ascii_isgraph(*c) || strchr("<>,;\"\\()", *c) != NULL)
            return false;
    return true;
}

static bool read_addresses(const char *path, const json_t *list, const char *field, char ***out,
                           GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    size_t i;
    json_t *one;
    if (list != NULL && (!json_is_array(list) || json_array_size(list) > NOTIFY_TO_MAX))
        return bad(path, field, "a list of at most 16 addresses is needed", error);
    json_array_foreach(list, i, one)
    {
        if (!safe_address(json_string_value(one)))
            return bad(path, field, "an address like someone@example.jp is needed", error);
        g_ptr_array_add(all, g_strdup(json_string_value(one)));
    }
    g_ptr_array_add(all, NULL);
    *out = (char **)g_ptr_array_free(g_steal_pointer(&all), FALSE);
    return true;
}

static bool read_smtp(const char *path, const json_t *smtp, TkNotifySettings *s, GError **error)
{
    if (smtp == NULL)
        return true;
    const char *url = json_string_value(json_object_get(smtp, "url")),
               *from = json_string_value(json_object_get(smtp, "from"));
    if (url == NULL || (!g_str_has_prefix(url, "smtp://") && !g_str_has_prefix(url, "smtps://")))
        return bad(path, "smtp.url", "smtp://HOST:PORT or smtps://HOST:PORT is needed", error);
    if (!safe_address(from))
        return bad(path, "smtp.from", "an address like tokatsu@example.jp is needed", error);
    s->smtp_url = g_strdup(url);
    s->from = g_strdup(from);
    s->user = g_strdup(json_string_value(json_object_get(smtp, "user")));
    s->smtp_tls = !json_is_false(json_object_get(smtp, "tls"));
    if (s->user != NULL && (s->password = read_secret(path, smtp, "password_file", error)) == NULL)
        return false;
    return s->user == NULL || s->smtp_tls ||
           bad(path, "smtp.tls", "a password is not sent without TLS; leave “tls” out", error);
}

static bool read_hook(const char *path, const json_t *hook, TkNotifySettings *s, GError **error)
{
    if (hook == NULL)
        return true;
    const char *url = json_string_value(json_object_get(hook, "url"));
    if (url == NULL || (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://")))
        return bad(path, "webhook.url", "an https:// or http:// address is needed", error);
    s->hook_url = g_strdup(url);
    s->hook_secret = read_secret(path, hook, "secret_file", error);
    return s->hook_secret != NULL;
}

static bool read_days(const char *path, const json_t *root, TkNotifySettings *s, GError **error)
{
    static const int usual[] = {30, 7, 1, 0};
    const json_t *list = json_object_get(root, "days_before"),
                 *after = json_object_get(root, "escalate_after_days"),
                 *every = json_object_get(root, "look_every_s");
    for (size_t i = 0; list == NULL && i < G_N_ELEMENTS(usual); i++)
        s->days[s->day_count++] = usual[i];
    size_t i;
    json_t *one;
    if (list != NULL && (!json_is_array(list) || json_array_size(list) > NOTIFY_STAGES_MAX))
        return bad(path, "days_before", "a list of at most 8 numbers is needed", error);
    json_array_foreach(list, i, one)
    {
        json_int_t day = json_integer_value(one);
        if (!json_is_integer(one) || day < 0 || day > 365 || (i > 0 && day >= s->days[i - 1]))
            return bad(path, "days_before", "numbers from 365 to 0 are needed, the largest first", error);
        s->days[s->day_count++] = (int)day;
    }
    if (after != NULL &&
        (!json_is_integer(after) || json_integer_value(after) < 0 || json_integer_value(after) > 60))
        return bad(path, "escalate_after_days", "a number from 0 to 60 is needed", error);
    if (every != NULL &&
        (!json_is_integer(every) || json_integer_value(every) < 1 || json_integer_value(every) > 86400))
        return bad(path, "look_every_s", "a number from 1 to 86400 is needed", error);
    s->escalate_after = after == NULL ? -1 : (int)json_integer_value(after);
    s->look_every_s = every == NULL ? 300 : (int)json_integer_value(every);
    return true;
}

TkNotifySettings *tk_notify_settings_read(const char *path, GError **error)
{
    static const char *const known[] = {
        "format",      "smtp", "webhook",      "days_before", "escalate_after_days",
        "escalate_to", "to",   "look_every_s", NULL};
    g_autofree char *text = NULL;
    gsize len;
    if (!g_file_get_contents(path, &text, &len, NULL)) {
        tk_fail(error, TK_ERROR_IO, "the settings of reminders %s cannot be read", path);
        return NULL;
    }
    g_autoptr(json_t) root = tk_json_read(path, text, len, FILE_MAX, error);
    if (root == NULL)
        return NULL;
    g_autoptr(TkNotifySettings) s = g_new0(TkNotifySettings, 1);
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value) if (!g_strv_contains(known, key))
    {
        bad(path, key, "there is no such setting", error);
        return NULL;
    }
    if (g_strcmp0(json_string_value(json_object_get(root, "format")), "tokatsu-notify/1") != 0) {
        bad(path, "format", "it is “tokatsu-notify/1”", error);
        return NULL;
    }
    if (!read_smtp(path, json_object_get(root, "smtp"), s, error) ||
        !read_hook(path, json_object_get(root, "webhook"), s, error) || !read_days(path, root, s, error) ||
        !read_addresses(path, json_object_get(root, "to"), "to", &s->to, error) ||
        !read_addresses(path, json_object_get(root, "escalate_to"), "escalate_to", &s->escalate_to, error))
        return NULL;
    return g_steal_pointer(&s);
}

void tk_notify_settings_free(TkNotifySettings *s)
{
    if (s == NULL)
        return;
    g_free(s->smtp_url);
    g_free(s->from);
    g_free(s->user);
    g_free(s->password);
    g_free(s->hook_url);
    g_free(s->hook_secret);
    g_strfreev(s->escalate_to);
    g_strfreev(s->to);
    g_free(s);
}
