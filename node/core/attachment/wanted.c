/*
 * wanted.c - a bounded list a peer, searched from end to end.
 *
 * Invariants:
 *  (I1) what changes a list is saved in the same turn, except wanted_said,
 *       which the OUT_ENTRY record of the ANSWER tells;
 *  (I2) of those of one digest the oldest leads: it alone has a frontier, asks
 *       and is asked for;
 *  (I3) a frontier holds leaves of chunks that were proven and are durable, or
 *       will be with this turn's group;
 *  (I4) COMPLETE is said only of what the store has read again whole.
 */
#include "node/core/attachment/wanted.h"

#include "node/core/grow.h"
#include "node/core/roster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- the list ------------------------------------------------------------- */

void
wanted_clear(struct wanted *wanted)
{
    for (size_t i = 0; i < wanted->count; i++)
        free(wanted->list[i].frontier);
    free(wanted->list);
    *wanted = (struct wanted){0};
}

static size_t
place_of(const struct wanted *wanted, const struct message_id *id,
         const struct digest *digest)
{
    size_t i = 0;

    while (i < wanted->count &&
           (memcmp(wanted->list[i].id.bytes, id->bytes, LIMIT_MESSAGE_ID) !=
                0 ||
            !digest_equal(&wanted->list[i].digest, digest)))
        i++;
    return i;
}

static struct wanted_file *
add(struct wanted *wanted, const struct wanted_file *file)
{
    assert(wanted->count < LIMIT_OWED);
    wanted->list = grow_list(wanted->list, &wanted->cap, wanted->count + 1,
                             sizeof(*wanted->list));
    wanted->list[wanted->count] = *file;
    return &wanted->list[wanted->count++];
}

static void
take_out(struct wanted *wanted, size_t at)
{
    assert(at < wanted->count);
    free(wanted->list[at].frontier);
    wanted->count--;
    memmove(&wanted->list[at], &wanted->list[at + 1],
            (wanted->count - at) * sizeof(*wanted->list));
}

struct wanted_file *
wanted_find(struct peer *peer, const struct digest *digest)
{
    for (size_t i = 0; i < peer->wanted.count; i++)
        if (digest_equal(&peer->wanted.list[i].digest, digest))
            return &peer->wanted.list[i];
    return NULL;
}

uint64_t
wanted_here(const struct wanted_file *file)
{
    return file->frontier != NULL ? file->frontier->size : 0;
}

/* --- records -------------------------------------------------------------- */

static void
save(struct context *turn, const struct peer *peer,
     const struct wanted_file *file, enum record_attachment state)
{
    struct record record = {.kind = RECORD_ATTACHMENT,
                            .peer = peer->id,
                            .id = file->id,
                            .index = file->index,
                            .size = file->shape.stored,
                            .time = file->since_ms,
                            .state = (uint8_t)state,
                            .precedence = (uint8_t)file->precedence,
                            .words = origin_span(&file->witness->text)};

    memcpy(record.root, file->digest.bytes, LIMIT_DIGEST);
    context_save(turn, &record, NULL);
}

static void
save_chunks(struct context *turn, const struct peer *peer,
            const struct wanted_file *file)
{
    struct merkle_frontier none;
    struct writer out = writer_of(effects_alloc(turn->out, MERKLE_ENCODED_MAX),
                                  MERKLE_ENCODED_MAX);
    struct record record = {.kind = RECORD_CHUNKS,
                            .peer = peer->id,
                            .count = wanted_here(file)};

    merkle_init(&none);
    merkle_encode(file->frontier != NULL ? file->frontier : &none, &out);
    assert(writer_end(&out) == STATUS_OK);
    memcpy(record.root, file->digest.bytes, LIMIT_DIGEST);
    record.bytes = writer_span(&out);
    context_save(turn, &record, NULL);
}

void
wanted_save_grown(struct peer *peer, struct context *turn)
{
    for (size_t i = 0; i < peer->wanted.count; i++)
        if (peer->wanted.list[i].grown) {
            save_chunks(turn, peer, &peer->wanted.list[i]);
            peer->wanted.list[i].grown = false;
        }
}

