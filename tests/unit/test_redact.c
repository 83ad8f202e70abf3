/* What is taken out of a report, and what stays readable. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/admin/redact.h"

static void
becomes(const struct redact *redact, const char *text, const char *wanted)
{
    char  *got = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&got, &len);

    redact_write(redact, text, out);
    fclose(out);
    assert_string_equal(got, wanted);
    free(got);
}

static struct redact
names(void)
{
    struct redact redact = {.list = NULL};

    redact_add(&redact, "jmsdf", "peer-1");
    redact_add(&redact, "jmsdf-south", "peer-2");
    redact_add(&redact, "IFC-IOR", "OWN-ORG");
    redact_add(&redact, "a", "peer-3");
    redact_add(&redact, "Küste", "peer-4");
    redact_add(&redact, "/srv/entente/ifc", "HOME");
    redact_add(&redact, "", "nothing");
    return redact;
}

static void
known_names_go_wherever_they_stand_alone(void **state)
{
    struct redact redact = names();

    (void)state;
    becomes(&redact, "link: jmsdf says OK\n", "link: peer-1 says OK\n");
    becomes(&redact, "jmsdf: JMSDF/17", "peer-1: peer-1/17");
    becomes(&redact, "jmsdf-south, IFC-IOR.", "peer-2, OWN-ORG.");
    becomes(&redact, "(jmsdf)", "(peer-1)");
    becomes(&redact, "a Küste", "peer-3 peer-4");
    redact_clear(&redact);
}

static void
a_name_inside_a_word_is_none(void **state)
{
    struct redact redact = names();

    (void)state;
    becomes(&redact, "alarm at last: data", "alarm at last: data");
    becomes(&redact, "xjmsdf jmsdfx", "xjmsdf jmsdfx");
    redact_clear(&redact);
}

static void
the_home_and_other_paths_go(void **state)
{
    struct redact redact = names();

    (void)state;
    becomes(&redact, "/srv/entente/ifc, yours alone", "HOME, yours alone");
    becomes(&redact, "writes /var/tmp/x.pcapng now", "writes <path> now");
    redact_clear(&redact);
}

static void
addresses_and_ids_go_whoever_they_belong_to(void **state)
{
    struct redact redact = {.list = NULL};

    (void)state;
    becomes(&redact, "dials node.example.org:7300 again",
            "dials <address> again");
    becomes(&redact, "from 192.0.2.1.", "from <address>.");
    becomes(&redact, "at [2001:db8::1]:7300", "at <address>");
    becomes(&redact, "at 127.0.0.1:7300 and ::1", "at <address> and <address>");
    becomes(&redact, "host node.example.org is", "host <address> is");
    becomes(&redact, "write to a@example.org", "write to <address>");
    becomes(&redact, "entry 0123456789abcdef0123456789abcdef.",
            "entry <id>.");
    redact_clear(&redact);
}

static void
what_helps_stays(void **state)
{
    static const char *const stays[] = {
        "2026-03-01T12:00:00.123Z warn tcp: 3 strangers dropped\n",
        "storage.key: wrong passphrase (PASSPHRASE)",
        "config line 3: unknown key",
        "version 0.1.0, Linux 6.1.0-18-amd64",
        "12345 MiB free, 28 % of it",
    };
    struct redact redact = {.list = NULL};

    (void)state;
    for (size_t i = 0; i < sizeof(stays) / sizeof(stays[0]); i++)
        becomes(&redact, stays[i], stays[i]);
    redact_clear(&redact);
}

static void
control_characters_do_not_pass(void **state)
{
    struct redact redact = {.list = NULL};

    (void)state;
    becomes(&redact, "x\x1b[2Jy\n", "x\\x1b[2Jy\n");
    redact_clear(&redact);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_names_go_wherever_they_stand_alone),
        cmocka_unit_test(a_name_inside_a_word_is_none),
        cmocka_unit_test(the_home_and_other_paths_go),
        cmocka_unit_test(addresses_and_ids_go_whoever_they_belong_to),
        cmocka_unit_test(what_helps_stays),
        cmocka_unit_test(control_characters_do_not_pass),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
