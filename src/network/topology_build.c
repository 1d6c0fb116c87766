/* Builds a topology: takes facilities in any order, then checks the whole (every id defined, no cycle) and
 * lays it out breadth first. A reference to an id that is not defined yet only remembers the id; so memory
 * while building is about twice that of the result, and a file may name dependents before their needs. */
#include <math.h>

#include "network/topology.h"

typedef struct {
    uint32_t id_at, line;
    uint32_t record; /* TK_NO_FACILITY: named by a need, not defined yet */
} Name;

typedef struct {
    uint32_t name, text_at, need_begin, user_begin;
    float lat, lon;
    uint16_t kind;
    uint8_t prefecture;
} Record;

typedef struct {
    uint32_t member_begin, owner;
    uint32_t at_least;
} Need;

typedef struct {
    uint32_t service, users;
} Users;

struct TkTopologyBuilder {
    GByteArray *text;
    GArray *names, *records, *needs, *members, *users;
    GArray *seen; /* by name: the need that named it last, +1 */
    uint64_t *index;
    uint32_t index_mask;
    uint32_t kinds[TK_KINDS_MAX], n_kinds;
    char *services[TK_SERVICES_MAX];
    uint32_t n_services;
    bool services_fixed;
    uint64_t line;
    uint32_t unplaced;
};

#define NAME(b, i)   g_array_index((b)->names, Name, i)
#define RECORD(b, i) g_array_index((b)->records, Record, i)
#define NEED(b, i)   g_array_index((b)->needs, Need, i)
#define MEMBER(b, i) g_array_index((b)->members, uint32_t, i)

TkTopologyBuilder *tk_topology_builder_new(const char *const *services, size_t n_services)
{
    TkTopologyBuilder *b = g_new0(TkTopologyBuilder, 1);
    b->text = g_byte_array_new();
    g_byte_array_append(b->text, (const guint8 *)"", 1);
    b->names = g_array_new(FALSE, FALSE, sizeof(Name));
    b->records = g_array_new(FALSE, FALSE, sizeof(Record));
    b->needs = g_array_new(FALSE, FALSE, sizeof(Need));
    b->members = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    b->users = g_array_new(FALSE, FALSE, sizeof(Users));
    b->seen = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    b->index_mask = 1023;
    b->index = g_new(uint64_t, b->index_mask + 1);
    memset(b->index, 0xff, (b->index_mask + 1) * sizeof *b->index);
    b->services_fixed = services != NULL;
    for (size_t i = 0; services != NULL && i < n_services && i < TK_SERVICES_MAX; i++)
        b->services[b->n_services++] = g_strdup(services[i]);
    return b;
}

void tk_topology_builder_free(TkTopologyBuilder *b)
{
    if (b == NULL)
        return;
    g_byte_array_unref(b->text);
    g_array_unref(b->names);
    g_array_unref(b->records);
    g_array_unref(b->needs);
    g_array_unref(b->members);
    g_array_unref(b->users);
    g_array_unref(b->seen);
    g_free(b->index);
    for (uint32_t i = 0; i < b->n_services; i++)
        g_free(b->services[i]);
    g_free(b);
}

/* "line 3, " where the line is known. */
static const char *where(uint64_t line, char out[32])
{
    if (line == 0)
        out[0] = '\0';
    else
        g_snprintf(out, 32, "line %" G_GUINT64_FORMAT ", ", line);
    return out;
}

static uint32_t keep_text(TkTopologyBuilder *b, const char *text, size_t len)
{
    uint32_t at = b->text->len;
    g_byte_array_append(b->text, (const guint8 *)text, (guint)len);
    g_byte_array_append(b->text, (const guint8 *)"", 1);
    return at;
}

static const char *text_at(const TkTopologyBuilder *b, uint32_t at)
{
    return (const char *)b->text->data + at;
}

static void grow_index(TkTopologyBuilder *b)
{
    uint32_t mask = b->index_mask * 2 + 1;
    uint64_t *index = g_new(uint64_t, (size_t)mask + 1);
    memset(index, 0xff, ((size_t)mask + 1) * sizeof *index);
    for (uint32_t i = 0; i <= b->index_mask; i++) {
        if (b->index[i] == UINT64_MAX)
            continue;
        uint32_t slot = (uint32_t)(b->index[i] >> 32) & mask;
        while (index[slot] != UINT64_MAX)
            slot = (slot + 1) & mask;
        index[slot] = b->index[i];
    }
    g_free(b->index);
    b->index = index;
    b->index_mask = mask;
}

