/*
 * salvage.c - keeps records of a few kinds, and the last of each name.
 *
 * A name is kind, peer and id.  What dispatches or strikes a message has the
 * name of its PENDING, so that the last of a name tells whether it waits.
 */
#include "node/store/salvage.h"

#include "proto/record.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ITEMS = 64 };

/* In the order in which they are replayed. */
enum rank { RANK_PEER, RANK_SEALKEY, RANK_STAMP, RANK_ALARM, RANK_MESSAGE,
            RANK_REFERS };

struct item {
    enum rank rank;
    uint8_t   name[LIMIT_NODE_ID + LIMIT_MESSAGE_ID + 8];
    size_t    ordinal;
    bool      ends; /* of a message: it waits no more */
    bool      last; /* of its name */
    uint32_t  vault;
    uint32_t  secret_wanted;
    uint8_t  *bytes; /* public, then secret */
    size_t    public_len;
    size_t    secret_len;
};

struct salvage {
    struct item *items;
    size_t       count;
    size_t       cap;
};

struct salvage *
salvage_new(void)
{
    return calloc(1, sizeof(struct salvage));
}

void
salvage_free(struct salvage *salvage)
{
    if (salvage == NULL)
        return;
    for (size_t i = 0; i < salvage->count; i++) {
        struct item *item = &salvage->items[i];

        if (item->bytes != NULL)
            secret_wipe_bytes(item->bytes, item->public_len + item->secret_len);
        free(item->bytes);
    }
    free(salvage->items);
    free(salvage);
}

/* --- taking -------------------------------------------------------------- */

/* False: a record of no use here. */
static bool
classify(const struct record *record, struct item *item)
{
    const struct node_id *peer = &record->peer;
    uint64_t              number = 0;

    switch (record->kind) {
    case RECORD_PEER: item->rank = RANK_PEER; break;
    case RECORD_STAMP: item->rank = RANK_STAMP; break;
    case RECORD_SEALKEY:
        item->rank = RANK_SEALKEY;
        number = record->vault;
        if (record->outgoing == 0)
            return false;
        break;
    case RECORD_ALARM:
        item->rank = RANK_ALARM;
        number = item->ordinal;
        break;
    case RECORD_OUT_ENTRY:
        peer = &record->origin.recipient;
        item->rank = RANK_MESSAGE;
        item->ends = true;
        break;
    case RECORD_STRUCK:
        item->rank = RANK_MESSAGE;
        item->ends = true;
        break;
    case RECORD_PENDING: item->rank = RANK_MESSAGE; break;
    case RECORD_REFERS:
        item->rank = RANK_REFERS;
        if (record->outgoing == 0)
            return false;
        break;
    default: return false;
    }
    memcpy(item->name, peer->bytes, LIMIT_NODE_ID);
    memcpy(item->name + LIMIT_NODE_ID, record->id.bytes, LIMIT_MESSAGE_ID);
    for (size_t i = 0; i < 8; i++)
        item->name[LIMIT_NODE_ID + LIMIT_MESSAGE_ID + i] =
            (uint8_t)(number >> 8 * i);
    return true;
}

static enum status
reserve(struct salvage *salvage)
{
    size_t       cap = salvage->cap > 0 ? 2 * salvage->cap : FIRST_ITEMS;
    struct item *grown;

    if (salvage->count < salvage->cap)
        return STATUS_OK;
    grown = realloc(salvage->items, cap * sizeof(*grown));
    if (grown == NULL)
        return STATUS_FULL;
    salvage->items = grown;
    salvage->cap = cap;
    return STATUS_OK;
}

static void
put_both(struct item *item, const struct group_record *from)
{
    struct writer out = writer_of(item->bytes,
                                  item->public_len + item->secret_len);

    writer_put(&out, from->public);
    writer_put(&out, from->secret);
}

