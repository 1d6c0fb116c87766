/* An open accident is a journal of who fell and who rose, its causes, and a count of members that are down.
 * Nothing else is kept step by step: peaks, user-minutes and the rest are read off the journal when
 * somebody asks (picture.c), so that joining two accidents is merging two sorted journals, exactly.
 *
 * Two words per facility: the accident it is a member of while down, and the open accident it is a cause of.
 * A cause belongs to one open accident at most, since accidents that share one are one. */
#include "network/timeline.h"

#define NONE UINT32_MAX

struct TkTimeline {
    const TkTopology *t;
    uint32_t *member_of, *cause_of; /* by facility: index into cases */
    uint32_t *stamp, epoch;         /* by facility: visited in this search for roots */
    GArray *cases;                  /* TkCase; free ones are in `free` */
    GArray *free;                   /* uint32_t */
    TkCase *ended;                  /* a ring, the oldest at ended_begin */
    uint32_t ended_begin, ended_n, ended_cap;
    uint32_t *stack; /* n each; empty between calls */
    uint32_t n_stack;
    GArray *roots; /* uint32_t */
    uint64_t number, forgotten;
    uint32_t ended_max, open, order;
};

#define CASE(tl, i)   (&g_array_index((tl)->cases, TkCase, i))
#define U32(array, i) g_array_index(array, uint32_t, i)

/* ---- Words ---- */

static uint32_t *words_add(TkWords *w, uint32_t n)
{
    if (w->words == NULL && w->len + n > TK_FEW) {
        w->cap = MAX(64, w->len + n);
        w->words = g_new(uint32_t, w->cap);
        memcpy(w->words, w->few, w->len * sizeof *w->few);
    } else if (w->words != NULL && w->len + n > w->cap) {
        w->cap = MAX(w->cap + w->cap / 2, w->len + n);
        w->words = g_renew(uint32_t, w->words, w->cap);
    }
    uint32_t *at = (w->words != NULL ? w->words : w->few) + w->len;
    w->len += n;
    return at;
}

static void words_copy(TkWords *to, const TkWords *from)
{
    *to = *from;
    if (from->words != NULL) {
        to->cap = MAX(from->len, 1);
        to->words = g_new(uint32_t, to->cap);
        memcpy(to->words, from->words, from->len * sizeof *from->words);
    }
}

static void case_clear(TkCase *o)
{
    g_free(o->causes.words);
    g_free(o->journal.words);
    tk_accident_unref(o->picture);
}

static void case_copy(TkCase *to, const TkCase *from)
{
    *to = *from;
    words_copy(&to->causes, &from->causes);
    words_copy(&to->journal, &from->journal);
    if (from->picture != NULL)
        tk_accident_ref(from->picture);
}

static TkCase *ended_at(const TkTimeline *tl, uint32_t i)
{
    uint32_t at = tl->ended_begin + i;
    return &tl->ended[at < tl->ended_cap ? at : at - tl->ended_cap];
}

/* Takes over the case; the oldest gives way when there are too many. */
static void keep_ended(TkTimeline *tl, TkCase *c)
{
    if (tl->ended_max == 0) {
        case_clear(c);
        tl->forgotten++;
        return;
    }
    if (tl->ended_n == tl->ended_max) {
        case_clear(ended_at(tl, 0));
        tl->ended_begin = tl->ended_begin + 1 < tl->ended_cap ? tl->ended_begin + 1 : 0;
        tl->ended_n--;
        tl->forgotten++;
    } else if (tl->ended_n == tl->ended_cap) {
        uint32_t cap = MIN(tl->ended_max, MAX(64, tl->ended_cap * 2));
        TkCase *ring = g_new(TkCase, cap);
        for (uint32_t i = 0; i < tl->ended_n; i++)
            ring[i] = *ended_at(tl, i);
        g_free(tl->ended);
        tl->ended = ring;
        tl->ended_begin = 0;
        tl->ended_cap = cap;
    }
    *ended_at(tl, tl->ended_n++) = *c;
}

/* ---- Life ---- */

static TkTimeline *timeline_new(const TkTopology *t)
{
    TkTimeline *tl = g_new0(TkTimeline, 1);
    tl->t = t;
    tl->member_of = g_new(uint32_t, (size_t)t->n + 1);
    tl->cause_of = g_new(uint32_t, (size_t)t->n + 1);
    tl->stamp = g_new0(uint32_t, (size_t)t->n + 1);
    tl->cases = g_array_new(FALSE, FALSE, sizeof(TkCase));
    tl->free = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    tl->stack = g_new(uint32_t, (size_t)t->n + 1);
    tl->roots = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return tl;
}

