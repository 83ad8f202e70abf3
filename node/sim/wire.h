/*
 * wire.h - a network of byte streams, with all that a network does to them.
 *
 * A connection behaves as TCP does: bytes come in order, or the connection
 * ends.  Between connections nothing is in order.  Partitions hold what is
 * under way until they heal; a machine without power answers nothing.  Beyond
 * TCP, an attacker flips, cuts and splices bytes, and calls with garbage or
 * with what he recorded.
 *
 * Owns all bytes under way.  Tells what happens through `struct wire_sink`,
 * from wire_run only.  Deterministic; for one thread.
 */
#ifndef SIM_WIRE_H
#define SIM_WIRE_H

#include "node/sim/dice.h"

/* X(name, words): what can go wrong; each is counted when it happens. */
#define WIRE_FAULT_LIST(X)                                                     \
    X(RESET, "connection reset")                                               \
    X(HELD, "bytes held by a partition")                                       \
    X(DELAYED, "connection slowed down, by hours at most")                     \
    X(DIAL_LOST, "dial without an answer")                                     \
    X(DIAL_REFUSED, "dial refused")                                            \
    X(HALF_OPEN, "peer vanished without a word")                               \
    X(FLIPPED, "bit flipped on the way")                                       \
    X(CUT, "bytes cut out on the way")                                         \
    X(SPLICED, "foreign bytes spliced in")                                     \
    X(GARBAGE, "stranger sends garbage")                                       \
    X(REPLAYED, "stranger replays a recorded session")                         \
    X(REFLECTED, "stranger sends a node's own bytes back")

enum wire_fault {
#define WIRE_FAULT_ENUM(name, words) WIRE_##name,
    WIRE_FAULT_LIST(WIRE_FAULT_ENUM)
#undef WIRE_FAULT_ENUM
    WIRE_FAULT_COUNT
};

struct wire_sink {
    /* dialled: a dial of `node` was accepted; else somebody called, and the
     * link's number is odd and new. */
    void (*opened)(void *arg, size_t node, uint64_t link, bool dialled,
                   uint64_t source);
    void (*bytes)(void *arg, size_t node, uint64_t link, struct span bytes);
    /* So many bytes written before have left: as many more may be written. */
    void (*room)(void *arg, size_t node, uint64_t link, uint64_t bytes);
    /* OK: the other side ended it; UNREACHABLE, TIMEOUT: else.  Also the
     * answer to a dial.  The link's number means nothing after it. */
    void (*closed)(void *arg, size_t node, uint64_t link, enum status st);
};

/* Of connections made from now on. */
struct wire_line {
    uint64_t delay_ms; /* at least; one way */
    uint64_t jitter_ms;
    uint64_t bytes_per_s; /* 0: unlimited */
};

struct wire; /* opaque: wire_new / wire_free */

/* Borrows sink and arg.  All nodes are down at first. */
struct wire *wire_new(uint64_t seed, size_t node_count,
                      const struct wire_sink *sink, void *arg);
void         wire_free(struct wire *wire);

/* --- what a node does ---------------------------------------------------- */

/* The process listens.  Its link numbers begin anew. */
void wire_up(struct wire *wire, size_t node);
/* The process is gone.  `silent`: its machine too, so nobody is told. */
void wire_down(struct wire *wire, uint64_t now_ms, size_t node, bool silent);
/* `link` must be new. */
void wire_dial(struct wire *wire, uint64_t now_ms, size_t node, uint64_t link,
               size_t to);
/* Both let a link pass that is closed already. */
void wire_write(struct wire *wire, uint64_t now_ms, size_t node,
                uint64_t link, struct span bytes);
void wire_close(struct wire *wire, uint64_t now_ms, size_t node,
                uint64_t link);

/* --- what happens -------------------------------------------------------- */

/* UINT64_MAX: nothing will. */
uint64_t wire_next_ms(const struct wire *wire);
/* All that is due at now_ms. */
void wire_run(struct wire *wire, uint64_t now_ms);

/* --- what goes wrong ----------------------------------------------------- */

void wire_set_line(struct wire *wire, struct wire_line line);
/* Nothing from `from` arrives at `to` while it is blocked. */
void wire_block(struct wire *wire, size_t from, size_t to, bool blocked);
/* What one connection carries one way from now on comes so much later, if
 * there is any. */
void wire_delay(struct wire *wire, uint64_t delay_ms);
/* Resets one connection, if there is any. */
void wire_reset(struct wire *wire, uint64_t now_ms);
/* FLIPPED, CUT or SPLICED: the next bytes that arrive anywhere. */
void wire_damage(struct wire *wire, enum wire_fault fault);
/* GARBAGE, REPLAYED or REFLECTED: a stranger calls. */
void wire_stranger(struct wire *wire, uint64_t now_ms, size_t to,
                   enum wire_fault fault);

/* Bytes that nodes answered to strangers who sent garbage. */
uint64_t    wire_garbage_answered(const struct wire *wire);
uint64_t    wire_fired(const struct wire *wire, enum wire_fault fault);
const char *wire_fault_words(enum wire_fault fault);
/* Connections of which an end is open. */
size_t wire_open_count(const struct wire *wire);

#endif
