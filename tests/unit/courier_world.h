/*
 * courier_world.h - two paired nodes and the bundles that are carried between
 * them, in memory.
 */
#ifndef TESTS_COURIER_WORLD_H
#define TESTS_COURIER_WORLD_H

#include "crypto/bundle.h"
#include "node/core/log/lane.h"
#include "node/core/roster.h"
#include "tests/unit/duo.h"

#include <stdlib.h>
#include <string.h>

/* A bundle as it stands in a file. */
struct stick {
    uint8_t *bytes;
    size_t   len;
};

static inline void
stick_free(struct stick *stick)
{
    free(stick->bytes);
    *stick = (struct stick){0};
}

static inline struct peer *
courier_peer(struct duo_party *party)
{
    return party->node->peers[0];
}

/* All turns of this party that are due, and its alone. */
static inline void
courier_settle(struct duo_party *party)
{
    while (duo_turn(party))
        continue;
}

/* Two nodes that never reach each other; paired, all links cut. */
static inline int
courier_make(void **state)
{
    struct duo *duo = duo_new();

    duo->a.reachable = duo->b.reachable = false;
    duo_pair(duo);
    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    *state = duo;
    return 0;
}

static inline const Entente__Response *
courier_ask(struct duo_party *party, Entente__Request *request)
{
    size_t before = party->told_count;

    request->id = 70001; /* of no submission */
    duo_request(party, request);
    courier_settle(party);
    for (size_t i = before; i < party->told_count; i++)
        if (party->told[i].response->id == request->id)
            return party->told[i].response;
    fail_msg("no answer");
    return NULL;
}

static inline const Entente__Response *
courier_ask_piece(struct duo_party *party, const char *to)
{
    Entente__Request             request = ENTENTE__REQUEST__INIT;
    Entente__BundleExportRequest asked = ENTENTE__BUNDLE_EXPORT_REQUEST__INIT;

    asked.to = (char *)(uintptr_t)to;
    request.kind_case = ENTENTE__REQUEST__KIND_BUNDLE_EXPORT;
    request.bundle_export = &asked;
    return courier_ask(party, &request);
}

/* The next piece, appended; true: that was the last. */
static inline bool
courier_piece(struct duo_party *party, const char *to, struct stick *stick,
              Entente__BundleExportResponse *out)
{
    const Entente__Response *response = courier_ask_piece(party, to);

    assert_int_equal(response->kind_case,
                     ENTENTE__RESPONSE__KIND_BUNDLE_EXPORT);
    *out = *response->bundle_export;
    stick->bytes = realloc(stick->bytes, stick->len + out->piece.len);
    memcpy(stick->bytes + stick->len, out->piece.data, out->piece.len);
    stick->len += out->piece.len;
    return out->whole;
}

/* A bundle of the party's for the other; its counts. */
static inline Entente__BundleExportResponse
courier_export(struct duo_party *party, struct stick *stick)
{
    const char                   *to = courier_peer(party)->name;
    Entente__BundleExportResponse out;

    *stick = (struct stick){0};
    while (!courier_piece(party, to, stick, &out))
        to = "";
    duo_forget_told(party);
    out.peer = NULL; /* it is gone with what was told */
    out.piece.data = NULL;
    return out;
}

static inline const Entente__Response *
courier_bring(struct duo_party *party, const uint8_t *bytes, size_t len,
              bool end)
{
    Entente__Request             request = ENTENTE__REQUEST__INIT;
    Entente__BundleImportRequest asked = ENTENTE__BUNDLE_IMPORT_REQUEST__INIT;

    asked.piece =
        (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)bytes};
    asked.end = end;
    request.kind_case = ENTENTE__REQUEST__KIND_BUNDLE_IMPORT;
    request.bundle_import = &asked;
    return courier_ask(party, &request);
}

/* All of it; what was found in the end.  Lent until duo_forget_told. */
static inline const Entente__BundleImportResponse *
courier_import(struct duo_party *party, const struct stick *stick)
{
    size_t                   at = 0;
    size_t                   piece = BUNDLE_HEADER_LEN + BUNDLE_SEALED_LEN;
    const Entente__Response *response;

    duo_forget_told(party);
    while (at < stick->len) {
        if (piece > stick->len - at)
            piece = stick->len - at;
        response = courier_bring(party, stick->bytes + at, piece, false);
        assert_int_equal(response->kind_case,
                         ENTENTE__RESPONSE__KIND_BUNDLE_IMPORT);
        at += piece;
        piece = BUNDLE_SEALED_LEN;
    }
    response = courier_bring(party, NULL, 0, true);
    return response->bundle_import;
}

/* Export, import, and the stick is lost. */
static inline const Entente__BundleImportResponse *
courier_carry(struct duo_party *from, struct duo_party *to)
{
    const Entente__BundleImportResponse *found;
    struct stick                         stick;

    (void)courier_export(from, &stick);
    found = courier_import(to, &stick);
    stick_free(&stick);
    return found;
}

/* Records of this kind whose state is that. */
static inline size_t
courier_states(const struct duo_party *party, enum record_kind kind,
               enum message_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < duo_count_records(party, kind); i++)
        count += duo_record(party, kind, i).state == state;
    return count;
}

/* Nothing of either is without its receipt at the other. */
static inline void
courier_assert_even(struct duo *duo)
{
    struct duo_party *parties[] = {&duo->a, &duo->b};

    for (size_t i = 0; i < 2; i++) {
        struct peer *peer = courier_peer(parties[i]);

        assert_int_equal(peer->outbox.count, 0);
        assert_int_equal(peer->answer_count, 0);
        for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
            const struct channel *channel = lane_channel(peer, lane);

            if (channel != NULL)
                assert_int_equal(channel->cosigned.size,
                                 channel->frontier.size);
        }
    }
}

#endif
