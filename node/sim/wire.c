/*
 * wire.c - connections are two flows between two ends; an agenda says when
 * the next segment of a flow arrives.
 *
 *      DIALLED --accept arrives--> UP --end, reset, down--> both ends shut
 *         +------ refuse, timeout, caller gone -------------^
 *
 * Invariants:
 *   (W1) a flow with segments under way has an item in the agenda for its
 *        first one; an item that finds nothing due is let pass;
 *   (W2) nothing is told of an end that is shut, nor more than one `closed`;
 *   (W3) the sink is called from wire_run only, so a caller in the middle of
 *        its own work is never called back;
 *   (W4) a connection is freed at the end of wire_run, never within it.
 */
#include "node/sim/wire.h"

#include "node/sim/agenda.h"
#include "node/sim/attacker.h"
#include "node/sim/conn.h"

#include <assert.h>
#include <stdlib.h>

enum {
    CONNECT_MS = 10000,
    RESEND_MS = 200, /* how often a held segment is tried again */
    STRANGER_MS = 15000,
    SEGMENT_LEN = 8192
};

enum { WHAT_ARRIVES, WHAT_LEFT, WHAT_TIMEOUT, WHAT_STRANGER_ENDS };

struct peer {
    bool     up;
    bool     powered; /* someone answers, if only with a refusal */
    uint64_t next_link;
};

struct wire {
    struct dice             dice;
    struct agenda          *agenda;
    const struct wire_sink *sink;
    void                   *arg;
    size_t                  node_count;
    struct peer            *nodes;
    bool                   *blocked; /* [from * node_count + to] */
    struct wire_line        line;
    struct conn_table       conns;
    uint64_t                now_ms;
    struct attacker         attacker;
    uint64_t                garbage_answered;
    uint64_t                fired[WIRE_FAULT_COUNT];
};

static const char *const fault_words[WIRE_FAULT_COUNT] = {
#define WIRE_FAULT_WORDS(name, words) words,
    WIRE_FAULT_LIST(WIRE_FAULT_WORDS)
#undef WIRE_FAULT_WORDS
};

static_assert(WIRE_FLIPPED + ATTACKER_SPLICE == WIRE_SPLICED, "damages");

static void *
zeroed(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL)
        abort();
    return memory;
}

struct wire *
wire_new(uint64_t seed, size_t node_count, const struct wire_sink *sink,
         void *arg)
{
    struct wire *wire = zeroed(1, sizeof(*wire));

    dice_init(&wire->dice, seed, 0x317e);
    attacker_init(&wire->attacker, seed);
    wire->agenda = agenda_new();
    wire->sink = sink;
    wire->arg = arg;
    wire->node_count = node_count;
    wire->nodes = zeroed(node_count, sizeof(*wire->nodes));
    wire->blocked = zeroed(node_count * node_count, sizeof(*wire->blocked));
    for (size_t i = 0; i < node_count; i++)
        wire->nodes[i].powered = true;
    return wire;
}

void
wire_free(struct wire *wire)
{
    if (wire == NULL)
        return;
    conn_clear(&wire->conns);
    free(wire->blocked);
    free(wire->nodes);
    agenda_free(wire->agenda);
    free(wire);
}

static struct conn *
connect_to(struct wire *wire, size_t from, uint64_t link, size_t to)
{
    struct conn *conn = conn_add(&wire->conns, from, link, to);
    uint64_t     extra = wire->line.delay_ms / 2 + 1;

    for (unsigned side = 0; side < 2; side++)
        conn->flow[side] = (struct flow){
            .delay_ms = wire->line.delay_ms + dice_below(&wire->dice, extra),
            .jitter_ms = wire->line.jitter_ms,
            .bytes_per_s = wire->line.bytes_per_s};
    if (from != CONN_STRANGER)
        attacker_begin(&wire->attacker, conn->number, from, to);
    return conn;
}

/* --- sending ------------------------------------------------------------- */

static void
later(struct wire *wire, uint64_t at_ms, uint64_t what, uint64_t a,
      uint64_t b)
{
    agenda_add(wire->agenda, (struct agenda_item){at_ms, what, a, b});
}

