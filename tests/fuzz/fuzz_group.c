/*
 * fuzz_group.c - one group of the journal, its checksum set right by the
 * target, as a disk that was tampered with would have it.
 */
#include "crypto/kdf.h"
#include "node/store/pack.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

const bool fuzz_is_whole = true;

static enum status
find(void *arg, uint32_t vault, struct secret32 *out)
{
    (void)arg;
    *out = (struct secret32){{7}};
    return vault == 1 ? STATUS_OK : STATUS_NOT_FOUND;
}

static const struct group_keys keys = {find, NULL};

static void
assert_within(struct span part, const uint8_t *bytes, size_t len)
{
    assert(part.len == 0 || (part.ptr >= bytes && part.len <= len &&
                             part.ptr <= bytes + len - part.len));
}

static void
assert_is_written_so(const struct group_head *head, struct span in)
{
    uint8_t       bytes[GROUP_HEAD];
    struct writer out = writer_of(bytes, sizeof(bytes));

    group_head_encode(head, &out);
    assert(writer_end(&out) == STATUS_OK);
    assert(span_equal((struct span){in.ptr, GROUP_HEAD}, SPAN_OF(bytes)));
    assert(head->len >= GROUP_HEAD + GROUP_CHECK);
}

static bool
opens(uint8_t *bytes, size_t len, const struct group_keys *with)
{
    struct group group;
    enum status  st = group_open(bytes, len, with, &group);

    if (st != STATUS_OK)
        return false;
    for (size_t i = 0; i < group.count; i++) {
        assert_within(group.records[i].public, bytes, len);
        assert_within(group.records[i].secret, bytes, len);
    }
    group_close(&group);
    return true;
}

bool
fuzz_one(struct span in)
{
    size_t            len = in.len + GROUP_CHECK;
    uint8_t          *bytes = malloc(len);
    struct writer     out = writer_of(bytes, len);
    struct digest     check;
    struct group_head head;
    bool              accepted = false;

    assert(bytes != NULL);
    if (group_head_decode(in, &head) == STATUS_OK)
        assert_is_written_so(&head, in);
    hash_digest(LABEL_GROUP, in, &check);
    writer_put(&out, in);
    writer_put(&out, digest_span(&check));
    if (group_check(writer_span(&out)) == STATUS_OK) {
        /* Closed, it stays as it is; then opened, in place. */
        accepted = opens(bytes, len, NULL);
        assert(span_equal((struct span){bytes, in.len}, in));
        accepted = opens(bytes, len, &keys) && accepted;
    }
    free(bytes);
    return accepted;
}

static void
seed_group(const struct effects *effects, const char *name,
           fuzz_seed_fn *seed, void *arg)
{
    const struct group_id id = {{1}, 2, 3};
    struct group_buffer   buffer = {0};
    enum status           st = pack_group(effects, &id, &keys, &buffer);

    assert(st == STATUS_OK);
    seed(arg, name, (struct span){buffer.ptr, buffer.len - GROUP_CHECK});
    group_buffer_free(&buffer);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct effects effects;
    struct effect *effect;

    effects_init(&effects);
    effect = effects_add(&effects, EFFECT_SAVE);
    effect->bytes = span_text("public");
    seed_group(&effects, "bare", seed, arg);
    for (uint32_t i = 0; i < 2; i++) {
        effect = effects_add(&effects, EFFECT_SAVE);
        effect->bytes = span_text("with a secret");
        effect->secret = span_text("at four");
        effect->vault = 1;
    }
    seed_group(&effects, "secrets", seed, arg);
    effects_free(&effects);
}
