/* The card's addresses change while the node runs; links do not feel it. */
#include "tests/unit/duo.h"

#include "crypto/card.h"
#include "node/core/link/addresses.h"

#include <string.h>

static void
change(struct duo_party *party, struct span bytes)
{
    struct event event = {.kind = EVENT_ADDRESSES, .bytes = bytes};

    duo_post(party, &event);
    duo_turn(party);
}

static size_t
write_all(const struct node_config *config, uint8_t *out)
{
    struct writer writer = writer_of(out, ADDRESSES_LEN);

    addresses_write(config, &writer);
    assert_int_equal(writer_end(&writer), STATUS_OK);
    return writer_span(&writer).len;
}

static void
read_card(struct duo_party *party, struct card *out)
{
    size_t line = 0;

    duo_forget_told(party);
    assert_int_equal(card_parse(span_text(duo_card(party)), out, &line),
                     STATUS_OK);
}

static void
the_next_card_names_the_new_ones_and_verifies(void **state)
{
    struct duo        *duo = *state;
    struct node_config config = {.address_count = 2};
    uint8_t            bytes[ADDRESSES_LEN];
    struct card        card;

    config.addresses[0] = span_text("new.example.org:7300");
    config.addresses[1] = span_text("[2001:db8::1]:443");
    change(&duo->a, (struct span){bytes, write_all(&config, bytes)});
    read_card(&duo->a, &card);
    assert_int_equal(card.address_count, 2);
    assert_string_equal(card.address[0], "new.example.org:7300");
    assert_string_equal(card.address[1], "[2001:db8::1]:443");
    config.address_count = 0;
    change(&duo->a, (struct span){bytes, write_all(&config, bytes)});
    read_card(&duo->a, &card);
    assert_int_equal(card.address_count, 0);
}

static void
the_link_stays_up(void **state)
{
    struct duo        *duo = *state;
    struct node_config config = {.address_count = 0};
    uint8_t            bytes[ADDRESSES_LEN];
    uint64_t           link = duo->a.link;

    change(&duo->a, (struct span){bytes, write_all(&config, bytes)});
    duo_run(duo);
    assert_int_equal(duo->a.link, link);
    assert_int_equal(duo->a.wire_count, 1);
}

static void
what_is_no_list_of_addresses_changes_nothing(void **state)
{
    struct duo        *duo = *state;
    struct node_config config = {.address_count = 1};
    uint8_t            bytes[ADDRESSES_LEN + 1] = {0};
    struct card        before;
    struct card        after;
    size_t             len;

    config.addresses[0] = span_text("new.example.org:7300");
    read_card(&duo->a, &before);
    len = write_all(&config, bytes);
    for (size_t cut = 0; cut < len; cut++)
        change(&duo->a, (struct span){bytes, cut});
    change(&duo->a, (struct span){bytes, len + 1});
    bytes[0] = LIMIT_ADDRESSES + 1;
    change(&duo->a, (struct span){bytes, len});
    bytes[0] = 1;
    bytes[5] = ' ';
    change(&duo->a, (struct span){bytes, len});
    read_card(&duo->a, &after);
    assert_int_equal(after.address_count, before.address_count);
    assert_memory_equal(after.address, before.address, sizeof(after.address));
}

int
main(void)
{
#define CLAIM(name)                                                            \
    cmocka_unit_test_setup_teardown(name, duo_make_paired, duo_drop)
    const struct CMUnitTest tests[] = {
        CLAIM(the_next_card_names_the_new_ones_and_verifies),
        CLAIM(the_link_stays_up),
        CLAIM(what_is_no_list_of_addresses_changes_nothing),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}
