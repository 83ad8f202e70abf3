#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/book.h"

static struct book book;

static int
new_book(void **state)
{
    struct origin_text origin = {.text = "o", .len = 1};

    (void)state;
    book_init(&book, 0, &origin, true);
    return 0;
}

static int
drop_book(void **state)
{
    (void)state;
    book_clear(&book);
    return 0;
}

static void
the_root_is_that_of_the_leaves_in_order(void **state)
{
    uint8_t       leaf[LEAF_LEN] = {0};
    struct digest hash[2];
    struct digest expected;
    struct digest root;

    (void)state;
    for (uint8_t i = 0; i < 2; i++) {
        leaf[0] = i;
        (void)book_add_leaf(&book, SPAN_OF(leaf));
        merkle_leaf_hash(SPAN_OF(leaf), &hash[i]);
    }
    merkle_node_hash(&hash[0], &hash[1], &expected);
    book_root(&book, &root);
    assert_true(digest_equal(&root, &expected));
    assert_int_equal(book.count, 2);
    assert_int_equal(book.leaves[1].bytes[0], 1);
    assert_false(book.leaves[1].body);
}

static void
a_head_is_known_by_size_root_and_signature_together(void **state)
{
    struct record head = {.size = 3, .root = {1}, .signature = {2}};
    struct record other = head;

    (void)state;
    assert_true(book_newest(&book.heads) == 0);
    book_add_head(&book.heads, &head);
    assert_true(book_newest(&book.heads) == 3);
    assert_true(book_has_head(&book.heads, &head));
    other.size = 4;
    assert_false(book_has_head(&book.heads, &other));
    other = head;
    other.root[0] = 9;
    assert_false(book_has_head(&book.heads, &other));
    other = head;
    other.signature[0] = 9;
    assert_false(book_has_head(&book.heads, &other));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, new_book, drop_book)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_root_is_that_of_the_leaves_in_order),
        CASE(a_head_is_known_by_size_root_and_signature_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
