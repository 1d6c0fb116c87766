/* Myers' greedy comparison (An O(ND) Difference Algorithm, 1986): walk the edit graph in rounds, each round
 * one edit further, and keep for every diagonal how far it got. The rounds are kept to walk back along the
 * shortest way: D rounds cost D² / 2 numbers, hence the ceiling on D. */
#include "base/text_diff.h"

#define EDITS_MAX 1500
#define WORDS     0x110000 /* numbers from here on are words, those below characters */

/* What is compared, one by one: words of Latin letters and numbers (99.95, IP-VPN) as a whole, since half a
 * number says nothing; of everything else each character. */
typedef struct {
    gunichar *text; /* owned */
    gsize *bytes;   /* of each; owned */
    glong len;
} Chars;

typedef struct {
    const gunichar *a, *b;
    glong n, m;
    GPtrArray *rounds; /* of glong[2 * d + 3], index diagonal + d + 1 */
} Walk;

static glong reach(const glong *round, glong d, glong diagonal)
{
    return round[diagonal + d + 1];
}

/* How far diagonal k gets in round d, coming from the round before. */
static glong step(const Walk *walk, const glong *before, glong d, glong k)
{
    glong x = 0;
    if (d > 0) {
        bool down = k == -d || (k != d && reach(before, d - 1, k - 1) < reach(before, d - 1, k + 1));
        x = down ? reach(before, d - 1, k + 1) : reach(before, d - 1, k - 1) + 1;
    }
    for (glong y = x - k; x < walk->n && y < walk->m && y >= 0 && walk->a[x] == walk->b[y]; y++)
        x++;
    return x;
}

/* The number of edits, or -1 when it is over the ceiling. */
static glong run_rounds(Walk *walk)
{
    for (glong d = 0; d <= EDITS_MAX; d++) {
        glong *round = g_new0(glong, (gsize)(2 * d + 3));
        const glong *before = d > 0 ? g_ptr_array_index(walk->rounds, (guint)(d - 1)) : NULL;
        g_ptr_array_add(walk->rounds, round);
        for (glong k = -d; k <= d; k += 2) {
            glong x = step(walk, before, d, k);
            round[k + d + 1] = x;
            if (x >= walk->n && x - k >= walk->m)
                return d;
        }
    }
    return -1;
}

/* Marks the characters that were deleted or inserted on the way back from the far corner. */
static void walk_back(const Walk *walk, glong edits, bool *gone, bool *added)
{
    glong x = walk->n, y = walk->m;
    for (glong d = edits; d > 0; d--) {
        const glong *before = g_ptr_array_index(walk->rounds, (guint)(d - 1));
        glong k = x - y;
        bool down = k == -d || (k != d && reach(before, d - 1, k - 1) < reach(before, d - 1, k + 1));
        glong from_k = down ? k + 1 : k - 1;
        x = reach(before, d - 1, from_k);
        y = x - from_k;
        if (down)
            added[y] = true;
        else
            gone[x] = true;
    }
}

static void mark(const Chars *a, const Chars *b, bool *gone, bool *added)
{
    glong head = 0, tail = 0, shorter = MIN(a->len, b->len);
    while (head < shorter && a->text[head] == b->text[head])
        head++;
    while (tail < shorter - head && a->text[a->len - 1 - tail] == b->text[b->len - 1 - tail])
        tail++;
    Walk walk = {a->text + head, b->text + head, a->len - head - tail, b->len - head - tail, NULL};
    walk.rounds = g_ptr_array_new_with_free_func(g_free);
    glong edits = run_rounds(&walk);
    if (edits >= 0) {
        walk_back(&walk, edits, gone + head, added + head);
    } else {
        for (glong i = 0; i < walk.n; i++)
            gone[head + i] = true;
        for (glong i = 0; i < walk.m; i++)
            added[head + i] = true;
    }
    g_ptr_array_unref(walk.rounds);
}

/* ---- words ---- */

static bool in_word(gunichar c)
{
    bool wide = (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A);
    return wide || (c < 0x250 && g_unichar_isalnum(c));
}

/* The bytes of the word at `at`, 0 where there is none. A point or hyphen belongs to it between its letters.
 */
static gsize word_len(const char *at)
{
    const char *end = at;
    while (*end != '\0') {
        const char *next = *end == '.' || *end == ',' || *end == '-' ? end + 1 : end;
        if ((next > end && end == at) || !in_word(g_utf8_get_char(next)))
            break;
        end = g_utf8_next_char(next);
    }
    return (gsize)(end - at);
}

/* `words` numbers the words of both texts. */
static Chars take_apart(const char *text, GHashTable *words)
{
    gsize room = (gsize)g_utf8_strlen(text, -1) + 1;
    Chars chars = {g_new(gunichar, room), g_new(gsize, room), 0};
    for (const char *at = text; *at != '\0'; chars.len++) {
        gsize len = word_len(at);
        if (len == 0) {
            chars.text[chars.len] = g_utf8_get_char(at);
            len = (gsize)(g_utf8_next_char(at) - at);
        } else {
            g_autofree char *word = g_strndup(at, len);
            guint number = GPOINTER_TO_UINT(g_hash_table_lookup(words, word));
            if (number == 0) {
                number = g_hash_table_size(words) + 1;
                g_hash_table_insert(words, g_steal_pointer(&word), GUINT_TO_POINTER(number));
            }
            chars.text[chars.len] = WORDS + number;
        }
        chars.bytes[chars.len] = len;
        at += len;
    }
    return chars;
}

static void extend(GArray *spans, bool same, size_t a_len, size_t b_len)
{
    TkTextSpan *last = spans->len > 0 ? &g_array_index(spans, TkTextSpan, spans->len - 1) : NULL;
    if (last != NULL && last->same == same) {
        last->a_len += a_len;
        last->b_len += b_len;
        return;
    }
    TkTextSpan span = {same, 0, a_len, 0, b_len};
    if (last != NULL) {
        span.a_at = last->a_at + last->a_len;
        span.b_at = last->b_at + last->b_len;
    }
    g_array_append_val(spans, span);
}

GArray *tk_text_diff(const char *a, const char *b)
{
    g_autoptr(GHashTable) words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Chars x = take_apart(a, words), y = take_apart(b, words);
    G_GNUC_UNUSED g_autofree gunichar *x_text = x.text, *y_text = y.text;
    g_autofree gsize *x_bytes = x.bytes, *y_bytes = y.bytes;
    g_autofree bool *gone = g_new0(bool, (gsize)x.len + 1), *added = g_new0(bool, (gsize)y.len + 1);
    mark(&x, &y, gone, added);
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(TkTextSpan));
    for (glong i = 0, j = 0; i < x.len || j < y.len;) {
        if (i < x.len && gone[i]) {
            extend(spans, false, x_bytes[i++], 0);
        } else if (j < y.len && added[j]) {
            extend(spans, false, 0, y_bytes[j++]);
        } else {
            /* One character alone between two changes says nothing: it goes with them. */
            bool after_change = i > 0 && j > 0 && (gone[i - 1] || added[j - 1]);
            bool before_change = (i + 1 < x.len && gone[i + 1]) || (j + 1 < y.len && added[j + 1]);
            size_t len = x_bytes[i++];
            j++;
            extend(spans, !(after_change && before_change), len, len);
        }
    }
    return spans;
}
