/*
 * enclosed.c - between the answer that the files are here and the message's
 * place in the outbox there is no other turn, and no file is dropped that a
 * submission under way names (owed.c).
 */
#include "node/core/attachment/enclosed.h"

#include "node/core/roster.h"
#include "node/core/message/submit.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void
enclosed_ask(struct context *turn, uint64_t client,
             const Entente__Request *request, const Entente__Message *message)
{
    size_t         len = message->n_attachments * LIMIT_DIGEST;
    struct writer  digests = writer_of(effects_alloc(turn->out, len), len);
    struct load   *load = roster_load_new(turn->node, LOAD_ENCLOSED);
    struct effect *effect;

    for (size_t i = 0; i < message->n_attachments; i++)
        writer_put(&digests, (struct span){message->attachments[i]->digest.data,
                                           LIMIT_DIGEST});
    assert(writer_end(&digests) == STATUS_OK);
    load->client = client;
    load->request = request->id;
    roster_load_hold(load, writer_span(&digests),
                     context_pack(turn, &request->base));
    effect = effects_add(turn->out, EFFECT_LOAD);
    effect->token = load->token;
    effect->bytes = writer_span(&digests);
    effect->query =
        (struct query){.kind = QUERY_STORED,
                       .outgoing = true,
                       .count = message->n_attachments};
}

bool
enclosed_names(const struct node *node, const struct digest *digest)
{
    for (size_t i = 0; i < node->load_cap; i++) {
        const struct load *load = &node->loads[i];
        struct span        digests, request;

        if (load->token == 0 || load->step != LOAD_ENCLOSED)
            continue;
        roster_load_held(load, &digests, &request);
        for (size_t at = 0; at < digests.len; at += LIMIT_DIGEST)
            if (memcmp(digests.ptr + at, digest->bytes, LIMIT_DIGEST) == 0)
                return true;
    }
    return false;
}

static void
refuse(struct context *turn, const struct load *load, enum status st,
       size_t number, const char *field, const char *hint)
{
    char path[64];

    snprintf(path, sizeof(path), "attachments[%zu].%s", number, field);
    desk_fail(turn, load->client, load->request, st, path, hint);
}

/* False: one is missing or another, and was told. */
static bool
are_here(struct context *turn, const struct load *load,
         const Entente__Message *message, struct span answer)
{
    struct reader in = reader_of(answer);

    for (size_t i = 0; i < message->n_attachments; i++) {
        uint64_t stored = reader_u64(&in);

        if (in.failed || stored == 0) {
            refuse(turn, load, STATUS_NOT_FOUND, i, "digest",
                   "bring the file first; `entente send --attach` does");
            return false;
        }
        if (stored != message->attachments[i]->stored) {
            refuse(turn, load, STATUS_BAD_FIELD, i, "stored",
                   "the file that is here has another length");
            return false;
        }
    }
    return true;
}

void
enclosed_loaded(struct context *turn, const struct load *load, enum status st,
                struct span answer)
{
    struct span             digests, bytes;
    const Entente__Request *request;
    Entente__Message       *message = NULL;
    struct outbox_item      item = {0};

    roster_load_held(load, &digests, &bytes);
    request = (const Entente__Request *)context_parse(
        turn, &entente__request__descriptor, bytes);
    assert(request != NULL); /* it was parsed in the step before */
    if (st == STATUS_OK)
        st = submit_read(turn,
                         (struct span){request->submit->message.data,
                                       request->submit->message.len},
                         &item, &message);
    if (st != STATUS_OK)
        desk_fail(turn, load->client, load->request, st, "attachments", NULL);
    else if (are_here(turn, load, message, answer))
        submit_enclosed(turn, load->client, request);
}
