/* fuzz_envelope.c - the clear fields of a closed secret, before any work. */
#include "crypto/envelope.h"
#include "tests/fuzz/fuzz.h"

const bool fuzz_is_whole = true;

bool
fuzz_one(struct span in)
{
    struct envelope_info info;
    struct secret32      secret;

    if (envelope_peek(in, &info) != STATUS_OK) {
        /* What is no envelope costs no Argon2id: it is refused at once. */
        assert(envelope_open(in, ENVELOPE_STORAGE, span_text("x"), &secret) ==
               STATUS_PASSPHRASE);
        return false;
    }
    assert(in.len == ENVELOPE_LEN);
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    const struct envelope_info info = {.purpose = ENVELOPE_STORAGE,
                                       .id = {1},
                                       .cost = ENVELOPE_FLOOR};
    const uint8_t              salt[ENVELOPE_SALT_LEN] = {2};
    const uint8_t              nonce[ENVELOPE_NONCE_LEN] = {3};
    const struct secret32      secret = {{4}};
    uint8_t                    bytes[ENVELOPE_LEN];
    enum status                st;

    st = envelope_seal(&info, span_text("tea at four"), salt, nonce, &secret,
                       bytes);
    assert(st == STATUS_OK);
    seed(arg, "storage", SPAN_OF(bytes));
}
