#include "tests/unit/rogue_answer.h"

#include "node/core/log/arrival.h"

/* The newest entry is kept, its sender hears nothing, the log goes on. */
static void
assert_kept(const struct rogue *rogue, size_t alarms)
{
    assert_int_equal(duo_count_records(rogue->victim, RECORD_IN_ENTRY),
                     rogue->count);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_OUT_ENTRY), 1);
    assert_int_equal(rogue_witness(rogue)->cosigned.size, rogue->count);
    assert_int_equal(rogue_alarms(rogue), alarms);
    assert_false(rogue_is_closed(rogue));
}

struct key {
    uint32_t    number;
    const char *realm;
    uint8_t     bytes[LIMIT_KEY];
    size_t      len;
};

static void
say_key(struct rogue *rogue, struct key *key)
{
    Entente__EntrySealkey said = ENTENTE__ENTRY_SEALKEY__INIT;
    uint8_t               bytes[256];
    size_t                len;

    said.number = key->number;
    said.key = (ProtobufCBinaryData){key->len, key->bytes};
    said.realm = (char *)(uintptr_t)key->realm;
    len = entente__entry_sealkey__pack(&said, bytes);
    rogue_say_all(rogue, rogue_plain(rogue, CLASS_SEALKEY, PRECEDENCE_ROUTINE,
                                     (struct span){bytes, len}));
}

static struct key
good_key(const struct rogue *rogue, uint32_t number)
{
    struct key key = {
        .number = number, .realm = REALM_ACTUAL, .len = LIMIT_KEY};

    memcpy(key.bytes, rogue->duo->a.node->link_key.public_key, LIMIT_KEY);
    return key;
}

static void
a_newer_sealing_key_is_used_when_its_entry_is_cosigned(void **state)
{
    struct rogue *rogue = *state;
    struct key    key = good_key(rogue, 7);

    say_key(rogue, &key);
    assert_int_equal(rogue_peer(rogue)->seal_to.number, 7);
    assert_memory_equal(rogue_peer(rogue)->seal_to.key, key.bytes, LIMIT_KEY);
    assert_kept(rogue, 0);
}

static void
an_older_or_the_same_sealing_key_changes_nothing(void **state)
{
    struct rogue *rogue = *state;
    struct key    key = good_key(rogue, 7);

    say_key(rogue, &key);
    key.bytes[0] ^= 1;
    say_key(rogue, &key);
    key.number = 6;
    say_key(rogue, &key);
    assert_int_equal(rogue_peer(rogue)->seal_to.number, 7);
    assert_int_not_equal(rogue_peer(rogue)->seal_to.key[0], key.bytes[0]);
    assert_kept(rogue, 0);
}

static void
a_sealing_key_that_is_none_is_an_alarm(void **state)
{
    static const uint8_t one[LIMIT_KEY] = {1}; /* of order 1 */
    struct rogue *rogue = *state;
    struct key    key;

    for (size_t i = 0; i < 7; i++) {
        key = good_key(rogue, i == 0 ? 0 : 7);
        if (i == 1)
            key.len = LIMIT_KEY - 1;
        else if (i == 2)
            memset(key.bytes, 0, LIMIT_KEY);
        else if (i == 3)
            memcpy(key.bytes, one, LIMIT_KEY);
        else if (i == 4)
            key.realm = "exercise-x";
        else if (i == 5)
            key.realm = "";
        else if (i == 6)
            key.bytes[LIMIT_KEY - 1] |= 0x80; /* the same, spelt otherwise */
        say_key(rogue, &key);
        assert_kept(rogue, i + 1);
        assert_int_equal(rogue_peer(rogue)->announced.number, 1);
    }
    /* What is sealed to it still is, and opens. */
    rogue_is_written_to(rogue, 1);
    assert_int_equal(rogue_peer(rogue)->seal_to.number, 1);
}

static void
what_is_unsealed_and_cannot_be_read_is_an_alarm(void **state)
{
    struct rogue *rogue = *state;

    rogue_say_all(rogue, rogue_plain(rogue, CLASS_SEALKEY, PRECEDENCE_ROUTINE,
                                     span_text("\xff\xff")));
    assert_kept(rogue, 1);
}

static void
an_open_that_cannot_be_read_is_an_alarm_and_its_epoch_goes_on(void **state)
{
    static const uint8_t reason[] = {8, 1}; /* and no sealing key */
    struct rogue *rogue = *state;

    for (uint64_t i = 0; i < 2; i++) {
        rogue_epoch(rogue, 2 + i, 8);
        (void)rogue_plain(rogue, CLASS_OPEN, PRECEDENCE_IMMEDIATE,
                          i == 0 ? span_text("\xff") : SPAN_OF(reason));
        (void)rogue_plain(rogue, CLASS_KEY, PRECEDENCE_ROUTINE,
                          span_text("x"));
        rogue_say_all(rogue, 0);
        assert_int_equal(rogue_alarms(rogue), i + 1);
        assert_int_equal(rogue_witness(rogue)->cosigned.size, 2);
    }
    assert_int_equal(rogue_peer(rogue)->announced.number, 1);
    assert_false(rogue_is_closed(rogue));
}

static void
a_grant_that_cannot_be_read_is_an_alarm(void **state)
{
    struct rogue *rogue = *state;

    rogue_say_all(rogue, rogue_seal(rogue, CLASS_GRANT, PRECEDENCE_FLASH,
                                    span_text("\xff\xff")));
    assert_kept(rogue, 1);
}

/* Nothing acts on them in this version, so nothing can be wrong with them. */
static void
classes_without_an_effect_are_kept_whatever_they_hold(void **state)
{
    struct rogue *rogue = *state;

    for (unsigned class = CLASS_KEY; class <= CLASS_LAST; class++) {
        if (class == CLASS_SEALKEY || class == CLASS_MESSAGE ||
            class == CLASS_ANSWER || class == CLASS_GRANT)
            continue;
        if (class_is_sealed((enum entry_class)class))
            rogue_say_all(rogue, rogue_seal(rogue, (enum entry_class)class,
                                            PRECEDENCE_FLASH,
                                            span_text("\xff\xff")));
        else
            rogue_say_all(rogue, rogue_plain(rogue, (enum entry_class)class,
                                             PRECEDENCE_FLASH,
                                             span_text("\xff\xff")));
        assert_kept(rogue, 0);
    }
}

#define CASE(test)                                                             \
    cmocka_unit_test_setup_teardown(test, rogue_make_up, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_newer_sealing_key_is_used_when_its_entry_is_cosigned),
        CASE(an_older_or_the_same_sealing_key_changes_nothing),
        CASE(a_sealing_key_that_is_none_is_an_alarm),
        CASE(what_is_unsealed_and_cannot_be_read_is_an_alarm),
        CASE(an_open_that_cannot_be_read_is_an_alarm_and_its_epoch_goes_on),
        CASE(a_grant_that_cannot_be_read_is_an_alarm),
        CASE(classes_without_an_effect_are_kept_whatever_they_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
