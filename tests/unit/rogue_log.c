/* rogue_log.c - rogue.h's log: entries and heads as nobody else would write. */
#include "tests/unit/rogue.h"

#include "crypto/seal.h"
#include "entry.pb-c.h"
#include "node/core/roster.h"

#include <stdlib.h>
#include <string.h>

static void
must(enum status st)
{
    assert_string_equal(status_name(st), "OK");
}

static ProtobufCBinaryData
lend(const uint8_t *bytes, size_t len)
{
    return (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)bytes};
}

static void
forget_entries(struct rogue *rogue)
{
    for (size_t i = 0; i < rogue->count; i++)
        free(rogue->entries[i].body);
    rogue->count = 0;
}

void
rogue_epoch(struct rogue *rogue, uint64_t number, uint64_t random)
{
    forget_entries(rogue);
    rogue->origin =
        (struct origin){.sender = rogue->duo->a.node->cert.node,
                        .recipient = rogue->victim->node->cert.node,
                        .realm = REALM_ACTUAL,
                        .epoch = number,
                        .random = random};
    rogue->text = origin_format(&rogue->origin);
}

static struct rogue_entry *
add(struct rogue *rogue)
{
    struct rogue_entry *entry = &rogue->entries[rogue->count];

    assert_true(rogue->count < ROGUE_ENTRIES);
    *entry = (struct rogue_entry){.first = rogue->count++};
    return entry;
}

static void
set_body(struct rogue_entry *entry, struct span body)
{
    entry->body = malloc(body.len + 1);
    entry->body_len = body.len;
    if (body.len > 0)
        memcpy(entry->body, body.ptr, body.len);
}

uint64_t
rogue_seal(struct rogue *rogue, enum entry_class class,
           enum precedence precedence, struct span plain)
{
    uint64_t            index = rogue->count;
    struct rogue_entry *entry = add(rogue);
    struct seal_batch   batch = {.origin = origin_span(&rogue->text),
                                 .first_index = index};
    struct seal_key     key = {.suite = SUITE_CLASSIC};
    struct leaf         leaf = {.suite = SUITE_CLASSIC,
                                .class = class,
                                .precedence = precedence};
    struct secret32     secret, content;
    struct dh_key       ephemeral;
    uint8_t            *sealed = malloc(LIMIT_SEALED);
    size_t              len = 0;

    memset(secret.bytes, (int)(index % 200) + 1, LIMIT_KEY);
    dh_key_from_secret(&secret, &ephemeral);
    memcpy(batch.ephemeral, ephemeral.public_key, LIMIT_KEY);
    memset(batch.salt, 9, LIMIT_SALT);
    memcpy(key.public_key, rogue->victim->node->first_contact.public_key,
           LIMIT_KEY);
    must(seal_batch_sender(&batch, &key, &ephemeral.secret, &secret));
    seal_content_key(&secret, index, &content);
    must(seal_entry(&content, &batch, index, plain, &leaf, sealed, &len));
    memcpy(entry->ephemeral, batch.ephemeral, LIMIT_KEY);
    memcpy(entry->salt, batch.salt, LIMIT_SALT);
    leaf_encode(&leaf, entry->leaf);
    set_body(entry, (struct span){sealed, len});
    free(sealed);
    return index;
}

uint64_t
rogue_plain(struct rogue *rogue, enum entry_class class,
            enum precedence precedence, struct span body)
{
    uint64_t            index = rogue->count;
    struct rogue_entry *entry = add(rogue);
    struct leaf         leaf;

    must(seal_unsealed_leaf(class, precedence, origin_span(&rogue->text),
                            index, body, &leaf));
    leaf_encode(&leaf, entry->leaf);
    set_body(entry, body);
    return index;
}

uint64_t
rogue_raw(struct rogue *rogue, const uint8_t *leaf, struct span body)
{
    uint64_t            index = rogue->count;
    struct rogue_entry *entry = add(rogue);

    memcpy(entry->leaf, leaf, LEAF_LEN);
    set_body(entry, body);
    return index;
}

void
rogue_announce(struct rogue *rogue, uint32_t number, const uint8_t *key)
{
    static const uint8_t  zeros[LIMIT_DIGEST];
    Entente__EntryOpen    open = ENTENTE__ENTRY_OPEN__INIT;
    Entente__EntrySealkey sealkey = ENTENTE__ENTRY_SEALKEY__INIT;
    uint8_t               bytes[512];

    sealkey.number = number;
    sealkey.key = lend(key, LIMIT_KEY);
    sealkey.realm = (char *)(uintptr_t)REALM_ACTUAL;
    open.reason = ENTENTE__ENTRY_OPEN__REASON__PAIRING;
    open.before_root = lend(zeros, LIMIT_DIGEST);
    open.sealkey = &sealkey;
    (void)rogue_plain(
        rogue, CLASS_OPEN, PRECEDENCE_IMMEDIATE,
        (struct span){bytes, entente__entry_open__pack(&open, bytes)});
}

