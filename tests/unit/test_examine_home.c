/* A home that nobody runs: what is well with it, and what is not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/store/sums.h"
#include "tools/admin/create.h"
#include "tools/admin/examine_home.h"
#include "tools/terminal/moment.h"

struct world {
    char            above[64];
    struct cli      cli;
    struct findings findings;
};

static int
make(void **state)
{
    struct world      *world = calloc(1, sizeof(*world));
    struct create_plan plan = {.node_name = "ifc",
                               .org_name = "IFC-IOR",
                               .country = "IN",
                               .passphrase = span_text("sesame"),
                               .cost = ENVELOPE_FLOOR,
                               .now_ms = moment_now_ms()};
    struct cert        cert;
    struct card_text   card;
    char               why[CREATE_WORDS] = "";

    snprintf(world->above, sizeof(world->above), "/tmp/entente-home-XXXXXX");
    if (crypto_start() != STATUS_OK || mkdtemp(world->above) == NULL)
        return 1;
    world->cli.program = "entente";
    snprintf(world->cli.home, sizeof(world->cli.home), "%s/home",
             world->above);
    plan.home = world->cli.home;
    plan.config.address_count = 1;
    snprintf(plan.config.address[0], sizeof(plan.config.address[0]),
             "127.0.0.1:7300");
    findings_init(&world->findings);
    *state = world;
    return create_home(&plan, &cert, &card, why) != STATUS_OK;
}

static int
drop(void **state)
{
    struct world *world = *state;
    char          command[128];

    snprintf(command, sizeof(command), "rm -rf -- '%s'", world->above);
    findings_clear(&world->findings);
    free(world);
    return system(command);
}

/* What was found of `what`: "grade: words". */
static const char *
found(struct world *world, const char *what)
{
    static char text[1200];
    json_t     *one;
    size_t      i;

    findings_clear(&world->findings);
    findings_init(&world->findings);
    examine_home(&world->cli, false, &world->findings);
    text[0] = '\0';
    json_array_foreach(world->findings.list, i, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "what")), what) == 0)
            snprintf(text, sizeof(text), "%s: %s",
                     json_string_value(json_object_get(one, "grade")),
                     json_string_value(json_object_get(one, "words")));
    }
    return text;
}

#define FINDS(what, begins)                                                    \
    assert_memory_equal(found(world, what), begins, strlen(begins))

static const char *
file(struct world *world, const char *name)
{
    static struct home_path path;

    assert_int_equal(home_path(world->cli.home, name, &path), STATUS_OK);
    return path.text;
}

static void
a_new_home_is_well(void **state)
{
    struct world *world = *state;

    FINDS("home", "ok: ");
    FINDS("modes", "ok: ");
    FINDS("storage key", "ok: closed by the passphrase");
    FINDS("keyring", "ok: ");
    FINDS("certificate", "ok: serial 1, 8");
    FINDS("config", "ok: ");
    FINDS("card", "ok: ");
    FINDS("address", "ok: peers are told 127.0.0.1:7300");
    FINDS("journal", "ok: none yet");
    assert_int_equal(world->findings.count[FINDINGS_OK] +
                         world->findings.count[FINDINGS_WARN] +
                         world->findings.count[FINDINGS_FAIL],
                     json_array_size(world->findings.list));
}

static void
a_file_that_others_may_read_is_named(void **state)
{
    struct world *world = *state;

    chmod(file(world, HOME_CARD), 0640);
    FINDS("modes", "fail: card is open to others");
    chmod(file(world, HOME_CARD), 0600);
    FINDS("modes", "ok: ");
}

static void
a_key_that_is_gone_or_cut_is_a_failure(void **state)
{
    struct world *world = *state;

    assert_int_equal(truncate(file(world, HOME_STORAGE_KEY), 40), 0);
    FINDS("storage key", "fail: storage.key is not what was written");
    assert_int_equal(unlink(file(world, HOME_SUMS)), 0);
    FINDS("storage key", "fail: storage.key: bytes that do not");
    assert_int_equal(unlink(file(world, HOME_STORAGE_KEY)), 0);
    FINDS("storage key", "fail: storage.key is gone");
    assert_int_equal(unlink(file(world, HOME_KEYRING)), 0);
    FINDS("keyring", "fail: ");
}

static void
a_list_of_sums_that_is_gone_or_damaged_is_told(void **state)
{
    struct world *world = *state;

    assert_int_equal(unlink(file(world, HOME_SUMS)), 0);
    FINDS("sums", "warn: sums does not say what ");
    FINDS("storage key", "ok: closed by the passphrase");
    assert_int_equal(home_write(world->cli.home, HOME_SUMS, span_text("x\n")),
                     STATUS_OK);
    FINDS("storage key", "warn: sums is damaged: it cannot tell whether ");
}

static void
a_key_without_a_passphrase_is_told(void **state)
{
    struct world *world = *state;

    assert_int_equal(truncate(file(world, HOME_STORAGE_KEY), 32), 0);
    assert_int_equal(unlink(file(world, HOME_SUMS)), 0);
    FINDS("storage key", "fail: storage.key must be its owner's alone");
    chmod(file(world, HOME_STORAGE_KEY), 0400);
    FINDS("storage key", "warn: unattended: ");
}

static void
a_certificate_that_does_not_verify_is_a_failure(void **state)
{
    struct world *world = *state;

    assert_int_equal(truncate(file(world, HOME_CERTIFICATE), 60), 0);
    FINDS("certificate", "fail: ");
}

static void
a_configuration_that_names_nobody_is_told(void **state)
{
    struct world *world = *state;
    FILE         *out = fopen(file(world, HOME_CONFIG), "w");

    fputs("[node]\nlisten = none\n", out);
    fclose(out);
    FINDS("address", "warn: the card names no address");
    FINDS("card", "warn: names other addresses");
}

static void
the_disk_is_measured(void **state)
{
    struct world *world = *state;
    uint64_t      percent = 1000;
    uint64_t      bytes = 0;

    assert_true(examine_home_free(world->cli.home, &percent, &bytes));
    assert_true(percent <= 100);
    assert_false(examine_home_free("/nowhere/at/all", &percent, &bytes));
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        CLAIM(a_new_home_is_well),
        CLAIM(a_file_that_others_may_read_is_named),
        CLAIM(a_key_that_is_gone_or_cut_is_a_failure),
        CLAIM(a_list_of_sums_that_is_gone_or_damaged_is_told),
        CLAIM(a_key_without_a_passphrase_is_told),
        CLAIM(a_certificate_that_does_not_verify_is_a_failure),
        CLAIM(a_configuration_that_names_nobody_is_told),
        CLAIM(the_disk_is_measured),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}
