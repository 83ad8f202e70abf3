/*
 * heard.c - one place for each id, chosen by its bytes: nothing is searched,
 * whatever ids a peer draws.
 */
#include "node/core/message/heard.h"

#include "crypto/kdf.h"
#include "node/core/grow.h"
#include "proto/numbered.h"

#include <stdlib.h>

struct heard_slot {
    struct node_id    peer;
    struct message_id id;
    struct digest     said;
    bool              used;
};

void
heard_clear(struct heard *heard)
{
    if (heard->slots != NULL)
        secret_wipe_bytes(heard->slots, HEARD_SLOTS * sizeof(*heard->slots));
    free(heard->slots);
    *heard = (struct heard){0};
}

static struct heard_slot *
place_of(const struct heard *heard, const struct node_id *peer,
         const struct message_id *id)
{
    struct reader a = reader_of(SPAN_OF(id->bytes));
    struct reader b = reader_of(SPAN_OF(peer->bytes));

    return &heard->slots[(reader_u64(&a) ^ reader_u64(&b)) % HEARD_SLOTS];
}

static bool
is_in(const struct heard_slot *slot, const struct node_id *peer,
      const struct message_id *id)
{
    return slot->used && node_id_equal(&slot->peer, peer) &&
           span_equal(SPAN_OF(slot->id.bytes), SPAN_OF(id->bytes));
}

bool
heard_has(const struct heard *heard, const struct node_id *peer,
          const struct message_id *id)
{
    return heard->slots != NULL && is_in(place_of(heard, peer, id), peer, id);
}

enum status
heard_take(struct heard *heard, const struct node_id *peer,
           const struct message_id *id, uint64_t number, struct span plain)
{
    struct heard_slot *slot;
    struct digest      said;
    struct hash        hash;

    if (heard->slots == NULL)
        heard->slots = grow_new(HEARD_SLOTS, sizeof(*heard->slots));
    slot = place_of(heard, peer, id);
    hash_init(&hash, LABEL_SAID);
    hash_span(&hash, numbered_author(plain, number));
    hash_end(&hash, &said);
    if (is_in(slot, peer, id))
        return digest_equal(&slot->said, &said) ? STATUS_OK
                                                : STATUS_DUPLICATE;
    *slot = (struct heard_slot){*peer, *id, said, true};
    return STATUS_OK;
}
