/* duo_link.c - duo.h's links: frames arrive at once and in order, or never. */
#include "tests/unit/duo.h"

#include <string.h>

static struct duo_wire *
wire_of(struct duo_party *party, uint64_t link)
{
    for (size_t i = 0; i < party->wire_count; i++)
        if (party->wires[i].ours == link)
            return &party->wires[i];
    return NULL;
}

static void
add_wire(struct duo_party *party, uint64_t ours, uint64_t theirs)
{
    assert_true(party->wire_count < DUO_WIRES);
    party->wires[party->wire_count++] = (struct duo_wire){ours, theirs};
    party->link = ours;
}

/* What is left is the newest. */
static void
drop_wire(struct duo_party *party, uint64_t link)
{
    struct duo_wire *wire = wire_of(party, link);

    assert_non_null(wire);
    party->wire_count--;
    memmove(wire, wire + 1,
            (size_t)(party->wires + party->wire_count - wire) * sizeof(*wire));
    party->link =
        party->wire_count > 0 ? party->wires[party->wire_count - 1].ours : 0;
}

static void
give_room(struct duo_party *party, uint64_t link, uint64_t room)
{
    struct event event = {.kind = EVENT_LINK_ROOM,
                          .link = link,
                          .room = room,
                          .frame_max = party->frame_max};

    duo_post(party, &event);
}

void
duo_link_dial(struct duo_party *party, uint64_t link)
{
    struct duo_party *other = party->other;
    struct event      ours = {.kind = EVENT_LINK_CLOSED,
                              .link = link,
                              .status = STATUS_UNREACHABLE};
    struct event      theirs = {.kind = EVENT_LINK_OPENED, .source = 7};

    if (other->hangs)
        return;
    if (!other->reachable) {
        duo_post(party, &ours);
        return;
    }
    ours.kind = EVENT_LINK_OPENED;
    theirs.link = other->next_accepted;
    other->next_accepted += 2;
    add_wire(party, link, theirs.link);
    add_wire(other, theirs.link, link);
    duo_post(party, &ours);
    duo_post(other, &theirs);
    give_room(party, link, party->room);
    give_room(other, theirs.link, other->room);
}

void
duo_link_send(struct duo_party *party, uint64_t link, struct span frame)
{
    const struct duo_wire *wire = wire_of(party, link);
    struct event           event = {.kind = EVENT_LINK_FRAME, .bytes = frame};

    if (wire == NULL || (party->tap != NULL && !party->tap(party, frame)))
        return;
    event.link = wire->theirs;
    party->sent_frames++;
    party->sent_bytes += frame.len;
    duo_post(party->other, &event);
    give_room(party, link, frame.len);
}

void
duo_link_close(struct duo_party *party, uint64_t link)
{
    const struct duo_wire *wire = wire_of(party, link);
    struct event           event = {.kind = EVENT_LINK_CLOSED};

    if (wire == NULL)
        return;
    event.link = wire->theirs;
    duo_post(party->other, &event);
    drop_wire(party->other, event.link);
    drop_wire(party, link);
}

void
duo_cut(struct duo *duo)
{
    while (duo->a.link != 0) {
        struct event gone = {.kind = EVENT_LINK_CLOSED, .link = duo->a.link};

        duo_post(&duo->a, &gone);
        duo_link_close(&duo->a, duo->a.link);
    }
}
