#include "auth/challenge.h"

#include "auth/secret.h"

G_STATIC_ASSERT(TK_CHALLENGE_TEXT == TK_AUTH_TOKEN_MAX);
G_STATIC_ASSERT(TK_CHALLENGE_NAME == TK_AUTH_NAME_MAX + 1);

void tk_challenges_init(TkChallenges *all, guint max)
{
    g_mutex_init(&all->lock);
    all->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_queue_init(&all->order);
    all->max = max;
}

void tk_challenges_clear(TkChallenges *all)
{
    if (all->by_key == NULL)
        return;
    g_hash_table_unref(all->by_key);
    g_mutex_clear(&all->lock);
}

/* The lock is held; frees it. */
static void forget(TkChallenges *all, TkChallenge *challenge)
{
    g_queue_unlink(&all->order, &challenge->link);
    g_hash_table_remove(all->by_key, challenge->key);
}

void tk_challenges_give(TkChallenges *all, const char *key, const char *account, int64_t now_us,
                        int64_t life_us, char text[TK_CHALLENGE_TEXT])
{
    TkChallenge *fresh = g_new0(TkChallenge, 1);
    tk_secret_token(fresh->text);
    g_strlcpy(text, fresh->text, TK_CHALLENGE_TEXT);
    g_strlcpy(fresh->key, key, sizeof fresh->key);
    g_strlcpy(fresh->account, account, sizeof fresh->account);
    fresh->until_us = now_us + life_us;
    fresh->link.data = fresh;
    g_mutex_lock(&all->lock);
    TkChallenge *old = g_hash_table_lookup(all->by_key, key);
    if (old != NULL)
        forget(all, old);
    while ((old = g_queue_peek_head(&all->order)) != NULL &&
           (old->until_us <= now_us || g_queue_get_length(&all->order) >= all->max))
        forget(all, old);
    g_hash_table_insert(all->by_key, fresh->key, fresh);
    g_queue_push_tail_link(&all->order, &fresh->link);
    g_mutex_unlock(&all->lock);
}

bool tk_challenges_take(TkChallenges *all, const char *key, int64_t now_us, TkChallenge *out)
{
    g_mutex_lock(&all->lock);
    TkChallenge *found = g_hash_table_lookup(all->by_key, key);
    bool good = found != NULL && now_us < found->until_us;
    if (good)
        *out = *found;
    if (found != NULL)
        forget(all, found);
    g_mutex_unlock(&all->lock);
    return good;
}
