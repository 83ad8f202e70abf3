#include "tests/unit/one_turn.h"

#include "crypto/keyring.h"

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

static uint32_t
take(struct one_turn *one)
{
    return vaults_take(&one->vaults, &one->turn.seeds, &one->effects);
}

static void
take_many(struct one_turn *one, size_t count)
{
    while (count-- > 0)
        (void)take(one);
}

/* The keyring holds 1 to `last`. */
static void
known_to(struct one_turn *one, uint64_t last)
{
    for (uint64_t number = 1; number <= last; number++)
        vaults_known(&one->vaults, number);
}

static void
the_first_secret_has_keys_made_ahead_and_says_which_is_in_use(void **state)
{
    struct one_turn *one = *state;
    struct record    said;

    assert_int_equal(take(one), 1);
    assert_int_equal(one_turn_count(one, EFFECT_KEY), LIMIT_VAULTS_AHEAD);
    for (size_t i = 0; i < LIMIT_VAULTS_AHEAD; i++) {
        const struct effect *key = one_turn_effect(one, EFFECT_KEY, i);

        assert_int_equal(key->key.kind, KEYRING_VAULT);
        assert_int_equal(key->key.number, i + 1);
        assert_false(key->key.destroy);
    }
    said = one_turn_saved(one, RECORD_VAULTS, 0);
    assert_int_equal(said.vault, 1);
    assert_int_equal(said.number, LIMIT_VAULTS_AHEAD);
}

static void
no_two_keys_or_nonces_are_alike(void **state)
{
    struct one_turn *one = *state;

    (void)take(one);
    for (size_t i = 0; i < LIMIT_VAULTS_AHEAD; i++) {
        const struct key_change *a = &one_turn_effect(one, EFFECT_KEY, i)->key;

        assert_memory_not_equal(a->nonce[0], a->nonce[1], sizeof(a->nonce[0]));
        for (size_t k = i + 1; k < LIMIT_VAULTS_AHEAD; k++) {
            const struct key_change *b =
                &one_turn_effect(one, EFFECT_KEY, k)->key;

            assert_memory_not_equal(a->secret.bytes, b->secret.bytes,
                                    LIMIT_KEY);
            assert_memory_not_equal(a->nonce[0], b->nonce[0],
                                    sizeof(a->nonce[0]));
        }
    }
}

static void
one_key_seals_as_many_secrets_as_its_limit_says(void **state)
{
    struct one_turn *one = *state;

    for (size_t i = 0; i < LIMIT_VAULT_ENTRIES; i++)
        assert_int_equal(take(one), 1);
    assert_int_equal(one_turn_saves(one, RECORD_VAULTS), 1);
    assert_int_equal(take(one), 2);
    assert_int_equal(one_turn_saves(one, RECORD_VAULTS), 2);
    assert_int_equal(one_turn_saved(one, RECORD_VAULTS, 1).vault, 2);
}

static void
more_keys_are_made_when_half_of_those_ahead_are_used(void **state)
{
    struct one_turn *one = *state;

    take_many(one, (size_t)LIMIT_VAULT_ENTRIES * LIMIT_VAULTS_AHEAD / 2);
    assert_int_equal(one_turn_count(one, EFFECT_KEY), LIMIT_VAULTS_AHEAD);
    assert_int_equal(take(one), LIMIT_VAULTS_AHEAD / 2 + 1);
    assert_int_equal(one_turn_count(one, EFFECT_KEY),
                     LIMIT_VAULTS_AHEAD + LIMIT_VAULTS_AHEAD / 2);
    assert_int_equal(one->vaults.made,
                     LIMIT_VAULTS_AHEAD + LIMIT_VAULTS_AHEAD / 2);
}

static void
no_key_is_in_use_after_a_start(void **state)
{
    struct one_turn *one = *state;
    struct record    said;

    (void)take(one);
    said = one_turn_saved(one, RECORD_VAULTS, 0);
    one->vaults = (struct vaults){0};
    known_to(one, LIMIT_VAULTS_AHEAD);
    vaults_replay(&one->vaults, &said);
    vaults_start(&one->vaults);
    assert_int_equal(take(one), 2);
}

static void
keys_that_the_keyring_holds_are_not_made_again(void **state)
{
    struct one_turn *one = *state;

    known_to(one, 40);
    vaults_start(&one->vaults);
    assert_int_equal(take(one), 1);
    assert_int_equal(one_turn_count(one, EFFECT_KEY), 0);
}

/* A crash between the keyring and the journal: the keys are there, no record
 * names them. */
static void
keys_made_for_a_turn_that_was_lost_are_used_later(void **state)
{
    struct one_turn *one = *state;
    struct record    said = {.kind = RECORD_VAULTS, .vault = 3, .number = 64};

    known_to(one, 96);
    vaults_replay(&one->vaults, &said);
    vaults_start(&one->vaults);
    assert_int_equal(take(one), 4);
    assert_int_equal(one_turn_count(one, EFFECT_KEY), 0);
    assert_int_equal(one->vaults.made, 96);
}

/* A process ended while keys 6 to 12 were put: 6, 9 and 10 are not there. */
static void
a_number_whose_key_did_not_reach_the_disk_is_never_taken(void **state)
{
    struct one_turn *one = *state;
    struct record    said = {.kind = RECORD_VAULTS, .vault = 3, .number = 5};

    known_to(one, 5);
    vaults_known(&one->vaults, 7);
    vaults_known(&one->vaults, 8);
    vaults_known(&one->vaults, 11);
    vaults_known(&one->vaults, 12);
    vaults_replay(&one->vaults, &said);
    vaults_start(&one->vaults);
    assert_int_equal(take(one), 11);
    for (size_t i = 0; i < one_turn_count(one, EFFECT_KEY); i++)
        assert_true(one_turn_effect(one, EFFECT_KEY, i)->key.number > 12);
}

#define VAULTS_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        VAULTS_TEST(
            the_first_secret_has_keys_made_ahead_and_says_which_is_in_use),
        VAULTS_TEST(no_two_keys_or_nonces_are_alike),
        VAULTS_TEST(one_key_seals_as_many_secrets_as_its_limit_says),
        VAULTS_TEST(more_keys_are_made_when_half_of_those_ahead_are_used),
        VAULTS_TEST(no_key_is_in_use_after_a_start),
        VAULTS_TEST(keys_that_the_keyring_holds_are_not_made_again),
        VAULTS_TEST(keys_made_for_a_turn_that_was_lost_are_used_later),
        VAULTS_TEST(a_number_whose_key_did_not_reach_the_disk_is_never_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
