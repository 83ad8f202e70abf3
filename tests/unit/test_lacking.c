/* test_lacking.c - what a peer says to hold counts as far as it is signed. */
#include "tests/unit/asking_back.h"

#include "node/core/recovery/lacking.h"


static enum status
take(struct rogue *rogue, struct lacking *lacking, bool forged)
{
    struct channel       *channel = back_channel(rogue);
    struct effects        effects;
    struct turn_input     input = {.mono_ms = 1, .wall_ms = 1};
    struct context        turn = {.node = rogue->victim->node,
                                  .input = &input,
                                  .out = &effects};
    Entente__ChannelSize  said = ENTENTE__CHANNEL_SIZE__INIT;
    Entente__ChannelSize *list[] = {&said};
    struct origin         lost = channel->origin;
    struct origin_text    text;
    struct head           head = {.size = 7};
    uint8_t               signature[LIMIT_SIGNATURE];
    enum status           st;

    effects_init(&effects);
    lost.random ^= 1;
    text = origin_format(&lost);
    checkpoint_sign(origin_span(&text), &head, &turn.node->log_key, signature);
    signature[0] ^= forged;
    said.origin = text.text;
    said.size = head.size;
    said.root = (ProtobufCBinaryData){LIMIT_DIGEST, head.root.bytes};
    said.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE, signature};
    st = lacking_take(lacking, rogue_peer(rogue), &turn, list, 1);
    effects_free(&effects);
    return st;
}

static void
a_log_under_our_own_signature_is_lacking(void **state)
{
    struct lacking lacking = {0};

    assert_int_equal(take(*state, &lacking, false), STATUS_OK);
    assert_int_equal(lacking.count, 1);
    assert_true(lacking.list[0].ours);
    assert_int_equal(lacking.list[0].size, 7);
}

static void
a_log_under_another_signature_is_refused(void **state)
{
    struct lacking lacking = {0};

    assert_int_equal(take(*state, &lacking, true), STATUS_BAD_PROOF);
    assert_int_equal(lacking.count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BACK_TEST(a_log_under_our_own_signature_is_lacking),
        BACK_TEST(a_log_under_another_signature_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
