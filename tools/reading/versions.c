/*
 * versions.c - from id to id, each once, so that two messages which name each
 * other end it, too.
 */
#include "tools/reading/versions.h"

#include "tools/client/talk.h"
#include "tools/reading/mail_row.h"

#include <stdlib.h>
#include <string.h>

struct looking {
    struct cli    *cli;
    struct client *client;
    uint8_t       *memory; /* of one parsed message */
};

/*
 * Looks at one, for as long as nothing else is asked; NULL in *out: it is not
 * here, or its id went to several peers.
 */
NODISCARD static enum status
look(struct looking *looking, const char *ref,
     const Entente__ShowResponse **out)
{
    Entente__ShowRequest show = ENTENTE__SHOW_REQUEST__INIT;
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__Response   *response = NULL;
    enum status          st;

    *out = NULL;
    show.ref = (char *)(uintptr_t)ref;
    show.peek = true;
    request.kind_case = ENTENTE__REQUEST__KIND_SHOW;
    request.show = &show;
    st = client_ask(looking->client, &request, talk_wait_ms(looking->cli),
                    &response);
    if (st != STATUS_OK)
        return talk_broken(looking->cli, st);
    if (response->kind_case == ENTENTE__RESPONSE__KIND_SHOW &&
        response->show->row != NULL)
        *out = response->show;
    return STATUS_OK;
}

/* The author's time, or when it came where that cannot be read. */
static struct local_text
dtg_of(const struct looking *looking, const Entente__ShowResponse *show)
{
    struct strict_arena     arena = strict_arena_of(looking->memory,
                                                    LIMIT_PARSE_BYTES);
    struct strict_fault     fault;
    ProtobufCMessage       *parsed = NULL;
    const Entente__Message *message;

    if (strict_unpack(&entente__message__descriptor,
                      (struct span){show->message.data, show->message.len},
                      &arena, STRICT_KEEP, &parsed, &fault) != STATUS_OK)
        return local_dtg_ms(show->row->time_ms);
    message = (const Entente__Message *)parsed;
    return message->dtg != NULL ? local_dtg(message->dtg)
                                : local_dtg_ms(show->row->time_ms);
}

static void
describe(const struct looking *looking, const Entente__ShowResponse *show,
         struct versions_one *out)
{
    const Entente__ListRow *row = show->row;

    snprintf(out->id, sizeof(out->id), "%s", row->id);
    snprintf(out->ref, sizeof(out->ref), "%s", row->ref);
    snprintf(out->subject, sizeof(out->subject), "%s", row->subject);
    out->time_ms = row->time_ms;
    out->dtg = dtg_of(looking, show);
}

/* --- later ---------------------------------------------------------------- */

static bool
is_known(const struct versions *versions, const char *id)
{
    for (size_t i = 0; i < versions->later_count; i++)
        if (strcmp(versions->later[i].id, id) == 0)
            return true;
    return false;
}

/* Notes those that the node names for one message. */
static void
note_later(struct versions *versions, const Entente__ShowResponse *show,
           const char *own_id)
{
    for (size_t i = 0; i < show->n_newer; i++) {
        const Entente__Newer *newer = show->newer[i];
        struct versions_one  *one = &versions->later[versions->later_count];

        if (versions->later_count == VERSIONS_MAX ||
            strcmp(newer->id, own_id) == 0 || is_known(versions, newer->id))
            continue;
        snprintf(one->id, sizeof(one->id), "%s", newer->id);
        snprintf(one->ref, sizeof(one->ref), "%s", newer->ref);
        snprintf(one->action, sizeof(one->action), "%s", newer->action);
        snprintf(one->about, sizeof(one->about), "%s", show->row->ref);
        one->dtg = (struct local_text){"?"};
        versions->later_count++;
    }
}

static int
compare_times(const void *a, const void *b)
{
    const struct versions_one *x = a;
    const struct versions_one *y = b;

    return (x->time_ms < y->time_ms) - (x->time_ms > y->time_ms);
}

NODISCARD static enum status
gather_later(struct looking *looking, const struct shown *shown,
             struct versions *out)
{
    const char *own_id = shown->show->row->id;
    enum status st = STATUS_OK;

    note_later(out, shown->show, own_id);
    for (size_t i = 0; st == STATUS_OK && i < out->later_count; i++) {
        const Entente__ShowResponse *show = NULL;

        st = look(looking, out->later[i].ref, &show);
        if (show == NULL)
            continue;
        describe(looking, show, &out->later[i]);
        note_later(out, show, own_id);
    }
    qsort(out->later, out->later_count, sizeof(out->later[0]), compare_times);
    return st;
}

/* --- earlier -------------------------------------------------------------- */

NODISCARD static enum status
gather_earlier(struct looking *looking, const Entente__Message *message,
               struct versions *out)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < message->n_refs &&
                       out->earlier_count < VERSIONS_MAX;
         i++) {
        struct versions_one         *one = &out->earlier[out->earlier_count];
        const Entente__ShowResponse *show = NULL;

        if (message->refs[i].len != LIMIT_MESSAGE_ID)
            continue;
        hex_encode(message->refs[i].data, LIMIT_MESSAGE_ID, one->id);
        st = look(looking, one->id, &show);
        if (show != NULL)
            describe(looking, show, one);
        out->earlier_count++;
    }
    return st;
}

enum status
versions_gather(struct cli *cli, struct client *client,
                const struct shown *shown, struct versions *out)
{
    struct looking looking = {cli, client, malloc(LIMIT_PARSE_BYTES)};
    enum status    st;

    *out = (struct versions){0};
    if (looking.memory == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    st = gather_later(&looking, shown, out);
    if (st == STATUS_OK && shown->message != NULL)
        st = gather_earlier(&looking, shown->message, out);
    free(looking.memory);
    return st;
}

void
versions_say(const struct versions_one *later, char *out, size_t cap)
{
    bool void_now = strcmp(later->action, "CANCEL") == 0 ||
                    strcmp(later->action, "RECALL") == 0;

    snprintf(out, cap, "%s IS %s by %s of %s%s", later->about,
             mail_row_done(later->action), later->ref, later->dtg.text,
             void_now ? ": do not act on it" : "");
}