static void
put(struct wire *wire, struct conn *conn, unsigned side, enum flow_kind kind,
    struct span bytes)
{
    struct flow *flow = &conn->flow[side];
    bool         waits = flow_next_ms(flow) == UINT64_MAX;
    uint64_t     left_ms;

    left_ms = flow_put(flow, &wire->dice, wire->now_ms, kind, bytes);
    if (waits) /* (W1) */
        later(wire, flow_next_ms(flow), WHAT_ARRIVES, conn->number, side);
    if (kind == FLOW_DATA && conn->end[side].node != CONN_STRANGER)
        later(wire, left_ms, WHAT_LEFT, 2 * conn->number + side, bytes.len);
}

static void
put_data(struct wire *wire, struct conn *conn, unsigned side,
         struct span bytes)
{
    struct reader in = reader_of(bytes);

    if (conn->end[0].node != CONN_STRANGER)
        attacker_hears(&wire->attacker, conn->number, side, bytes);
    while (in.left > 0) {
        bool   whole = dice_chance(&wire->dice, 1, 2);
        size_t len = in.left < SEGMENT_LEN ? in.left : SEGMENT_LEN;

        if (!whole)
            len = (size_t)dice_between(&wire->dice, 1, len);
        put(wire, conn, side, FLOW_DATA, reader_take(&in, len));
    }
}

void
wire_dial(struct wire *wire, uint64_t now_ms, size_t node, uint64_t link,
          size_t to)
{
    struct conn *conn;

    assert(node < wire->node_count && to < wire->node_count);
    wire->now_ms = now_ms;
    conn = connect_to(wire, node, link, to);
    put(wire, conn, 0, FLOW_DIAL, SPAN_EMPTY);
    later(wire, now_ms + CONNECT_MS, WHAT_TIMEOUT, conn->number, 0);
}

void
wire_write(struct wire *wire, uint64_t now_ms, size_t node, uint64_t link,
           struct span bytes)
{
    unsigned     side;
    struct conn *conn = conn_of(&wire->conns, node, link, &side);

    wire->now_ms = now_ms;
    if (conn != NULL)
        put_data(wire, conn, side, bytes);
}

void
wire_close(struct wire *wire, uint64_t now_ms, size_t node, uint64_t link)
{
    unsigned     side;
    struct conn *conn = conn_of(&wire->conns, node, link, &side);

    wire->now_ms = now_ms;
    if (conn == NULL)
        return;
    conn->end[side].open = false;
    put(wire, conn, side, FLOW_END, SPAN_EMPTY);
}

void
wire_up(struct wire *wire, size_t node)
{
    wire->nodes[node] = (struct peer){true, true, 1};
}

void
wire_down(struct wire *wire, uint64_t now_ms, size_t node, bool silent)
{
    wire->now_ms = now_ms;
    wire->nodes[node].up = false;
    wire->nodes[node].powered = !silent;
    for (size_t i = 0; i < wire->conns.count; i++)
        for (unsigned side = 0; side < 2; side++) {
            struct conn *conn = wire->conns.list[i];

            if (!conn->end[side].open || conn->end[side].node != node)
                continue;
            conn->end[side].open = false;
            wire->fired[WIRE_HALF_OPEN] += silent && conn->end[1 - side].open;
            if (!silent)
                put(wire, conn, side,
                    dice_chance(&wire->dice, 1, 2) ? FLOW_END : FLOW_REFUSE,
                    SPAN_EMPTY);
        }
}

/* --- arriving ------------------------------------------------------------ */

static void
shut(struct wire *wire, struct conn *conn, unsigned side, enum status st)
{
    struct conn_end *end = &conn->end[side];

    if (!end->open)
        return; /* (W2) */
    end->open = false;
    if (end->node != CONN_STRANGER)
        wire->sink->closed(wire->arg, end->node, end->link, st);
}

