/* Receipts as anybody may hand them over. One that holds by its own keys says what is in it. */
#include "ledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    g_auto(TkReceipt) receipt = {0};
    g_autoptr(GError) error = NULL;
    if (tk_receipt_check((const char *)data, len, NULL, &receipt, &error)) {
        if (receipt.index >= receipt.checkpoint.size || receipt.entry == NULL)
            g_error("a receipt holds for an entry that the log does not have");
    } else if (error == NULL) {
        g_error("a receipt is refused without a word");
    }
    return 0;
}
