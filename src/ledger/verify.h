/* The offline verifier: an exported directory against the key that signed it, and nothing else.
 *
 * Every leaf is hashed, every tile of every level is recomputed from the leaves and compared byte for byte,
 * the root must be the one that was signed, and no file may be missing or be there besides. Where leaves and
 * tiles disagree, the signed root decides which of the two was altered. */
#ifndef TK_LEDGER_VERIFY_H
#define TK_LEDGER_VERIFY_H

#include "ledger/note.h"
#include "ledger/tiles.h"

typedef enum {
    TK_FINDING_ALTERED,
    TK_FINDING_MISSING,
    TK_FINDING_ADDED,
    TK_FINDING_UNSIGNED, /* the checkpoint or its keys do not hold */
} TkFindingKind;

#define TK_FINDINGS_MAX 100
#define TK_ENTRY_NONE   UINT64_MAX

typedef struct {
    TkFindingKind kind;
    char path[256];
    uint64_t entry; /* the first leaf concerned, or TK_ENTRY_NONE */
    char *text;     /* a sentence, owned by the report */
} TkFinding;

typedef struct {
    char *origin;
    uint64_t size;
    TkHash root;
    TkKey key;               /* the key that signed */
    uint64_t entries, files; /* what was read */
    uint64_t faults;         /* how many; only the first TK_FINDINGS_MAX are kept */
    size_t count;
    TkFinding finding[TK_FINDINGS_MAX];
} TkLedgerReport;

void tk_ledger_report_clear(TkLedgerReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TkLedgerReport, tk_ledger_report_clear)

/* How the verifier gets at the directory. */
typedef struct {
    /* The whole of the file, at most `max` bytes: *data is valid until the next call. TK_ERROR_NOT_FOUND when
     * there is none, TK_ERROR_LIMIT when it is longer, TK_ERROR_IO when it cannot be read. */
    bool (*read)(void *user, const char *path, size_t max, const uint8_t **data, size_t *len, GError **error);
    const char *const *names; /* every file below the directory, NULL-terminated, any order; borrowed */
    void *user;               /* borrowed */
} TkLedgerReader;

/* True when everything holds. False with report->count ≥ 1 when something does not (each finding says what),
 * and *error (TK_ERROR_REFUSED) saying the first; false with another code when the directory cannot be judged
 * (TK_ERROR_IO). `keys` NULL trusts the directory's own key.pub. `report` starts zeroed. */
bool tk_ledger_verify(const TkLedgerReader *reader, const TkKeys *keys, TkLedgerReport *report,
                      GError **error);

#endif
