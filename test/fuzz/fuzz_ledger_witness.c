/* Requests to a witness and answers of one, from anybody. Nothing unsigned is ever cosigned. */
#include "ledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    g_autoptr(TkHasher) hasher = tk_hasher_new();
    uint8_t seed[TK_SEED_LEN] = {1};
    g_autoptr(TkSigner) log = tk_signer_new("log.example", TK_KEY_ED25519, seed, NULL);
    seed[0] = 2;
    g_autoptr(TkSigner) witness = tk_signer_new("w.example", TK_KEY_COSIGNATURE, seed, NULL);
    g_autofree TkKeys *keys = g_new0(TkKeys, 1);
    *keys = (TkKeys){.count = 1, .key = {*tk_signer_key(log)}};
    g_auto(TkBuf) out = {0};
    tk_buf_init(&out, TK_WITNESS_REQUEST_MAX);
    TkAddCheckpoint request;
    if (tk_add_checkpoint_read((const char *)data, len, &request, NULL)) {
        if (!tk_add_checkpoint_write(&request, &out, NULL) || out.len != len ||
            memcmp(out.data, data, len) != 0)
            g_error("a request does not come out as it was read");
    }
    TkWitnessed last = {0};
    TkWitnessAnswer answer;
    tk_buf_reset(&out);
    if (!tk_witness_answer(hasher, "log.example", keys, witness, 1800000000, (const char *)data, len, &last,
                           &answer, &out, NULL))
        g_error("a witness gave no answer");
    if (answer.status != 200 &&
        (answer.advance || last.size != 0 || memmem(out.data, out.len, "w.example ", 10) != NULL))
        g_error("a refused request left something behind");

    static const char note[] =
        "log.example\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n\n— a AAAAAAA=\n";
    keys->key[0] = *tk_signer_key(witness);
    tk_buf_reset(&out);
    if (tk_cosignatures_accept(note, strlen(note), (const char *)data, len, keys, &out, NULL))
        g_error("a cosignature was accepted that nobody made");
    return 0;
}
