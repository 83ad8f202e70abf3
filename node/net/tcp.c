/*
 * tcp.c - the table of links by number, and the strangers in it.
 *
 * Invariants:
 *  (I1) a slot is in the table from its number's first use until LINK_CLOSED
 *       was posted or the core closed it; then it is freed, while its link
 *       may still be finishing by itself;
 *  (I2) slot->stranger, membership in the list of strangers, and "the core
 *       never sent on it" are the same;
 *  (I3) strangers stand in order of arrival, hence of deadline;
 *  (I4) post() may say FULL to LINK_OPENED and LINK_FRAME alone; the link
 *       then holds the frame and its slot is in `held`;
 *  (I5) what strangers may have waiting for a turn is STRANGER_FRAMES frames,
 *       also when each is dropped for the next.
 */
#include "node/net/tcp.h"

#include "node/net/clock.h"
#include "node/net/dial.h"
#include "node/net/link.h"
#include "node/net/listener.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum { BUCKETS = 4096, STRANGER_FRAMES = 2 * LIMIT_STRANGERS };

struct slot {
    LIST_ENTRY(slot) in_bucket;
    TAILQ_ENTRY(slot) in_strangers;
    TAILQ_ENTRY(slot) in_dirty;
    TAILQ_ENTRY(slot) in_held;
    struct tcp  *tcp;
    uint64_t     number;
    uint64_t     source;
    uint64_t     deadline_ms;
    struct link *link; /* NULL while dialling */
    struct dial *dial; /* NULL once connected */
    uint64_t     tap; /* the one that has all of its bytes; 0: none */
    bool         opened;
    bool         stranger; /* (I2) */
    bool         dirty;    /* sent to since the last flush */
    bool         held;     /* (I4) */
};

LIST_HEAD(bucket, slot);
TAILQ_HEAD(slots, slot);

struct tcp {
    struct stream_pool      pool;
    const struct tcp_hooks *hooks;
    void                   *arg;
    struct listener         listener;
    bool                    stopped;
    bool                    tapping;
    uint64_t                taps; /* how often the tap was turned on */
    bool                    full; /* post() said so since tcp_resume() */
    size_t                  stranger_frames; /* posted since tcp_resume() */
    size_t                  held_count;
    uv_timer_t              timer; /* the oldest stranger's deadline */
    uint64_t                next_accepted; /* odd */
    struct tcp_counts       counts;
    struct secret32         source_key;
    struct slots            strangers; /* (I3) */
    struct slots            dirty;
    struct slots            held;
    struct bucket           buckets[BUCKETS];
};

/* --- slots --------------------------------------------------------------- */

static struct bucket *
bucket_of(struct tcp *tcp, uint64_t number)
{
    return &tcp->buckets[(number ^ number >> 12) % BUCKETS];
}

static struct slot *
slot_find(struct tcp *tcp, uint64_t number)
{
    struct slot *slot;

    LIST_FOREACH(slot, bucket_of(tcp, number), in_bucket)
        if (slot->number == number)
            return slot;
    return NULL;
}

static struct slot *
slot_new(struct tcp *tcp, uint64_t number)
{
    struct slot *slot = calloc(1, sizeof(*slot));

    if (slot == NULL)
        abort(); /* an event or effect names it: it must be */
    assert(slot_find(tcp, number) == NULL);
    slot->tcp = tcp;
    slot->number = number;
    slot->tap = tcp->tapping ? tcp->taps : 0;
    LIST_INSERT_HEAD(bucket_of(tcp, number), slot, in_bucket);
    return slot;
}

/* The core sent on it, or it is gone (I2). */
static void
stranger_end(struct slot *slot)
{
    if (!slot->stranger)
        return;
    slot->stranger = false;
    slot->tcp->counts.strangers--;
    TAILQ_REMOVE(&slot->tcp->strangers, slot, in_strangers);
}

static void
held_end(struct slot *slot)
{
    if (!slot->held)
        return;
    slot->held = false;
    slot->tcp->held_count--;
    TAILQ_REMOVE(&slot->tcp->held, slot, in_held);
}

static void
slot_free(struct slot *slot)
{
    slot->tcp->counts.strangers_refused += slot->stranger;
    stranger_end(slot);
    if (slot->dirty)
        TAILQ_REMOVE(&slot->tcp->dirty, slot, in_dirty);
    held_end(slot);
    LIST_REMOVE(slot, in_bucket);
    free(slot);
}

/* --- events -------------------------------------------------------------- */

NODISCARD static enum status
post(struct slot *slot, struct event event)
{
    event.link = slot->number;
    return slot->tcp->hooks->post(slot->tcp->arg, &event);
}

/* For the kinds that are always taken (I4). */
static void
post_surely(struct slot *slot, struct event event)
{
    enum status st = post(slot, event);

    assert(st == STATUS_OK);
    (void)st;
}

