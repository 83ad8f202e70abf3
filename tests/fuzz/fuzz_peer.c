/*
 * fuzz_peer.c - a paired peer that sends what it likes inside the transport.
 *
 * The input is a list of frames, each with a u16 length before it, which node
 * b receives sealed by the transport of its peer a.  Whatever they were, b
 * comes to rest, and comes up again from its keys and journal.
 */
#include "node/core/roster.h"
#include "node/core/link/session.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/duo.h"

#include <stdlib.h>

const bool fuzz_is_whole = false; /* a list may end after any frame */

enum { FRAMES_MAX = 64 };

static struct session *
session_of(const struct duo_party *party)
{
    for (size_t i = 0; i < party->node->session_count; i++)
        if (party->node->sessions[i]->link == party->link)
            return party->node->sessions[i];
    return NULL;
}

static void
inject(struct duo *duo, struct span frame)
{
    struct session *from = session_of(&duo->a);
    uint8_t        *sealed = malloc(frame.len + LIMIT_TAG);
    struct event    event = {.kind = EVENT_LINK_FRAME, .link = duo->b.link};

    assert(sealed != NULL);
    if (from != NULL && from->state == SESSION_OPEN && duo->b.link != 0 &&
        noise_encrypt(&from->send, frame, sealed) == STATUS_OK) {
        event.bytes = (struct span){sealed, frame.len + LIMIT_TAG};
        duo_post(&duo->b, &event);
    }
    free(sealed);
    duo_run(duo);
}

bool
fuzz_one(struct span in)
{
    struct reader from = reader_of(in);
    struct duo   *duo = duo_new();

    duo_pair(duo);
    for (int i = 0; i < FRAMES_MAX && from.left > 0 && !from.failed; i++) {
        struct span frame = reader_take16(&from, LIMIT_FRAME_PLAIN);

        if (!from.failed)
            inject(duo, frame);
    }
    duo_wait(duo, 1000);
    duo_restart(&duo->b);
    duo_free(duo);
    return reader_end(&from) == STATUS_OK;
}

/* --- good inputs: what a really says ------------------------------------- */

/* One turn of a; the frames of it, opened, go to `out`. */
static bool
turn_heard(struct duo *duo, struct writer *out)
{
    static uint8_t         plain[LIMIT_FRAME];
    struct session        *session = session_of(&duo->a);
    struct noise_transport copy = session->send;
    size_t                 known = duo->b.event_count;
    bool                   busy = duo_turn(&duo->a);

    for (size_t i = known; i < duo->b.event_count; i++) {
        struct span sealed = duo->b.events[i].bytes;
        enum status st;

        if (duo->b.events[i].kind != EVENT_LINK_FRAME)
            continue;
        st = noise_decrypt(&copy, sealed, plain);
        assert(st == STATUS_OK);
        writer_put16(out, (struct span){plain, sealed.len - LIMIT_TAG});
    }
    return busy;
}

static void
listen_to(struct duo *duo, struct writer *out)
{
    bool busy = true;

    while (busy) {
        busy = turn_heard(duo, out);
        busy = duo_turn(&duo->b) || busy;
    }
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static uint8_t bytes[1 << 16];
    struct writer  out = writer_of(bytes, sizeof(bytes));
    struct duo    *duo = duo_new();

    duo_pair(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", "accepted");
    listen_to(duo, &out);
    assert(writer_end(&out) == STATUS_OK && out.len > 0);
    seed(arg, "note", writer_span(&out));
    out = writer_of(bytes, sizeof(bytes));
    duo_submit(&duo->b, "node1", 1, "FLASH", "tea!", "accepted");
    listen_to(duo, &out);
    seed(arg, "receipt", writer_span(&out));
    duo_free(duo);
}
