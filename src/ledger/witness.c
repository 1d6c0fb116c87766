/* Witnessing. The decision is a function of the request and of what was cosigned last; that this is read,
 * decided and stored as one step is the caller's part, and what the protocol rests on. */
#include "ledger/ledger.h"
#include "ledger/note_private.h"

static const char text_plain[] = "text/plain; charset=utf-8";
static const char text_size[] = "text/x.tlog.size";

bool tk_add_checkpoint_read(const char *body, size_t len, TkAddCheckpoint *request, GError **error)
{
    *request = (TkAddCheckpoint){0};
    if (len > TK_WITNESS_REQUEST_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a request of %zu bytes; %d are allowed", len,
                       (int)TK_WITNESS_REQUEST_MAX);
    const char *end = memchr(body, '\n', len);
    static const char old[] = "old ";
    if (end == NULL || len < strlen(old) || memcmp(body, old, strlen(old)) != 0 ||
        !tk_size_read(body + strlen(old), (size_t)(end - body) - strlen(old), &request->old_size))
        return tk_fail(error, TK_ERROR_INPUT, "line 1 is not “old SIZE”");
    for (size_t line = 2;; line++) {
        const char *begin = end + 1;
        size_t left = len - (size_t)(begin - body);
        end = memchr(begin, '\n', left);
        if (end == NULL)
            return tk_fail(error, TK_ERROR_INPUT, "the proof is not ended by an empty line");
        if (end == begin)
            break;
        if (request->count == TK_WITNESS_PROOF_MAX)
            return tk_fail(error, TK_ERROR_LIMIT, "more than %d proof lines", TK_WITNESS_PROOF_MAX);
        if (!tk_hash_read_base64(begin, (size_t)(end - begin), &request->proof[request->count++]))
            return tk_fail(error, TK_ERROR_INPUT, "line %zu is not the base64 of a hash", line);
    }
    request->checkpoint = end + 1;
    request->checkpoint_len = len - (size_t)(end + 1 - body);
    return true;
}

bool tk_add_checkpoint_write(const TkAddCheckpoint *request, TkBuf *out, GError **error)
{
    if (request->count > TK_WITNESS_PROOF_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a proof of %zu hashes; %d are allowed", request->count,
                       TK_WITNESS_PROOF_MAX);
    char hash[TK_HASH_BASE64_MAX];
    tk_buf_addf(out, "old %" G_GUINT64_FORMAT "\n", request->old_size);
    for (size_t i = 0; i < request->count; i++)
        tk_buf_addf(out, "%s\n", tk_hash_base64(&request->proof[i], hash));
    tk_buf_add_char(out, '\n');
    tk_buf_add(out, request->checkpoint, request->checkpoint_len);
    return !out->overflow || tk_fail(error, TK_ERROR_LIMIT, "the request does not fit %zu bytes", out->max);
}

static bool say(TkWitnessAnswer *answer, unsigned status, TkBuf *out, const char *text)
{
    answer->status = status;
    answer->content_type = text_plain;
    tk_buf_addf(out, "%s\n", text);
    return true;
}

static bool say_conflict(TkWitnessAnswer *answer, uint64_t size, TkBuf *out)
{
    answer->status = 409;
    answer->content_type = text_size;
    tk_buf_addf(out, "%" G_GUINT64_FORMAT "\n", size);
    return true;
}

/* Whether the new checkpoint continues the last; the sizes are in order. */
static bool continues(TkHasher *hasher, const TkAddCheckpoint *request, const TkCheckpoint *checkpoint,
                      const TkWitnessed *last, GError **error)
{
    if (request->old_size == 0) {
        if (request->count > 0)
            return tk_fail(error, TK_ERROR_REFUSED, "a proof from size 0 must be empty");
        TkHash empty;
        tk_hash_bytes(hasher, NULL, 0, &empty);
        return checkpoint->size > 0 || tk_hash_equal(&checkpoint->root, &empty) ||
               tk_fail(error, TK_ERROR_REFUSED, "an empty log has the empty root");
    }
    return tk_check_consistency(hasher, request->old_size, checkpoint->size, request->proof, request->count,
                                &last->root, &checkpoint->root, error);
}

/* Whether the note's text names the log we know; -1 when it cannot be read. */
static int origin_known(const TkAddCheckpoint *request, const char *origin, TkCheckpoint *checkpoint,
                        GError **error)
{
    g_autoptr(TkNote) note = tk_note_read(request->checkpoint, request->checkpoint_len, error);
    if (note == NULL || !tk_checkpoint_read_text(note->text, note->text_len, checkpoint, error))
        return -1;
    return strcmp(checkpoint->origin, origin) == 0;
}

/* Appends our cosignature on the request's checkpoint. */
static bool cosign(const TkSigner *witness, const TkAddCheckpoint *request, int64_t now_s, TkBuf *out,
                   GError **error)
{
    g_autoptr(TkNote) note = tk_note_read(request->checkpoint, request->checkpoint_len, error);
    return note != NULL && tk_note_sign(witness, note->text, note->text_len, now_s, out, error);
}

