/* A new home is whole, opens with its passphrase, or is not there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/store/home.h"
#include "node/store/posix.h"
#include "node/store/vault.h"
#include "tools/admin/create.h"

#define NOW 1398247200000ull

struct world {
    char               above[64];
    char               home[128];
    struct create_plan plan;
};

static int
make_world(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    snprintf(world->above, sizeof(world->above), "/tmp/entente-create-XXXXXX");
    if (mkdtemp(world->above) == NULL)
        return 1;
    snprintf(world->home, sizeof(world->home), "%s/home", world->above);
    world->plan = (struct create_plan){.home = world->home,
                                       .node_name = "ifc",
                                       .org_name = "IFC-IOR",
                                       .country = "IN",
                                       .passphrase = span_text("sesame"),
                                       .cost = ENVELOPE_FLOOR,
                                       .now_ms = NOW};
    *state = world;
    return crypto_start() != STATUS_OK;
}

static int
drop_world(void **state)
{
    struct world *world = *state;
    char          command[128];

    snprintf(command, sizeof(command), "rm -rf -- '%s'", world->above);
    free(world);
    return system(command);
}

static size_t
count_files(const char *folder)
{
    DIR   *open = opendir(folder);
    size_t count = 0;

    assert_non_null(open);
    while (readdir(open) != NULL)
        count++;
    closedir(open);
    return count - 2;
}

static void
open_envelope(const struct world *world, const char *name,
              enum envelope_purpose purpose, struct secret32 *out)
{
    uint8_t envelope[ENVELOPE_LEN];
    size_t  len = 0;

    assert_int_equal(home_read(world->home, name, envelope, sizeof(envelope),
                               &len),
                     STATUS_OK);
    assert_int_equal(envelope_open((struct span){envelope, len}, purpose,
                                   span_text("sesame"), out),
                     STATUS_OK);
}

static void
has_key(struct vault *vault, enum keyring_kind kind, bool signs,
        const uint8_t public_key[LIMIT_KEY])
{
    struct secret32 secret;
    struct sign_key pair;
    uint8_t         dh[LIMIT_KEY];

    assert_int_equal(vault_find(vault, kind, 1, &secret), STATUS_OK);
    sign_key_from_seed(&secret, &pair);
    dh_public(&secret, dh);
    assert_memory_equal(signs ? pair.public_key : dh, public_key, LIMIT_KEY);
}

static void
every_key_of_the_certificate_is_in_the_keyring(void **state)
{
    struct world    *world = *state;
    struct cert      cert;
    struct card_text text;
    struct card      card;
    struct secret32  storage;
    struct secret32  seed = {{1}};
    struct disk      disk;
    struct vault    *vault = NULL;
    char             why[CREATE_WORDS] = "";
    size_t           line;

    assert_int_equal(create_home(&world->plan, &cert, &text, why), STATUS_OK);
    assert_int_equal(card_parse(span_text(text.text), &card, &line), STATUS_OK);
    open_envelope(world, HOME_STORAGE_KEY, ENVELOPE_STORAGE, &storage);
    assert_int_equal(posix_disk_open(world->home, &disk, why), STATUS_OK);
    assert_int_equal(vault_open(&disk, &storage, &seed, &vault, why),
                     STATUS_OK);
    has_key(vault, KEYRING_LOG, true, cert.log_key);
    has_key(vault, KEYRING_WITNESS, true, cert.witness_key);
    has_key(vault, KEYRING_LINK, false, cert.link_key);
    has_key(vault, KEYRING_FIRST_CONTACT, false, card.first_contact);
    vault_close(vault);
    posix_disk_close(&disk);
}

static void
the_organisation_key_in_its_envelope_signed_the_certificate(void **state)
{
    struct world    *world = *state;
    struct cert      made;
    struct cert      read;
    struct card_text card;
    struct secret32  seed;
    struct sign_key  org;
    uint8_t          encoded[LIMIT_CERTIFICATE];
    size_t           len = 0;
    char             why[CREATE_WORDS] = "";

    assert_int_equal(create_home(&world->plan, &made, &card, why), STATUS_OK);
    open_envelope(world, HOME_ORG_KEY, ENVELOPE_ORGANISATION, &seed);
    sign_key_from_seed(&seed, &org);
    assert_int_equal(home_read(world->home, HOME_CERTIFICATE, encoded,
                               sizeof(encoded), &len),
                     STATUS_OK);
    assert_int_equal(
        cert_verify((struct span){encoded, len}, org.public_key, &read),
        STATUS_OK);
    assert_string_equal(read.node_name, "ifc");
    assert_string_equal(read.org_name, "IFC-IOR");
    assert_int_equal(read.serial, 1);
    assert_int_equal(read.renew_by_ms, NOW + 90 * 86400000ull);
}

static void
the_card_and_the_configuration_name_the_addresses(void **state)
{
    struct world       *world = *state;
    struct config      *config = &world->plan.config;
    struct config       read;
    struct config_fault fault;
    struct cert         cert;
    struct card_text    text;
    struct card         card;
    char                why[CREATE_WORDS] = "";
    size_t              line;

    snprintf(config->listen, sizeof(config->listen), "0.0.0.0:7300");
    snprintf(config->address[0], sizeof(config->address[0]), "a.example:1");
    config->address_count = 1;
    assert_int_equal(create_home(&world->plan, &cert, &text, why), STATUS_OK);
    assert_int_equal(config_load(world->home, &read, &fault), STATUS_OK);
    assert_string_equal(read.listen, "0.0.0.0:7300");
    assert_int_equal(card_parse(span_text(text.text), &card, &line), STATUS_OK);
    assert_int_equal(card.address_count, 1);
    assert_string_equal(card.address[0], "a.example:1");
}

static void
all_is_for_the_owner_alone(void **state)
{
    struct world    *world = *state;
    struct cert      cert;
    struct card_text card;
    struct stat      info;
    char             why[CREATE_WORDS] = "";

    assert_int_equal(create_home(&world->plan, &cert, &card, why), STATUS_OK);
    assert_int_equal(home_check(world->home), STATUS_OK);
    assert_int_equal(stat(world->home, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_int_equal(count_files(world->above), 1);
}

static void
a_home_that_is_there_is_left_as_it_is(void **state)
{
    struct world    *world = *state;
    struct cert      first;
    struct cert      second;
    struct card_text card;
    uint8_t          before[LIMIT_CERTIFICATE];
    uint8_t          after[LIMIT_CERTIFICATE];
    size_t           len = 0;
    char             why[CREATE_WORDS] = "";

    assert_int_equal(create_home(&world->plan, &first, &card, why), STATUS_OK);
    assert_int_equal(home_read(world->home, HOME_CERTIFICATE, before,
                               sizeof(before), &len),
                     STATUS_OK);
    assert_int_equal(create_home(&world->plan, &second, &card, why),
                     STATUS_EXISTS);
    assert_int_equal(home_read(world->home, HOME_CERTIFICATE, after,
                               sizeof(after), &len),
                     STATUS_OK);
    assert_memory_equal(before, after, len);
    assert_int_equal(count_files(world->above), 1);
}

static void
what_cannot_be_made_leaves_nothing(void **state)
{
    struct world    *world = *state;
    struct cert      cert;
    struct card_text card;
    char             why[CREATE_WORDS] = "";

    world->plan.passphrase = SPAN_EMPTY; /* refused when it is first used */
    assert_int_equal(create_home(&world->plan, &cert, &card, why),
                     STATUS_BAD_FIELD);
    assert_true(why[0] != '\0');
    assert_int_equal(count_files(world->above), 0);
}