/* The end of a link that the core knows (I1). */
static void
slot_ended(struct slot *slot, enum status why)
{
    if (slot->opened || slot->number % 2 == 0)
        post_surely(slot,
                    (struct event){.kind = EVENT_LINK_CLOSED, .status = why});
    slot_free(slot);
}

NODISCARD static enum status
slot_open(struct slot *slot)
{
    enum status st = post(slot, (struct event){.kind = EVENT_LINK_OPENED,
                                               .source = slot->source});

    if (st != STATUS_OK)
        return st;
    slot->opened = true;
    link_lend(slot->link);
    return STATUS_OK;
}

NODISCARD static enum status
slot_frame(struct slot *slot, struct span frame)
{
    struct tcp *tcp = slot->tcp;
    enum status st = STATUS_OK;

    if (slot->stranger && tcp->stranger_frames == STRANGER_FRAMES)
        return STATUS_FULL; /* (I5) */
    if (!slot->opened)
        st = slot_open(slot);
    if (st == STATUS_OK)
        st = post(slot,
                  (struct event){.kind = EVENT_LINK_FRAME, .bytes = frame});
    if (st == STATUS_FULL)
        tcp->full = true;
    else if (slot->stranger)
        tcp->stranger_frames++;
    return st;
}

static enum status
on_frame(void *tag, struct span frame)
{
    struct slot *slot = tag;
    enum status  st = slot_frame(slot, frame);

    if (st == STATUS_FULL) {
        assert(!slot->held);
        slot->held = true; /* (I4) */
        slot->tcp->held_count++;
        TAILQ_INSERT_TAIL(&slot->tcp->held, slot, in_held);
    }
    return st;
}

static void
on_room(void *tag, uint64_t room, uint32_t frame_max)
{
    post_surely(tag, (struct event){.kind = EVENT_LINK_ROOM,
                                    .room = room,
                                    .frame_max = frame_max});
}

static void
on_ended(void *tag, enum status why)
{
    struct slot *slot = tag;

    if (why == STATUS_TOO_LARGE || why == STATUS_BAD_ENCODING)
        slot->tcp->counts.refused_frames++;
    slot_ended(slot, why);
}

static void
on_tap(void *tag, bool out, struct span bytes)
{
    struct slot *slot = tag;

    if (slot->tcp->tapping && slot->tap == slot->tcp->taps)
        slot->tcp->hooks->tap(slot->tcp->arg, slot->number, out, bytes);
}

static const struct link_ops link_ops = {
    .frame = on_frame,
    .room = on_room,
    .ended = on_ended,
    .tap = on_tap,
};

/* --- strangers ----------------------------------------------------------- */

static void
stranger_drop(struct slot *slot, enum status why)
{
    slot->tcp->counts.strangers_dropped++;
    link_abort(slot->link);
    slot_ended(slot, why);
}

/* One that has said nothing goes before one whose frame waits for a turn. */
static void
make_room(struct tcp *tcp)
{
    struct slot *slot;

    if (tcp->counts.strangers < LIMIT_STRANGERS)
        return;
    TAILQ_FOREACH(slot, &tcp->strangers, in_strangers)
        if (!slot->opened)
            break;
    stranger_drop(slot != NULL ? slot : TAILQ_FIRST(&tcp->strangers),
                  STATUS_FULL);
}

static void
on_deadline(uv_timer_t *timer)
{
    struct tcp  *tcp = timer->data;
    uint64_t     now = uv_now(timer->loop);
    struct slot *slot;

    while ((slot = TAILQ_FIRST(&tcp->strangers)) != NULL &&
           slot->deadline_ms <= now)
        stranger_drop(slot, STATUS_TIMEOUT);
    if (slot != NULL)
        uv_timer_start(timer, on_deadline, slot->deadline_ms - now, 0);
}

static void
stranger_begin(struct slot *slot)
{
    struct tcp *tcp = slot->tcp;

    slot->stranger = true;
    slot->deadline_ms = uv_now(tcp->pool.loop) + LIMIT_HANDSHAKE_MS;
    tcp->counts.strangers++;
    TAILQ_INSERT_TAIL(&tcp->strangers, slot, in_strangers); /* (I3) */
    if (!uv_is_active((uv_handle_t *)&tcp->timer))
        uv_timer_start(&tcp->timer, on_deadline, LIMIT_HANDSHAKE_MS, 0);
}

/* --- accepting ----------------------------------------------------------- */

static void
on_connection(uv_stream_t *listener, int error)
{
    struct tcp  *tcp = listener->data;
    struct slot *slot;

    if (error < 0)
        return;
    make_room(tcp);
    slot = slot_new(tcp, tcp->next_accepted);
    slot->link = link_new(&tcp->pool, &link_ops, slot);
    tcp->next_accepted += 2;
    tcp->counts.accepted++;
    if (uv_accept(listener, link_handle(slot->link)) != 0 ||
        link_start(slot->link, true) != STATUS_OK) {
        link_abort(slot->link);
        slot_free(slot);
        return;
    }
    slot->source = link_source(slot->link, &tcp->source_key);
    stranger_begin(slot);
}