TkTimeline *tk_timeline_new(const TkTopology *t, uint32_t ended_max)
{
    TkTimeline *tl = timeline_new(t);
    tl->ended_max = ended_max;
    memset(tl->member_of, 0xff, t->n * sizeof *tl->member_of);
    memset(tl->cause_of, 0xff, t->n * sizeof *tl->cause_of);
    return tl;
}

void tk_timeline_free(TkTimeline *tl)
{
    if (tl == NULL)
        return;
    for (uint32_t i = 0; i < tl->cases->len; i++)
        if (CASE(tl, i)->used)
            case_clear(CASE(tl, i));
    for (uint32_t i = 0; i < tl->ended_n; i++)
        case_clear(ended_at(tl, i));
    g_free(tl->ended);
    g_array_unref(tl->cases);
    g_array_unref(tl->free);
    g_array_unref(tl->roots);
    g_free(tl->stack);
    g_free(tl->member_of);
    g_free(tl->cause_of);
    g_free(tl->stamp);
    g_free(tl);
}

TkTimeline *tk_timeline_copy(const TkTimeline *from)
{
    TkTimeline *tl = timeline_new(from->t);
    tl->number = from->number;
    tl->forgotten = from->forgotten;
    tl->ended_max = from->ended_max;
    tl->open = from->open;
    tl->order = from->order;
    memcpy(tl->member_of, from->member_of, from->t->n * sizeof *tl->member_of);
    memcpy(tl->cause_of, from->cause_of, from->t->n * sizeof *tl->cause_of);
    g_array_append_vals(tl->free, from->free->data, from->free->len);
    g_array_set_size(tl->cases, from->cases->len);
    for (uint32_t i = 0; i < from->cases->len; i++) {
        if (CASE(from, i)->used)
            case_copy(CASE(tl, i), CASE(from, i));
        else
            *CASE(tl, i) = (TkCase){.used = false};
    }
    tl->ended_n = tl->ended_cap = from->ended_n;
    tl->ended = g_new(TkCase, (size_t)tl->ended_cap + 1);
    for (uint32_t i = 0; i < from->ended_n; i++)
        case_copy(&tl->ended[i], ended_at(from, i));
    return tl;
}

uint32_t tk_timeline_open(const TkTimeline *tl)
{
    return tl->open;
}

uint64_t tk_timeline_forgotten(const TkTimeline *tl)
{
    return tl->forgotten;
}

void tk_timeline_fetch(const TkTimeline *tl, uint32_t facility)
{
    __builtin_prefetch(&tl->member_of[facility], 1);
    __builtin_prefetch(&tl->cause_of[facility], 1);
    __builtin_prefetch(&tl->stamp[facility], 1);
}

void tk_timeline_next(TkTimeline *tl)
{
    tl->order++;
}

/* ---- Falling ---- */

/* The next search: nothing is visited. */
static void forget_visits(TkTimeline *tl)
{
    if (++tl->epoch != 0)
        return;
    memset(tl->stamp, 0, tl->t->n * sizeof *tl->stamp);
    tl->epoch = 1;
}

/* One step up: a root, or its down members of unmet needs, those not visited yet. */
static inline void look_up(TkTimeline *tl, const TkState *s, uint32_t f)
{
    const TkTopology *t = tl->t;
    if ((s->cause[f] & TK_UNMET_MASK) == 0) {
        g_array_append_val(tl->roots, f);
        return;
    }
    for (uint32_t q = tk_need_at(t, f), end = tk_need_at(t, f + 1); q < end; q++) {
        if (s->slack[q] >= 0)
            continue;
        for (uint32_t e = t->member_at[q]; e < t->member_at[q + 1]; e++) {
            uint32_t m = t->members[e];
            if (tl->stamp[m] == tl->epoch || !tk_state_down(s, m))
                continue;
            tl->stamp[m] = tl->epoch;
            tl->stack[tl->n_stack++] = m;
        }
    }
}

/* The facilities with users among those that fell, into `leaves`, and their roots into `roots`: up through
 * unmet needs, each facility once. */
