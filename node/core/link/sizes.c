/* sizes.c - the same of both lanes, in the order of enum lane. */
#include "node/core/link/sizes.h"

#include "node/core/log/lane.h"
#include "node/core/link/resume.h"

#include <string.h>

static void
fill_cosigned(Entente__Cosigned *out, const struct origin_text *text,
              const struct head *head, const struct cosignature *cosignature)
{
    entente__cosigned__init(out);
    out->origin = (char *)(uintptr_t)text->text;
    out->size = head->size;
    out->root = (ProtobufCBinaryData){
        LIMIT_DIGEST, (uint8_t *)(uintptr_t)head->root.bytes};
    out->time = cosignature->time_s;
    out->signature = (ProtobufCBinaryData){
        LIMIT_SIGNATURE, (uint8_t *)(uintptr_t)cosignature->signature};
}

static void
fill_size(Entente__ChannelSize *out, Entente__Cosigned *cosigned,
          const struct origin_text *text, const struct head *head,
          const uint8_t *signature, const struct head *cosigned_head,
          const struct cosignature *cosignature)
{
    entente__channel_size__init(out);
    out->origin = (char *)(uintptr_t)text->text;
    out->size = head->size;
    out->root = (ProtobufCBinaryData){
        LIMIT_DIGEST, (uint8_t *)(uintptr_t)head->root.bytes};
    if (head->size > 0)
        out->signature = (ProtobufCBinaryData){
            LIMIT_SIGNATURE, (uint8_t *)(uintptr_t)signature};
    if (cosigned_head->size == 0)
        return;
    fill_cosigned(cosigned, text, cosigned_head, cosignature);
    out->cosigned = cosigned;
}

void
sizes_cosigned(Entente__Cosigned *out, const struct witness *witness)
{
    fill_cosigned(out, &witness->text, &witness->cosigned,
                  &witness->cosignature);
}

void
sizes_channel(Entente__ChannelSize *out, Entente__Cosigned *cosigned,
              const struct channel *channel)
{
    fill_size(out, cosigned, &channel->text, &channel->head,
              channel->signature, &channel->cosigned, &channel->cosignature);
}

void
sizes_witness(Entente__ChannelSize *out, Entente__Cosigned *cosigned,
              const struct witness *witness)
{
    fill_size(out, cosigned, &witness->text, &witness->head,
              witness->signature, &witness->cosigned, &witness->cosignature);
}

enum status
sizes_head(const Entente__ChannelSize *said, const uint8_t *log_key,
           struct head *out)
{
    *out = (struct head){.size = said->size};
    if (said->root.len != LIMIT_DIGEST ||
        said->signature.len != LIMIT_SIGNATURE)
        return STATUS_BAD_FIELD;
    memcpy(out->root.bytes, said->root.data, LIMIT_DIGEST);
    return checkpoint_verify(span_text(said->origin), out, log_key,
                             said->signature.data);
}

enum status
sizes_receipt(const Entente__Cosigned *said, struct head *head,
              struct cosignature *out)
{
    *head = (struct head){.size = said->size};
    *out = (struct cosignature){.time_s = said->time};
    if (said->root.len != LIMIT_DIGEST ||
        said->signature.len != LIMIT_SIGNATURE)
        return STATUS_BAD_FIELD;
    memcpy(head->root.bytes, said->root.data, LIMIT_DIGEST);
    memcpy(out->signature, said->signature.data, LIMIT_SIGNATURE);
    return STATUS_OK;
}

/* The writer must know it before it sends anything, so that bodies of one
 * precedence come in the order of the log. */
static void
fill_missing(Entente__ChannelSize *out, const struct witness *witness,
             struct context *turn)
{
    Entente__Range *ranges = (Entente__Range *)(void *)effects_alloc(
        turn->out, LIMIT_RANGES * sizeof(*ranges));

    out->missing = (Entente__Range **)(void *)effects_alloc(
        turn->out, LIMIT_RANGES * sizeof(*out->missing));
    out->n_missing = resume_missing(witness, ranges, out->missing);
}

/* A list of at most LANE_COUNT, with what it points to. */
struct listing {
    Entente__ChannelSize  sizes[LANE_COUNT];
    Entente__Cosigned     cosigned[LANE_COUNT];
    Entente__ChannelSize *list[LANE_COUNT];
    size_t                count;
};

static void
list_write(struct listing *out, const struct channel *channel)
{
    size_t i = out->count++;

    sizes_channel(&out->sizes[i], &out->cosigned[i], channel);
    out->list[i] = &out->sizes[i];
}

static void
list_read(struct listing *out, const struct witness *witness,
          struct context *turn)
{
    size_t i = out->count++;

    sizes_witness(&out->sizes[i], &out->cosigned[i], witness);
    fill_missing(&out->sizes[i], witness, turn);
    out->list[i] = &out->sizes[i];
}

static struct listing *
new_listing(struct context *turn)
{
    struct listing *listing = (struct listing *)(void *)effects_alloc(
        turn->out, sizeof(*listing));

    listing->count = 0;
    return listing;
}

Entente__Sizes *
sizes_of(const struct peer *peer, struct context *turn)
{
    struct listing *writes = new_listing(turn);
    struct listing *reads = new_listing(turn);
    Entente__Sizes *sizes = (Entente__Sizes *)(void *)effects_alloc(
        turn->out, sizeof(*sizes));

    for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
        const struct channel *channel = lane_channel(peer, lane);
        const struct witness *witness = lane_witness(peer, lane);

        if (channel != NULL)
            list_write(writes, channel);
        if (witness != NULL)
            list_read(reads, witness, turn);
    }
    entente__sizes__init(sizes);
    sizes->n_writes = writes->count;
    sizes->writes = writes->list;
    sizes->n_reads = reads->count;
    sizes->reads = reads->list;
    return sizes;
}
