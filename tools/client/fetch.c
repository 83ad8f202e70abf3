/*
 * fetch.c - asked without being read, and kept beyond the next answer.
 */
#include "tools/client/fetch.h"

#include "node/core/message/message.h"
#include "tools/client/talk.h"
#include "tools/language/json.h"
#include "tools/verbs/cmd_show.h"

#include <stdlib.h>
#include <string.h>

/* What this node does not know of it is not ours to pass on. */
NODISCARD static enum status
read_message(struct cli *cli, struct span bytes, struct fetched *out)
{
    uint8_t            *memory;
    struct strict_arena arena;
    struct strict_fault fault;
    ProtobufCMessage   *message = NULL;
    enum status         st;

    if (bytes.len == 0)
        return STATUS_OK;
    memory = malloc(LIMIT_PARSE_BYTES);
    if (memory == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    arena = strict_arena_of(memory, LIMIT_PARSE_BYTES);
    st = strict_unpack(&entente__message__descriptor, bytes, &arena,
                       STRICT_KEEP, &message, &fault);
    if (st == STATUS_OK)
        st = json_from_message((Entente__Message *)message, &out->message);
    free(memory);
    if (st != STATUS_OK)
        return cli_status(cli, st, "its bytes are no message");
    json_object_del(out->message, "unknown_fields");
    return STATUS_OK;
}

enum status
fetch_message(struct cli *cli, struct client *client, const char *typed,
              struct fetched *out)
{
    Entente__ShowRequest    show = ENTENTE__SHOW_REQUEST__INIT;
    Entente__Request        request = ENTENTE__REQUEST__INIT;
    Entente__Response      *response = NULL;
    const Entente__ListRow *row;
    char                    reference[FETCH_REF];
    enum status             st = cmd_show_reference(cli, typed, reference);

    memset(out, 0, sizeof(*out));
    if (st != STATUS_OK)
        return st;
    show.ref = reference;
    show.peek = true;
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_SHOW,
                  &response);
    if (st != STATUS_OK)
        return st;
    row = response->show->row;
    if (row == NULL)
        return cli_status(cli, STATUS_BAD_ENCODING, "the node's answer");
    snprintf(out->ref, sizeof(out->ref), "%s", row->ref);
    snprintf(out->id, sizeof(out->id), "%s", row->id);
    snprintf(out->peer, sizeof(out->peer), "%s", row->peer);
    out->outgoing = response->show->outgoing;
    return read_message(cli,
                        (struct span){response->show->message.data,
                                      response->show->message.len},
                        out);
}

void
fetch_clear(struct fetched *fetched)
{
    json_decref(fetched->message);
    fetched->message = NULL;
}
