/* test_merkle_vectors.c - every published inclusion and consistency case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/base64.h"
#include "crypto/merkle.h"
#include "tests/unit/vectors.h"

/* Some cases give what is no digest; our types refuse that before merkle.c. */
static bool
digest_of(const char *base64, struct digest *out)
{
    size_t len = 0;

    return base64_decode(span_text(base64), out->bytes, sizeof(out->bytes),
                         &len) == STATUS_OK &&
           len == sizeof(out->bytes);
}

static bool
digest_field(const json_t *test, const char *name, struct digest *out)
{
    return digest_of(vector_text(test, name), out);
}

static bool
proof_field(const json_t *test, struct merkle_proof *out)
{
    const json_t *nodes = json_object_get(test, "proof");

    out->count = json_array_size(nodes); /* 0 for null */
    assert_true(out->count <= MERKLE_PROOF_MAX);
    for (size_t i = 0; i < out->count; i++) {
        const char *node = json_string_value(json_array_get(nodes, i));

        assert_non_null(node);
        if (!digest_of(node, &out->nodes[i]))
            return false;
    }
    return true;
}

static bool
inclusion_holds(const json_t *test)
{
    struct merkle_proof proof;
    struct digest       leaf;
    struct digest       root;

    return digest_field(test, "leafHash", &leaf) &&
           digest_field(test, "root", &root) && proof_field(test, &proof) &&
           merkle_inclusion_verify(&proof, vector_number(test, "leafIdx"),
                                   vector_number(test, "treeSize"), &leaf,
                                   &root) == STATUS_OK;
}

static bool
consistency_holds(const json_t *test)
{
    struct merkle_proof proof;
    struct digest       old_root;
    struct digest       new_root;

    return digest_field(test, "root1", &old_root) &&
           digest_field(test, "root2", &new_root) &&
           proof_field(test, &proof) &&
           merkle_consistency_verify(&proof, vector_number(test, "size1"),
                                     vector_number(test, "size2"), &old_root,
                                     &new_root) == STATUS_OK;
}

/* Counts of cases taken and refused, each as the file wants it. */
static void
run_cases(const char *kind, bool (*holds)(const json_t *))
{
    json_t *root = vectors_load("merkle.json");
    json_t *test;
    size_t  i;
    size_t  taken = 0;
    size_t  refused = 0;

    json_array_foreach(json_object_get(root, kind), i, test) {
        bool wanted = json_is_false(json_object_get(test, "wantErr"));

        if (holds(test) != wanted)
            fail_msg("%s", vector_text(test, "name"));
        taken += wanted;
        refused += !wanted;
    }
    assert_true(taken > 0 && refused > 0);
    json_decref(root);
}

static void
every_published_inclusion_case_is_judged_as_wanted(void **state)
{
    (void)state;
    run_cases("inclusion", inclusion_holds);
}

static void
every_published_consistency_case_is_judged_as_wanted(void **state)
{
    (void)state;
    run_cases("consistency", consistency_holds);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_inclusion_case_is_judged_as_wanted),
        cmocka_unit_test(every_published_consistency_case_is_judged_as_wanted),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}
