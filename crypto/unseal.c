/* unseal.c - the copy of the content key is wiped, whatever came of it. */
#include "crypto/unseal.h"

#include <string.h>

enum status
unseal_entry(const struct record *record, const struct record_secret *secret,
             uint8_t *out, size_t *len)
{
    struct origin_text origin = origin_format(&record->origin);
    struct secret32    key;
    struct leaf        leaf;
    enum status        st = leaf_decode(record->leaf, &leaf);

    if (st != STATUS_OK)
        return st;
    memcpy(key.bytes, secret->content_key, sizeof(key.bytes));
    st = seal_open(&key, origin_span(&origin), record->index, &leaf,
                   record->bytes, out, len);
    secret_wipe(&key);
    return st;
}