static enum status
take_record(struct salvage *salvage, const struct group_record *from)
{
    struct item   item = {.ordinal = salvage->count, .vault = from->vault};
    struct record record;
    enum status   st;

    if (record_decode(from->public, &record) != STATUS_OK ||
        !classify(&record, &item))
        return STATUS_OK;
    st = reserve(salvage);
    if (st != STATUS_OK)
        return st;
    item.secret_wanted = from->secret_len;
    if (!item.ends) {
        item.public_len = from->public.len;
        item.secret_len = from->secret.len;
        item.bytes = malloc(item.public_len + item.secret_len + 1);
        if (item.bytes == NULL)
            return STATUS_FULL;
        put_both(&item, from);
    }
    salvage->items[salvage->count++] = item;
    return STATUS_OK;
}

enum status
salvage_take(struct salvage *salvage, const struct group *group)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < group->count; i++)
        st = take_record(salvage, &group->records[i]);
    return st;
}

/* --- giving -------------------------------------------------------------- */

static int
by_name(const void *one, const void *other)
{
    const struct item *a = one;
    const struct item *b = other;
    int                order;

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    order = memcmp(a->name, b->name, sizeof(a->name));
    if (order != 0)
        return order;
    return a->ordinal < b->ordinal ? -1 : 1;
}

static int
by_rank(const void *one, const void *other)
{
    const struct item *a = one;
    const struct item *b = other;

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->ordinal < b->ordinal ? -1 : 1;
}

/* Items are in order of names: whether the message of that name waits. */
static bool
waits(const struct salvage *salvage, const struct item *refers)
{
    struct item key = *refers;
    size_t      low = 0;
    size_t      high = salvage->count;

    key.rank = RANK_MESSAGE;
    key.ordinal = SIZE_MAX;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (by_name(&salvage->items[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    key = salvage->items[low - 1];
    return key.rank == RANK_MESSAGE && !key.ends &&
           memcmp(key.name, refers->name, sizeof(key.name)) == 0;
}

/* Ends what was replaced, and what refers from a message that is gone. */
static void
settle(struct salvage *salvage)
{
    struct item *items = salvage->items;

    if (salvage->count == 0)
        return;
    qsort(items, salvage->count, sizeof(*items), by_name);
    for (size_t i = 0; i < salvage->count; i++)
        items[i].last = i + 1 == salvage->count ||
                        items[i].rank != items[i + 1].rank ||
                        memcmp(items[i].name, items[i + 1].name,
                               sizeof(items[i].name)) != 0;
    for (size_t i = 0; i < salvage->count; i++)
        if (items[i].rank == RANK_REFERS && !waits(salvage, &items[i]))
            items[i].ends = true;
    qsort(items, salvage->count, sizeof(*items), by_rank);
}

/* Whether it is given; counts it. */
static bool
is_given(const struct item *item, struct salvage_count *count)
{
    if (!item->last || item->ends)
        return false;
    if (item->secret_len != item->secret_wanted) {
        count->closed++;
        return false;
    }
    if (item->rank == RANK_MESSAGE)
        count->messages++;
    else if (item->rank == RANK_PEER)
        count->peers++;
    else
        count->others++;
    return true;
}

enum status
salvage_give(struct salvage *salvage,
             enum status (*put)(void *arg, const struct effects *saves),
             void *arg, struct salvage_count *count)
{
    struct effects saves;
    size_t         bytes = 0;
    enum status    st = STATUS_OK;

    *count = (struct salvage_count){0};
    settle(salvage);
    effects_init(&saves);
    for (size_t i = 0; st == STATUS_OK && i < salvage->count; i++) {
        const struct item *item = &salvage->items[i];
        struct effect     *save;

        if (!is_given(item, count))
            continue;
        bytes += item->public_len + item->secret_len;
        if (bytes > LIMIT_RECORD && saves.count > 0) {
            st = put(arg, &saves);
            effects_clear(&saves);
            bytes = item->public_len + item->secret_len;
        }
        save = effects_add(&saves, EFFECT_SAVE);
        save->bytes = (struct span){item->bytes, item->public_len};
        save->secret = (struct span){item->bytes + item->public_len,
                                     item->secret_len};
        save->vault = item->secret_len > 0 ? item->vault : 0;
    }
    if (st == STATUS_OK && saves.count > 0)
        st = put(arg, &saves);
    effects_free(&saves);
    return st;
}
