/* What the store asks of a database: one connection, statements with values bound to $1, $2 …, transactions.
 *
 * SQL texts are literals of ours, written so that SQLite and PostgreSQL both understand them; parameters
 * first appear in ascending order, so that SQLite, which numbers them by appearance, agrees with PostgreSQL.
 * Values never become SQL text. A connection belongs to one thread at a time. */
#ifndef TK_STORE_DB_H
#define TK_STORE_DB_H

#include "base/base.h"

#define TK_DB_VALUES_MAX 24

typedef enum { TK_DB_NULL, TK_DB_INT, TK_DB_REAL, TK_DB_TEXT, TK_DB_BLOB } TkDbType;

typedef struct {
    TkDbType type;
    int64_t i;
    double d;
    const void *data; /* text (NUL-terminated when read) or bytes; borrowed */
    size_t len;
} TkDbValue;

static inline TkDbValue tk_db_null(void)
{
    return (TkDbValue){.type = TK_DB_NULL};
}
static inline TkDbValue tk_db_int(int64_t i)
{
    return (TkDbValue){.type = TK_DB_INT, .i = i};
}
static inline TkDbValue tk_db_real(double d)
{
    return (TkDbValue){.type = TK_DB_REAL, .d = d};
}
static inline TkDbValue tk_db_text(const char *text)
{
    return text == NULL ? tk_db_null() : (TkDbValue){.type = TK_DB_TEXT, .data = text, .len = strlen(text)};
}
static inline TkDbValue tk_db_text_len(const char *text, size_t len)
{
    return (TkDbValue){.type = TK_DB_TEXT, .data = text, .len = len};
}
static inline TkDbValue tk_db_blob(const void *data, size_t len)
{
    return (TkDbValue){.type = TK_DB_BLOB, .data = data, .len = len};
}

/* One row; values live during the call. False stops the reading without error. */
typedef bool (*TkDbRowFn)(const TkDbValue *values, size_t count, gpointer data);

typedef enum {
    TK_DB_READ,  /* a snapshot: everything read inside belongs to one moment */
    TK_DB_WRITE, /* alone among all writers of this store, in this process and others */
} TkDbMode;

typedef struct TkDb TkDb;

typedef struct {
    const char *name;
    bool is_postgres;
    void (*close)(TkDb *db);
    bool (*begin)(TkDb *db, TkDbMode mode, GError **error);
    /* *unknown (may be NULL): the connection broke while the answer was on its way, it may be kept or not. */
    bool (*commit)(TkDb *db, bool *unknown, GError **error);
    void (*rollback)(TkDb *db);
    /* Without values and rows; several statements in one text. */
    bool (*script)(TkDb *db, const char *sql, GError **error);
    /* A statement without rows. PostgreSQL may send it later; its failure shows at the next query or commit.
     */
    bool (*run)(TkDb *db, const char *sql, const TkDbValue *values, size_t count, GError **error);
    /* `keep`: the text is one of a fixed few and stays prepared. */
    bool (*query)(TkDb *db, const char *sql, const TkDbValue *values, size_t count, bool keep, TkDbRowFn each,
                  gpointer data, GError **error);
    /* Overwrites what was deleted, as far as no reader still needs it. Outside of transactions. */
    void (*scrub)(TkDb *db);
} TkDbEngine;

struct TkDb {
    const TkDbEngine *engine;
};

/* `readonly` opens what exists. SQLite: `path` of the file; it is made when missing and not readonly. */
TkDb *tk_sqlite_open(const char *path, bool readonly, GError **error);
TkDb *tk_postgres_open(const char *url, bool readonly, GError **error);

static inline void tk_db_close(TkDb *db)
{
    if (db != NULL)
        db->engine->close(db);
}

#define tk_db_run(db, sql, error, ...)                                                                       \
    (db)->engine->run((db), (sql), (const TkDbValue[]){__VA_ARGS__},                                         \
                      sizeof((const TkDbValue[]){__VA_ARGS__}) / sizeof(TkDbValue), (error))
#define tk_db_query(db, sql, each, data, error, ...)                                                         \
    (db)->engine->query((db), (sql), (const TkDbValue[]){__VA_ARGS__},                                       \
                        sizeof((const TkDbValue[]){__VA_ARGS__}) / sizeof(TkDbValue), true, (each), (data),  \
                        (error))

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TkDb, tk_db_close)

#endif
