#include "tests/unit/one_turn.h"

#include "control.pb-c.h"
#include "link.pb-c.h"

static int
make(void **state)
{
    *state = one_turn_new();
    return 0;
}

static int
drop(void **state)
{
    one_turn_free(*state);
    return 0;
}

static void
a_saved_record_is_a_copy_in_its_layout(void **state)
{
    struct one_turn *one = *state;
    char             name[] = "jmsdf";
    struct record    record = {.kind = RECORD_ALARM,
                               .state = STATUS_FORK,
                               .words = span_text(name)};
    struct record    saved;

    context_save(&one->turn, &record, NULL);
    name[0] = 'X';
    saved = one_turn_saved(one, RECORD_ALARM, 0);
    assert_true(span_equal(saved.words, span_text("jmsdf")));
    assert_int_equal(saved.state, STATUS_FORK);
}

static void
a_record_without_a_secret_needs_no_vault_key(void **state)
{
    struct one_turn *one = *state;
    struct record    record = {.kind = RECORD_STAMP, .number = 5};

    context_save(&one->turn, &record, NULL);
    assert_int_equal(one_turn_count(one, EFFECT_SAVE), 1);
    assert_int_equal(one_turn_effect(one, EFFECT_SAVE, 0)->vault, 0);
    assert_int_equal(one_turn_effect(one, EFFECT_SAVE, 0)->secret.len, 0);
}

static void
a_secret_is_apart_from_its_record_and_names_its_vault_key(void **state)
{
    struct one_turn     *one = *state;
    struct record        record = {.kind = RECORD_PENDING,
                                   .precedence = PRECEDENCE_FLASH};
    struct record_secret secret = {.subject = span_text("a pirate"),
                                   .message = span_text("whole text")};
    struct record_secret back;
    const struct effect *effect;

    context_save(&one->turn, &record, &secret);
    /* The VAULTS record that names the key stands before it. */
    effect = one_turn_effect(one, EFFECT_SAVE, 1);
    assert_int_equal(effect->bytes.ptr[0], RECORD_PENDING);
    assert_int_equal(effect->vault, 1);
    assert_null(memmem(effect->bytes.ptr, effect->bytes.len, "pirate", 6));
    assert_int_equal(record_secret_decode(effect->secret, &back), STATUS_OK);
    assert_true(span_equal(back.subject, secret.subject));
    assert_true(span_equal(back.message, secret.message));
}

static void
randomness_follows_from_the_seed_and_repeats_nothing(void **state)
{
    struct one_turn *one = *state;
    uint8_t          a[64], b[64], again[64];
    struct dh_key    first, second;

    context_random(&one->turn, a, sizeof(a));
    context_random(&one->turn, b, sizeof(b));
    context_random_dh(&one->turn, &first);
    context_random_dh(&one->turn, &second);
    assert_memory_not_equal(a, b, sizeof(a));
    assert_memory_not_equal(first.public_key, second.public_key, LIMIT_KEY);
    one_turn_begin(one, 1);
    context_random(&one->turn, again, sizeof(again));
    assert_memory_equal(a, again, sizeof(a));
    one_turn_begin(one, 2);
    context_random(&one->turn, again, sizeof(again));
    assert_memory_not_equal(a, again, sizeof(a));
}

static void
a_client_is_told_one_encoded_response(void **state)
{
    struct one_turn     *one = *state;
    Entente__Response    response = ENTENTE__RESPONSE__INIT;
    Entente__Response   *back;
    const struct effect *effect;

    response.id = 77;
    response.last = true;
    context_tell(&one->turn, 5, &response.base);
    effect = one_turn_effect(one, EFFECT_TELL, 0);
    assert_int_equal(effect->client, 5);
    back = entente__response__unpack(NULL, effect->bytes.len,
                                     effect->bytes.ptr);
    assert_non_null(back);
    assert_int_equal(back->id, 77);
    entente__response__free_unpacked(back, NULL);
}