static void
names_unfit_for_a_certificate_or_a_reference_are_refused(
    void **state)
{
    static const char *const bad[] = {
        "",      " ifc",     "ifc ",       "a/b",        "a b",  "a,b",
        "a:b",   "-x",       "q",          "a\nb",       "a\x1b[31m",
        "\xff",  ("a\xe2\x80\xae" "b"),    /* turns the direction of text */
        "01234567890123456789012345678901234567890123456789012345678901234",
    };
    struct world *world = *state;
    char          why[CREATE_WORDS];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct create_plan plan = world->plan;

        plan.node_name = bad[i];
        why[0] = '\0';
        assert_int_equal(create_check(&plan, why), STATUS_BAD_FIELD);
        assert_true(why[0] != '\0');
    }
    assert_int_equal(create_check(&world->plan, why), STATUS_OK);
}

static void
a_country_is_two_capital_letters(void **state)
{
    static const char *const bad[] = {"", "I", "IND", "in", "1N", "I "};
    struct world *world = *state;
    char          why[CREATE_WORDS];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct create_plan plan = world->plan;

        plan.country = bad[i];
        assert_int_equal(create_check(&plan, why), STATUS_BAD_FIELD);
    }
}

#define IN_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, make_world, drop_world)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(every_key_of_the_certificate_is_in_the_keyring),
        IN_WORLD(the_organisation_key_in_its_envelope_signed_the_certificate),
        IN_WORLD(the_card_and_the_configuration_name_the_addresses),
        IN_WORLD(all_is_for_the_owner_alone),
        IN_WORLD(a_home_that_is_there_is_left_as_it_is),
        IN_WORLD(what_cannot_be_made_leaves_nothing),
        IN_WORLD(
            names_unfit_for_a_certificate_or_a_reference_are_refused),
        IN_WORLD(a_country_is_two_capital_letters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
