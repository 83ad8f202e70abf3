/* shown.c - an answer outlives the next one only as a copy. */
#include "tools/reading/shown.h"

#include "node/core/message/deadline.h"
#include "tools/language/json.h"
#include "tools/terminal/moment.h"

#include <stdlib.h>

NODISCARD static enum status
keep(struct cli *cli, const Entente__Response *response, struct shown *shown)
{
    shown->kept = client_keep(response);
    if (shown->kept == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    shown->show = shown->kept->show;
    if (shown->show->row == NULL)
        return cli_status(cli, STATUS_BAD_ENCODING, "the node's answer");
    return STATUS_OK;
}

/* However the message is: what is not valid is shown, too. */
NODISCARD static enum status
read_message(struct cli *cli, struct shown *shown)
{
    struct span          bytes = {shown->show->message.data,
                                  shown->show->message.len};
    struct strict_arena  arena;
    struct strict_fault  fault;
    ProtobufCMessage    *message = NULL;
    enum status          st;

    if (bytes.len == 0)
        return STATUS_OK;
    shown->memory = malloc(LIMIT_PARSE_BYTES);
    if (shown->memory == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    arena = strict_arena_of(shown->memory, LIMIT_PARSE_BYTES);
    st = strict_unpack(&entente__message__descriptor, bytes, &arena,
                       STRICT_KEEP, &message, &fault);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "its bytes are no message: %s%s%s",
                        fault.path, fault.path[0] == '\0' ? "" : ": ",
                        fault.words);
    shown->message = (Entente__Message *)message;
    return STATUS_OK;
}

enum status
shown_take(struct cli *cli, struct shown *out,
           const Entente__Response *response)
{
    enum status st = keep(cli, response, out);

    return st == STATUS_OK ? read_message(cli, out) : st;
}

void
shown_clear(struct shown *shown)
{
    verified_clear(&shown->facts);
    entente__response__free_unpacked(shown->kept, NULL);
    free(shown->memory);
    *shown = (struct shown){.show = NULL};
}

/* NULL: nobody has to answer it. */
static json_t *
ack_by_json(const struct shown *shown)
{
    struct deadline deadline = {0};

    if (shown->message != NULL)
        deadline = deadline_of(shown->message);
    if (deadline.ms == 0)
        return NULL;
    return json_pack("{s:s, s:b, s:b, s:b}", "time",
                     moment_iso(deadline.ms).text, "given",
                     deadline.given ? 1 : 0, "awaited",
                     shown->show->awaited ? 1 : 0, "overdue",
                     shown->show->overdue ? 1 : 0);
}

static json_t *
newer_json(const Entente__ShowResponse *show)
{
    json_t *list = json_array();

    for (size_t i = 0; i < show->n_newer; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s}", "id", show->newer[i]->id, "ref",
                            show->newer[i]->ref, "action",
                            show->newer[i]->action));
    return list;
}

/* As the message lists them; NULL: it has none. */
static json_t *
files_json(const Entente__ShowResponse *show)
{
    json_t *list = show->n_attachments == 0 ? NULL : json_array();

    for (size_t i = 0; list != NULL && i < show->n_attachments; i++) {
        const Entente__AttachmentState *file = show->attachments[i];

        json_array_append_new(
            list, json_pack("{s:s, s:I, s:I}", "state", file->state, "chunks",
                            (json_int_t)file->chunks, "of",
                            (json_int_t)file->of));
    }
    return list;
}

static json_t *
entente_json(const struct shown *shown)
{
    const Entente__ShowResponse *show = shown->show;
    const Entente__ListRow      *row = show->row;
    json_t                      *trail = json_array();

    for (size_t i = 0; i < show->n_trail; i++) {
        const Entente__TrailStep *step = show->trail[i];

        json_array_append_new(
            trail, json_pack("{s:s, s:s, s:s, s:s}", "state", step->state,
                             "time", moment_iso(step->time_ms).text, "by",
                             step->by, "why", step->why));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:I, s:s, s:s, s:o, s:o, "
                     "s:o, s:o*, s:o*}",
                     "id", row->id, "ref", row->ref, "from", show->from, "peer",
                     row->peer, "outgoing", show->outgoing, "origin",
                     show->origin, "index", (json_int_t)show->index,
                     show->outgoing ? "submitted" : "received",
                     moment_iso(row->time_ms).text, "state", row->state,
                     "verified", verified_json(&shown->facts), "trail", trail,
                     "newer", newer_json(show), "ack_by", ack_by_json(shown),
                     "attachments", files_json(show));
}

enum status
shown_json(struct cli *cli, const struct shown *shown, json_t **out)
{
    json_t     *object = NULL;
    enum status st = STATUS_OK;

    if (shown->message == NULL)
        object = json_object();
    else
        st = cli_status(cli, json_from_message(shown->message, &object),
                        "the message");
    if (st != STATUS_OK)
        return st;
    json_object_set_new(object, "entente", entente_json(shown));
    *out = object;
    return STATUS_OK;
}

enum status
shown_judge(struct cli *cli, const struct shown *shown)
{
    if (shown->facts.broken == STATUS_OK)
        return STATUS_OK;
    return cli_fail(cli, shown->facts.broken, cli_line(cli, "log verify").text,
                    "this message does not verify: %s", shown->facts.why);
}