static void
a_closed_link_is_named(void **state)
{
    struct one_turn *one = *state;

    context_close_link(&one->turn, 9);
    assert_int_equal(one_turn_effect(one, EFFECT_CLOSE, 0)->link, 9);
    assert_int_equal(one_turn_effect(one, EFFECT_CLOSE, 0)->client, 0);
}

static void
a_line_of_the_log_is_cut_where_it_is_too_long(void **state)
{
    struct one_turn *one = *state;
    char             word[2000];

    memset(word, 'x', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    context_log(&one->turn, "%s: %d", "one", 1);
    context_log(&one->turn, "%s", word);
    assert_true(span_equal(one_turn_effect(one, EFFECT_LOG, 0)->bytes,
                           span_text("one: 1")));
    assert_int_equal(one_turn_effect(one, EFFECT_LOG, 1)->bytes.len, 511);
}

static struct span
keepalive(struct one_turn *one, uint64_t echo)
{
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Keepalive said = ENTENTE__KEEPALIVE__INIT;

    said.echo = echo;
    frame.kind_case = ENTENTE__FRAME__KIND_KEEPALIVE;
    frame.keepalive = &said;
    return context_pack(&one->turn, &frame.base);
}

static void
what_was_packed_is_parsed_again(void **state)
{
    struct one_turn      *one = *state;
    const Entente__Frame *frame;

    frame = (const Entente__Frame *)context_parse(
        &one->turn, &entente__frame__descriptor, keepalive(one, 4711));
    assert_non_null(frame);
    assert_int_equal(frame->kind_case, ENTENTE__FRAME__KIND_KEEPALIVE);
    assert_int_equal(frame->keepalive->echo, 4711);
}

static void
what_is_not_strictly_a_message_is_not_parsed(void **state)
{
    struct one_turn *one = *state;
    uint8_t          twice[64];
    struct span      good = keepalive(one, 1);

    memcpy(twice, good.ptr, good.len);
    memcpy(twice + good.len, good.ptr, good.len);
    assert_null(context_parse(&one->turn, &entente__frame__descriptor,
                              (struct span){twice, 2 * good.len}));
    assert_null(context_parse(&one->turn, &entente__frame__descriptor,
                              (struct span){good.ptr, good.len - 1}));
    assert_null(context_parse(&one->turn, &entente__frame__descriptor,
                              span_text("\xff\xff")));
}

/* A frame of bodies is read body by body, each with a message of its own. */
static void
what_was_parsed_stays_while_more_is_parsed(void **state)
{
    struct one_turn      *one = *state;
    const Entente__Frame *first, *second;

    first = (const Entente__Frame *)context_parse(
        &one->turn, &entente__frame__descriptor, keepalive(one, 1));
    second = (const Entente__Frame *)context_parse(
        &one->turn, &entente__frame__descriptor, keepalive(one, 2));
    assert_non_null(first);
    assert_non_null(second);
    assert_int_equal(first->keepalive->echo, 1);
    assert_int_equal(second->keepalive->echo, 2);
}

#define CONTEXT_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CONTEXT_TEST(a_saved_record_is_a_copy_in_its_layout),
        CONTEXT_TEST(a_record_without_a_secret_needs_no_vault_key),
        CONTEXT_TEST(a_secret_is_apart_from_its_record_and_names_its_vault_key),
        CONTEXT_TEST(randomness_follows_from_the_seed_and_repeats_nothing),
        CONTEXT_TEST(a_client_is_told_one_encoded_response),
        CONTEXT_TEST(a_closed_link_is_named),
        CONTEXT_TEST(a_line_of_the_log_is_cut_where_it_is_too_long),
        CONTEXT_TEST(what_was_packed_is_parsed_again),
        CONTEXT_TEST(what_is_not_strictly_a_message_is_not_parsed),
        CONTEXT_TEST(what_was_parsed_stays_while_more_is_parsed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