enum status
tcp_listen(struct tcp *tcp, struct span address, uint16_t *port)
{
    return listener_open(&tcp->listener, tcp->pool.loop, address,
                         on_connection, tcp, port);
}

/* --- dialling ------------------------------------------------------------ */

static void
on_dialled(void *arg, enum status st, int fd)
{
    struct slot *slot = arg;

    slot->dial = NULL;
    if (st != STATUS_OK) {
        slot_ended(slot, st);
        return;
    }
    slot->link = link_new(&slot->tcp->pool, &link_ops, slot);
    st = link_adopt(slot->link, fd);
    if (st == STATUS_OK)
        st = link_start(slot->link, false);
    if (st == STATUS_OK)
        st = slot_open(slot); /* FULL: overloaded; the core dials again */
    if (st != STATUS_OK) {
        link_abort(slot->link);
        slot_ended(slot, st);
    }
}

void
tcp_dial(struct tcp *tcp, uint64_t link, struct span address)
{
    struct slot *slot;

    assert(link % 2 == 0);
    if (tcp->stopped)
        return;
    slot = slot_new(tcp, link);
    slot->dial = dial_start(tcp->pool.loop, address, LIMIT_HANDSHAKE_MS,
                            on_dialled, slot);
    if (slot->dial == NULL)
        slot_ended(slot, STATUS_FULL);
}

/* --- what the core asks -------------------------------------------------- */

void
tcp_send(struct tcp *tcp, uint64_t link, struct span frame)
{
    struct slot *slot = slot_find(tcp, link);

    if (slot == NULL || slot->link == NULL)
        return;
    stranger_end(slot);
    if (!slot->dirty) {
        slot->dirty = true;
        TAILQ_INSERT_TAIL(&tcp->dirty, slot, in_dirty);
    }
    link_send(slot->link, frame); /* the slot may be gone now */
}

void
tcp_close(struct tcp *tcp, uint64_t link)
{
    struct slot *slot = slot_find(tcp, link);

    if (slot == NULL)
        return;
    if (slot->dial != NULL)
        dial_cancel(slot->dial);
    if (slot->link != NULL)
        link_finish(slot->link);
    slot_free(slot);
}

void
tcp_flush(struct tcp *tcp)
{
    struct slot *slot;

    while ((slot = TAILQ_FIRST(&tcp->dirty)) != NULL) {
        slot->dirty = false;
        TAILQ_REMOVE(&tcp->dirty, slot, in_dirty);
        link_flush(slot->link);
    }
}

void
tcp_resume(struct tcp *tcp)
{
    size_t count = tcp->held_count;

    tcp->full = false;
    tcp->stranger_frames = 0;
    for (size_t i = 0; i < count && !tcp->full; i++) {
        struct slot *slot = TAILQ_FIRST(&tcp->held);

        held_end(slot);
        link_resume(slot->link);
    }
}

void
tcp_tap(struct tcp *tcp, bool on)
{
    struct slot *slot = TAILQ_FIRST(&tcp->strangers);

    tcp->tapping = on;
    tcp->taps += on ? 1 : 0;
    while (on && slot != NULL) {
        struct slot *next = TAILQ_NEXT(slot, in_strangers);

        if (!slot->opened)
            stranger_drop(slot, STATUS_AGAIN);
        slot = next;
    }
}

struct tcp_counts
tcp_counts(const struct tcp *tcp)
{
    return tcp->counts;
}

/* --- life ---------------------------------------------------------------- */

struct tcp *
tcp_new(uv_loop_t *loop, const struct tcp_hooks *hooks, void *arg)
{
    struct tcp *tcp = calloc(1, sizeof(*tcp));

    if (tcp == NULL)
        return NULL;
    tcp->pool.loop = loop;
    tcp->hooks = hooks;
    tcp->arg = arg;
    tcp->next_accepted = 1;
    TAILQ_INIT(&tcp->strangers);
    TAILQ_INIT(&tcp->dirty);
    TAILQ_INIT(&tcp->held);
    clock_random(tcp->source_key.bytes, sizeof(tcp->source_key.bytes));
    uv_timer_init(loop, &tcp->timer);
    tcp->timer.data = tcp;
    return tcp;
}

void
tcp_stop(struct tcp *tcp)
{
    if (tcp->stopped)
        return;
    tcp->stopped = true;
    uv_close((uv_handle_t *)&tcp->timer, NULL);
    listener_close(&tcp->listener);
    for (size_t i = 0; i < BUCKETS; i++) {
        struct slot *slot;

        while ((slot = LIST_FIRST(&tcp->buckets[i])) != NULL)
            tcp_close(tcp, slot->number);
    }
}

void
tcp_free(struct tcp *tcp)
{
    if (tcp == NULL)
        return;
    assert(tcp->stopped && tcp->pool.count == 0);
    free(tcp);
}
