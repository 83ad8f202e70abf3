/*
 * heard.c - one place for each id, chosen by its bytes: nothing is searched,
 * whatever ids a peer draws.
 */
#include "node/core/heard.h"

#include "crypto/kdf.h"
#include "node/core/grow.h"
#include "proto/protobuf.h"

#include <stdlib.h>

enum { NUMBER_FIELD = 15, NUMBER_ROOM = 1 + PROTOBUF_VARINT_MAX };

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

/* Without the field that the sender's node put behind the author's bytes. */
static struct span
authors(struct span plain, uint64_t number)
{
    uint8_t       field[NUMBER_ROOM];
    struct writer out = writer_of(field, sizeof(field));
    struct span   end;

    protobuf_put_varint(&out, NUMBER_FIELD, number);
    end = writer_span(&out);
    if (number == 0 || plain.len < end.len ||
        !span_equal((struct span){plain.ptr + plain.len - end.len, end.len},
                    end))
        return plain;
    return (struct span){plain.ptr, plain.len - end.len};
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
    hash_span(&hash, authors(plain, number));
    hash_end(&hash, &said);
    if (slot->used && node_id_equal(&slot->peer, peer) &&
        span_equal(SPAN_OF(slot->id.bytes), SPAN_OF(id->bytes)))
        return digest_equal(&slot->said, &said) ? STATUS_OK
                                                : STATUS_DUPLICATE;
    *slot = (struct heard_slot){*peer, *id, said, true};
    return STATUS_OK;
}