static void
on_dial(struct wire *wire, struct conn *conn)
{
    struct conn_end  *called = &conn->end[1];
    struct peer *node = &wire->nodes[called->node];
    uint64_t     source = conn->end[0].node;

    if (!node->powered) {
        wire->fired[WIRE_DIAL_LOST]++;
        return;
    }
    if (!node->up) {
        wire->fired[WIRE_DIAL_REFUSED]++;
        put(wire, conn, 1, FLOW_REFUSE, SPAN_EMPTY);
        return;
    }
    called->link = node->next_link;
    node->next_link += 2;
    called->open = true;
    if (conn->end[0].node == CONN_STRANGER)
        source = 1000 + conn->number % 3;
    put(wire, conn, 1, FLOW_ACCEPT, SPAN_EMPTY);
    wire->sink->opened(wire->arg, called->node, called->link, false, source);
}

static void
on_accept(struct wire *wire, struct conn *conn)
{
    struct conn_end *caller = &conn->end[0];

    conn->up = true;
    if (caller->open && caller->node != CONN_STRANGER)
        wire->sink->opened(wire->arg, caller->node, caller->link, true, 0);
}

static void
on_data(struct wire *wire, struct conn *conn, unsigned to,
        struct flow_segment *segment)
{
    struct conn_end     *end = &conn->end[to];
    enum attacker_damage done;

    if (end->node == CONN_STRANGER) {
        wire->garbage_answered += conn->garbage ? segment->len : 0;
        return;
    }
    if (!end->open) {
        if (wire->nodes[end->node].powered)
            put(wire, conn, to, FLOW_REFUSE, SPAN_EMPTY);
        return;
    }
    if (conn->end[0].node != CONN_STRANGER &&
        attacker_damage(&wire->attacker, segment, &done))
        wire->fired[WIRE_FLIPPED + done]++;
    if (segment->len > 0)
        wire->sink->bytes(wire->arg, end->node, end->link,
                          (struct span){segment->bytes, segment->len});
}

static void
on_segment(struct wire *wire, struct conn *conn, unsigned from,
           struct flow_segment *segment)
{
    unsigned to = 1 - from;

    switch (segment->kind) {
    case FLOW_DIAL:
        on_dial(wire, conn);
        return;
    case FLOW_ACCEPT:
        on_accept(wire, conn);
        return;
    case FLOW_DATA:
        on_data(wire, conn, to, segment);
        return;
    case FLOW_END:
        shut(wire, conn, to, STATUS_OK);
        return;
    case FLOW_REFUSE:
        shut(wire, conn, to, STATUS_UNREACHABLE);
        return;
    }
}

static bool
is_blocked(const struct wire *wire, const struct conn *conn, unsigned from)
{
    size_t a = conn->end[from].node;
    size_t b = conn->end[1 - from].node;

    return a != CONN_STRANGER && b != CONN_STRANGER &&
           wire->blocked[a * wire->node_count + b];
}

static void
arrives(struct wire *wire, struct conn *conn, unsigned from)
{
    struct flow         *flow = &conn->flow[from];
    struct flow_segment *segment;

    if (flow_next_ms(flow) > wire->now_ms)
        return; /* a reset took away what was due */
    if (is_blocked(wire, conn, from)) {
        wire->fired[WIRE_HELD]++;
        later(wire, wire->now_ms + RESEND_MS, WHAT_ARRIVES, conn->number,
              from);
        return;
    }
    segment = flow_take(flow);
    if (flow_next_ms(flow) != UINT64_MAX) /* (W1) */
        later(wire, flow_next_ms(flow), WHAT_ARRIVES, conn->number, from);
    on_segment(wire, conn, from, segment);
    flow_segment_free(segment);
}

