/*
 * rerun.c - a node behind an edge that does nothing but compare.
 *
 *     CONFIG: node_new   KEY: node_key   STATE: node_replay
 *     BEGIN: node_start  TURN: the turn is run (turn.c) and compared
 *
 * Invariants:
 *  (I1) the turn that differs is the last one run;
 *  (I2) names of peers are those of the state and of records saved since.
 */
#include "node/host/rerun.h"

#include "node/host/difference.h"
#include "node/host/turn.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_LEN = 64 };

struct peer_name {
    struct node_id id;
    char           name[NAME_MAX_LEN + 1];
};

struct rerun {
    struct track                *track;
    struct replay_report        *report;
    const struct rerun_observer *observer; /* NULL: nobody */
    struct node                 *node;
    struct turn                 *turn; /* from BEGIN on */
    const struct recording      *now;  /* the record under way */
    enum status                  st;   /* of the turn under way (I1) */
    uint64_t                     differs_on;
    struct peer_name            *names;
    size_t                       name_count;
};

/* --- names --------------------------------------------------------------- */

static struct peer_name *
find_name(const struct rerun *rerun, const struct node_id *id)
{
    for (size_t i = 0; i < rerun->name_count; i++)
        if (node_id_equal(&rerun->names[i].id, id))
            return &rerun->names[i];
    return NULL;
}

static void
learn_name(struct rerun *rerun, const struct record *record)
{
    struct peer_name *name = find_name(rerun, &record->peer);
    size_t            len = record->words.len;

    if (record->kind != RECORD_PEER || len == 0 || len > NAME_MAX_LEN)
        return;
    if (name == NULL) {
        size_t count = rerun->name_count + 1;

        rerun->names = realloc(rerun->names, count * sizeof(*rerun->names));
        if (rerun->names == NULL)
            abort();
        name = &rerun->names[rerun->name_count++];
        name->id = record->peer;
    }
    snprintf(name->name, sizeof(name->name), "%.*s", (int)len,
             (const char *)record->words.ptr);
}

const char *
rerun_peer(const struct rerun *rerun, struct span public_part)
{
    struct record           record;
    const struct peer_name *name;

    if (public_part.len == 0 ||
        record_decode(public_part, &record) != STATUS_OK)
        return "";
    name = find_name(rerun, &record.peer);
    if (name == NULL)
        name = find_name(rerun, &record.origin.sender);
    if (name == NULL)
        name = find_name(rerun, &record.origin.recipient);
    return name != NULL ? name->name : "";
}

/* --- comparing ----------------------------------------------------------- */

/* The first difference with what it is about. */
static void
put_words(const struct rerun *rerun, const struct difference *difference,
          char out[static REPLAY_REPORT_WORDS])
{
    const char *peer = rerun_peer(rerun, difference->record);

    snprintf(out, REPLAY_REPORT_WORDS, "%s%s%s%s%s", difference->words,
             *peer != '\0' ? ", of peer " : "", peer,
             difference->link > 0 ? ", " : "",
             difference->link > 0 ? track_name(rerun->track, difference->link)
                                  : "");
}

static void
compare(struct rerun *rerun, struct span is)
{
    struct replay_report *report = rerun->report;
    struct span           was = rerun->now->effects;
    struct difference     difference;
    char                  words[REPLAY_REPORT_WORDS];

    if (difference_find(is, was, true, &difference)) {
        put_words(rerun, &difference, words);
        if (difference.kind == EFFECT_SEND)
            rerun->differs_on = difference.link;
        rerun->st = replay_report_fault(report, STATUS_DIFFERENT, "%s", words);
    } else if (difference_find(is, was, false, &difference)) {
        if (report->told_turns++ == 0) {
            put_words(rerun, &difference, report->told_words);
            report->told_at = report->at;
        }
    }
}

static void
learn_names(struct rerun *rerun, const struct effects *effects)
{
    struct record record;

    for (size_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == EFFECT_SAVE &&
            record_decode(effects->list[i].bytes, &record) == STATUS_OK)
            learn_name(rerun, &record); /* (I2) */
}

