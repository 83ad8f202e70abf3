/*
 * unpacking.c - one piece of a bundle for each request of its client.
 *
 * Invariants:
 *  (I1) nothing changes before record 0 is proven, and what it changes is saved
 *       in one group with the bundle's number;
 *  (I2) no frame of a record is acted on before all of the record was judged;
 *  (I3) leaves that a bundle brought and no head covers end with the bundle,
 *       or with the first leaves of the same log from a link.
 */
#include "node/core/bundle/unpacking.h"

#include "crypto/bundle_reader.h"
#include "node/core/grow.h"
#include "node/core/bundle/manifest.h"
#include "node/core/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS_AT_ONCE = 4 };

struct unpacking {
    uint64_t             client;
    struct peer         *peer;
    uint64_t             number;
    struct bundle_reader reader;
    bool                 cut;     /* the last piece ended within a record */
    enum status          over;    /* the rest is not read; OK: it is */
    uint64_t             damaged; /* records that were passed over */
    struct manifest      manifest;
};

/* --- life ----------------------------------------------------------------- */

static struct unpacking **
slot_of(struct node *node, const struct unpacking *unpacking)
{
    for (size_t i = 0; i < LIMIT_BUNDLES; i++)
        if (node->unpackings[i] == unpacking)
            return &node->unpackings[i];
    return NULL;
}

static struct unpacking *
of_client(const struct node *node, uint64_t client)
{
    for (size_t i = 0; i < LIMIT_BUNDLES; i++)
        if (node->unpackings[i] != NULL &&
            node->unpackings[i]->client == client)
            return node->unpackings[i];
    return NULL;
}

static void
drop(struct node *node, struct unpacking *unpacking)
{
    *slot_of(node, unpacking) = NULL;
    for (size_t i = 0; i < unpacking->peer->witness_count; i++)
        if (unpacking->peer->witnesses[i]->by_stick)
            witness_unstage(unpacking->peer->witnesses[i]); /* (I3) */
    bundle_reader_clear(&unpacking->reader);
    free(unpacking);
}

/* --- the first piece ------------------------------------------------------ */

/* Why a bundle is refused, for a person. */
static const char *
refusal(const struct node *node, const struct bundle *bundle, enum status st,
        const char **hint)
{
    const struct peer *peer = roster_peer_by_id(node, &bundle->sender);

    *hint = NULL;
    if (st != STATUS_UNTRUSTED && st != STATUS_UNOPENED)
        return st == STATUS_BAD_PROOF
                   ? "the beginning of the file was changed: nothing was taken"
                   : status_words(st);
    if (st == STATUS_UNOPENED) {
        *hint = "after this node lost keys, the peer's next bundle is for a "
                "key that is here; a changed file looks like this too";
        return "no key of this node opens it: nothing was taken";
    }
    if (node_id_equal(&bundle->sender, &node->cert.node)) {
        *hint = "carry it to the node that it was made for";
        return "this node made this bundle itself";
    }
    if (!node_id_equal(&bundle->recipient, &node->cert.node))
        return "the bundle is for another node";
    if (peer == NULL) {
        *hint = "`entente pair` pairs with a node by its card";
        return "the bundle is from a node that is not paired";
    }
    return peer_removed(peer)
               ? "the bundle is from a peer that was removed"
               : "its certificate is older than the one on their card";
}

static enum status
find_key(const struct node *node, const struct peer *peer,
         const struct bundle *bundle, struct bundle_trust *out)
{
    const struct dh_key *own = bundle->sealing_key == 0
                                   ? &node->first_contact
                                   : peer_own_key(peer, bundle->sealing_key);

    *out = (struct bundle_trust){.self = node->cert.node,
                                 .org_key = peer->card.cert.org_key};
    if (own == NULL || bundle->secret_epoch != peer->secret_epoch)
        return STATUS_UNOPENED;
    out->key = (struct seal_key){.suite = SUITE_CLASSIC,
                                 .number = bundle->sealing_key,
                                 .secret_epoch = bundle->secret_epoch};
    if (bundle->secret_epoch > 0)
        out->key.pair_secret = &peer->pair_secret;
    memcpy(out->key.public_key, own->public_key, LIMIT_KEY);
    out->sealing_secret = &own->secret;
    return STATUS_OK;
}

/* Proves header and record 0 of `piece`; nothing is changed. */
static enum status
open_bundle(const struct node *node, struct reader *piece,
            struct bundle *bundle, struct peer **peer,
            struct bundle_reader *reader)
{
    struct span         header = reader_take(piece, BUNDLE_HEADER_LEN);
    struct span         first;
    struct bundle_trust trust;
    struct cert         cert;
    enum status         st = bundle_decode(header, bundle);

