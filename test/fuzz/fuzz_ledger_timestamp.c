/* Responses of a time stamping authority. The one certificate that is trusted (synthetic, its key thrown
 * away) signed none of them, so none may hold. */
#include "ledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char ca[] = "-----BEGIN CERTIFICATE-----\n"
                         "MIIBiDCCAS+gAwIBAgIUS27eJnw9lq+fg2eEAXeyQqis+dQwCgYIKoZIzj0EAwIw\n"
                         "GjEYMBYGA1UEAwwPc3ludGhldGljIG90aGVyMB4XDTI2MTEyMzEyNTExMVoXDTM2\n"
                         "MTEyMDEyNTExMVowGjEYMBYGA1UEAwwPc3ludGhldGljIG90aGVyMFkwEwYHKoZI\n"
                         "zj0CAQYIKoZIzj0DAQcDQgAE7sii/20teAdEgz7GlCllZKgcGMHv7bXF2Xhyhy+Q\n"
                         "MO+wThazlUjrz67ie5U9eqJXebDHx6HeOm5ty5oKbadHm6NTMFEwHQYDVR0OBBYE\n"
                         "FCg7Uc5hEEndtE9Afr65z+t5WTGCMB8GA1UdIwQYMBaAFCg7Uc5hEEndtE9Afr65\n"
                         "z+t5WTGCMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgdrVbEf4k\n"
                         "AleEsS6LTPd45HSOgrKtT5uUzqpE2Ryx8/wCIGUNAODYw3/koj0qZSE6PiC3b6Xa\n"
                         "goL04AygfgXOmVap\n"
                         "-----END CERTIFICATE-----\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    TkHash hash = {{1}};
    int64_t at_us = 0;
    if (tk_timestamp_check(data, len, &hash, 1, ca, strlen(ca), INT64_C(1800000000000000), &at_us, NULL))
        g_error("a time stamp held that nobody made");
    return 0;
}