struct head
rogue_head_of(const struct rogue *rogue, uint64_t size)
{
    struct merkle_frontier frontier;
    struct digest          hash;
    struct head            head = {.size = size};

    merkle_init(&frontier);
    for (uint64_t i = 0; i < size; i++) {
        merkle_leaf_hash(SPAN_OF(rogue->entries[i].leaf), &hash);
        merkle_append(&frontier, &hash);
    }
    merkle_root(&frontier, &head.root);
    return head;
}

/* Leaves of one batch. */
static void
say_run(struct rogue *rogue, uint64_t from, uint64_t to)
{
    static uint8_t            bytes[ROGUE_ENTRIES * LEAF_LEN];
    const struct rogue_entry *entry = &rogue->entries[from];
    struct writer             out = writer_of(bytes, sizeof(bytes));
    Entente__Frame            frame = ENTENTE__FRAME__INIT;
    Entente__Leaves           leaves = ENTENTE__LEAVES__INIT;

    for (uint64_t i = from; i < to; i++)
        writer_put(&out, SPAN_OF(rogue->entries[i].leaf));
    leaves.origin = rogue->text.text;
    leaves.first = entry->first;
    leaves.ephemeral = lend(entry->ephemeral, LIMIT_KEY);
    leaves.salt = lend(entry->salt, LIMIT_SALT);
    leaves.start = from;
    leaves.leaves = lend(out.ptr, out.len);
    frame.kind_case = ENTENTE__FRAME__KIND_LEAVES;
    frame.leaves = &leaves;
    rogue_say(rogue, &frame);
}

void
rogue_say_leaves(struct rogue *rogue, uint64_t from, uint64_t to)
{
    while (from < to) {
        uint64_t end = from + 1;

        while (end < to &&
               rogue->entries[end].first == rogue->entries[from].first)
            end++;
        say_run(rogue, from, end);
        from = end;
    }
}

void
rogue_say_head(struct rogue *rogue, const struct head *head)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Head  said = ENTENTE__HEAD__INIT;
    uint8_t        signature[LIMIT_SIGNATURE];

    checkpoint_sign(origin_span(&rogue->text), head,
                    &rogue->duo->a.node->log_key, signature);
    said.origin = rogue->text.text;
    said.size = head->size;
    said.root = lend(head->root.bytes, LIMIT_DIGEST);
    said.signature = lend(signature, LIMIT_SIGNATURE);
    frame.kind_case = ENTENTE__FRAME__KIND_HEAD;
    frame.head = &said;
    rogue_say(rogue, &frame);
}

void
rogue_say_piece(struct rogue *rogue, uint64_t index, uint32_t offset,
                struct span piece)
{
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Bodies    bodies = ENTENTE__BODIES__INIT;
    Entente__Fragment  fragment = ENTENTE__FRAGMENT__INIT;
    Entente__Fragment *fragments[] = {&fragment};

    fragment.index = index;
    fragment.offset = offset;
    fragment.bytes = lend(piece.ptr, piece.len);
    bodies.origin = rogue->text.text;
    bodies.n_fragments = 1;
    bodies.fragments = fragments;
    frame.kind_case = ENTENTE__FRAME__KIND_BODIES;
    frame.bodies = &bodies;
    rogue_say(rogue, &frame);
}

void
rogue_say_body(struct rogue *rogue, uint64_t index)
{
    const struct rogue_entry *entry = &rogue->entries[index];

    rogue_say_piece(rogue, index, 0,
                    (struct span){entry->body, entry->body_len});
}

void
rogue_say_all(struct rogue *rogue, uint64_t from)
{
    struct head head = rogue_head_of(rogue, rogue->count);

    rogue_say_leaves(rogue, from, rogue->count);
    rogue_say_head(rogue, &head);
    for (uint64_t i = from; i < rogue->count; i++)
        rogue_say_body(rogue, i);
}

void
rogue_say_cosigned(struct rogue *rogue, const char *origin,
                   const struct head *head)
{
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Cosigned  said = ENTENTE__COSIGNED__INIT;
    struct cosignature cosignature;

    cosignature_sign(span_text(origin), head, rogue->victim->wall_ms / 1000,
                     &rogue->duo->a.node->witness_key, &cosignature);
    said.origin = (char *)(uintptr_t)origin;
    said.size = head->size;
    said.root = lend(head->root.bytes, LIMIT_DIGEST);
    said.time = cosignature.time_s;
    said.signature = lend(cosignature.signature, LIMIT_SIGNATURE);
    frame.kind_case = ENTENTE__FRAME__KIND_COSIGNED;
    frame.cosigned = &said;
    rogue_say(rogue, &frame);
}
