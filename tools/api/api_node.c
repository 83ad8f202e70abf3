/*
 * api_node.c - a table of what was sent, and a queue before it.
 *
 * Invariant: an ask outlives its owner, so that a place which the node still
 * holds is counted until its first answer.
 */
#include "tools/api/api_node.h"

#include "proto/limits.h"
#include "tools/client/talk.h"

#include <stdlib.h>

enum { ROWS = 1024 };

struct ask {
    uint64_t    id;      /* that the client gave it */
    uint64_t    tag;
    void       *owner;   /* NULL: it has gone */
    bool        place;   /* it holds one */
    uint8_t    *waiting; /* packed, while it waits for a place */
    size_t      len;
    struct ask *next;
};

struct api_node {
    struct client *client;     /* NULL: none */
    struct ask    *rows[ROWS]; /* sent, by id */
    struct ask    *queue;      /* oldest first */
    struct ask   **queue_end;
    size_t         places; /* held */
    bool           blocked;
};

struct api_node *
api_node_new(void)
{
    struct api_node *node = calloc(1, sizeof(*node));

    if (node != NULL)
        node->queue_end = &node->queue;
    return node;
}

void
api_node_lose(struct api_node *node)
{
    for (size_t i = 0; i <= ROWS; i++) {
        struct ask **at = i < ROWS ? &node->rows[i] : &node->queue;

        while (*at != NULL) {
            struct ask *ask = *at;

            *at = ask->next;
            free(ask->waiting);
            free(ask);
        }
    }
    client_free(node->client);
    *node = (struct api_node){.client = NULL};
    node->queue_end = &node->queue;
}

void
api_node_free(struct api_node *node)
{
    if (node == NULL)
        return;
    api_node_lose(node);
    free(node);
}

/* --- asking --------------------------------------------------------------- */

/* Hands it to the client; it is in the table then. */
NODISCARD static enum status
post(struct api_node *node, struct ask *ask, Entente__Request *request)
{
    enum status st = client_post(node->client, request);

    if (st != STATUS_OK)
        return st;
    ask->id = request->id;
    ask->next = node->rows[ask->id % ROWS];
    node->rows[ask->id % ROWS] = ask;
    node->places += ask->place ? 1 : 0;
    return STATUS_OK;
}

NODISCARD static enum status
enqueue(struct api_node *node, struct ask *ask, const Entente__Request *request)
{
    ask->len = entente__request__get_packed_size(request);
    if (ask->len > LIMIT_CONTROL_FRAME - 16) /* room for its id */
        return STATUS_TOO_LARGE;
    ask->waiting = malloc(ask->len + 1);
    if (ask->waiting == NULL)
        return STATUS_IO;
    entente__request__pack(request, ask->waiting);
    *node->queue_end = ask;
    node->queue_end = &ask->next;
    return STATUS_OK;
}

enum status
api_node_ask(struct api_node *node, struct cli *cli, Entente__Request *request,
             void *owner, uint64_t tag, bool store)
{
    struct ask *ask;
    enum status st = STATUS_OK;

    if (node->client == NULL)
        st = talk_open(cli, &node->client);
    if (st != STATUS_OK)
        return st;
    ask = calloc(1, sizeof(*ask));
    if (ask == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    *ask = (struct ask){.tag = tag, .owner = owner, .place = store};
    if (store && (node->places >= API_NODE_PLACES || node->queue != NULL))
        st = enqueue(node, ask, request);
    else
        st = post(node, ask, request);
    if (st != STATUS_OK)
        free(ask);
    return cli_status(cli, st, "the request");
}

/* As many of those that wait as there are places. */
NODISCARD static enum status
post_waiting(struct api_node *node)
{
    while (node->queue != NULL && node->places < API_NODE_PLACES) {
        struct ask       *ask = node->queue;
        Entente__Request *request = NULL;
        enum status       st = STATUS_OK;

        node->queue = ask->next;
        if (node->queue == NULL)
            node->queue_end = &node->queue;
        if (ask->owner != NULL) {
            request = entente__request__unpack(NULL, ask->len, ask->waiting);
            st = request == NULL ? STATUS_IO : post(node, ask, request);
        }
        entente__request__free_unpacked(request, NULL);
        free(ask->waiting);
        ask->waiting = NULL;
        if (ask->owner == NULL || st != STATUS_OK)
            free(ask);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}

enum status
api_node_flush(struct api_node *node)
{
    enum status st = STATUS_OK;

    if (node->client == NULL)
        return STATUS_OK;
    st = post_waiting(node);
    if (st == STATUS_OK)
        st = client_flush(node->client);
    node->blocked = st == STATUS_AGAIN;
    return st;
}

void
api_node_forget(struct api_node *node, const void *owner)
{
    for (size_t i = 0; i <= ROWS; i++)
        for (struct ask *ask = i < ROWS ? node->rows[i] : node->queue;
             ask != NULL; ask = ask->next)
            if (ask->owner == owner)
                ask->owner = NULL;
}

bool
api_node_is_full(const struct api_node *node)
{
    return node->queue != NULL || node->blocked;
}

bool
api_node_must_write(const struct api_node *node)
{
    return node->blocked;
}

int
api_node_fd(const struct api_node *node)
{
    return node->client == NULL ? -1 : client_fd(node->client);
}

/* --- answers -------------------------------------------------------------- */

/* Whose it is; NULL: nobody's any more. */
static void *
owner_of(struct api_node *node, Entente__Response *response)
{
    struct ask **at = &node->rows[response->id % ROWS];
    struct ask  *ask;
    void        *owner;

    while (*at != NULL && (*at)->id != response->id)
        at = &(*at)->next;
    ask = *at;
    if (ask == NULL)
        return NULL;
    owner = ask->owner;
    response->id = ask->tag;
    node->places -= ask->place ? 1 : 0;
    ask->place = false;
    if (response->last) {
        *at = ask->next;
        free(ask);
    }
    return owner;
}

enum status
api_node_take(struct api_node *node, Entente__Response **out, void **owner)
{
    enum status st = node->client == NULL ? STATUS_AGAIN : STATUS_OK;

    *owner = NULL;
    while (st == STATUS_OK && *owner == NULL) {
        st = client_take(node->client, out);
        if (st == STATUS_OK)
            *owner = owner_of(node, *out);
    }
    return st;
}
