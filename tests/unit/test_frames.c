/* Frames for an edge that captures: both ways, and a turn does not feel it. */
#include "tests/unit/duo.h"

#include "crypto/kdf.h"
#include "node/host/kept.h"

#include <stdlib.h>
#include <string.h>

enum { SEEN_MAX = 256 };

/* What one party's turns had. */
struct seen {
    const char      *peer;
    bool             out[SEEN_MAX];
    uint64_t         link[SEEN_MAX];
    uint8_t          bytes[SEEN_MAX][4096];
    size_t           len[SEEN_MAX];
    size_t           count;
    struct digest    effects[SEEN_MAX]; /* of each turn, as a capture keeps */
    size_t           turns;
};

static void
digest_of(const struct effects *effects, struct digest *out)
{
    struct hash hash;

    hash_init(&hash, LABEL_REPLAY);
    for (size_t i = 0; i < effects->count; i++) {
        size_t        len = kept_len(&effects->list[i]);
        uint8_t      *bytes = malloc(len);
        struct writer to = writer_of(bytes, len);

        assert_non_null(bytes);
        kept_put(&to, &effects->list[i]);
        hash_span(&hash, writer_span(&to));
        free(bytes);
    }
    hash_end(&hash, out);
}

static void
on_seen(void *arg, const struct turn_input *input, const struct event *events,
        size_t count, const struct effects *effects)
{
    struct seen *seen = arg;

    (void)input;
    (void)events;
    (void)count;
    assert_true(seen->turns < SEEN_MAX);
    digest_of(effects, &seen->effects[seen->turns++]);
    for (const struct effects_frame *frame = effects->frames; frame != NULL;
         frame = frame->next) {
        size_t n = seen->count++;

        assert_true(n < SEEN_MAX);
        assert_string_equal(frame->peer, seen->peer);
        assert_in_range(frame->bytes.len, 1, sizeof(seen->bytes[0]));
        seen->out[n] = frame->out;
        seen->link[n] = frame->link;
        seen->len[n] = frame->bytes.len;
        memcpy(seen->bytes[n], frame->bytes.ptr, frame->bytes.len);
    }
}

/* Pairs, and sends a message to its receipt. */
static void
live(struct seen *a, struct seen *b, bool wanted)
{
    struct duo *duo = duo_new();

    a->peer = "node2";
    b->peer = "node1";
    duo->a.effects.wants_frames = duo->b.effects.wants_frames = wanted;
    duo->a.seen = duo->b.seen = on_seen;
    duo->a.seen_arg = a;
    duo->b.seen_arg = b;
    duo->a.reachable = false; /* one link: a frame may die with a second */
    duo_pair(duo);
    duo_submit(&duo->a, "node2", 1, "FLASH", "Tanker off Lagos", "accepted");
    duo_run(duo);
    duo_wait(duo, 1000);
    duo_free(duo);
}

/* The n-th that went this way; its place in *at. */
static bool
next(const struct seen *seen, bool out, size_t *at)
{
    while (*at < seen->count && seen->out[*at] != out)
        (*at)++;
    return *at < seen->count;
}

static void
same_way(const struct seen *from, const struct seen *to)
{
    size_t sent = 0, came = 0, frames = 0;

    for (; next(from, true, &sent) && next(to, false, &came); sent++, came++) {
        assert_int_equal(from->len[sent], to->len[came]);
        assert_memory_equal(from->bytes[sent], to->bytes[came],
                            to->len[came]);
        frames++;
    }
    assert_false(next(from, true, &sent) || next(to, false, &came));
    assert_in_range(frames, 4, SEEN_MAX); /* Hello, Sizes, and more */
}

static struct seen a, b, a_unseen, b_unseen;

static void
what_one_side_encrypts_is_what_the_other_decrypts(void **state)
{
    (void)state;
    live(&a, &b, true);
    same_way(&a, &b);
    same_way(&b, &a);
    assert_int_equal(a.link[0] % 2, 0); /* we dialled */
}

static void
a_turn_is_the_same_whether_anybody_looks_or_not(void **state)
{
    (void)state;
    live(&a_unseen, &b_unseen, false);
    assert_int_equal(a_unseen.count, 0);
    assert_int_equal(a_unseen.turns, a.turns);
    assert_int_equal(b_unseen.turns, b.turns);
    assert_memory_equal(a_unseen.effects, a.effects, sizeof(a.effects));
    assert_memory_equal(b_unseen.effects, b.effects, sizeof(b.effects));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_side_encrypts_is_what_the_other_decrypts),
        cmocka_unit_test(a_turn_is_the_same_whether_anybody_looks_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
