/* Inside the room: challenges that were given out and not yet answered. Each is good once and for a while; of
 * many the oldest give way, so that asking costs no more memory than the ceiling. */
#ifndef TK_AUTH_CHALLENGE_H
#define TK_AUTH_CHALLENGE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define TK_CHALLENGE_TEXT 64 /* as TK_AUTH_TOKEN_MAX */
#define TK_CHALLENGE_KEY  80
#define TK_CHALLENGE_NAME 65

typedef struct {
    char text[TK_CHALLENGE_TEXT];    /* base64url, 192 random bits */
    char key[TK_CHALLENGE_KEY];      /* what it belongs to: a session's hash, an attempt */
    char account[TK_CHALLENGE_NAME]; /* for whom; "" for whoever answers */
    int64_t until_us;
    GList link; /* in `order` */
} TkChallenge;

typedef struct {
    GMutex lock;
    GHashTable *by_key; /* key → TkChallenge */
    GQueue order;       /* oldest first, which also ends first */
    guint max;
} TkChallenges;

void tk_challenges_init(TkChallenges *all, guint max);
void tk_challenges_clear(TkChallenges *all);
/* Makes one for `key`, in the place of an earlier one; `text` receives it. */
void tk_challenges_give(TkChallenges *all, const char *key, const char *account, int64_t now_us,
                        int64_t life_us, char text[TK_CHALLENGE_TEXT]);
/* Takes the one of `key` away, whatever comes of it. False where there is none or its time is over. */
bool tk_challenges_take(TkChallenges *all, const char *key, int64_t now_us, TkChallenge *out);

#endif
