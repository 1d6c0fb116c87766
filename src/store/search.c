/* Full-text search. A searchable record has one row with all its texts, folded (NFKC, case), so that ＡＢＣ,
 * abc and Abc are one, and half-width カナ is full-width. Three characters or more go through the trigram
 * index of the engine; two are looked for in the rows themselves. */
#include "store/internal.h"

#define CHARACTERS_MIN 2
#define CHARACTERS_MAX 100
#define TRIGRAM        3
#define ROWS_MAX       1000

static char *fold(const char *text)
{
    g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
    return normal != NULL ? g_utf8_casefold(normal, -1) : g_strdup("");
}

static void gather(const json_t *value, GString *all)
{
    const char *key;
    json_t *member;
    size_t i;
    if (all->len >= TK_STORE_SEARCH_MAX)
        return;
    if (json_is_string(value)) {
        g_string_append(all, json_string_value(value));
        g_string_append_c(all, '\n');
    } else if (json_is_object(value)) {
        json_object_foreach((json_t *)value, key, member) gather(member, all);
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, member) gather(member, all);
    }
}

char *tk_search_text(const json_t *document)
{
    g_autoptr(GString) all = g_string_new(NULL);
    gather(document, all);
    if (all->len > TK_STORE_SEARCH_MAX)
        g_string_truncate(
            all, (gsize)(g_utf8_find_prev_char(all->str, all->str + TK_STORE_SEARCH_MAX + 1) - all->str));
    return fold(all->str);
}

bool tk_search_write(TkDb *db, const char *kind, const char *id, const char *text, GError **error)
{
    return tk_db_run(db,
                     "INSERT INTO search (kind, id, text) VALUES ($1, $2, $3)"
                     " ON CONFLICT (kind, id) DO UPDATE SET text = excluded.text",
                     error, tk_db_text(kind), tk_db_text(id), tk_db_text(text));
}

bool tk_search_remove(TkDb *db, const char *kind, const char *id, GError **error)
{
    return tk_db_run(db, "DELETE FROM search WHERE kind = $1 AND id = $2", error, tk_db_text(kind),
                     tk_db_text(id));
}

/* For LIKE … ESCAPE '\'. */
static char *like_pattern(const char *text)
{
    GString *pattern = g_string_new("%");
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '%' || *c == '_' || *c == '\\')
            g_string_append_c(pattern, '\\');
        g_string_append_c(pattern, *c);
    }
    g_string_append_c(pattern, '%');
    return g_string_free(pattern, FALSE);
}

/* For FTS5 MATCH: one phrase, whatever it contains. */
static char *phrase(const char *text)
{
    GString *quoted = g_string_new(text);
    g_string_replace(quoted, "\"", "\"\"", 0);
    g_string_prepend_c(quoted, '"');
    g_string_append_c(quoted, '"');
    return g_string_free(quoted, FALSE);
}

/* The newest that match are found first; only they are read. */
#define FOUND                                                                                                \
    "SELECT " TK_RECORD_COLUMNS " FROM (SELECT r.leaf AS leaf FROM search s"                                 \
    " JOIN records r ON r.kind = s.kind AND r.id = s.id WHERE "
#define NEWEST                                                                                               \
    " AND (CAST($2 AS TEXT) IS NULL OR s.kind = $2) ORDER BY r.leaf DESC LIMIT $3) k"                        \
    " JOIN versions v ON v.leaf = k.leaf" TK_RECORD_PAYLOAD " ORDER BY v.leaf DESC"

static const char by_like[] = FOUND "s.text LIKE $1 ESCAPE '\\'" NEWEST;
static const char by_trigram[] =
    FOUND "s.n IN (SELECT rowid FROM search_trigrams WHERE search_trigrams MATCH $1)" NEWEST;

static bool ready(TkStore *store, GError **error)
{
    return store->health.schema >= 2 ||
           tk_fail(error, TK_ERROR_CONFLICT,
                   "search needs schema 2, and the store has %d; run `tokatsu migrate` to see why",
                   store->health.schema);
}

bool tk_store_search(TkStore *store, const char *kind, const char *text, uint32_t limit, TkRecordFn each,
                     gpointer data, GError **error)
{
    if (!tk_store_check_text("the text searched for", text, CHARACTERS_MAX * 4, error) ||
        (kind != NULL && !tk_store_check_kind(kind, error)) || !ready(store, error))
        return false;
    g_autofree char *folded = fold(text);
    glong characters = g_utf8_strlen(folded, -1);
    if (characters < CHARACTERS_MIN || characters > CHARACTERS_MAX)
        return tk_fail(error, TK_ERROR_INPUT, "a search takes %d to %d characters", CHARACTERS_MIN,
                       CHARACTERS_MAX);
    if (limit < 1 || limit > ROWS_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a search gives 1 to %d records", ROWS_MAX);
    TkDb *db = tk_store_reader(store, error);
    if (db == NULL)
        return false;
    bool trigram = !db->engine->is_postgres && characters >= TRIGRAM; /* PostgreSQL uses its index for LIKE */
    g_autofree char *wanted = trigram ? phrase(folded) : like_pattern(folded);
    TkReading reading = {.each = each, .data = data};
    bool done = tk_db_query(db, trigram ? by_trigram : by_like, tk_reading_take, &reading, error,
                            tk_db_text(wanted), tk_db_text(kind), tk_db_int(limit));
    tk_store_reader_done(store, db);
    return tk_reading_finish(&reading, done, error);
}

bool tk_store_searchable(TkStore *store, const char *kind, GError **error)
{
    return tk_store_check_kind(kind, error) && ready(store, error) &&
           tk_index_declare(store, kind, SEARCH_POINTER, error);
}
