/*
 * conn.c - a table in order of numbers, which are never used again.
 */
#include "node/sim/conn.h"

#include <stdlib.h>

struct conn *
conn_add(struct conn_table *table, size_t from, uint64_t link, size_t to)
{
    struct conn *conn = calloc(1, sizeof(*conn));

    if (table->count == table->cap) {
        table->cap = table->cap > 0 ? 2 * table->cap : 16;
        table->list = realloc(table->list, table->cap * sizeof(*table->list));
    }
    if (conn == NULL || table->list == NULL)
        abort();
    table->list[table->count++] = conn;
    conn->number = ++table->last_number;
    conn->end[0] = (struct conn_end){.node = from, .link = link, .open = true};
    conn->end[1] = (struct conn_end){.node = to};
    return conn;
}

struct conn *
conn_numbered(const struct conn_table *table, uint64_t number)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->list[i]->number == number)
            return table->list[i];
    return NULL;
}

struct conn *
conn_any(const struct conn_table *table, struct dice *dice)
{
    return table->count > 0 ? table->list[dice_below(dice, table->count)]
                            : NULL;
}

struct conn *
conn_of(const struct conn_table *table, size_t node, uint64_t link,
        unsigned *side)
{
    for (size_t i = 0; i < table->count; i++)
        for (unsigned at = 0; at < 2; at++) {
            const struct conn_end *end = &table->list[i]->end[at];

            if (end->open && end->node == node && end->link == link) {
                *side = at;
                return table->list[i];
            }
        }
    return NULL;
}

static void
conn_free(struct conn *conn)
{
    flow_clear(&conn->flow[0]);
    flow_clear(&conn->flow[1]);
    free(conn);
}

void
conn_sweep(struct conn_table *table)
{
    size_t kept = 0;

    for (size_t i = 0; i < table->count; i++) {
        struct conn *conn = table->list[i];

        if (conn->end[0].open || conn->end[1].open ||
            conn->flow[0].first != NULL || conn->flow[1].first != NULL)
            table->list[kept++] = conn;
        else
            conn_free(conn);
    }
    table->count = kept;
}

void
conn_clear(struct conn_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        conn_free(table->list[i]);
    free(table->list);
    *table = (struct conn_table){0};
}
