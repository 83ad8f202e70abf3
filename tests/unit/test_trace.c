#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/trace.h"

static struct trace
trace_of(enum effect_kind kind, uint64_t number, const char *bytes,
         const char *secret)
{
    struct trace   trace = {0};
    struct effects effects;
    struct effect *effect;

    effects_init(&effects);
    effect = effects_add(&effects, kind);
    effect->link = number;
    effect->query.from = number;
    effect->key.number = number;
    effect->bytes = span_text(bytes);
    effect->secret = span_text(secret);
    trace_effects(&trace, &effects);
    effects_free(&effects);
    return trace;
}

static void
assert_differ(struct trace a, struct trace b)
{
    assert_false(digest_equal(&a.digest, &b.digest));
}

static void
the_same_effects_have_the_same_trace(void **state)
{
    struct trace a = trace_of(EFFECT_SEND, 1, "x", "");
    struct trace b = trace_of(EFFECT_SEND, 1, "x", "");

    (void)state;
    assert_true(digest_equal(&a.digest, &b.digest));
}

static void
kind_numbers_bytes_and_secrets_each_change_the_trace(void **state)
{
    struct trace trace = trace_of(EFFECT_SEND, 1, "x", "");

    (void)state;
    assert_differ(trace, trace_of(EFFECT_TELL, 1, "x", ""));
    assert_differ(trace, trace_of(EFFECT_SEND, 2, "x", ""));
    assert_differ(trace, trace_of(EFFECT_SEND, 1, "y", ""));
    assert_differ(trace, trace_of(EFFECT_SEND, 1, "", "x"));
    assert_differ(trace_of(EFFECT_LOAD, 1, "", ""),
                  trace_of(EFFECT_LOAD, 2, "", ""));
    assert_differ(trace_of(EFFECT_KEY, 1, "", ""),
                  trace_of(EFFECT_KEY, 2, "", ""));
}

static void
order_is_part_of_the_trace(void **state)
{
    struct trace a = {0};
    struct trace b = {0};

    (void)state;
    trace_bytes(&a, span_text("x"));
    trace_number(&a, 1);
    trace_number(&b, 1);
    trace_bytes(&b, span_text("x"));
    assert_differ(a, b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_effects_have_the_same_trace),
        cmocka_unit_test(kind_numbers_bytes_and_secrets_each_change_the_trace),
        cmocka_unit_test(order_is_part_of_the_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
