/*
 * viewing.c - row, then entry, then trail, then the answer.
 *
 * Invariant: READ is said once.  Whose trail was asked for after it was saved
 * finds it there; whose trail was under way at that moment is told (`from`).
 */
#include "node/core/client/viewing.h"

#include "node/core/attachment/conveyed.h"
#include "crypto/unseal.h"
#include "node/core/log/answer.h"
#include "node/core/message/overdue.h"
#include "node/core/message/refers.h"
#include "node/core/roster.h"

#include <assert.h>
#include <string.h>

enum { READ_MEANWHILE = 1 };

void
viewing_query(const struct record_row *row, struct query *out)
{
    enum status st;

    *out = (struct query){
        .kind = QUERY_PENDING, .peer = row->peer, .id = row->id};
    if (row->origin.len == 0)
        return;
    out->kind = QUERY_ENTRIES;
    out->from = row->index;
    out->count = 1;
    out->bytes_max = LIMIT_RECORD;
    st = origin_parse(row->origin, &out->origin);
    assert(st == STATUS_OK); /* the store had it from a record */
}

void
viewing_row(struct context *turn, const struct load *load, struct span answer)
{
    struct record_row row;
    struct query      query;
    struct load       before = *load;
    struct load      *next;
    enum status       st = lookup_one_row(answer, &row);

    if (st != STATUS_OK) {
        lookup_fail_row(turn, load, st);
        return;
    }
    viewing_query(&row, &query);
    next = roster_load_next(turn->node, &before, LOAD_SHOW_ENTRY);
    roster_load_hold(next, answer, SPAN_EMPTY);
    lookup_ask(turn, next, &query);
}

void
viewing_entry(struct context *turn, const struct load *load, struct span answer)
{
    struct span       rows, none;
    struct record_row row;
    struct query      query = {.kind = QUERY_TRAIL};
    struct load       before = *load;
    struct load      *next;
    enum status       st;

    roster_load_held(load, &rows, &none);
    st = lookup_one_row(rows, &row);
    assert(st == STATUS_OK); /* it was one in the step before */
    query.peer = row.peer;
    query.outgoing = row.outgoing;
    query.id = row.id;
    next = roster_load_next(turn->node, &before, LOAD_SHOW_TRAIL);
    next->peer = roster_peer_by_id(turn->node, &row.peer);
    next->id = row.id;
    roster_load_hold(next, rows, answer);
    lookup_ask(turn, next, &query);
}

struct span
viewing_plain(struct context *turn, const struct record *record)
{
    struct record_secret secret;
    uint8_t             *plain;
    size_t               len = 0;

    if (record_secret_decode(record->secret, &secret) != STATUS_OK)
        return SPAN_EMPTY;
    if (record->kind == RECORD_PENDING)
        return secret.message;
    plain = effects_alloc(turn->out, record->bytes.len);
    return unseal_entry(record, &secret, plain, &len) == STATUS_OK
               ? (struct span){plain, len}
               : SPAN_EMPTY;
}

/* A person sees the body for the first time: READ, once. */
static void
mark_read(struct context *turn, struct peer *peer, const struct record_row *row)
{
    struct record   record = {.kind = RECORD_TRAIL,
                              .peer = peer->id,
                              .id = row->id,
                              .time = turn->input->wall_ms,
                              .state = STATE_READ};
    struct witness *witness = peer_witness_of(peer, row->origin);
    struct node    *node = turn->node;

    context_save(turn, &record, NULL);
    peer->read++;
    for (size_t i = 0; i < node->load_cap; i++) {
        struct load *load = &node->loads[i];

        if (load->token != 0 && load->step == LOAD_SHOW_TRAIL &&
            load->peer == peer &&
            span_equal(SPAN_OF(load->id.bytes), SPAN_OF(row->id.bytes)))
            load->from = READ_MEANWHILE;
    }
    if (witness != NULL && !peer_removed(peer))
        answer_note(peer, turn, witness, row->index,
                    ENTENTE__ANSWER__VERDICT__READ, STATUS_OK,
                    PRECEDENCE_ROUTINE);
}

static void
fill_proof(const struct peer *peer, const struct record_row *row,
           Entente__ShowResponse *out)
{
    const struct channel *channel = peer_channel_of(peer, row->origin);
    const struct witness *witness = peer_witness_of(peer, row->origin);
    const struct head    *head = NULL;

    if (channel != NULL) {
        head = &channel->head;
        out->cosigned_size = channel->cosigned.size;
        out->cosigned_time = channel->cosignature.time_s;
    } else if (witness != NULL) {
        head = &witness->head;
        out->cosigned_size = witness->cosigned.size;
        out->cosigned_time = witness->cosignature.time_s;
    }
    if (head == NULL)
        return;
    out->head_size = head->size;
    out->head_root = (ProtobufCBinaryData){
        LIMIT_DIGEST, (uint8_t *)(uintptr_t)head->root.bytes};
}

