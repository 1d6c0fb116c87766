#include "base/base.h"

GQuark tk_error_quark(void)
{
    return g_quark_from_static_string("tokatsu");
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