static void
on_item(struct wire *wire, const struct agenda_item *item)
{
    uint64_t     number = item->what == WHAT_LEFT ? item->a / 2 : item->a;
    struct conn *conn = conn_numbered(&wire->conns, number);
    struct conn_end  *end;

    if (conn == NULL)
        return;
    switch (item->what) {
    case WHAT_ARRIVES:
        arrives(wire, conn, (unsigned)item->b);
        return;
    case WHAT_LEFT:
        end = &conn->end[item->a % 2];
        if (end->open)
            wire->sink->room(wire->arg, end->node, end->link, item->b);
        return;
    case WHAT_TIMEOUT:
        if (!conn->up)
            shut(wire, conn, 0, STATUS_TIMEOUT);
        return;
    case WHAT_STRANGER_ENDS:
        conn->end[0].open = false;
        put(wire, conn, 0, FLOW_END, SPAN_EMPTY);
        return;
    default:
        assert(false);
    }
}

uint64_t
wire_next_ms(const struct wire *wire)
{
    return agenda_next_ms(wire->agenda);
}

void
wire_run(struct wire *wire, uint64_t now_ms)
{
    struct agenda_item item;

    wire->now_ms = now_ms;
    while (agenda_take(wire->agenda, now_ms, &item))
        on_item(wire, &item);
    conn_sweep(&wire->conns); /* (W4) */
}

/* --- what goes wrong ----------------------------------------------------- */

void
wire_set_line(struct wire *wire, struct wire_line line)
{
    wire->line = line;
}

void
wire_block(struct wire *wire, size_t from, size_t to, bool blocked)
{
    assert(from < wire->node_count && to < wire->node_count);
    wire->blocked[from * wire->node_count + to] = blocked;
}

void
wire_delay(struct wire *wire, uint64_t delay_ms)
{
    struct conn *conn = conn_any(&wire->conns, &wire->dice);

    wire->fired[WIRE_DELAYED] += conn != NULL;
    if (conn != NULL)
        conn->flow[dice_below(&wire->dice, 2)].delay_ms += delay_ms;
}

void
wire_reset(struct wire *wire, uint64_t now_ms)
{
    struct conn *conn = conn_any(&wire->conns, &wire->dice);

    wire->now_ms = now_ms;
    if (conn == NULL)
        return;
    wire->fired[WIRE_RESET]++;
    for (unsigned side = 0; side < 2; side++) {
        flow_clear(&conn->flow[side]);
        put(wire, conn, side, FLOW_REFUSE, SPAN_EMPTY);
    }
}

void
wire_damage(struct wire *wire, enum wire_fault fault)
{
    assert(fault >= WIRE_FLIPPED && fault <= WIRE_SPLICED);
    wire->attacker.due[fault - WIRE_FLIPPED]++;
}

void
wire_stranger(struct wire *wire, uint64_t now_ms, size_t to,
              enum wire_fault fault)
{
    struct conn *conn = connect_to(wire, CONN_STRANGER, 0, to);
    uint64_t     ends_ms = now_ms + dice_below(&wire->dice, STRANGER_MS);
    uint8_t      noise[ATTACKER_GARBAGE];
    struct span  bytes;

    assert(fault == WIRE_GARBAGE || fault == WIRE_REPLAYED ||
           fault == WIRE_REFLECTED);
    wire->now_ms = now_ms;
    put(wire, conn, 0, FLOW_DIAL, SPAN_EMPTY);
    conn->garbage = fault == WIRE_GARBAGE;
    bytes = conn->garbage ? attacker_garbage(&wire->attacker, noise)
                          : attacker_session(&wire->attacker, to,
                                             fault == WIRE_REPLAYED);
    wire->fired[fault] += bytes.len > 0;
    put_data(wire, conn, 0, bytes);
    later(wire, ends_ms, WHAT_STRANGER_ENDS, conn->number, 0);
}

/* --- what there is to know --- */

uint64_t
wire_garbage_answered(const struct wire *wire)
{
    return wire->garbage_answered;
}

uint64_t
wire_fired(const struct wire *wire, enum wire_fault fault)
{
    assert(fault < WIRE_FAULT_COUNT);
    return wire->fired[fault];
}

const char *
wire_fault_words(enum wire_fault fault)
{
    assert(fault < WIRE_FAULT_COUNT);
    return fault_words[fault];
}

size_t
wire_open_count(const struct wire *wire)
{
    return wire->conns.count;
}