void
wanted_save(const struct peer *peer, struct context *turn)
{
    for (size_t i = 0; i < peer->wanted.count; i++) {
        const struct wanted_file *file = &peer->wanted.list[i];

        save(turn, peer, file,
             file->whole ? ATTACHMENT_COMPLETE : ATTACHMENT_PARTIAL);
        if (file->frontier != NULL)
            save_chunks(turn, peer, file);
    }
}

/* As the record says of one that is in the list, or comes into it. */
static enum status
put(struct peer *peer, const struct wanted_file *file, bool whole)
{
    size_t at = place_of(&peer->wanted, &file->id, &file->digest);

    if (at == LIMIT_OWED)
        return STATUS_CORRUPT;
    if (at == peer->wanted.count)
        add(&peer->wanted, file);
    peer->wanted.list[at].witness = file->witness;
    peer->wanted.list[at].index = file->index;
    peer->wanted.list[at].whole = whole;
    if (whole) {
        free(peer->wanted.list[at].frontier);
        peer->wanted.list[at].frontier = NULL;
    }
    return STATUS_OK;
}

enum status
wanted_restore(struct peer *peer, const struct record *record)
{
    struct wanted_file file = {.id = record->id,
                               .precedence =
                                   (enum precedence)record->precedence,
                               .since_ms = record->time,
                               .witness = peer_witness_of(peer, record->words),
                               .index = record->index};
    size_t             at;

    memcpy(file.digest.bytes, record->root, LIMIT_DIGEST);
    if (file.witness == NULL ||
        attachment_shape_of(record->size, &file.shape) != STATUS_OK)
        return STATUS_CORRUPT;
    if (record->state == ATTACHMENT_PARTIAL ||
        record->state == ATTACHMENT_COMPLETE)
        return put(peer, &file, record->state == ATTACHMENT_COMPLETE);
    at = place_of(&peer->wanted, &file.id, &file.digest);
    if (at < peer->wanted.count)
        take_out(&peer->wanted, at);
    return STATUS_OK;
}

/* What is durable from now on. */
static void
set_frontier(struct wanted_file *file, const struct merkle_frontier *frontier)
{
    if (file->frontier == NULL)
        file->frontier = grow_new(1, sizeof(*file->frontier));
    *file->frontier = *frontier;
}

enum status
wanted_restore_chunks(struct peer *peer, const struct record *record)
{
    struct reader          in = reader_of(record->bytes);
    struct merkle_frontier frontier;
    struct digest          digest;
    struct wanted_file    *file;

    memcpy(digest.bytes, record->root, LIMIT_DIGEST);
    file = wanted_find(peer, &digest);
    if (file == NULL || file->whole ||
        merkle_decode(&in, &frontier) != STATUS_OK ||
        reader_end(&in) != STATUS_OK || frontier.size != record->count ||
        frontier.size > file->shape.chunks)
        return STATUS_CORRUPT;
    set_frontier(file, &frontier);
    return STATUS_OK;
}

/* --- what is asked of whom ------------------------------------------------ */

static void
look_up(struct peer *peer, struct context *turn, struct wanted_file *file)
{
    struct load   *load = roster_load_new(turn->node, LOAD_WHOLE);
    struct effect *effect = effects_add(turn->out, EFFECT_LOAD);

    load->peer = peer;
    file->token = load->token;
    effect->token = load->token;
    effect->bytes = effects_copy(turn->out, digest_span(&file->digest));
    effect->query = (struct query){.kind = QUERY_WHOLE,
                                   .peer = peer->id,
                                   .count = file->shape.chunks,
                                   .bytes_max = file->shape.stored};
}

/* (I2) What is here may be whole; what is not may be here all the same, since
 * a journal can be older than the files beside it. */
static void
begin(struct peer *peer, struct context *turn, struct wanted_file *file)
{
    if (file->whole || file->token != 0 ||
        wanted_find(peer, &file->digest) != file)
        return;
    if (file->frontier == NULL || wanted_here(file) == file->shape.chunks)
        look_up(peer, turn, file);
    else
        file->due = true;
}

