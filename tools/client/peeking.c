/*
 * peeking.c - a window of requests over the rows.
 *
 * A q/1 may be another message by the time it is asked for: an answer counts
 * when it is of the row's id, else the id itself is asked for, once.
 */
#include "tools/client/peeking.h"

#include "node/core/message/message.h"
#include "tools/client/talk.h"
#include "tools/language/json.h"

#include <stdlib.h>
#include <string.h>

struct asked {
    uint64_t id; /* of the request; 0: none is under way */
    size_t   row;
    bool     by_id;
};

struct peeking {
    struct cli              *cli;
    struct client           *client;
    const struct sift       *sift;
    Entente__ListRow *const *rows;
    bool                    *passes;
    uint8_t                 *memory; /* of one parsed message */
    struct asked             asked[PEEKING_AHEAD];
    size_t                   under_way;
};

NODISCARD static enum status
ask(struct peeking *peeking, struct asked *asked, size_t row, bool by_id)
{
    Entente__ShowRequest    show = ENTENTE__SHOW_REQUEST__INIT;
    Entente__Request        request = ENTENTE__REQUEST__INIT;
    const Entente__ListRow *wanted = peeking->rows[row];
    enum status             st;

    show.ref = by_id ? wanted->id : wanted->ref;
    show.peek = true;
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    st = client_send(peeking->client, &request);
    if (st != STATUS_OK)
        return talk_broken(peeking->cli, st);
    *asked = (struct asked){request.id, row, by_id};
    peeking->under_way++;
    return STATUS_OK;
}

/* However the message is: what is not valid is looked through, too. */
static bool
message_passes(const struct sift *sift, struct span bytes, const char *ref,
               uint8_t *memory)
{
    struct strict_arena arena = strict_arena_of(memory, LIMIT_PARSE_BYTES);
    struct strict_fault fault;
    ProtobufCMessage   *message = NULL;
    json_t             *object = NULL;
    bool                passes = false;

    if (bytes.len > 0 &&
        strict_unpack(&entente__message__descriptor, bytes, &arena,
                      STRICT_KEEP, &message, &fault) == STATUS_OK &&
        json_from_message((Entente__Message *)message, &object) == STATUS_OK)
        passes = sift_passes(sift, object, ref);
    json_decref(object);
    return passes;
}

bool
peeking_passes(const struct sift *sift, const Entente__ListRow *row,
               const Entente__Response *response, uint8_t *memory,
               bool *found)
{
    const Entente__ShowResponse *show = response->show;

    *found = response->kind_case == ENTENTE__RESPONSE__KIND_SHOW &&
             show->row != NULL && strcmp(show->row->id, row->id) == 0;
    if (!*found || (sift->overdue && !show->overdue))
        return false;
    return (!sift->near && sift->text == NULL) ||
           message_passes(sift,
                          (struct span){show->message.data, show->message.len},
                          row->ref, memory);
}

NODISCARD static enum status
take(struct peeking *peeking, struct asked *asked,
     const Entente__Response *response)
{
    bool found;
    bool passes = peeking_passes(peeking->sift, peeking->rows[asked->row],
                                 response, peeking->memory, &found);

    asked->id = 0;
    peeking->under_way--;
    if (!found && !asked->by_id)
        return ask(peeking, asked, asked->row, true);
    peeking->passes[asked->row] = passes;
    return STATUS_OK;
}

/* The next answer to one of ours. */
NODISCARD static enum status
hear(struct peeking *peeking)
{
    Entente__Response *response = NULL;
    enum status        st = client_next(peeking->client,
                                        talk_wait_ms(peeking->cli), &response);

    if (st != STATUS_OK)
        return talk_broken(peeking->cli, st);
    for (size_t i = 0; i < PEEKING_AHEAD; i++)
        if (peeking->asked[i].id == response->id && response->id != 0)
            return take(peeking, &peeking->asked[i], response);
    return STATUS_OK;
}

static struct asked *
free_place(struct peeking *peeking)
{
    for (size_t i = 0; i < PEEKING_AHEAD; i++)
        if (peeking->asked[i].id == 0)
            return &peeking->asked[i];
    return NULL;
}

enum status
peeking_sift(struct cli *cli, struct client *client, const struct sift *sift,
             size_t count, Entente__ListRow *const *rows, bool *passes)
{
    struct peeking peeking = {.cli = cli,
                              .client = client,
                              .sift = sift,
                              .rows = rows,
                              .passes = passes,
                              .memory = malloc(LIMIT_PARSE_BYTES)};
    size_t         next = 0;
    enum status    st = STATUS_OK;

    if (peeking.memory == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    while (st == STATUS_OK && (next < count || peeking.under_way > 0)) {
        struct asked *place = next < count ? free_place(&peeking) : NULL;

        if (place != NULL)
            st = ask(&peeking, place, next++, false);
        else
            st = hear(&peeking);
    }
    free(peeking.memory);
    return st;
}
