/* Reads a topology from JSON Lines. Parsing and checking are apart: this file knows the fields of a line,
 * topology_build.c what a sound topology is. */
#include <errno.h>
#include <math.h>

#include "network/scan.h"
#include "network/topology.h"

#define USERS_FIELDS_MAX 64

typedef struct {
    GPtrArray *ids;    /* of one need: const char *, into texts */
    char *texts;       /* the texts of one line that were wanted, with their NULs */
    size_t texts_used; /* a line of n bytes has texts of at most n bytes, and fewer than n of them */
    char *scratch;     /* texts with escapes; a line's are shorter than the line */
    size_t room;       /* the longest line that both are made for */
} Reader;

/* What a line says apart from needs and users, which go to the builder after it. */
typedef struct {
    TkFacilityInput facility;
    TkScan needs, users; /* where their values begin; at == NULL: not given */
} Line;

enum {
    HAS_ID = 1,
    HAS_KIND = 2,
    HAS_NAME = 4,
    HAS_PREFECTURE = 8,
    HAS_LAT = 16,
    HAS_LON = 32,
    HAS_NEEDS = 64,
    HAS_USERS = 128
};

static const struct {
    const char *name;
    unsigned bit;
} fields[] = {{"id", HAS_ID},   {"kind", HAS_KIND}, {"name", HAS_NAME},   {"prefecture", HAS_PREFECTURE},
              {"lat", HAS_LAT}, {"lon", HAS_LON},   {"needs", HAS_NEEDS}, {"users", HAS_USERS}};

static unsigned field_bit(const char *key, size_t len)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (strlen(fields[i].name) == len && memcmp(fields[i].name, key, len) == 0)
            return fields[i].bit;
    return 0;
}

static const char *field_name(unsigned bit)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (fields[i].bit == bit)
            return fields[i].name;
    return "line";
}

/* A text of the line with a NUL behind it; lives until the next line. */
static bool take_text(Reader *r, TkScan *s, const char **out)
{
    const char *text;
    size_t len;
    if (!tk_scan_text(s, &text, &len))
        return false;
    char *copy = r->texts + r->texts_used; /* a line's texts are shorter than the line, plus a NUL each */
    memcpy(copy, text, len);
    copy[len] = '\0';
    r->texts_used += len + 1;
    *out = copy;
    return true;
}

static bool take_prefecture(TkScan *s, int *number)
{
    const char *text;
    size_t len;
    int64_t value;
    if (tk_scan_int(s, &value)) {
        *number = value >= 0 && value <= TK_PREFECTURES ? (int)value : -1;
        return true;
    }
    if (!tk_scan_text(s, &text, &len))
        return false;
    *number = len == 0 ? 0 : tk_prefecture_number(text, len);
    if (len > 0 && *number == 0)
        *number = -1; /* the builder counts it as elsewhere */
    return true;
}

static bool take_field(Reader *r, TkScan *s, unsigned bit, Line *line)
{
    if (bit & (HAS_NAME | HAS_PREFECTURE | HAS_LAT | HAS_LON) && tk_scan_null(s))
        return true;
    switch (bit) {
    case HAS_ID:
        return take_text(r, s, &line->facility.id);
    case HAS_KIND:
        return take_text(r, s, &line->facility.kind);
    case HAS_NAME:
        return take_text(r, s, &line->facility.name);
    case HAS_PREFECTURE:
        return take_prefecture(s, &line->facility.prefecture);
    case HAS_LAT:
        return tk_scan_double(s, &line->facility.lat);
    case HAS_LON:
        return tk_scan_double(s, &line->facility.lon);
    case HAS_NEEDS:
        line->needs = *s;
        return tk_scan_skip(s);
    case HAS_USERS:
        line->users = *s;
        return tk_scan_skip(s);
    default:
        return tk_scan_skip(s);
    }
}