void
wanted_link(struct peer *peer, struct context *turn)
{
    for (size_t i = 0; i < peer->wanted.count; i++)
        begin(peer, turn, &peer->wanted.list[i]);
}

void
wanted_unlink(struct peer *peer)
{
    for (size_t i = 0; i < peer->wanted.count; i++) {
        struct wanted_file *file = &peer->wanted.list[i];

        file->asked = file->due = file->again = file->ignoring = false;
        file->token = 0;
    }
}

void
wanted_quiesce(struct peer *peer)
{
    for (size_t i = 0; i < peer->wanted.count; i++)
        peer->wanted.list[i].tries = 0;
}

void
wanted_take(struct peer *peer, struct context *turn,
            const struct witness *witness, uint64_t index,
            const Entente__Message *message)
{
    for (size_t i = 0; i < message->n_attachments; i++) {
        const Entente__Attachment *said = message->attachments[i];
        struct wanted_file         file = {
                    .precedence = (enum precedence)message->precedence,
                    .since_ms = turn->input->wall_ms,
                    .witness = witness,
                    .index = index};
        enum status st = attachment_shape_of(said->stored, &file.shape);
        size_t      at;

        assert(st == STATUS_OK); /* the message was judged */
        memcpy(file.id.bytes, message->id.data, LIMIT_MESSAGE_ID);
        memcpy(file.digest.bytes, said->digest.data, LIMIT_DIGEST);
        at = place_of(&peer->wanted, &file.id, &file.digest);
        if (at == LIMIT_OWED) {
            context_log(turn, "attachment: %s has more under way than there "
                              "is room for (LIMIT_OWED); one is given up",
                        peer->name);
            save(turn, peer, &file, ATTACHMENT_GIVEN_UP);
            continue;
        }
        if (at == peer->wanted.count)
            add(&peer->wanted, &file);
        peer->wanted.list[at].witness = witness; /* of its newest entry */
        peer->wanted.list[at].index = index;
        save(turn, peer, &peer->wanted.list[at],
             peer->wanted.list[at].whole ? ATTACHMENT_COMPLETE
                                         : ATTACHMENT_PARTIAL);
        begin(peer, turn, &peer->wanted.list[at]);
    }
}

/* --- what comes ----------------------------------------------------------- */

/* (I3) */
void
wanted_chunk(struct peer *peer, struct context *turn, struct wanted_file *file,
             const struct digest *leaf, struct span sealed)
{
    struct span    copied = effects_copy(turn->out, sealed);
    struct effect *effect = effects_add(turn->out, EFFECT_CHUNK);
    struct merkle_frontier none;

    effect->bytes = copied;
    effect->file = (struct effect_file){.peer = peer->id,
                                        .index = wanted_here(file),
                                        .count = file->shape.chunks};
    memcpy(effect->file.digest, file->digest.bytes, LIMIT_DIGEST);
    if (file->frontier == NULL) {
        merkle_init(&none);
        set_frontier(file, &none);
    }
    merkle_append(file->frontier, leaf);
    file->grown = true;
    file->due = true;
    if (wanted_here(file) == file->shape.chunks)
        look_up(peer, turn, file);
}

/* All messages' of this digest, for good: (I1). */
static void
end(struct peer *peer, struct context *turn, const struct digest *digest,
    enum record_attachment state)
{
    struct digest       gone = *digest; /* it may stand in the list */
    struct effect_file *file = &effects_add(turn->out, EFFECT_DROP)->file;

    file->peer = peer->id;
    memcpy(file->digest, gone.bytes, LIMIT_DIGEST);
    for (size_t i = peer->wanted.count; i-- > 0;)
        if (digest_equal(&peer->wanted.list[i].digest, &gone)) {
            save(turn, peer, &peer->wanted.list[i], state);
            take_out(&peer->wanted, i);
        }
}

static void
ask_again(struct wanted_file *file)
{
    file->due = file->again = file->ignoring = true;
}