static bool
has_save(const struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == EFFECT_SAVE)
            return true;
    return false;
}

static void
on_seen(void *edge, const struct turn_input *input, const struct event *events,
        size_t count, const struct effects *effects)
{
    struct rerun *rerun = edge;
    size_t        len = 0;
    uint8_t      *bytes;
    struct writer out;

    (void)input;
    rerun->report->events += count;
    rerun->report->effects += effects->count;
    learn_names(rerun, effects);
    if (rerun->observer != NULL)
        rerun->observer->turn(rerun->observer->arg, rerun, events, count,
                              effects);
    for (size_t i = 0; i < effects->count; i++)
        len += kept_len(&effects->list[i]);
    bytes = malloc(len + 1);
    if (bytes == NULL)
        abort();
    out = writer_of(bytes, len);
    for (size_t i = 0; i < effects->count; i++)
        kept_put(&out, &effects->list[i]);
    compare(rerun, writer_span(&out));
    if (rerun->st == STATUS_OK && has_save(effects) &&
        memcmp(effects->nonce, rerun->now->nonce, sizeof(effects->nonce)) != 0)
        rerun->st = replay_report_fault(rerun->report, STATUS_DIFFERENT,
                                        "the nonce of the group");
    secret_wipe_bytes(bytes, len);
    free(bytes);
}

/* --- the edge of the node ------------------------------------------------ */

static void
on_input(void *edge, struct turn_input *out)
{
    struct rerun *rerun = edge;

    *out = rerun->now->input;
}

static void
on_save(void *edge, const struct effects *effects)
{
    struct rerun *rerun = edge;

    (void)effects;
    turn_saved(rerun->turn, STATUS_OK);
}

static void
on_send(void *edge, uint64_t link, struct span frame)
{
    struct rerun *rerun = edge;
    enum status   st = track_frame_out(rerun->track, link, frame);

    if (rerun->st == STATUS_OK)
        rerun->st = st;
}

static void
on_tell(void *edge, uint64_t client, struct span response)
{
    (void)edge;
    (void)client;
    (void)response;
}

static void
on_load(void *edge, uint64_t token, const struct query *query,
        struct span text)
{
    (void)edge;
    (void)token;
    (void)query;
    (void)text;
}

static void
on_dial(void *edge, uint64_t link, struct span address)
{
    (void)edge;
    (void)link;
    (void)address;
}

static void
on_close(void *edge, uint64_t link, uint64_t client)
{
    (void)edge;
    (void)link;
    (void)client;
}

static void
on_wake_at(void *edge, uint64_t mono_ms)
{
    (void)edge;
    (void)mono_ms;
}

static void
on_log(void *edge, struct span line)
{
    (void)edge;
    (void)line;
}

static void
on_drop(void *edge, const struct effect_file *file)
{
    (void)edge;
    (void)file;
}

static const struct host_ops ops = {
    .input = on_input, .save = on_save,       .send = on_send,
    .tell = on_tell,   .load = on_load,       .dial = on_dial,
    .close = on_close, .wake_at = on_wake_at, .log = on_log,
    .seen = on_seen,
    .drop = on_drop,
};

/* --- records ------------------------------------------------------------- */

/* A frame that came in must stand on the wire before it. */
NODISCARD static enum status
check_frame(struct rerun *rerun, const struct event *event)
{
    struct track_place at;
    enum status        st;

    if (event->kind != EVENT_LINK_FRAME)
        return STATUS_OK;
    st = track_frame_in(rerun->track, event->link, event->bytes, &at);
    if (st != STATUS_OK)
        return replay_report_fault(
            rerun->report, st,
            "in, %s: frame %" PRIu64 ", offset %zu: the wire is not what the "
            "node took: %s",
            track_name(rerun->track, event->link), at.frame, at.offset,
            at.bytes);
    rerun->report->bytes_in += event->bytes.len;
    return STATUS_OK;
}