static bool read_line(Reader *r, TkScan *s, Line *line, GError **error)
{
    const char *key;
    size_t len;
    unsigned seen = 0;
    if (!tk_scan_object(s))
        return tk_fail(error, TK_ERROR_INPUT, "the line %s", s->why);
    while (tk_scan_key(s, &key, &len)) {
        unsigned bit = field_bit(key, len);
        if (seen & bit)
            return tk_fail(error, TK_ERROR_INPUT, "%s: is given twice", field_name(bit));
        seen |= bit;
        if (!take_field(r, s, bit, line))
            return tk_fail(error, TK_ERROR_INPUT, "%s: %s", bit ? field_name(bit) : "a field", s->why);
        s->first = false;
    }
    if (s->why != NULL || !tk_scan_end(s))
        return tk_fail(error, TK_ERROR_INPUT, "the line %s", s->why);
    if (line->facility.id == NULL || line->facility.kind == NULL)
        return tk_fail(error, TK_ERROR_INPUT, "%s: is missing", line->facility.id == NULL ? "id" : "kind");
    return true;
}

/* The list of ids of one need. */
static bool read_of(Reader *r, TkScan *s, size_t *n)
{
    *n = 0;
    g_ptr_array_set_size(r->ids, 0);
    if (!tk_scan_array(s))
        return false;
    while (tk_scan_element(s)) {
        const char *id;
        if (*n == TK_NEED_MEMBERS_MAX) {
            s->why = "has too many members";
            return false;
        }
        if (!take_text(r, s, &id))
            return false;
        g_ptr_array_add(r->ids, (gpointer)id);
        (*n)++;
    }
    return s->why == NULL;
}

static bool read_need(Reader *r, TkTopologyBuilder *b, TkScan *s, uint64_t number, uint32_t at,
                      GError **error)
{
    const char *key, *field = "";
    size_t len, n = 0;
    int64_t at_least = 0;
    bool has_of = false, has_at_least = false, ok = tk_scan_object(s);
    while (ok && tk_scan_key(s, &key, &len)) {
        if (len == 2 && memcmp(key, "of", 2) == 0 && !has_of) {
            field = ".of";
            ok = has_of = read_of(r, s, &n);
        } else if (len == 8 && memcmp(key, "at_least", 8) == 0 && !has_at_least) {
            field = ".at_least";
            ok = has_at_least = tk_scan_int(s, &at_least);
        } else {
            s->why = "has a field given twice, or one that is neither of nor at_least";
            field = "";
            ok = false;
        }
        s->first = false;
    }
    if (!ok || s->why != NULL)
        return tk_fail(error, TK_ERROR_INPUT, "line %" G_GUINT64_FORMAT ", needs[%u]%s: %s", number, at,
                       field, s->why);
    if (!has_of || !has_at_least)
        return tk_fail(error, TK_ERROR_INPUT, "line %" G_GUINT64_FORMAT ", needs[%u].%s: is missing", number,
                       at, has_of ? "at_least" : "of");
    return tk_topology_builder_need(b, (const char *const *)r->ids->pdata, n, at_least, error);
}

static bool read_needs(Reader *r, TkTopologyBuilder *b, TkScan *s, uint64_t number, GError **error)
{
    if (s->at == NULL || tk_scan_null(s))
        return true;
    bool ok = tk_scan_array(s);
    for (uint32_t at = 0; ok && tk_scan_element(s); at++) {
        if (!read_need(r, b, s, number, at, error))
            return false;
        s->first = false;
    }
    if (!ok || s->why != NULL)
        return tk_fail(error, TK_ERROR_INPUT, "line %" G_GUINT64_FORMAT ", needs: %s", number, s->why);
    return true;
}