void
wanted_wrong(struct peer *peer, struct context *turn, struct wanted_file *file)
{
    if (++file->tries < LIMIT_CHUNK_TRIES) {
        ask_again(file);
        return;
    }
    peer_alarm(peer, turn, STATUS_BAD_PROOF, digest_span(&file->digest),
               "an attachment is wrong each time that it comes; given up");
    end(peer, turn, &file->digest, ATTACHMENT_GIVEN_UP);
}

void
wanted_gone(struct peer *peer, struct context *turn,
            const struct digest *digest)
{
    const struct wanted_file *file = wanted_find(peer, digest);

    if (file == NULL || file->whole)
        return;
    context_log(turn, "attachment: %s does not have it any more", peer->name);
    end(peer, turn, digest, ATTACHMENT_GONE);
}

/* (I4) */
static void
is_whole(struct peer *peer, struct context *turn, const struct digest *digest)
{
    for (size_t i = 0; i < peer->wanted.count; i++) {
        struct wanted_file *file = &peer->wanted.list[i];

        if (!digest_equal(&file->digest, digest))
            continue;
        free(file->frontier);
        file->frontier = NULL;
        file->whole = true;
        file->grown = file->due = false;
        save(turn, peer, file, ATTACHMENT_COMPLETE); /* (I1) */
    }
}

/* The store's answer: how far the file is right. */
static enum status
take_frontier(struct wanted_file *file, struct span answer,
              struct merkle_frontier *out)
{
    struct reader in = reader_of(answer);
    struct digest root;

    if (merkle_decode(&in, out) != STATUS_OK || reader_end(&in) != STATUS_OK ||
        out->size > file->shape.chunks)
        return STATUS_BAD_ENCODING;
    if (out->size < file->shape.chunks)
        return STATUS_AGAIN;
    merkle_root(out, &root);
    return digest_equal(&root, &file->digest) ? STATUS_OK : STATUS_BAD_ROOT;
}

/* Not all of it is right: what is, counts from now on. */
static void
fall_back(struct peer *peer, struct context *turn, struct wanted_file *file,
          const struct merkle_frontier *right)
{
    uint64_t had = wanted_here(file);

    file->due = true;
    if (had == 0 && right->size == 0)
        return;
    set_frontier(file, right);
    file->grown = true; /* the journal is told, also of less */
    if (had == 0)
        return;
    context_log(turn, "attachment: of %llu chunks from %s %llu are right "
                      "here; the others are asked for again",
                (unsigned long long)had, peer->name,
                (unsigned long long)right->size);
    wanted_wrong(peer, turn, file);
}

void
wanted_loaded(struct context *turn, const struct load *load, enum status st,
              struct span answer)
{
    struct peer           *peer = load->peer;
    struct wanted_file    *file = NULL;
    struct merkle_frontier right;

    for (size_t i = 0; i < peer->wanted.count; i++)
        if (peer->wanted.list[i].token == load->token)
            file = &peer->wanted.list[i];
    if (file == NULL)
        return; /* nobody waits for it any more */
    file->token = 0;
    merkle_init(&right);
    if (st == STATUS_OK || st == STATUS_CORRUPT) {
        enum status found = take_frontier(file, answer, &right);

        if (st == STATUS_OK && found == STATUS_OK) {
            is_whole(peer, turn, &file->digest);
            return;
        }
        if (found != STATUS_AGAIN)
            merkle_init(&right);
    } else if (st != STATUS_NOT_FOUND) {
        context_log(turn, "attachment: it cannot be read (%s); tried again "
                          "with the next link",
                    status_name(st));
        return;
    }
    fall_back(peer, turn, file, &right);
}

/* --- what is said --------------------------------------------------------- */

const struct wanted_file *
wanted_next_whole(const struct peer *peer, size_t *at)
{
    while (*at < peer->wanted.count) {
        const struct wanted_file *file = &peer->wanted.list[(*at)++];

        if (file->whole)
            return file;
    }
    return NULL;
}

void
wanted_said(struct peer *peer)
{
    for (size_t i = peer->wanted.count; i-- > 0;)
        if (peer->wanted.list[i].whole)
            take_out(&peer->wanted, i);
}