/* The number of an id, new or known. */
static uint32_t intern(TkTopologyBuilder *b, const char *id, size_t len)
{
    uint32_t hash = tk_text_hash(id, len, 0), slot = hash & b->index_mask;
    for (; b->index[slot] != UINT64_MAX; slot = (slot + 1) & b->index_mask) {
        if ((uint32_t)(b->index[slot] >> 32) != hash)
            continue;
        const char *known = text_at(b, NAME(b, (uint32_t)b->index[slot]).id_at);
        if (strncmp(known, id, len) == 0 && known[len] == '\0')
            return (uint32_t)b->index[slot];
    }
    Name name = {.id_at = keep_text(b, id, len), .line = (uint32_t)b->line, .record = TK_NO_FACILITY};
    b->index[slot] = (uint64_t)hash << 32 | b->names->len;
    g_array_append_val(b->names, name);
    if (b->names->len > b->index_mask / 4 * 3)
        grow_index(b);
    return b->names->len - 1;
}

static bool text_fits(const TkTopologyBuilder *b, const char *field, const char *text, GError **error)
{
    char w[32];
    size_t len = strlen(text);
    if (len == 0)
        return tk_fail(error, TK_ERROR_INPUT, "%s%s: is empty; give a text of 1 to %u bytes",
                       where(b->line, w), field, TK_NETWORK_TEXT_MAX);
    if (len > TK_NETWORK_TEXT_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%s%s: has %zu bytes; at most %u are taken", where(b->line, w),
                       field, len, TK_NETWORK_TEXT_MAX);
    return true;
}

static bool find_kind(TkTopologyBuilder *b, const char *kind, uint16_t *number, GError **error)
{
    char w[32];
    for (uint32_t i = b->n_kinds; i-- > 0;) {
        if (strcmp(text_at(b, b->kinds[i]), kind) == 0) {
            *number = (uint16_t)i;
            return true;
        }
    }
    if (b->n_kinds == TK_KINDS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%skind: more than %u different kinds; use fewer",
                       where(b->line, w), TK_KINDS_MAX);
    *number = (uint16_t)b->n_kinds;
    b->kinds[b->n_kinds++] = keep_text(b, kind, strlen(kind));
    return true;
}

static bool place_is_sound(const TkTopologyBuilder *b, const TkFacilityInput *f, GError **error)
{
    char w[32];
    if (isnan(f->lat) != isnan(f->lon))
        return tk_fail(error, TK_ERROR_INPUT, "%s%s: is missing; give lat and lon both or neither",
                       where(b->line, w), isnan(f->lat) ? "lat" : "lon");
    if (!isnan(f->lat) && (f->lat < -90 || f->lat > 90))
        return tk_fail(error, TK_ERROR_INPUT, "%slat: %g is not between -90 and 90", where(b->line, w),
                       f->lat);
    if (!isnan(f->lon) && (f->lon < -180 || f->lon > 180))
        return tk_fail(error, TK_ERROR_INPUT, "%slon: %g is not between -180 and 180", where(b->line, w),
                       f->lon);
    return true;
}

bool tk_topology_builder_add(TkTopologyBuilder *b, const TkFacilityInput *f, uint64_t line, GError **error)
{
    char w[32];
    b->line = line;
    if (!text_fits(b, "id", f->id, error) || !text_fits(b, "kind", f->kind, error) ||
        (f->name != NULL && f->name[0] != '\0' && !text_fits(b, "name", f->name, error)) ||
        !place_is_sound(b, f, error))
        return false;
    if (b->records->len == TK_FACILITIES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%sid: more than %u facilities", where(line, w),
                       TK_FACILITIES_MAX);
    uint32_t name = intern(b, f->id, strlen(f->id));
    if (NAME(b, name).record != TK_NO_FACILITY)
        return tk_fail(error, TK_ERROR_INPUT, "%sid: “%s” is defined a second time; line %u has it first",
                       where(line, w), f->id, NAME(b, name).line);
    Record record = {.name = name,
                     .need_begin = b->needs->len,
                     .user_begin = b->users->len,
                     .lat = (float)f->lat,
                     .lon = (float)f->lon,
                     .prefecture = (uint8_t)f->prefecture};
    if (f->prefecture < 0 || f->prefecture > TK_PREFECTURES) {
        record.prefecture = 0;
        b->unplaced++;
    }
    if (!find_kind(b, f->kind, &record.kind, error))
        return false;
    if (f->name != NULL && f->name[0] != '\0')
        record.text_at = keep_text(b, f->name, strlen(f->name));
    NAME(b, name).record = b->records->len;
    NAME(b, name).line = (uint32_t)line;
    g_array_append_val(b->records, record);
    return true;
}

