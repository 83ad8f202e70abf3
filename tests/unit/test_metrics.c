/* A status as Prometheus reads it: every name once, with help and type. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/admin/metrics.h"

static char *
text(const char *words)
{
    return (char *)(uintptr_t)words;
}

static Entente__PeerStatus
peer(const char *name, const char *link)
{
    Entente__PeerStatus out = ENTENTE__PEER_STATUS__INIT;

    out.name = text(name);
    out.link = text(link);
    out.queued = 3;
    out.received = 17;
    return out;
}

/* Of a node with these peers; freed by the caller. */
static char *
printed(Entente__PeerStatus **peers, size_t count)
{
    Entente__StatusResponse status = ENTENTE__STATUS_RESPONSE__INIT;
    struct metrics_now      now = {.key_days = 80};
    char                   *out = NULL;
    size_t                  len = 0;
    FILE                   *file = open_memstream(&out, &len);

    status.peers = peers;
    status.n_peers = count;
    metrics_take(&now, &status);
    metrics_print(&now, &status, file);
    fclose(file);
    return out;
}

static void
each_name_has_help_and_type_before_its_values(void **state)
{
    Entente__PeerStatus  one = peer("jmsdf", "up");
    Entente__PeerStatus *peers[] = {&one};
    char                *out = printed(peers, 1);

    (void)state;
#define FINDS(name, type, value, help)                                         \
    assert_non_null(                                                           \
        strstr(out, "# HELP " name " " help "\n# TYPE " name " " #type "\n"));
    METRICS_LIST(FINDS)
    METRICS_PEER_LIST(FINDS)
#undef FINDS
    assert_non_null(strstr(out, "\nentente_up 1\n"));
    assert_non_null(strstr(out, "\nentente_key_days_left 80\n"));
    assert_non_null(strstr(out, "\nentente_peer_queued{peer=\"jmsdf\"} 3\n"));
    assert_non_null(
        strstr(out, "\nentente_peer_received_messages_total{peer=\"jmsdf\"} "
                    "17\n"));
    free(out);
}

static void
links_and_alarms_are_counted_and_who_was_removed_is_not(void **state)
{
    Entente__PeerStatus  up = peer("jmsdf", "up");
    Entente__PeerStatus  down = peer("ncsc", "down");
    Entente__PeerStatus  gone = peer("gone", "removed");
    Entente__PeerStatus *peers[] = {&up, &down, &gone};
    char                *out;

    (void)state;
    down.alarm = text("a fork");
    gone.removed = true;
    out = printed(peers, 3);
    assert_non_null(strstr(out, "\nentente_peers 2\n"));
    assert_non_null(strstr(out, "\nentente_links_up 1\n"));
    assert_non_null(strstr(out, "\nentente_alarms 1\n"));
    assert_non_null(strstr(out, "\nentente_peer_alarm{peer=\"ncsc\"} 1\n"));
    assert_null(strstr(out, "gone"));
    free(out);
}

static void
a_name_cannot_break_out_of_its_label(void **state)
{
    Entente__PeerStatus  one = peer("a\"} 1\nb\\", "up");
    Entente__PeerStatus *peers[] = {&one};
    char                *out = printed(peers, 1);

    (void)state;
    assert_non_null(
        strstr(out, "entente_peer_queued{peer=\"a\\\"} 1\\nb\\\\\"} 3\n"));
    free(out);
}

static void
a_node_that_does_not_answer_is_a_measurement(void **state)
{
    struct metrics_now now = {.key_days = 80};
    char              *out = NULL;
    size_t             len = 0;
    FILE              *file = open_memstream(&out, &len);

    (void)state;
    metrics_take(&now, NULL);
    metrics_print(&now, NULL, file);
    fclose(file);
    assert_non_null(strstr(out, "\nentente_up 0\n"));
    assert_non_null(strstr(out, "\nentente_key_days_left 80\n"));
    assert_null(strstr(out, "entente_peer_"));
    free(out);
}

static void
json_has_the_same_names_and_values(void **state)
{
    Entente__PeerStatus     one = peer("jmsdf", "up");
    Entente__PeerStatus    *peers[] = {&one};
    Entente__StatusResponse status = ENTENTE__STATUS_RESPONSE__INIT;
    struct metrics_now      now = {.key_days = 80};
    json_t                 *json;
    json_t                 *row;

    (void)state;
    status.peers = peers;
    status.n_peers = 1;
    metrics_take(&now, &status);
    json = metrics_json(&now, &status);
    assert_int_equal(json_integer_value(json_object_get(json, "entente_up")),
                     1);
    row = json_array_get(json_object_get(json, "peers"), 0);
    assert_string_equal(json_string_value(json_object_get(row, "peer")),
                        "jmsdf");
    assert_int_equal(
        json_integer_value(json_object_get(row, "entente_peer_queued")), 3);
    json_decref(json);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_has_help_and_type_before_its_values),
        cmocka_unit_test(
            links_and_alarms_are_counted_and_who_was_removed_is_not),
        cmocka_unit_test(a_name_cannot_break_out_of_its_label),
        cmocka_unit_test(a_node_that_does_not_answer_is_a_measurement),
        cmocka_unit_test(json_has_the_same_names_and_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