bool tk_witness_answer(TkHasher *hasher, const char *origin, const TkKeys *keys, const TkSigner *witness,
                       int64_t now_s, const char *body, size_t len, TkWitnessed *last,
                       TkWitnessAnswer *answer, TkBuf *out, GError **error)
{
    *answer = (TkWitnessAnswer){0};
    g_autoptr(GError) why = NULL;
    g_auto(TkCheckpoint) seen = {0}, checkpoint = {0};
    TkAddCheckpoint request;
    if (!tk_add_checkpoint_read(body, len, &request, &why))
        return say(answer, 400, out, why->message);
    int known = origin_known(&request, origin, &seen, &why);
    if (known < 0)
        return say(answer, 400, out, why->message);
    if (known == 0)
        return say(answer, 404, out, "this witness does not know the log of that origin");
    if (!tk_checkpoint_open(request.checkpoint, request.checkpoint_len, keys, TK_SIGNERS_ANY, &checkpoint,
                            NULL, &why))
        return say(answer, 403, out, why->message);
    if (request.old_size > checkpoint.size)
        return say(answer, 400, out, "the old size is larger than the checkpoint's");
    if (request.old_size != last->size)
        return say_conflict(answer, last->size, out);
    if (last->size > 0 && last->size == checkpoint.size && !tk_hash_equal(&last->root, &checkpoint.root))
        return say_conflict(answer, last->size, out);
    if (!continues(hasher, &request, &checkpoint, last, &why))
        return say(answer, 422, out, why->message);
    if (!cosign(witness, &request, now_s, out, error))
        return false;
    answer->status = 200;
    answer->content_type = text_plain;
    answer->advance = checkpoint.size != last->size;
    *last = (TkWitnessed){checkpoint.size, checkpoint.root};
    return true;
}

static bool is_cosignature(const TkSignature *signature, const TkKeys *keys, const TkNote *note)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->key[i].type == TK_KEY_COSIGNATURE &&
            tk_signature_check(&keys->key[i], signature, note->text, note->text_len, NULL))
            return true;
    return false;
}

bool tk_cosignatures_accept(const char *checkpoint, size_t checkpoint_len, const char *answer,
                            size_t answer_len, const TkKeys *keys, TkBuf *out, GError **error)
{
    if (answer_len > TK_NOTE_BYTES_MAX)
        return tk_fail(error, TK_ERROR_LIMIT, "a witness answered with %zu bytes", answer_len);
    g_autoptr(TkNote) note = tk_note_read(checkpoint, checkpoint_len, error);
    if (note == NULL)
        return false;
    g_autoptr(TkNote) lines = g_new0(TkNote, 1);
    g_autoptr(GError) why = NULL;
    if (!g_utf8_validate(answer, (gssize)answer_len, NULL) ||
        !tk_signatures_read(answer, answer_len, lines, &why))
        return tk_fail(error, TK_ERROR_INPUT, "the witness did not answer with signature lines%s%s",
                       why != NULL ? ": " : "", why != NULL ? why->message : "");
    size_t kept = 0;
    const char *line = answer;
    for (size_t i = 0; i < lines->count; i++) {
        size_t line_len =
            (size_t)((const char *)memchr(line, '\n', answer_len - (size_t)(line - answer)) - line) + 1;
        if (is_cosignature(&lines->signature[i], keys, note)) {
            tk_buf_add(out, line, line_len);
            kept++;
        }
        line += line_len;
    }
    return kept > 0 ||
           tk_fail(error, TK_ERROR_REFUSED, "the answer holds no cosignature of a witness known here");
}

bool tk_views_compare(TkHasher *hasher, const TkCheckpoint *a, const TkCheckpoint *b,
                      const TkHashSource *larger, TkViews *views, GError **error)
{
    if (strcmp(a->origin, b->origin) != 0)
        return tk_fail(error, TK_ERROR_INPUT, "the views are of two logs, %s and %s", a->origin, b->origin);
    const TkCheckpoint *small = a->size <= b->size ? a : b, *large = a->size <= b->size ? b : a;
    if (small->size == large->size) {
        *views = tk_hash_equal(&small->root, &large->root) ? TK_VIEWS_SAME : TK_VIEWS_FORK;
        return true;
    }
    if (larger == NULL) {
        *views = TK_VIEWS_UNPROVEN;
        return true;
    }
    TkHash root;
    if (!tk_subtree_root(hasher, larger, 0, large->size, &root, error))
        return false;
    if (!tk_hash_equal(&root, &large->root))
        return tk_fail(error, TK_ERROR_INPUT, "the hashes given do not lead to the root of the larger view");
    if (!tk_subtree_root(hasher, larger, 0, small->size, &root, error))
        return false;
    *views = tk_hash_equal(&root, &small->root) ? TK_VIEWS_CONSISTENT : TK_VIEWS_FORK;
    return true;
}
