/* What if: one sweep over the topology, needs before dependents, over sets that belong to the trial. The
 * engine's own what-if is faster where little changes, but it works on the engine and so in the writer's
 * thread; this one costs a sweep (some milliseconds for 500,000 facilities) and disturbs nobody. */
#include "network/topology.h"

static inline void set_bit(uint64_t *bits, uint32_t f)
{
    bits[f / 64] |= UINT64_C(1) << f % 64;
}

static inline void clear_bit(uint64_t *bits, uint32_t f)
{
    bits[f / 64] &= ~(UINT64_C(1) << f % 64);
}

/* Has facility f a need with more failed members than it tolerates? */
static bool unmet(const TkTopology *t, const uint64_t *failed, uint32_t f)
{
    for (uint32_t q = tk_need_at(t, f); q < tk_need_at(t, f + 1); q++) {
        uint32_t down = 0;
        for (uint32_t m = t->member_at[q]; m < t->member_at[q + 1]; m++)
            down += tk_bit(failed, t->members[m]);
        if (down > t->slack[q])
            return true;
    }
    return false;
}

static bool depends_on(const TkTopology *t, const uint64_t *set, uint32_t f)
{
    for (uint32_t m = t->member_at[tk_need_at(t, f)]; m < t->member_at[tk_need_at(t, f + 1)]; m++)
        if (tk_bit(set, t->members[m]))
            return true;
    return false;
}

static void count(const TkTopology *t, TkNetworkCounts *counts, uint32_t f)
{
    uint32_t place = tk_place(t, f) & TK_PLACE_MASK;
    const uint32_t *users = tk_users(t, f);
    counts->down++;
    counts->down_in[place]++;
    for (uint32_t s = 0; s < t->n_services; s++) {
        counts->affected[s] += users[s];
        counts->affected_in[place][s] += users[s];
    }
}

static void sweep(const TkTopology *t, TkTrial *trial, uint64_t *under)
{
    for (uint32_t f = 0; f < t->n; f++) {
        if (tk_bit(trial->alarmed, f) || unmet(t, trial->failed, f)) {
            set_bit(trial->failed, f);
            count(t, &trial->counts, f);
        }
        if (!tk_bit(under, f) && !depends_on(t, under, f))
            continue;
        set_bit(under, f);
        for (uint32_t s = 0; s < t->n_services; s++)
            trial->under[s] += tk_users(t, f)[s];
    }
}

TkTrial *tk_trial_new(const TkSnapshot *snapshot, const TkFacilityIx *fail, size_t n_fail,
                      const TkFacilityIx *restore, size_t n_restore)
{
    const TkTopology *t = snapshot->topology;
    size_t words = (size_t)t->n / 64 + 1;
    TkTrial *trial = g_new0(TkTrial, 1);
    trial->alarmed = g_memdup2(snapshot->alarmed, words * sizeof *trial->alarmed);
    trial->failed = g_new0(uint64_t, words);
    g_autofree uint64_t *under = g_new0(uint64_t, words);
    for (size_t i = 0; i < n_restore; i++)
        clear_bit(trial->alarmed, restore[i]);
    for (size_t i = 0; i < n_fail; i++) {
        set_bit(trial->alarmed, fail[i]);
        set_bit(under, fail[i]);
    }
    sweep(t, trial, under);
    return trial;
}

void tk_trial_free(TkTrial *trial)
{
    if (trial == NULL)
        return;
    g_free(trial->alarmed);
    g_free(trial->failed);
    g_free(trial);
}
