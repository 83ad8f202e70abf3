/*
 * addresses.c - all of the new addresses, or those from before.
 */
#include "node/core/link/addresses.h"

#include "crypto/card.h"
#include "node/core/roster.h"

#include <assert.h>
#include <string.h>

void
addresses_write(const struct node_config *config, struct writer *out)
{
    assert(config->address_count <= LIMIT_ADDRESSES);
    writer_u8(out, (uint8_t)config->address_count);
    for (size_t i = 0; i < config->address_count; i++)
        writer_put32(out, config->addresses[i]);
}

/* False: not what addresses_write() writes. */
static bool
read_all(struct span bytes, struct span list[static LIMIT_ADDRESSES],
         size_t *count)
{
    struct reader in = reader_of(bytes);

    *count = reader_u8(&in);
    if (*count > LIMIT_ADDRESSES)
        return false;
    for (size_t i = 0; i < *count; i++) {
        list[i] = reader_take32(&in, LIMIT_ADDRESS);
        if (in.failed || !card_address_valid(list[i]))
            return false;
    }
    return reader_end(&in) == STATUS_OK;
}

void
addresses_take(struct context *turn, struct span bytes)
{
    struct node *node = turn->node;
    struct span  list[LIMIT_ADDRESSES];
    size_t       count = 0;

    if (!read_all(bytes, list, &count)) {
        context_log(turn, "card: addresses that are none: the old ones stay");
        return;
    }
    memset(node->addresses, 0, sizeof(node->addresses));
    node->address_count = count;
    for (size_t i = 0; i < count; i++)
        memcpy(node->addresses[i], list[i].ptr, list[i].len);
    context_log(turn, "card: it names %zu addresses now", count);
}