static bool read_users(Reader *r, TkTopologyBuilder *b, TkScan *s, uint64_t number, GError **error)
{
    const char *key = "", *service = "";
    size_t len;
    int64_t users;
    if (s->at == NULL || tk_scan_null(s))
        return true;
    bool ok = tk_scan_object(s);
    for (int n = 0; ok && tk_scan_key(s, &key, &len); n++) {
        char *copy = r->texts + r->texts_used;
        memcpy(copy, key, len);
        copy[len] = '\0';
        r->texts_used += len + 1;
        service = copy;
        if (n == USERS_FIELDS_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "line %" G_GUINT64_FORMAT ", users: has too many fields",
                           number);
        ok = tk_scan_int(s, &users);
        if (ok && !tk_topology_builder_users(b, service, users, error))
            return false;
    }
    if (!ok || s->why != NULL)
        return tk_fail(error, TK_ERROR_INPUT, "line %" G_GUINT64_FORMAT ", users%s%s: %s", number,
                       service[0] ? "." : "", service, s->why);
    return true;
}

static void make_room(Reader *r, size_t len)
{
    r->texts_used = 0;
    if (len <= r->room)
        return;
    r->room = len + len / 2;
    r->texts = g_realloc(r->texts, r->room * 2 + 2);
    r->scratch = g_realloc(r->scratch, r->room);
}

static bool take_line(Reader *r, TkTopologyBuilder *b, const TkLine *line, GError **error)
{
    Line read = {.facility = {.lat = NAN, .lon = NAN}};
    make_room(r, line->len);
    TkScan s = tk_scan_over(line->text, line->len, r->scratch, r->room);
    if (!read_line(r, &s, &read, error)) {
        g_prefix_error(error, "line %" G_GUINT64_FORMAT ", ", line->number);
        return false;
    }
    /* the two scans begin behind the texts that the line has put in the scratch already */
    read.needs.scratch = read.users.scratch = s.scratch;
    read.needs.scratch_left = read.users.scratch_left = s.scratch_left;
    if (!tk_topology_builder_add(b, &read.facility, line->number, error))
        return false;
    return read_needs(r, b, &read.needs, line->number, error) &&
           read_users(r, b, &read.users, line->number, error);
}

static bool is_blank(const TkLine *line)
{
    for (size_t i = 0; i < line->len; i++)
        if (line->text[i] != ' ' && line->text[i] != '\t')
            return false;
    return true;
}

static bool read_all(Reader *r, TkTopologyBuilder *b, TkLines *lines, GError **error)
{
    TkLine line;
    for (;;) {
        switch (tk_lines_next(lines, &line)) {
        case TK_LINE_OK:
            if (!is_blank(&line) && !take_line(r, b, &line, error))
                return false;
            break;
        case TK_LINE_TOO_LONG:
            return tk_fail(error, TK_ERROR_LIMIT, "line %" G_GUINT64_FORMAT ": is longer than %u bytes",
                           line.number, TK_TOPOLOGY_LINE_MAX);
        case TK_LINE_BAD_UTF8:
            return tk_fail(error, TK_ERROR_INPUT, "line %" G_GUINT64_FORMAT ": is not valid UTF-8",
                           line.number);
        case TK_LINE_IO:
            return tk_fail(error, TK_ERROR_IO, "cannot be read: %s", g_strerror(errno));
        case TK_LINE_END:
            return true;
        }
    }
}

TkTopology *tk_topology_read(TkLines *lines, const char *name, const char *const *services, size_t n_services,
                             GError **error)
{
    Reader r = {.ids = g_ptr_array_new()};
    TkTopologyBuilder *b = tk_topology_builder_new(services, n_services);
    TkTopology *t = NULL;
    if (read_all(&r, b, lines, error))
        t = tk_topology_builder_finish(b, error);
    else
        tk_topology_builder_free(b);
    g_ptr_array_unref(r.ids);
    g_free(r.texts);
    g_free(r.scratch);
    if (t != NULL && tk_topology_size(t) == 0) {
        g_clear_pointer(&t, tk_topology_unref);
        tk_fail(error, TK_ERROR_INPUT, "there is no facility in it; give one a line");
    }
    if (t == NULL)
        g_prefix_error(error, "%s: ", name);
    return t;
}
