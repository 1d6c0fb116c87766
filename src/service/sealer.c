/* Signing every write by itself would cost each one a signature; signing once a second costs nothing and
 * leaves at most a second of writes that the database alone vouches for. An idle ledger is not signed again.
 */
#include "service/sealer.h"

#define SEAL_EVERY_US (500 * 1000) /* twice a second, so that “at most a second behind” holds with room */

struct TkSealer {
    TkStore *store;
    char *key_path;
    TkSigningKeys keys;
    TkNowFn clock;
    void *clock_data;
    GThread *thread;
    GMutex lock;
    GCond cond;
    bool stopping; /* under lock */
    TkKeys shown;  /* under lock: the public half of `keys` */
    char *trouble; /* the last failure, so that it is said once; the thread's own */
};

static void show_keys(TkSealer *sealer)
{
    g_mutex_lock(&sealer->lock);
    sealer->shown.count = sealer->keys.count;
    for (size_t i = 0; i < sealer->keys.count; i++)
        sealer->shown.key[i] = *tk_signer_key(sealer->keys.signer[i]);
    g_mutex_unlock(&sealer->lock);
}

void tk_sealer_keys(TkSealer *sealer, TkKeys *keys)
{
    g_mutex_lock(&sealer->lock);
    *keys = sealer->shown;
    g_mutex_unlock(&sealer->lock);
}

/* Takes up keys that were added or retired meanwhile; a file that has gone or is damaged changes nothing. */
static void reload_keys(TkSealer *sealer)
{
    TkSigningKeys fresh;
    if (!g_file_test(sealer->key_path, G_FILE_TEST_EXISTS) ||
        !tk_signing_keys_open(sealer->key_path, NULL, &fresh, NULL))
        return;
    tk_signing_keys_clear(&sealer->keys);
    sealer->keys = fresh;
    show_keys(sealer);
}

static void seal(TkSealer *sealer)
{
    reload_keys(sealer);
    g_autoptr(GError) error = NULL;
    bool done = tk_store_checkpoint(sealer->store, tk_signing_keys_origin(&sealer->keys), sealer->keys.signer,
                                    sealer->keys.count, sealer->clock(sealer->clock_data), NULL, &error);
    const char *trouble = done ? NULL : error->message;
    if (g_strcmp0(trouble, sealer->trouble) == 0)
        return;
    if (trouble != NULL)
        g_warning("the ledger's head could not be signed: %s", trouble);
    else
        g_message("the ledger's head is signed again");
    g_free(sealer->trouble);
    sealer->trouble = g_strdup(trouble);
}

static void *run(void *data)
{
    TkSealer *sealer = data;
    for (;;) {
        seal(sealer);
        g_mutex_lock(&sealer->lock);
        gint64 until = g_get_monotonic_time() + SEAL_EVERY_US;
        while (!sealer->stopping && g_cond_wait_until(&sealer->cond, &sealer->lock, until)) {
        }
        bool stop = sealer->stopping;
        g_mutex_unlock(&sealer->lock);
        if (stop) {
            seal(sealer);
            return NULL;
        }
    }
}

TkSealer *tk_sealer_start(TkStore *store, const char *key_path, TkNowFn clock, void *clock_data,
                          GError **error)
{
    TkSealer *sealer = g_new0(TkSealer, 1);
    if (!tk_signing_keys_open(key_path, NULL, &sealer->keys, error)) {
        g_free(sealer);
        return NULL;
    }
    sealer->store = store;
    sealer->key_path = g_strdup(key_path);
    sealer->clock = clock;
    sealer->clock_data = clock_data;
    g_mutex_init(&sealer->lock);
    g_cond_init(&sealer->cond);
    show_keys(sealer);
    sealer->thread = g_thread_new("sealer", run, sealer);
    return sealer;
}

void tk_sealer_stop(TkSealer *sealer)
{
    if (sealer == NULL)
        return;
    g_mutex_lock(&sealer->lock);
    sealer->stopping = true;
    g_cond_broadcast(&sealer->cond);
    g_mutex_unlock(&sealer->lock);
    g_thread_join(sealer->thread);
    tk_signing_keys_clear(&sealer->keys);
    g_mutex_clear(&sealer->lock);
    g_cond_clear(&sealer->cond);
    g_free(sealer->trouble);
    g_free(sealer->key_path);
    g_free(sealer);
}
