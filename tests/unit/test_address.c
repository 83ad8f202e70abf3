/* test_address.c - HOST:PORT, socket addresses, and callers told apart. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/address.h"

#include <string.h>

static const struct secret32 key = {{1, 2, 3}};

static struct address
good(const char *text)
{
    struct address address;

    assert_int_equal(address_parse(span_text(text), &address), STATUS_OK);
    return address;
}

static struct sockaddr_storage
numeric(const char *text)
{
    struct address          address = good(text);
    struct sockaddr_storage out;

    assert_int_equal(address_numeric(&address, &out), STATUS_OK);
    return out;
}

static void
a_host_and_a_port_are_told_apart(void **state)
{
    (void)state;
    assert_string_equal(good("node.example.org:7300").host,
                        "node.example.org");
    assert_int_equal(good("node.example.org:7300").port, 7300);
    assert_string_equal(good("[2001:db8::1]:1").host, "2001:db8::1");
    assert_int_equal(good("[::]:0").port, 0);
    assert_int_equal(good("h:65535").port, 65535);
}

static void
anything_else_is_refused(void **state)
{
    static const char *bad[] = {"",        "host",     "host:",  ":7300",
                                "host:x",  "host:-1",  "h:65536", "h:007",
                                "h:123456", "::1:7300", "[]:1",   "h:1 "};
    struct address     address;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_int_equal(address_parse(span_text(bad[i]), &address),
                         STATUS_BAD_FIELD);
    assert_int_equal(
        address_parse((struct span){(const uint8_t *)"a\0b:1", 5}, &address),
        STATUS_BAD_FIELD);
}

static void
a_name_of_more_than_253_bytes_is_never_asked_for(void **state)
{
    char           text[260];
    struct address address;

    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text + 253, ":1", 3);
    assert_int_equal(address_parse(span_text(text), &address), STATUS_OK);
    memset(text, 'a', sizeof(text));
    memcpy(text + 254, ":1", 3);
    assert_int_equal(address_parse(span_text(text), &address),
                     STATUS_BAD_FIELD);
}

static void
a_name_is_not_numeric(void **state)
{
    struct address          address = good("localhost:1");
    struct sockaddr_storage out;

    (void)state;
    assert_int_equal(address_numeric(&address, &out), STATUS_NOT_FOUND);
}

static void
a_port_comes_back_from_both_families(void **state)
{
    struct sockaddr_storage v4 = numeric("127.0.0.1:7300");
    struct sockaddr_storage v6 = numeric("[::1]:7301");

    (void)state;
    assert_int_equal(address_port(&v4), 7300);
    assert_int_equal(address_port(&v6), 7301);
}

static void
callers_differ_by_address_and_not_by_port(void **state)
{
    struct sockaddr_storage a = numeric("192.0.2.1:1");
    struct sockaddr_storage b = numeric("192.0.2.1:2");
    struct sockaddr_storage c = numeric("192.0.2.2:1");

    (void)state;
    assert_int_equal(address_source(&a, &key), address_source(&b, &key));
    assert_int_not_equal(address_source(&a, &key), address_source(&c, &key));
}

static void
a_version_6_network_of_64_bits_is_one_caller(void **state)
{
    struct sockaddr_storage a = numeric("[2001:db8:0:1::1]:1");
    struct sockaddr_storage b = numeric("[2001:db8:0:1:ffff::2]:1");
    struct sockaddr_storage c = numeric("[2001:db8:0:2::1]:1");

    (void)state;
    assert_int_equal(address_source(&a, &key), address_source(&b, &key));
    assert_int_not_equal(address_source(&a, &key), address_source(&c, &key));
}

static void
a_mapped_version_4_address_is_the_same_caller(void **state)
{
    struct sockaddr_storage a = numeric("192.0.2.1:1");
    struct sockaddr_storage b = numeric("[::ffff:192.0.2.1]:1");

    (void)state;
    assert_int_equal(address_source(&a, &key), address_source(&b, &key));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_and_a_port_are_told_apart),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(a_name_of_more_than_253_bytes_is_never_asked_for),
        cmocka_unit_test(a_name_is_not_numeric),
        cmocka_unit_test(a_port_comes_back_from_both_families),
        cmocka_unit_test(callers_differ_by_address_and_not_by_port),
        cmocka_unit_test(a_version_6_network_of_64_bits_is_one_caller),
        cmocka_unit_test(a_mapped_version_4_address_is_the_same_caller),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
