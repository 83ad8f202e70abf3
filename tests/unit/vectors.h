/*
 * vectors.h - published test vectors, for the unit tests.
 *
 * Short ones stand in the tests as hex; whole files stand in SHARED_DIR, which
 * not every machine has: vectors_load then skips the test and says so.
 */
#ifndef TESTS_UNIT_VECTORS_H
#define TESTS_UNIT_VECTORS_H

#include "proto/origin.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Bytes that a vector gives, in memory of their own. */
struct vector {
    uint8_t bytes[16384];
    size_t  len;
};

/* The bytes of lower-case hex; the test fails where it is none. */
static inline struct vector
vector_of(const char *hex)
{
    struct vector out = {.len = strlen(hex) / 2};

    assert_true(out.len <= sizeof(out.bytes));
    assert_int_equal(hex_decode(span_text(hex), out.bytes, out.len),
                     STATUS_OK);
    return out;
}

static inline struct span
vector_span(const struct vector *vector)
{
    return (struct span){vector->bytes, vector->len};
}

/* Exactly len bytes of hex. */
static inline void
vector_fill(const char *hex, uint8_t *out, size_t len)
{
    assert_int_equal(hex_decode(span_text(hex), out, len), STATUS_OK);
}

static inline const char *
vector_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    assert_non_null(text);
    return text;
}

static inline struct vector
vector_field(const json_t *object, const char *name)
{
    return vector_of(vector_text(object, name));
}

/* The file of that name, or a skipped test.  Free it by json_decref. */
static inline json_t *
vectors_load(const char *name)
{
    char         path[1024];
    json_error_t error;
    json_t      *root;

    (void)snprintf(path, sizeof(path), "%s/vectors/%s", SHARED_DIR, name);
    if (access(path, R_OK) != 0) {
        print_message("no %s here: skipped\n", path);
        skip();
    }
    /* One file holds 2^64 - 1, which is no json_int_t. */
    root = json_load_file(path, JSON_DECODE_INT_AS_REAL, &error);
    if (root == NULL)
        fail_msg("%s: line %d: %s", path, error.line, error.text);
    return root;
}

/* What a whole number was, 2^64 - 1 included. */
static inline uint64_t
vector_number(const json_t *object, const char *name)
{
    double value = json_real_value(json_object_get(object, name));

    return value >= 18446744073709551615.0 ? UINT64_MAX : (uint64_t)value;
}

static inline bool
vector_flagged(const json_t *test, const char *flag)
{
    const json_t *flags = json_object_get(test, "flags");
    json_t       *one;
    size_t        i;

    json_array_foreach(flags, i, one) {
        if (strcmp(json_string_value(one), flag) == 0)
            return true;
    }
    return false;
}

/* Wycheproof's "result", where it leaves nothing to us: "acceptable" is for
 * the test to decide. */
static inline bool
vector_valid(const json_t *test)
{
    const char *result = vector_text(test, "result");

    if (strcmp(result, "valid") != 0)
        assert_string_equal(result, "invalid");
    return strcmp(result, "valid") == 0;
}

#endif
