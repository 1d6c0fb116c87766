/* The secret in a respondent's link: SHEET.SECRET, 256 random bits. The sheet is found by its id, the secret
 * compared by its hash in constant time; where there is no such sheet the same work is done, so that neither
 * the answer nor its time tells a wrong secret from a wrong sheet. */
#include "service/campaigns_private.h"

void tk_sheet_token_make(const char *sheet, char *token, char *hash)
{
    char secret[TK_AUTH_TOKEN_MAX];
    tk_auth_random(secret);
    g_snprintf(token, TK_SHEET_TOKEN_MAX, "%s.%s", sheet, secret);
    tk_auth_hash(token, hash);
}

/* One sentence for whatever is wrong. */
static bool refuse(GError **error)
{
    return tk_fail_both(
        error, TK_ERROR_NOT_FOUND,
        "このリンクは使えません。提出済み、取消し、委任済み又は期限切れです。依頼した担当者に問い合わせてくだ"
        "さい。",
        "this link opens nothing: its sheet was handed in, delegated or revoked, or its time is over; ask "
        "whoever sent it");
}

static bool is_open(const json_t *sheet, const json_t *campaign, TkDate today)
{
    const char *state = tk_text_at(sheet, "state"), *to = tk_text_at(campaign, "to");
    TkDate last;
    return (g_strcmp0(state, "invited") == 0 || g_strcmp0(state, "draft") == 0) &&
           g_strcmp0(tk_text_at(campaign, "state"), "open") == 0 && to != NULL &&
           tk_date_parse(to, strlen(to), &last, NULL) && today <= last;
}

bool tk_sheet_token_open(TkApp *app, const char *token, TkRecord **sheet, TkRecord **campaign, GError **error)
{
    static const char nobody[] = "0000000000000000000000000000000000000000000000000000000000000000";
    char hash[65];
    const char *dot = token == NULL ? NULL : strrchr(token, '.');
    if (dot == NULL || strlen(token) >= TK_SHEET_TOKEN_MAX)
        return refuse(error);
    g_autofree char *id = g_strndup(token, (gsize)(dot - token));
    bool named = g_utf8_validate(id, -1, NULL) && *id != '\0';
    g_autoptr(TkRecord) found =
        named ? tk_store_get(app->store, TK_KIND_SHEET, id, TK_TIME_NONE, NULL) : NULL;
    const char *kept = found == NULL ? NULL : tk_text_at(found->body, "token");
    tk_auth_hash(token, hash);
    bool same = tk_auth_same_secret(hash, kept == NULL ? nobody : kept);
    if (!same || kept == NULL)
        return refuse(error);
    g_autoptr(TkRecord) of =
        tk_store_get(app->store, TK_KIND_CAMPAIGN, tk_text_at(found->body, "campaign"), TK_TIME_NONE, NULL);
    if (of == NULL || !is_open(found->body, of->body, tk_date_of_time(tk_app_now(app))))
        return refuse(error);
    *sheet = g_steal_pointer(&found);
    *campaign = g_steal_pointer(&of);
    return true;
}
