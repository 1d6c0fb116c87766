#include "base/base.h"

/* What an error of ours carries beside its message. */
typedef struct {
    char *ja;
    char *field;
} TkErrorPrivate;

static void tk_error_private_init(TkErrorPrivate *more)
{
    *more = (TkErrorPrivate){0};
}

static void tk_error_private_copy(const TkErrorPrivate *from, TkErrorPrivate *to)
{
    *to = (TkErrorPrivate){.ja = g_strdup(from->ja), .field = g_strdup(from->field)};
}

static void tk_error_private_clear(TkErrorPrivate *more)
{
    g_free(more->ja);
    g_free(more->field);
}

G_DEFINE_EXTENDED_ERROR(TkError, tk_error)

static TkErrorPrivate *private_of(const GError *error)
{
    return error != NULL && error->domain == TK_ERROR ? tk_error_get_private(error) : NULL;
}

gboolean tk_fail(GError **error, TkErrorCode code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (error != NULL && *error == NULL)
        *error = g_error_new_valist(TK_ERROR, (gint)code, format, args);
    va_end(args);
    return FALSE;
}

gboolean tk_fail_both(GError **error, TkErrorCode code, const char *ja, const char *en, ...)
{
    if (error == NULL || *error != NULL)
        return FALSE;
    va_list args, again;
    va_start(args, en);
    va_copy(again, args);
    *error = g_error_new_valist(TK_ERROR, (gint)code, en, args);
    private_of(*error)->ja = g_strdup_vprintf(ja, again);
    va_end(again);
    va_end(args);
    return FALSE;
}

const char *tk_error_ja(const GError *error)
{
    const TkErrorPrivate *more = private_of(error);
    return more == NULL ? NULL : more->ja;
}

gboolean tk_error_at(GError **error, const char *field)
{
    TkErrorPrivate *more = error == NULL ? NULL : private_of(*error);
    if (more != NULL && more->field == NULL)
        more->field = g_strdup(field);
    return FALSE;
}

const char *tk_error_field(const GError *error)
{
    const TkErrorPrivate *more = private_of(error);
    return more == NULL ? NULL : more->field;
}
