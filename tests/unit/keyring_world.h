/*
 * keyring_world.h - a keyring and its file in memory, for the tests.
 *
 * The file does what node/store does with a real one, and can lose power at
 * any write.
 */
#ifndef TESTS_UNIT_KEYRING_WORLD_H
#define TESTS_UNIT_KEYRING_WORLD_H

#include "crypto/keyring.h"
#include "tests/unit/vectors.h"

enum { FILE_ROOM = 16 * KEYRING_PAIR_LEN };

struct file {
    uint8_t  bytes[FILE_ROOM];
    size_t   len;
    unsigned writes_left; /* then the power is cut; each copy is one write */
    bool     torn;        /* of the last write only the first half is made */
    unsigned nonce;       /* of the last change; no two changes share one */
};

static inline struct file
file_empty(void)
{
    return (struct file){.writes_left = UINT32_MAX};
}

static inline struct secret32
secret_from(unsigned first)
{
    struct secret32 secret;

    for (size_t i = 0; i < LIMIT_KEY; i++)
        secret.bytes[i] = (uint8_t)(first + i);
    return secret;
}

static inline struct keyring *
ring_new(void)
{
    struct secret32 storage_key = secret_from(1);
    struct keyring *ring = keyring_new(&storage_key);

    assert_non_null(ring);
    return ring;
}

static inline void
file_write(struct file *file, uint64_t offset, struct span bytes)
{
    if (file->writes_left == 0)
        return;
    if (--file->writes_left == 0 && file->torn)
        bytes.len /= 2;
    assert_true(offset + bytes.len <= FILE_ROOM);
    memcpy(file->bytes + offset, bytes.ptr, bytes.len);
    if (file->len < offset + bytes.len)
        file->len = offset + bytes.len;
}

static inline void
file_change(struct file *file, const struct keyring_change *change)
{
    file_write(file, change->offset[0], SPAN_OF(change->bytes));
    file_write(file, change->offset[1], SPAN_OF(change->bytes));
}

static inline void
file_grow(struct file *file, struct keyring *ring, unsigned seed_from)
{
    struct secret32       seed = secret_from(seed_from);
    struct keyring_growth growth;

    assert_int_equal(keyring_grow(ring, &seed, &growth), STATUS_OK);
    file_write(file, growth.offset, SPAN_OF(growth.bytes));
    file_change(file, &growth.extent);
}

/* What the file has there, or less. */
static inline struct span
file_copy(const struct file *file, size_t index, unsigned copy)
{
    uint64_t at = keyring_offset(index, copy);

    if (at + KEYRING_SLOT_LEN > file->len)
        return SPAN_EMPTY;
    return (struct span){file->bytes + at, KEYRING_SLOT_LEN};
}

/* Loads slot `index`, and does the repair that is asked for. */
static inline enum status
file_load_slot(struct file *file, struct keyring *ring, size_t index)
{
    struct span         copies[2] = {file_copy(file, index, 0),
                                     file_copy(file, index, 1)};
    enum keyring_repair repair;
    enum status         st =
        keyring_load_slot(ring, index, copies[0], copies[1], &repair);

    if (repair == KEYRING_REPAIR_0)
        file_write(file, keyring_offset(index, 0), copies[1]);
    if (repair == KEYRING_REPAIR_1)
        file_write(file, keyring_offset(index, 1), copies[0]);
    return st;
}

/* A ring from the file, with power again. */
static inline struct keyring *
file_load(struct file *file)
{
    struct keyring *ring = ring_new();

    file->writes_left = UINT32_MAX;
    (void)file_load_slot(file, ring, 0);
    for (size_t i = 1; i < keyring_slots(ring); i++)
        (void)file_load_slot(file, ring, i);
    return ring;
}

static inline struct keyring_name
name_of(enum keyring_kind kind, uint64_t number)
{
    return (struct keyring_name){.kind = kind, .number = number};
}

/* A nonce that no other change of this file has. */
static inline void
file_nonce(struct file *file, uint8_t out[static KEYRING_NONCE_LEN])
{
    struct writer to = writer_of(out, KEYRING_NONCE_LEN);

    memset(out, 0, KEYRING_NONCE_LEN);
    writer_u32(&to, ++file->nonce);
}

static inline enum status
file_put(struct file *file, struct keyring *ring, struct keyring_name name,
         unsigned secret_first)
{
    struct secret32       secret = {{0}};
    struct keyring_change change;
    uint8_t               nonce[KEYRING_NONCE_LEN];
    enum status           st;

    if (name.kind != KEYRING_SEGMENT)
        secret = secret_from(secret_first);
    file_nonce(file, nonce);
    st = keyring_put(ring, &name, &secret, nonce, &change);
    if (st == STATUS_OK)
        file_change(file, &change);
    return st;
}

static inline enum status
file_retire(struct file *file, struct keyring *ring, struct keyring_name name)
{
    struct keyring_change change;
    uint8_t               nonce[KEYRING_NONCE_LEN];
    enum status           st;

    file_nonce(file, nonce);
    st = keyring_retire(ring, &name, nonce, &change);
    if (st == STATUS_OK)
        file_change(file, &change);
    return st;
}

static inline enum status
file_destroy(struct file *file, struct keyring *ring, struct keyring_name name)
{
    struct keyring_change change;
    uint8_t               nonce[KEYRING_NONCE_LEN];
    enum status           st;

    file_nonce(file, nonce);
    st = keyring_destroy(ring, &name, nonce, &change);
    if (st == STATUS_OK)
        file_change(file, &change);
    return st;
}

#endif