bool tk_topology_builder_need(TkTopologyBuilder *b, const char *const *ids, size_t n, int64_t at_least,
                              GError **error)
{
    char w[32];
    g_assert(b->records->len > 0);
    uint32_t owner = b->records->len - 1, at = b->needs->len - RECORD(b, owner).need_begin;
    where(b->line, w);
    if (at == TK_NEEDS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%sneeds: more than %u", w, TK_NEEDS_MAX);
    if (n > TK_NEED_MEMBERS_MAX || b->members->len + n > TK_EDGES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "%sneeds[%u].of: at most %u members of one need and %u of all",
                       w, at, TK_NEED_MEMBERS_MAX, TK_EDGES_MAX);
    if (at_least < 1 || at_least > (int64_t)n)
        return tk_fail(error, TK_ERROR_INPUT,
                       "%sneeds[%u].at_least: %" G_GINT64_FORMAT
                       " is not between 1 and the number of its members, %zu",
                       w, at, at_least, n);
    Need need = {.member_begin = b->members->len, .owner = owner, .at_least = (uint32_t)at_least};
    for (size_t i = 0; i < n; i++) {
        char field[48];
        g_snprintf(field, sizeof field, "needs[%u].of[%zu]", at, i);
        if (!text_fits(b, field, ids[i], error))
            return false;
        uint32_t name = intern(b, ids[i], strlen(ids[i]));
        if (name >= TK_FACILITIES_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "%s%s: more than %u different ids", w, field,
                           TK_FACILITIES_MAX);
        if (b->seen->len <= name)
            g_array_set_size(b->seen, MAX(name + 1, b->names->len));
        if (g_array_index(b->seen, uint32_t, name) == b->needs->len + 1)
            return tk_fail(error, TK_ERROR_INPUT, "%s%s: “%s” is named twice in one need", w, field, ids[i]);
        g_array_index(b->seen, uint32_t, name) = b->needs->len + 1;
        g_array_append_val(b->members, name);
    }
    g_array_append_val(b->needs, need);
    return true;
}

bool tk_topology_builder_users(TkTopologyBuilder *b, const char *service, int64_t users, GError **error)
{
    char w[32];
    g_assert(b->records->len > 0);
    where(b->line, w);
    if (users < 0 || users > TK_FACILITY_USERS_MAX)
        return tk_fail(error, TK_ERROR_INPUT,
                       "%susers.%s: %" G_GINT64_FORMAT " is not between 0 and %" G_GINT64_FORMAT, w, service,
                       users, TK_FACILITY_USERS_MAX);
    uint32_t s = 0;
    while (s < b->n_services && strcmp(b->services[s], service) != 0)
        s++;
    if (s == b->n_services) {
        if (b->services_fixed)
            return tk_fail(error, TK_ERROR_INPUT, "%susers.%s: there is no such service", w, service);
        if (!text_fits(b, "users", service, error))
            return false;
        if (s == TK_SERVICES_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "%susers.%s: more than %d services", w, service,
                           TK_SERVICES_MAX);
        b->services[b->n_services++] = g_strdup(service);
    }
    for (uint32_t i = RECORD(b, b->records->len - 1).user_begin; i < b->users->len; i++)
        if (g_array_index(b->users, Users, i).service == s)
            return tk_fail(error, TK_ERROR_INPUT, "%susers.%s: is given twice", w, service);
    Users entry = {.service = s, .users = (uint32_t)users};
    if (users > 0)
        g_array_append_val(b->users, entry);
    return true;
}

/* ---- Finishing ------------------------------------------------------------------------------------ */

static uint32_t need_end(const TkTopologyBuilder *b, uint32_t record)
{
    return record + 1 < b->records->len ? RECORD(b, record + 1).need_begin : b->needs->len;
}

static uint32_t member_end(const TkTopologyBuilder *b, uint32_t need)
{
    return need + 1 < b->needs->len ? NEED(b, need + 1).member_begin : b->members->len;
}

/* Members from names to records. */
static bool resolve(TkTopologyBuilder *b, GError **error)
{
    char w[32];
    for (uint32_t i = 0; i < b->names->len; i++)
        if (NAME(b, i).record == TK_NO_FACILITY)
            return tk_fail(error, TK_ERROR_INPUT,
                           "%sneeds: “%s” is not the id of any facility; define it or correct the need",
                           where(NAME(b, i).line, w), text_at(b, NAME(b, i).id_at));
    for (uint32_t i = 0; i < b->members->len; i++)
        MEMBER(b, i) = NAME(b, MEMBER(b, i)).record;
    return true;
}

static const char *record_id(const TkTopologyBuilder *b, uint32_t record)
{
    return text_at(b, NAME(b, RECORD(b, record).name).id_at);
}

/* Some member of `record` that is not placed. */
static uint32_t unplaced_member(const TkTopologyBuilder *b, const uint32_t *place, uint32_t record)
{
    for (uint32_t q = RECORD(b, record).need_begin; q < need_end(b, record); q++)
        for (uint32_t e = NEED(b, q).member_begin; e < member_end(b, q); e++)
            if (place[MEMBER(b, e)] == TK_NO_FACILITY)
                return MEMBER(b, e);
    g_assert_not_reached();
}

/* Whoever could not be placed has a need that could not be placed; following such needs must come back to
 * where it has been, and from there on it is a cycle. */
static bool tell_cycle(const TkTopologyBuilder *b, const uint32_t *place, GError **error)
{
    enum { TOLD_MAX = 24 };
    g_autofree uint32_t *step = g_new0(uint32_t, b->records->len);
    g_autoptr(GString) path = g_string_new(NULL);
    uint32_t at = 0, n = 0;
    char w[32];
    while (place[at] != TK_NO_FACILITY)
        at++;
    for (; step[at] == 0; at = unplaced_member(b, place, at))
        step[at] = ++n;
    uint32_t begin = at, told = 0;
    do {
        if (told++ == TOLD_MAX)
            g_string_append(path, "… → ");
        else if (told < TOLD_MAX)
            g_string_append_printf(path, "%s → ", record_id(b, at));
        at = unplaced_member(b, place, at);
    } while (at != begin);
    return tk_fail(error, TK_ERROR_INPUT, "%sneeds: facilities need one another in a circle: %s%s",
                   where(NAME(b, RECORD(b, begin).name).line, w), path->str, record_id(b, begin));
}

/* Which records name each record: at[r] … at[r+1] in `list`. */
static void find_dependents(const TkTopologyBuilder *b, uint32_t *at, uint32_t *list)
{
    uint32_t n = b->records->len;
    for (uint32_t e = 0; e < b->members->len; e++)
        at[MEMBER(b, e) + 1]++;
    for (uint32_t i = 0; i < n; i++)
        at[i + 1] += at[i];
    g_autofree uint32_t *fill = g_memdup2(at, n * sizeof *at);
    for (uint32_t q = 0; q < b->needs->len; q++)
        for (uint32_t e = NEED(b, q).member_begin; e < member_end(b, q); e++)
            list[fill[MEMBER(b, e)]++] = NEED(b, q).owner;
}

/* Breadth first from what needs nothing: order[i] is the record at place i. */
static bool put_in_order(const TkTopologyBuilder *b, uint32_t *order, uint32_t *place, GError **error)
{
    uint32_t n = b->records->len, head = 0, tail = 0;
    g_autofree uint32_t *waits = g_new0(uint32_t, n + 1);
    g_autofree uint32_t *at = g_new0(uint32_t, (size_t)n + 1);
    g_autofree uint32_t *list = g_new(uint32_t, (size_t)b->members->len + 1);
    find_dependents(b, at, list);
    for (uint32_t r = 0; r < n; r++) {
        uint32_t q = RECORD(b, r).need_begin, end = need_end(b, r);
        waits[r] = q == end ? 0 : member_end(b, end - 1) - NEED(b, q).member_begin;
        place[r] = TK_NO_FACILITY;
        if (waits[r] == 0)
            order[tail++] = r;
    }
    for (; head < tail; head++) {
        place[order[head]] = head;
        for (uint32_t e = at[order[head]]; e < at[order[head] + 1]; e++)
            if (--waits[list[e]] == 0)
                order[tail++] = list[e];
    }
    return tail == n || tell_cycle(b, place, error);
}

static void *take_bytes(TkTopology *t, size_t n, size_t size)
{
    t->bytes += n * size;
    return g_malloc0_n(n + 1, size);
}

/* Services that nobody uses are left out. */
static void lay_services(const TkTopologyBuilder *b, TkTopology *t, uint32_t number[TK_SERVICES_MAX])
{
    bool used[TK_SERVICES_MAX] = {false};
    for (uint32_t i = 0; i < b->users->len; i++)
        used[g_array_index(b->users, Users, i).service] = true;
    for (uint32_t s = 0; s < b->n_services; s++)
        if (used[s])
            number[s] = t->n_services++;
    t->stride = MAX(4, (t->n_services + 3) & ~3u);
    t->width = TK_ROW_USERS + t->stride;
}

static void lay_facilities(const TkTopologyBuilder *b, TkTopology *t, const uint32_t *order,
                           const uint32_t *service_number)
{
    t->id_at = take_bytes(t, t->n, sizeof *t->id_at);
    t->name_at = take_bytes(t, t->n, sizeof *t->name_at);
    t->kind = take_bytes(t, t->n, sizeof *t->kind);
    t->lat = take_bytes(t, t->n, sizeof *t->lat);
    t->lon = take_bytes(t, t->n, sizeof *t->lon);
    t->rows = take_bytes(t, ((size_t)t->n + 1) * t->width, sizeof *t->rows);
    for (uint32_t f = 0; f < t->n; f++) {
        const Record *r = &RECORD(b, order[f]);
        uint32_t end = order[f] + 1 < t->n ? RECORD(b, order[f] + 1).user_begin : b->users->len;
        t->id_at[f] = NAME(b, r->name).id_at;
        t->name_at[f] = r->text_at;
        t->kind[f] = r->kind;
        t->lat[f] = r->lat;
        t->lon[f] = r->lon;
        uint32_t *row = t->rows + (size_t)f * t->width;
        row[TK_ROW_PLACE] = r->prefecture | (end > r->user_begin ? TK_PLACE_USERS : 0u);
        for (uint32_t u = r->user_begin; u < end; u++) {
            const Users *entry = &g_array_index(b->users, Users, u);
            uint32_t s = service_number[entry->service];
            row[TK_ROW_USERS + s] = entry->users;
            t->users_in[r->prefecture][s] += entry->users;
        }
    }
}

/* The ends of rows hold how many there are; they become where to put the next one, and so end at the end. */
static void lay_dependents(TkTopology *t)
{
    uint32_t at = 0;
    for (uint32_t f = 0; f < t->n; f++) {
        uint32_t *row = t->rows + (size_t)f * t->width, count = row[TK_ROW_DEPENDENTS_END];
        row[TK_ROW_DEPENDENTS] = row[TK_ROW_DEPENDENTS_END] = at;
        at += count;
    }
    for (uint32_t q = 0; q < t->n_needs; q++)
        for (uint32_t e = t->member_at[q]; e < t->member_at[q + 1]; e++)
            t->dependents[t->rows[(size_t)t->members[e] * t->width + TK_ROW_DEPENDENTS_END]++] = q;
}

static void lay_needs(const TkTopologyBuilder *b, TkTopology *t, const uint32_t *order, const uint32_t *place)
{
    uint32_t q = 0, e = 0;
    t->n_needs = b->needs->len;
    t->owner = take_bytes(t, t->n_needs, sizeof *t->owner);
    t->slack = take_bytes(t, t->n_needs, sizeof *t->slack);
    t->member_at = take_bytes(t, t->n_needs + 1, sizeof *t->member_at);
    t->members = take_bytes(t, b->members->len, sizeof *t->members);
    t->dependents = take_bytes(t, b->members->len, sizeof *t->dependents);
    for (uint32_t f = 0; f < t->n; f++) {
        t->rows[(size_t)f * t->width + TK_ROW_NEEDS] = q;
        for (uint32_t old = RECORD(b, order[f]).need_begin; old < need_end(b, order[f]); old++, q++) {
            uint32_t begin = NEED(b, old).member_begin, end = member_end(b, old);
            t->owner[q] = f;
            t->slack[q] = (uint16_t)(end - begin - NEED(b, old).at_least);
            t->member_at[q] = e;
            for (uint32_t i = begin; i < end; i++, e++) {
                t->members[e] = place[MEMBER(b, i)];
                t->rows[(size_t)t->members[e] * t->width + TK_ROW_DEPENDENTS_END]++;
            }
        }
    }
    t->rows[(size_t)t->n * t->width + TK_ROW_NEEDS] = q;
    t->member_at[q] = e;
    lay_dependents(t);
}

static void lay_blocks(TkTopology *t)
{
    uint32_t blocks = t->n / TK_BLOCK;
    t->block_users = take_bytes(t, (size_t)blocks * t->stride, sizeof *t->block_users);
    t->block_place = take_bytes(t, blocks, sizeof *t->block_place);
    for (uint32_t f = 0; f < t->n; f++) {
        const uint32_t *row = tk_row(t, f);
        uint32_t block = f / TK_BLOCK, place = row[TK_ROW_PLACE] & TK_PLACE_MASK;
        if (row[TK_ROW_DEPENDENTS] < row[TK_ROW_DEPENDENTS_END])
            t->feeders = f + 1;
        if (block == blocks)
            continue;
        if (f % TK_BLOCK == 0)
            t->block_place[block] = (uint8_t)place;
        else if (t->block_place[block] != place)
            t->block_place[block] = TK_PLACES_MIXED;
        for (uint32_t s = 0; s < t->stride; s++)
            t->block_users[(size_t)block * t->stride + s] += row[TK_ROW_USERS + s];
    }
}

/* Text and index are handed over; facilities in the index are numbered anew. */
static void hand_over_texts(TkTopologyBuilder *b, TkTopology *t, const uint32_t *place)
{
    for (uint32_t s = 0, n = 0; s < b->n_services && n < t->n_services; s++) {
        bool used = false;
        for (uint32_t i = 0; i < b->users->len && !used; i++)
            used = g_array_index(b->users, Users, i).service == s;
        if (used)
            t->service_at[n++] = keep_text(b, b->services[s], strlen(b->services[s]));
    }
    t->n_kinds = b->n_kinds;
    memcpy(t->kind_at, b->kinds, sizeof t->kind_at);
    for (uint32_t i = 0; i <= b->index_mask; i++)
        if (b->index[i] != UINT64_MAX)
            b->index[i] =
                (b->index[i] & ~(uint64_t)UINT32_MAX) | place[NAME(b, (uint32_t)b->index[i]).record];
    t->index = g_steal_pointer(&b->index);
    t->index_mask = b->index_mask;
    t->bytes += b->text->len + ((size_t)t->index_mask + 1) * sizeof *t->index;
    size_t len = b->text->len;
    t->text = g_realloc(g_byte_array_free(g_steal_pointer(&b->text), FALSE), len);
    b->text = g_byte_array_new();
}

TkTopology *tk_topology_builder_finish(TkTopologyBuilder *builder, GError **error)
{
    g_autoptr(TkTopologyBuilder) b = builder;
    g_autofree uint32_t *order = g_new(uint32_t, (size_t)b->records->len + 1);
    g_autofree uint32_t *place = g_new(uint32_t, (size_t)b->records->len + 1);
    uint32_t service_number[TK_SERVICES_MAX] = {0};
    if (!resolve(b, error) || !put_in_order(b, order, place, error))
        return NULL;
    TkTopology *t = g_new0(TkTopology, 1);
    g_atomic_ref_count_init(&t->refs);
    t->bytes = sizeof *t;
    t->n = b->records->len;
    t->unplaced = b->unplaced;
    lay_services(b, t, service_number);
    lay_facilities(b, t, order, service_number);
    lay_needs(b, t, order, place);
    lay_blocks(t);
    hand_over_texts(b, t, place);
    return t;
}
