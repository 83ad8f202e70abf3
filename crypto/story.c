/* story.c - two sorted lists of logs, walked side by side. */
#include "crypto/story.h"

#include <assert.h>
#include <string.h>

const char *
story_name(enum story_kind kind)
{
    static const char *const names[] = {
#define STORY_NAME(name) #name,
        STORY_LIST(STORY_NAME)
#undef STORY_NAME
    };

    assert(kind < STORY_KIND_COUNT);
    return names[kind];
}

static bool
same_party(const struct cert *a, const struct cert *b)
{
    return node_id_equal(&a->node, &b->node) &&
           secret_equal(a->org_key, b->org_key, LIMIT_KEY);
}

enum status
story_begin(struct story *story, const struct export *a,
            const struct export *b)
{
    const struct cert *of_a = a->parties.list;
    const struct cert *of_b = b->parties.list;

    *story = (struct story){.st = STATUS_OK};
    story->one_node =
        same_party(&of_a[0], &of_b[0]) && same_party(&of_a[1], &of_b[1]);
    if (story->one_node)
        return STATUS_OK;
    if (same_party(&of_a[0], &of_b[1]) && same_party(&of_a[1], &of_b[0]))
        return STATUS_OK;
    return STATUS_UNTRUSTED;
}

static int
compare(struct span a, struct span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int    order = memcmp(a.ptr, b.ptr, len);

    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

/* Up to which size this file's node has signed, or receipted, the log, as the
 * other file shows. */
static uint64_t
signed_by(const struct export *file, const struct export_log *log)
{
    const struct node_id *node = &file->parties.list[0].node;

    if (node_id_equal(node, &log->origin.sender))
        return log->head.size;
    return log->receipted ? log->cosigned.size : 0;
}

static void
judge(const struct story *story, const struct export *const files[2],
      struct story_log *out)
{
    uint64_t common = out->size[0] < out->size[1] ? out->size[0]
                                                  : out->size[1];

    out->index = common;
    for (uint64_t i = 0; i < common; i++) {
        size_t at = (size_t)i * EXPORT_LEAF_LINE;

        if (memcmp(out->in[0]->leaves.ptr + at, out->in[1]->leaves.ptr + at,
                   EXPORT_LEAF_LINE) == 0)
            continue;
        out->index = i;
        out->kind = STORY_FORK;
        return;
    }
    out->kind = STORY_SAME;
    if (out->size[0] == out->size[1])
        return;
    out->less = out->size[0] < out->size[1] ? 0 : 1;
    out->kind = STORY_UNDERWAY;
    if (!story->one_node &&
        signed_by(files[out->less], out->in[1 - out->less]) > common)
        out->kind = STORY_LACKS;
}

bool
story_next(struct story *story, const struct export *a,
           const struct export *b, struct story_log *out)
{
    const struct export *const files[2] = {a, b};
    int                        order = 0;

    *out = (struct story_log){.kind = STORY_SAME};
    for (size_t i = 0; i < 2; i++)
        if (story->next[i] < files[i]->count)
            out->in[i] = &files[i]->logs[story->next[i]];
    if (out->in[0] == NULL && out->in[1] == NULL)
        return false;
    if (out->in[0] != NULL && out->in[1] != NULL)
        order = compare(out->in[0]->origin_text, out->in[1]->origin_text);
    if (order > 0)
        out->in[0] = NULL;
    if (order < 0)
        out->in[1] = NULL;
    for (size_t i = 0; i < 2; i++) {
        if (out->in[i] == NULL)
            continue;
        story->next[i]++;
        story->origin = out->in[i]->origin_text;
        out->size[i] = out->in[i]->head.size;
    }
    judge(story, files, out);
    story->count++;
    if (out->kind == STORY_FORK)
        story->st = STATUS_FORK;
    else if (out->kind == STORY_LACKS && story->st == STATUS_OK)
        story->st = STATUS_DIFFERENT;
    return true;
}
