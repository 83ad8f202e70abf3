#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/audit.h"
#include "tests/unit/logbook_acts.h"

static struct verdict   verdict;
static struct ledger    ledger;
static struct audit_log good; /* signed, of one leaf */

static void
commit(size_t who, struct record record)
{
    struct effects turn = acts_turn(&record, 1);

    ledger_committed(&ledger, who, &turn);
    effects_free(&turn);
}

static void
sign(struct audit_log *log, uint64_t size)
{
    struct secret32 seed = {{1}};
    struct sign_key key;

    log->head.size = size;
    acts_root(size, log->head.root.bytes);
    log->cosigned = log->head;
    sign_key_from_seed(&seed, &key);
    checkpoint_sign(log->origin, &log->head, &key, log->signature);
    cosignature_sign(log->origin, &log->cosigned, 5, &key, &log->cosignature);
    memcpy(log->log_key, key.public_key, LIMIT_KEY);
    memcpy(log->witness_key, key.public_key, LIMIT_KEY);
}

static void
one_more_leaf(uint64_t index)
{
    commit(0, acts_entry(RECORD_OUT_ENTRY, index));
    commit(0, acts_head(RECORD_OUT_HEAD, index + 1));
    commit(0, acts_head(RECORD_OUT_COSIGNED, index + 1));
}

/* Node 0 has leaf 0, its head and receipt. */
static int
one_leaf(void **state)
{
    static struct origin_text text;
    struct origin             origin = acts_origin();

    (void)state;
    verdict = (struct verdict){0};
    ledger_init(&ledger, &verdict);
    ledger_node(&ledger, 0, &acts_node[0]);
    ledger_node(&ledger, 1, &acts_node[1]);
    one_more_leaf(0);
    text = origin_format(&origin);
    good = (struct audit_log){.origin = origin_span(&text)};
    sign(&good, 1);
    return 0;
}

static int
clear(void **state)
{
    (void)state;
    ledger_clear(&ledger);
    return 0;
}

static void
shows(const struct audit_log *log)
{
    audit_log(&ledger, log);
}

static void
assert_breaks(const char *words)
{
    assert_true(verdict.broken);
    assert_non_null(strstr(verdict.words, words));
    verdict = (struct verdict){0};
}

static void
a_log_that_verifies_breaks_nothing_and_each_change_is_seen(void **state)
{
    struct audit_log log = good;

    (void)state;
    audit_asked(&ledger, 0);
    shows(&log);
    assert_false(verdict.broken);
    log.signature[0] ^= 1;
    shows(&log);
    assert_breaks("signature is bad");
    log = good;
    log.head.root.bytes[0] ^= 1;
    shows(&log);
    assert_breaks("not its leaves'");
    log = good;
    log.cosigned.root.bytes[0] ^= 1;
    shows(&log);
    assert_breaks("a receipt of what are not its leaves");
    log = good;
    log.cosignature.time_s++;
    shows(&log);
    assert_breaks("does not verify");
    log = good;
    log.who = 1;
    shows(&log);
    assert_breaks("never durable");
}

/* It computed the answer before the turn that the ledger saw last. */
static void
what_a_node_had_when_it_was_asked_may_be_shown_while_it_goes_on(void **state)
{
    (void)state;
    audit_asked(&ledger, 0);
    one_more_leaf(1);
    shows(&good);
    assert_false(verdict.broken);
    audit_asked(&ledger, 0);
    shows(&good);
    assert_breaks("an older head than it had");
}

static void
a_receipt_older_newer_or_beyond_the_head_is_seen(void **state)
{
    struct audit_log log;

    (void)state;
    one_more_leaf(1);
    audit_asked(&ledger, 0);
    log = good;
    sign(&log, 2);
    shows(&log);
    assert_false(verdict.broken);
    log.cosigned = good.cosigned;
    shows(&log);
    assert_breaks("another receipt than it has");
    commit(0, acts_entry(RECORD_OUT_ENTRY, 2));
    sign(&log, 3);
    shows(&log);
    assert_breaks("another receipt than it has");
    ledger.books[0]->asked_head = 0;
    sign(&log, 2);
    log.head = good.head;
    memcpy(log.signature, good.signature, sizeof(log.signature));
    shows(&log);
    assert_breaks("a receipt beyond its head");
}

static void
a_leaf_shown_otherwise_is_seen(void **state)
{
    (void)state;
    audit_leaf(&ledger, 0, good.origin, 0, acts_leaf(0));
    assert_false(verdict.broken);
    audit_leaf(&ledger, 0, good.origin, 0, acts_leaf(1));
    assert_breaks("another leaf");
    audit_leaf(&ledger, 0, good.origin, 1, acts_leaf(1));
    assert_breaks("another leaf");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, one_leaf, clear)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_log_that_verifies_breaks_nothing_and_each_change_is_seen),
        CASE(what_a_node_had_when_it_was_asked_may_be_shown_while_it_goes_on),
        CASE(a_receipt_older_newer_or_beyond_the_head_is_seen),
        CASE(a_leaf_shown_otherwise_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
