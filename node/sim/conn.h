/*
 * conn.h - the connections of a simulated network: two ends, two flows.
 *
 * The table owns its connections; a pointer lives until the next sweep.
 */
#ifndef SIM_CONN_H
#define SIM_CONN_H

#include "node/sim/flow.h"

/* The node number of a caller that is none. */
#define CONN_STRANGER SIZE_MAX

struct conn_end {
    size_t   node;
    uint64_t link; /* 0: not accepted yet */
    bool     open;
};

struct conn {
    uint64_t        number;
    struct conn_end end[2];  /* caller, called */
    struct flow     flow[2]; /* from that end to the other */
    bool            up;
    bool            garbage; /* a stranger's, who must hear nothing */
};

struct conn_table {
    struct conn **list;
    size_t        count;
    size_t        cap;
    uint64_t      last_number;
};

/* The caller's end is open, the called one is not yet. */
struct conn *conn_add(struct conn_table *table, size_t from, uint64_t link,
                      size_t to);
/* NULL: gone. */
struct conn *conn_numbered(const struct conn_table *table, uint64_t number);
/* Any of them; NULL: there is none. */
struct conn *conn_any(const struct conn_table *table, struct dice *dice);
/* The connection of an open end, and which of its two that is; NULL. */
struct conn *conn_of(const struct conn_table *table, size_t node,
                     uint64_t link, unsigned *side);
/* Frees those with both ends shut and nothing under way. */
void conn_sweep(struct conn_table *table);
void conn_clear(struct conn_table *table);

#endif