static uint32_t find_roots(TkTimeline *tl, const TkState *s, uint32_t *fell, uint32_t n)
{
    uint32_t leaves = 0;
    g_array_set_size(tl->roots, 0);
    forget_visits(tl);
    for (uint32_t i = 0; i < n; i++) {
        if (!(tk_place(tl->t, fell[i]) & TK_PLACE_USERS))
            continue;
        tl->stamp[fell[i]] = tl->epoch;
        fell[leaves++] = fell[i];
    }
    for (uint32_t i = 0; i < leaves; i++)
        look_up(tl, s, fell[i]);
    while (tl->n_stack > 0)
        look_up(tl, s, tl->stack[--tl->n_stack]);
    return leaves;
}

static uint32_t begin_case(TkTimeline *tl, int64_t at_us, uint32_t trigger)
{
    uint32_t i = tl->cases->len;
    if (tl->free->len > 0) {
        i = U32(tl->free, tl->free->len - 1);
        g_array_set_size(tl->free, tl->free->len - 1);
    } else {
        g_array_set_size(tl->cases, i + 1);
    }
    TkCase *o = CASE(tl, i);
    memset(o, 0, sizeof *o);
    o->used = true;
    o->started_at_us = at_us;
    o->ended_at_us = TK_TIME_NONE;
    o->number = tl->number++;
    o->trigger = trigger;
    tl->open++;
    return i;
}

static void release(TkTimeline *tl, uint32_t i)
{
    CASE(tl, i)->used = false;
    g_array_append_val(tl->free, i);
    tl->open--;
}

/* Order of two batches: by time, then by the event they came with. */
static bool batch_before(const uint32_t *a, const uint32_t *b)
{
    int64_t at_a, at_b;
    memcpy(&at_a, a, sizeof at_a);
    memcpy(&at_b, b, sizeof at_b);
    return at_a != at_b ? at_a < at_b : a[2] <= b[2];
}

static void merge_journals(TkWords *into, const TkWords *other)
{
    TkWords merged = {0};
    const uint32_t *a = tk_words(into), *a_end = a + into->len, *b = tk_words(other), *b_end = b + other->len;
    while (a < a_end || b < b_end) {
        const uint32_t **from = b == b_end || (a < a_end && batch_before(a, b)) ? &a : &b;
        uint32_t n = TK_BATCH_HEAD + ((*from)[3] & ~TK_BATCH_ROSE);
        memcpy(words_add(&merged, n), *from, n * sizeof **from);
        *from += n;
    }
    g_free(into->words);
    *into = merged;
}

/* Makes accident `b` part of `a`, which began earlier. */
static void merge(TkTimeline *tl, uint32_t a, uint32_t b)
{
    TkCase *into = CASE(tl, a), *other = CASE(tl, b);
    const uint32_t *w = tk_words(&other->journal), *end = w + other->journal.len;
    while (w < end) {
        uint32_t n = w[3] & ~TK_BATCH_ROSE;
        for (uint32_t i = 0; i < n; i++)
            if (tl->member_of[w[TK_BATCH_HEAD + i]] == b)
                tl->member_of[w[TK_BATCH_HEAD + i]] = a;
        w += TK_BATCH_HEAD + n;
    }
    const uint32_t *causes = tk_words(&other->causes);
    for (uint32_t i = 0; i < other->causes.len; i++) {
        tl->cause_of[causes[i]] = a;
        *words_add(&into->causes, 1) = causes[i];
    }
    merge_journals(&into->journal, &other->journal);
    into->down += other->down;
    case_clear(other);
    release(tl, b);
}

/* The accident that the roots belong to: the earliest of those that share one, the others merged into it. */
static uint32_t accident_of_roots(TkTimeline *tl, int64_t at_us, uint32_t trigger)
{
    uint32_t found = NONE;
    for (uint32_t i = 0; i < tl->roots->len; i++) {
        uint32_t other = tl->cause_of[U32(tl->roots, i)];
        if (other == NONE || other == found)
            continue;
        if (found == NONE) {
            found = other;
        } else if (CASE(tl, found)->number < CASE(tl, other)->number) {
            merge(tl, found, other);
        } else {
            merge(tl, other, found);
            found = other;
        }
    }
    return found != NONE ? found : begin_case(tl, at_us, trigger);
}

static uint32_t *begin_batch(TkTimeline *tl, TkCase *o, int64_t at_us, uint32_t n)
{
    uint32_t *w = words_add(&o->journal, TK_BATCH_HEAD + n);
    memcpy(w, &at_us, sizeof at_us);
    w[2] = tl->order;
    w[3] = n;
    return w;
}

