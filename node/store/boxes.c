/*
 * boxes.c - a short list, and the data that binds a box to its group.
 *
 * Invariant: a vault number has at most one box in a group, so a vault key
 * meets the group's nonce once.
 */
#include "node/store/boxes.h"

#include "crypto/box.h"
#include "proto/label.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST = 8, DATA_CAP = 96 };

static_assert((int)GROUP_NONCE == (int)BOX_NONCE,
              "a box is sealed under the group's");

static struct boxes_one *
find(const struct boxes *boxes, uint32_t vault)
{
    /* The newest first: records of one vault come in a row. */
    for (size_t i = boxes->count; i > 0; i--)
        if (boxes->list[i - 1].vault == vault)
            return &boxes->list[i - 1];
    return NULL;
}

static enum status
add(struct boxes *boxes, uint32_t vault)
{
    if (boxes->count == boxes->cap) {
        size_t            cap = boxes->cap > 0 ? 2 * boxes->cap : FIRST;
        struct boxes_one *list = realloc(boxes->list, cap * sizeof(*list));

        if (list == NULL)
            return STATUS_FULL;
        boxes->list = list;
        boxes->cap = cap;
    }
    boxes->list[boxes->count++] = (struct boxes_one){.vault = vault};
    return STATUS_OK;
}

enum status
boxes_count(struct boxes *boxes, uint32_t vault, size_t len, bool *added)
{
    struct boxes_one *box = find(boxes, vault);

    *added = box == NULL;
    if (box == NULL && add(boxes, vault) != STATUS_OK)
        return STATUS_FULL;
    box = find(boxes, vault);
    if (len > LIMIT_GROUP || box->len + len > LIMIT_GROUP)
        return STATUS_TOO_LARGE;
    box->len += (uint32_t)len;
    return STATUS_OK;
}

struct boxes_one *
boxes_of(const struct boxes *boxes, uint32_t vault)
{
    struct boxes_one *box = find(boxes, vault);

    assert(box != NULL);
    return box;
}

void
boxes_free(struct boxes *boxes)
{
    free(boxes->list);
    *boxes = (struct boxes){0};
}

static struct span
data_of(const struct group_id *id, uint32_t vault,
        uint8_t buffer[static DATA_CAP])
{
    struct writer out = writer_of(buffer, DATA_CAP);

    writer_put(&out, label_span(LABEL_VAULT));
    writer_put(&out, SPAN_OF(id->file_id));
    writer_u64(&out, id->segment);
    writer_u64(&out, id->sequence);
    writer_u32(&out, vault);
    assert(!out.failed);
    return writer_span(&out);
}

enum status
boxes_seal(const struct boxes_one *box, const struct group_head *head,
           const struct group_keys *keys, uint8_t *place)
{
    uint8_t         data[DATA_CAP];
    struct secret32 key = {0};
    enum status     st = keys->find(keys->arg, box->vault, &key);

    if (st == STATUS_OK)
        box_seal(&key, head->nonce, data_of(&head->id, box->vault, data),
                 (struct span){place, box->len}, place);
    secret_wipe(&key);
    return st;
}

enum status
boxes_open(struct boxes_one *box, const struct group_head *head,
           const struct group_keys *keys, uint8_t *place)
{
    struct span     sealed = {place, (size_t)box->len + LIMIT_TAG};
    uint8_t         data[DATA_CAP];
    struct secret32 key = {0};
    enum status     st = STATUS_NOT_FOUND;

    box->at = place;
    if (keys != NULL)
        st = keys->find(keys->arg, box->vault, &key);
    box->gone = st == STATUS_NOT_FOUND;
    if (st == STATUS_OK &&
        box_open(&key, head->nonce, data_of(&head->id, box->vault, data),
                 sealed, place) != STATUS_OK)
        st = STATUS_CORRUPT;
    secret_wipe(&key);
    return box->gone ? STATUS_OK : st;
}