NODISCARD static enum status
run_turn(struct rerun *rerun)
{
    struct replay_report *report = rerun->report;
    struct reader         events = reader_of(rerun->now->events);
    struct event          event;
    enum status           st;

    report->at.turn = ++report->turns;
    report->at.wall_ms = rerun->now->input.wall_ms;
    while ((st = recording_event(&events, &event)) == STATUS_OK) {
        st = check_frame(rerun, &event);
        if (st == STATUS_OK)
            st = turn_post(rerun->turn, &event);
        if (st != STATUS_OK)
            return st;
    }
    if (st != STATUS_AGAIN || rerun->now->event_count == 0)
        return replay_report_fault(report, STATUS_BAD_ENCODING,
                                   "a turn without events");
    rerun->st = STATUS_OK;
    turn_run(rerun->turn);
    return rerun->st;
}

NODISCARD static enum status
take_state(struct rerun *rerun)
{
    struct record record;
    enum status   st = record_decode(rerun->now->public_part, &record);

    if (st == STATUS_OK) {
        record.secret = rerun->now->secret;
        learn_name(rerun, &record); /* (I2) */
        st = node_replay(rerun->node, &record);
    }
    return st == STATUS_OK
               ? st
               : replay_report_fault(rerun->report, st,
                                     "a record of the state: %s",
                                     status_words(st));
}

NODISCARD static enum status
take_key(struct rerun *rerun)
{
    const struct key_change *key = &rerun->now->key;
    enum status st = node_key(rerun->node, key->kind, key->state, key->number,
                              key->owner, &key->secret);

    return st == STATUS_OK
               ? st
               : replay_report_fault(rerun->report, st,
                                     "a key of the state: %s",
                                     status_words(st));
}

NODISCARD static enum status
begin(struct rerun *rerun)
{
    enum status st = node_start(rerun->node);

    if (st != STATUS_OK)
        return replay_report_fault(rerun->report, st, "the state: %s",
                                   status_words(st));
    rerun->turn = turn_new(rerun->node, &ops, rerun);
    return STATUS_OK;
}

NODISCARD static enum status
take_config(struct rerun *rerun)
{
    enum status st = node_new(&rerun->now->config, &rerun->node);

    return st == STATUS_OK
               ? st
               : replay_report_fault(rerun->report, st, "the configuration: %s",
                                     status_words(st));
}

/* CONFIG, KEY..., STATE..., BEGIN, TURN... */
static bool
is_in_order(const struct rerun *rerun, enum recording_kind kind)
{
    if (kind == RECORDING_CONFIG)
        return rerun->node == NULL;
    if (kind == RECORDING_TURN)
        return rerun->turn != NULL;
    return rerun->node != NULL && rerun->turn == NULL;
}

enum status
rerun_take(struct rerun *rerun, const struct recording *record)
{
    enum status st = STATUS_BAD_ENCODING;

    rerun->now = record;
    if (!is_in_order(rerun, record->kind))
        return replay_report_fault(rerun->report, st,
                                   "a record that does not fit");
    switch (record->kind) {
    case RECORDING_CONFIG: st = take_config(rerun); break;
    case RECORDING_KEY: st = take_key(rerun); break;
    case RECORDING_STATE: st = take_state(rerun); break;
    case RECORDING_BEGIN: st = begin(rerun); break;
    case RECORDING_TURN: st = run_turn(rerun); break;
    }
    rerun->now = NULL;
    return st;
}

/* --- life ---------------------------------------------------------------- */

struct rerun *
rerun_new(struct track *track, struct replay_report *report,
          const struct rerun_observer *observer)
{
    struct rerun *rerun = calloc(1, sizeof(*rerun));

    if (rerun == NULL)
        abort();
    rerun->track = track;
    rerun->report = report;
    rerun->observer = observer;
    return rerun;
}

void
rerun_free(struct rerun *rerun)
{
    if (rerun == NULL)
        return;
    turn_free(rerun->turn);
    if (rerun->node != NULL)
        node_free(rerun->node);
    free(rerun->names);
    free(rerun);
}

bool
rerun_begun(const struct rerun *rerun)
{
    return rerun->turn != NULL;
}

const struct replay_report_place *
rerun_place(const struct rerun *rerun)
{
    return &rerun->report->at;
}

uint64_t
rerun_differs_on(const struct rerun *rerun)
{
    return rerun->differs_on;
}