static void
add_step(struct context *turn, const struct record *record,
         Entente__ShowResponse *out)
{
    Entente__TrailStep *step = (Entente__TrailStep *)(void *)effects_alloc(
        turn->out, sizeof(*step));
    struct record_secret secret = {0};

    entente__trail_step__init(step);
    step->state = (char *)(uintptr_t)state_word(record->state);
    step->time_ms = record->time;
    step->why = lookup_text(turn, record->words);
    if (record->secret.len > 0 &&
        record_secret_decode(record->secret, &secret) == STATUS_OK) {
        step->by = lookup_text(turn, secret.subject);
        step->why = lookup_text(turn, secret.message);
    }
    out->trail[out->n_trail++] = step;
}

/* The trail as it was stored, and that it was read just now. */
static void
fill_trail(struct context *turn, struct span answer, bool read_now,
           Entente__ShowResponse *out)
{
    struct reader in = reader_of(answer);
    struct record record;

    out->trail = (Entente__TrailStep **)(void *)effects_alloc(
        turn->out, (LIMIT_RANGES + 2) * sizeof(*out->trail));
    while (out->n_trail < LIMIT_RANGES &&
           record_list_next(&in, &record) == STATUS_OK)
        if (record.kind == RECORD_TRAIL)
            add_step(turn, &record, out);
    record = (struct record){.state = STATE_READ,
                             .time = turn->input->wall_ms};
    if (read_now)
        add_step(turn, &record, out);
}

/* What waits and is held now: that is in no record. */
static void
add_held(struct context *turn, const char *why, Entente__ShowResponse *out)
{
    struct record record = {.state = STATE_HELD,
                            .time = turn->input->wall_ms,
                            .words = span_text(why)};

    add_step(turn, &record, out);
}

/* Behind the trail: what its sender said of it later. */
static void
fill_newer(struct context *turn, struct span answer, Entente__ShowResponse *out)
{
    struct reader in = reader_of(answer);
    struct record record;

    out->newer = (Entente__Newer **)(void *)effects_alloc(
        turn->out, LIMIT_RANGES * sizeof(*out->newer));
    while (out->n_newer < LIMIT_RANGES &&
           record_list_next(&in, &record) == STATUS_OK) {
        Entente__Newer *newer;
        char           *id;

        if (record.kind != RECORD_REFERS)
            continue;
        id = (char *)effects_alloc(turn->out, 2 * LIMIT_MESSAGE_ID + 1);
        hex_encode(record.id.bytes, LIMIT_MESSAGE_ID, id);
        newer = (Entente__Newer *)(void *)effects_alloc(turn->out,
                                                        sizeof(*newer));
        entente__newer__init(newer);
        newer->id = id;
        newer->action = lookup_text(turn, span_text(refers_word(record.state)));
        newer->ref = record.number == 0
                         ? id
                         : lookup_reference(turn, out->row->peer,
                                            record.outgoing, record.number);
        out->newer[out->n_newer++] = newer;
    }
}

static bool
is_read(struct span trail)
{
    struct reader in = reader_of(trail);
    struct record record;

    while (record_list_next(&in, &record) == STATUS_OK)
        if (record.kind == RECORD_TRAIL && record.state == STATE_READ)
            return true;
    return false;
}

void
viewing_trail(struct context *turn, const struct load *load, struct span answer)
{
    struct span           rows, entries;
    struct reader         entry_in;
    Entente__Response     response = ENTENTE__RESPONSE__INIT;
    Entente__ShowResponse show = ENTENTE__SHOW_RESPONSE__INIT;
    Entente__ListRow      list_row;
    struct record_row     row;
    struct record         record;
    struct span           plain = SPAN_EMPTY;
    struct peer          *peer;
    bool                  read_now;
    enum status           st;

    roster_load_held(load, &rows, &entries);
    entry_in = reader_of(entries);
    st = lookup_one_row(rows, &row);
    assert(st == STATUS_OK);
    peer = roster_peer_by_id(turn->node, &row.peer);
    if (record_list_next(&entry_in, &record) == STATUS_OK)
        plain = viewing_plain(turn, &record);
    if (!row.outgoing && row.state == STATE_NEW &&
        (load->from == READ_MEANWHILE || is_read(answer)))
        row.state = STATE_READ;
    read_now = !load->flag && !row.outgoing && row.state == STATE_NEW &&
               plain.len > 0;
    if (read_now) {
        mark_read(turn, peer, &row);
        row.state = STATE_READ;
    }
    lookup_row(turn, &row, &list_row);
    show.row = &list_row;
    show.message =
        (ProtobufCBinaryData){plain.len, (uint8_t *)(uintptr_t)plain.ptr};
    show.origin = lookup_text(turn, row.origin);
    show.index = row.index;
    show.outgoing = row.outgoing;
    show.peer_org = peer->card.cert.org_name;
    show.from = row.outgoing ? turn->node->cert.node_name
                             : peer->card.cert.node_name;
    fill_proof(peer, &row, &show);
    overdue_fill_show(peer, &row.id, &show);
    fill_trail(turn, answer, read_now, &show);
    if (list_row.why[0] != '\0')
        add_held(turn, list_row.why, &show);
    fill_newer(turn, answer, &show);
    conveyed_fill(turn, peer, plain, answer, &show);
    response.kind_case = ENTENTE__RESPONSE__KIND_SHOW;
    response.show = &show;
    desk_answer(turn, load->client, load->request, true, &response);
}
