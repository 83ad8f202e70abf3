/*
 * pack.c - counts, lays out, seals, and closes with the digest.
 *
 * Invariant: pack_group is a function of its arguments, so that a group that
 * was withheld for want of space is written later with the same bytes.
 */
#include "node/store/pack.h"

#include "crypto/kdf.h"
#include "node/store/boxes.h"

#include <assert.h>
#include <string.h>

/* What a group will hold, known before a byte of it is written. */
struct plan {
    uint64_t     len;
    uint32_t     record_count;
    struct boxes boxes;
};

static enum status
plan_record(struct plan *plan, const struct effect *save)
{
    bool        added = false;
    enum status st = STATUS_OK;

    if (save->bytes.len > LIMIT_RECORD || save->secret.len > LIMIT_RECORD)
        return STATUS_TOO_LARGE;
    plan->record_count++;
    plan->len += GROUP_RECORD_HEAD + save->bytes.len + save->secret.len;
    if (save->secret.len > 0)
        st = boxes_count(&plan->boxes, save->vault, save->secret.len, &added);
    if (added)
        plan->len += GROUP_BOX_HEAD + LIMIT_TAG;
    if (plan->len > LIMIT_GROUP || plan->record_count > GROUP_RECORDS_MAX)
        return STATUS_TOO_LARGE;
    return st;
}

static enum status
plan_make(const struct effects *effects, struct plan *plan)
{
    enum status st = STATUS_OK;

    *plan = (struct plan){.len = GROUP_HEAD + GROUP_CHECK};
    for (size_t i = 0; st == STATUS_OK && i < effects->count; i++)
        if (effects->list[i].kind == EFFECT_SAVE)
            st = plan_record(plan, &effects->list[i]);
    return st;
}

enum status
pack_len(const struct effects *effects, size_t *out)
{
    struct plan plan;
    enum status st = plan_make(effects, &plan);

    if (st == STATUS_OK)
        *out = (size_t)plan.len;
    boxes_free(&plan.boxes);
    return st;
}

static void
put_records(struct writer *out, const struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *save = &effects->list[i];

        if (save->kind != EFFECT_SAVE)
            continue;
        writer_u32(out, (uint32_t)save->bytes.len);
        writer_u32(out, save->secret.len > 0 ? save->vault : 0);
        writer_u32(out, (uint32_t)save->secret.len);
        writer_put(out, save->bytes);
    }
}

/* Each box's head; its secrets will stand at box->at. */
static void
put_box_heads(struct writer *out, struct boxes *boxes)
{
    for (size_t i = 0; i < boxes->count; i++) {
        struct boxes_one *box = &boxes->list[i];

        writer_u32(out, box->vault);
        writer_u32(out, box->len + LIMIT_TAG);
        assert(box->len + LIMIT_TAG <= out->cap - out->len);
        box->at = out->ptr + out->len;
        out->len += box->len + LIMIT_TAG;
    }
}

static void
put_secrets(const struct effects *effects, const struct boxes *boxes)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *save = &effects->list[i];
        struct boxes_one    *box;

        if (save->kind != EFFECT_SAVE || save->secret.len == 0)
            continue;
        box = boxes_of(boxes, save->vault);
        memcpy(box->at, save->secret.ptr, save->secret.len);
        box->at += save->secret.len;
    }
}

static enum status
seal_all(const struct boxes *boxes, const struct group_head *head,
         const struct group_keys *keys)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < boxes->count; i++) {
        const struct boxes_one *box = &boxes->list[i];

        st = boxes_seal(box, head, keys, box->at - box->len);
    }
    return st;
}

static struct group_head
head_of(const struct plan *plan, const struct group_id *id,
        const struct effects *effects)
{
    struct group_head head = {.id = *id,
                              .len = plan->len,
                              .record_count = plan->record_count,
                              .box_count = (uint32_t)plan->boxes.count};

    static_assert(sizeof(head.nonce) == sizeof(effects->nonce), "one nonce");
    memcpy(head.nonce, effects->nonce, sizeof(head.nonce));
    return head;
}

enum status
pack_group(const struct effects *effects, const struct group_id *id,
           const struct group_keys *keys, struct group_buffer *out)
{
    struct plan       plan;
    struct group_head head;
    struct writer     to;
    struct digest     check;
    enum status       st = plan_make(effects, &plan);

    if (st == STATUS_OK)
        st = group_buffer_reserve(out, (size_t)plan.len);
    if (st != STATUS_OK)
        goto out;
    to = writer_of(out->ptr, (size_t)plan.len);
    head = head_of(&plan, id, effects);
    group_head_encode(&head, &to);
    put_records(&to, effects);
    put_box_heads(&to, &plan.boxes);
    put_secrets(effects, &plan.boxes);
    st = seal_all(&plan.boxes, &head, keys);
    if (st != STATUS_OK) {
        secret_wipe_bytes(out->ptr, (size_t)plan.len);
        goto out;
    }
    hash_digest(LABEL_GROUP, writer_span(&to), &check);
    writer_put(&to, digest_span(&check));
    assert(!to.failed && to.len == plan.len);
    out->len = to.len;
out:
    boxes_free(&plan.boxes);
    return st;
}
