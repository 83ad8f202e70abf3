/*
 * desk.c - a table of those who wait for an answer.
 */
#include "tests/sim/desk.h"

#include <stdlib.h>

/* No tag of a caller's. */
#define TAG_WAIT UINT64_MAX

enum { WAIT_MS = 3600000 };

static struct desk_ask *
find(struct desk *desk, uint64_t client)
{
    for (size_t i = 0; i < DESK_ASKS; i++)
        if (desk->asks[i].client == client)
            return &desk->asks[i];
    return NULL;
}

bool
desk_ask_bytes(struct desk *desk, size_t who, uint64_t tag,
               struct span request)
{
    struct machine  *machine = world_machine(desk->world, who);
    struct desk_ask *ask = find(desk, 0);

    if (ask == NULL || !machine_running(machine))
        return false;
    *ask = (struct desk_ask){++desk->next_client, who, tag};
    machine_request(machine, ask->client, request);
    return true;
}

bool
desk_ask(struct desk *desk, size_t who, uint64_t tag,
         const Entente__Request *request)
{
    size_t   len = entente__request__get_packed_size(request);
    uint8_t *bytes = malloc(len + 1);
    bool     asked;

    if (bytes == NULL)
        abort();
    (void)entente__request__pack(request, bytes);
    asked = desk_ask_bytes(desk, who, tag, (struct span){bytes, len});
    free(bytes);
    return asked;
}

void
desk_told(struct desk *desk, size_t who, uint64_t client,
          struct span response)
{
    struct desk_ask   *ask = find(desk, client);
    struct desk_ask    known;
    Entente__Response *parsed;

    if (ask == NULL || client == 0)
        return;
    known = *ask;
    parsed = entente__response__unpack(NULL, response.len, response.ptr);
    if (parsed == NULL)
        abort();
    if (parsed->last) {
        *ask = (struct desk_ask){0};
        machine_client_gone(world_machine(desk->world, who), client);
    }
    if (known.tag == TAG_WAIT) {
        desk->waited = true;
        desk->kept = parsed;
        return;
    }
    desk->answered(desk->arg, who, known.tag, parsed);
    entente__response__free_unpacked(parsed, NULL);
}

void
desk_gone(struct desk *desk, size_t who)
{
    for (size_t i = 0; i < DESK_ASKS; i++) {
        struct desk_ask lost = desk->asks[i];

        if (lost.client == 0 || lost.who != who)
            continue;
        desk->asks[i] = (struct desk_ask){0};
        if (lost.tag == TAG_WAIT) {
            desk->waited = true;
            continue;
        }
        desk->answered(desk->arg, who, lost.tag, NULL);
    }
}

Entente__Response *
desk_wait(struct desk *desk, size_t who, const Entente__Request *request)
{
    uint64_t           until_ms = world_now_ms(desk->world) + WAIT_MS;
    Entente__Response *kept;

    desk->waited = false;
    desk->kept = NULL;
    if (!desk_ask(desk, who, TAG_WAIT, request))
        return NULL;
    world_wake(desk->world);
    while (!desk->waited && world_step(desk->world, until_ms))
        continue;
    kept = desk->kept;
    desk->kept = NULL;
    return kept;
}