void tk_timeline_fell(TkTimeline *tl, const TkState *s, int64_t at_us, uint32_t trigger, uint32_t *facilities,
                      uint32_t n)
{
    uint32_t leaves = find_roots(tl, s, facilities, n);
    if (leaves == 0)
        return;
    uint32_t a = accident_of_roots(tl, at_us, trigger);
    TkCase *o = CASE(tl, a);
    for (uint32_t i = 0; i < tl->roots->len; i++) {
        uint32_t root = U32(tl->roots, i);
        if (tl->cause_of[root] == NONE) {
            tl->cause_of[root] = a;
            *words_add(&o->causes, 1) = root;
        }
    }
    uint32_t *batch = begin_batch(tl, o, at_us, leaves);
    memcpy(batch + TK_BATCH_HEAD, facilities, leaves * sizeof *batch);
    for (uint32_t i = 0; i < leaves; i++)
        tl->member_of[facilities[i]] = a;
    o->down += leaves;
}

/* ---- Rising ---- */

static void end_case(TkTimeline *tl, uint32_t a, int64_t at_us)
{
    TkCase *o = CASE(tl, a);
    const uint32_t *causes = tk_words(&o->causes);
    for (uint32_t i = 0; i < o->causes.len; i++)
        tl->cause_of[causes[i]] = NONE;
    o->ended_at_us = at_us;
    keep_ended(tl, o);
    release(tl, a);
}

void tk_timeline_rose(TkTimeline *tl, int64_t at_us, const uint32_t *facilities, uint32_t n)
{
    uint32_t current = NONE, head = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t f = facilities[i], a = tl->member_of[f];
        if (a == NONE)
            continue; /* has no users */
        tl->member_of[f] = NONE;
        TkCase *o = CASE(tl, a);
        if (a != current) {
            current = a;
            head = o->journal.len;
            begin_batch(tl, o, at_us, 0)[3] = TK_BATCH_ROSE;
        }
        *words_add(&o->journal, 1) = f;
        ((uint32_t *)tk_words(&o->journal))[head + 3]++;
        if (--o->down == 0) {
            end_case(tl, a, at_us);
            current = NONE;
        }
    }
}

/* ---- Showing ---- */

static gint more_members(gconstpointer a, gconstpointer b)
{
    const TkCase *x = *(TkCase *const *)a, *y = *(TkCase *const *)b;
    return x->down != y->down ? (x->down < y->down) - (x->down > y->down)
                              : (x->number > y->number) - (x->number < y->number);
}

static gint earlier(gconstpointer a, gconstpointer b)
{
    const TkCase *x = *(TkCase *const *)a, *y = *(TkCase *const *)b;
    return (x->number > y->number) - (x->number < y->number);
}

void tk_timeline_open_pictures(const TkTimeline *tl, TkPainter *painter, int64_t as_of_us,
                               int64_t at_least_us, uint32_t max, GPtrArray *out)
{
    g_autoptr(GPtrArray) shown = g_ptr_array_new();
    for (uint32_t i = 0; i < tl->cases->len; i++)
        if (CASE(tl, i)->used)
            g_ptr_array_add(shown, CASE(tl, i));
    if (shown->len > max) {
        g_ptr_array_sort(shown, more_members);
        g_ptr_array_set_size(shown, (gint)max);
    }
    g_ptr_array_sort(shown, earlier);
    for (uint32_t i = 0; i < shown->len; i++)
        g_ptr_array_add(out, tk_picture_make(painter, shown->pdata[i], as_of_us, at_least_us));
}

void tk_timeline_ended_pictures(const TkTimeline *tl, TkPainter *painter, int64_t at_least_us, uint32_t max,
                                GPtrArray *out)
{
    g_autoptr(GPtrArray) shown = g_ptr_array_new();
    for (uint32_t i = tl->ended_n; i-- > 0 && shown->len < max;)
        g_ptr_array_add(shown, ended_at(tl, i));
    g_ptr_array_sort(shown, earlier);
    for (uint32_t i = 0; i < shown->len; i++) {
        TkCase *o = shown->pdata[i];
        if (o->picture == NULL)
            o->picture = tk_picture_make(painter, o, o->ended_at_us, at_least_us);
        g_ptr_array_add(out, tk_accident_ref(o->picture));
    }
}