    if (st != STATUS_OK)
        return st;
    *peer = roster_peer_by_id(node, &bundle->sender);
    if (!node_id_equal(&bundle->recipient, &node->cert.node) ||
        *peer == NULL || peer_removed(*peer))
        return STATUS_UNTRUSTED;
    st = find_key(node, *peer, bundle, &trust);
    if (st != STATUS_OK)
        return st;
    first = reader_take(piece, BUNDLE_SEALED_LEN);
    if (piece->failed)
        return STATUS_BAD_ENCODING;
    st = bundle_reader_open(reader, header, first, &trust, &cert);
    if (st == STATUS_OK && cert.serial < (*peer)->card.cert.serial)
        st = STATUS_UNTRUSTED;
    return st;
}

/* --- records -------------------------------------------------------------- */

/* All frames of the record that was opened (I2). */
static void
take_frames(struct unpacking *unpacking, struct context *turn)
{
    struct span frame;

    while (unpacking->over == STATUS_OK &&
           (frame = bundle_reader_frame(&unpacking->reader)).len > 0)
        unpacking->over = manifest_frame(&unpacking->manifest, turn, frame);
}

static void
take_records(struct unpacking *unpacking, struct context *turn,
             struct reader *piece)
{
    while (piece->left > 0 && unpacking->over == STATUS_OK) {
        enum status st;

        if (piece->left < BUNDLE_SEALED_LEN) {
            unpacking->cut = true;
            return;
        }
        st = bundle_reader_next(&unpacking->reader,
                                reader_take(piece, BUNDLE_SEALED_LEN));
        if (st == STATUS_OK)
            take_frames(unpacking, turn);
        else if (st == STATUS_TOO_LARGE)
            unpacking->over = st;
        else
            unpacking->damaged++;
    }
}

static void
tell(struct context *turn, const struct unpacking *unpacking,
     uint64_t request, bool end)
{
    Entente__Response             response = ENTENTE__RESPONSE__INIT;
    Entente__BundleImportResponse said = ENTENTE__BUNDLE_IMPORT_RESPONSE__INIT;

    said.peer = (char *)(uintptr_t)unpacking->peer->name;
    said.number = unpacking->number;
    said.damaged = unpacking->damaged;
    said.cut = end && (unpacking->cut ||
                       bundle_reader_end(&unpacking->reader) != STATUS_OK);
    manifest_tell(&unpacking->manifest, turn, unpacking->over, &said);
    response.kind_case = ENTENTE__RESPONSE__KIND_BUNDLE_IMPORT;
    response.bundle_import = &said;
    desk_answer(turn, unpacking->client, request, true, &response);
}

/* --- requests ------------------------------------------------------------- */

/* NULL: it was refused, and said so. */
static struct unpacking *
begin(struct context *turn, uint64_t client, uint64_t request,
      struct reader *piece)
{
    struct unpacking **slot = slot_of(turn->node, NULL);
    struct unpacking  *unpacking = grow_new(1, sizeof(*unpacking));
    struct bundle      bundle = {.number = 0};
    const char        *words = "too many bundles are read", *hint = NULL;
    enum status        st = STATUS_FULL;

    if (slot != NULL) {
        st = open_bundle(turn->node, piece, &bundle, &unpacking->peer,
                         &unpacking->reader);
        words = st == STATUS_BAD_ENCODING
                    ? "this is no bundle, or its beginning is not whole"
                    : refusal(turn->node, &bundle, st, &hint);
    }
    if (st != STATUS_OK) {
        desk_fail_words(turn, client, request, st, "piece", hint, words);
        bundle_reader_clear(&unpacking->reader);
        free(unpacking);
        return NULL;
    }
    *slot = unpacking;
    unpacking->client = client;
    unpacking->number = bundle.number;
    manifest_begin(&unpacking->manifest, turn, unpacking->peer,
                   bundle.number); /* (I1) */
    take_frames(unpacking, turn);
    return unpacking;
}

void
unpacking_request(struct context *turn, uint64_t client,
                  const Entente__Request *request)
{
    const Entente__BundleImportRequest *asked = request->bundle_import;
    struct unpacking *unpacking = of_client(turn->node, client);
    struct reader     piece =
        reader_of((struct span){asked->piece.data, asked->piece.len});

    if (asked->piece.len >
        BUNDLE_HEADER_LEN + RECORDS_AT_ONCE * (size_t)BUNDLE_SEALED_LEN) {
        desk_fail(turn, client, request->id, STATUS_TOO_LARGE, "piece",
                  "a piece of a bundle is at most four records");
        return;
    }
    if (unpacking == NULL)
        unpacking = begin(turn, client, request->id, &piece);
    if (unpacking == NULL)
        return;
    if (peer_removed(unpacking->peer))
        unpacking->over = STATUS_UNTRUSTED;
    take_records(unpacking, turn, &piece);
    tell(turn, unpacking, request->id, asked->end);
    if (asked->end)
        drop(turn->node, unpacking);
}

void
unpacking_forget(struct node *node, uint64_t client)
{
    struct unpacking *unpacking = of_client(node, client);

    if (unpacking != NULL)
        drop(node, unpacking);
}

void
unpacking_clear(struct node *node)
{
    for (size_t i = 0; i < LIMIT_BUNDLES; i++)
        if (node->unpackings[i] != NULL)
            drop(node, node->unpackings[i]);
}
