/* The demo carrier's file of the safety and reliability standard: demo/reliability.csv, made up from end to
 * end (its texts say so), with as many items and measures in each chapter as were published. */
#include "service/demo_history.h"

#include "service/assets.h"

bool tk_demo_add_reliability(TkApp *app, GError **error)
{
    g_autoptr(GBytes) file = tk_asset("demo/reliability.csv"), findings = NULL;
    TkActor actor = {"法務 次郎(架空)", TK_ROLE_COMPLIANCE};
    gsize len = 0;
    const char *text = file == NULL ? NULL : g_bytes_get_data(file, &len);
    if (text == NULL)
        return true;
    g_autoptr(GBytes) answer = tk_service_reliability_import(app, &actor, "架空の版(告示の原文ではない)",
                                                             text, len, false, &findings, error);
    return answer != NULL;
}
