/*
 * tapping.c - the life of a capture in a running node.
 *
 * Invariants:
 *  (I1) `capture` is there exactly in QUIESCING and ON; nothing is written to
 *       it before the turn with the QUIESCE was seen;
 *  (I2) a file is opened and its key stretched in libuv's pool, never on the
 *       loop; the passphrase's copy is wiped there;
 *  (I3) freed when its timer has closed and no file is being opened.
 */
#include "node/net/tapping.h"

#include "node/net/capture.h"
#include "node/net/clock.h"
#include "node/net/log.h"
#include "proto/protobuf.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum tapping_state {
    TAPPING_OFF,
    TAPPING_OPENING,
    TAPPING_QUIESCING,
    TAPPING_ON
};

enum { WORDS_LEN = PATH_MAX + 64 };

struct tapping {
    struct node              *node;
    const struct node_config *config;
    const struct tapping_ops *ops;
    void                     *arg;
    enum tapping_state        state;
    struct capture           *capture; /* (I1) */
    uint64_t                  client;  /* who waits for an answer */
    uint64_t                  id;
    bool                      asked;
    bool                      gone; /* tapping_free() was called */
    bool                      closed;
    uv_timer_t                remind;
    char                      path[PATH_MAX];
    uint64_t                  since_ms; /* wall clock; ON */
    uint8_t                  *told;     /* what tapping_told() gave */
    /* The pool's alone while OPENING (I2). */
    uv_work_t       opening;
    uint8_t        *passphrase;
    size_t          passphrase_len;
    struct capture *made;
    enum status     opened;
};

/* --- answers and words --------------------------------------------------- */

static void
answer(struct tapping *tapping, enum status st, const char *words)
{
    if (tapping->asked && !tapping->gone)
        tapping->ops->answer(tapping->arg, tapping->client, tapping->id, st,
                             words);
    tapping->asked = false;
}

static void
remind(struct tapping *tapping)
{
    log_say(LOG_WARN, "capture", "ON: %s: the wire%s is being written",
            tapping->path,
            capture_has_records(tapping->capture)
                ? ", and sealed all keys and messages,"
                : "");
}

static void
on_remind(uv_timer_t *timer)
{
    remind(timer->data);
}

/* --- on and off ---------------------------------------------------------- */

static void
turn_off(struct tapping *tapping)
{
    enum status st;

    if (tapping->capture == NULL)
        return;
    st = capture_close(tapping->capture);
    tapping->capture = NULL;
    tapping->state = TAPPING_OFF;
    uv_timer_stop(&tapping->remind);
    if (!tapping->gone)
        tapping->ops->turned(tapping->arg, false);
    log_say(st == STATUS_OK ? LOG_WARN : LOG_ERROR, "capture", "off: %s: %s",
            tapping->path, status_words(st));
}

/* All links are closed: what is exported is the whole state. */
static void
turn_on(struct tapping *tapping)
{
    struct effects state;

    effects_init(&state);
    if (capture_has_records(tapping->capture)) {
        node_export(tapping->node, &state);
        capture_state(tapping->capture, tapping->config, &state);
    }
    effects_free(&state);
    tapping->state = TAPPING_ON;
    tapping->since_ms = clock_wall_ms();
    tapping->ops->turned(tapping->arg, true);
    remind(tapping);
    uv_timer_start(&tapping->remind, on_remind, TAPPING_REMIND_MS,
                   TAPPING_REMIND_MS);
    answer(tapping, STATUS_OK, "");
}

enum status
tapping_begin(struct tapping *tapping, const char *path,
              struct span passphrase)
{
    enum status st;

    assert(tapping->state == TAPPING_OFF);
    snprintf(tapping->path, sizeof(tapping->path), "%s", path);
    st = capture_open(path, passphrase, &tapping->capture);
    if (st == STATUS_OK)
        turn_on(tapping);
    return st;
}

/* --- requests ------------------------------------------------------------ */

static void
free_if_unused(struct tapping *tapping)
{
    if (!tapping->closed || tapping->state == TAPPING_OPENING)
        return;
    free(tapping->told);
    free(tapping);
}

static void
open_file(uv_work_t *work)
{
    struct tapping *tapping = work->data;
    struct span     passphrase = {tapping->passphrase,
                                  tapping->passphrase_len};

    tapping->opened =
        capture_open(tapping->path, passphrase, &tapping->made);
    secret_wipe_bytes(tapping->passphrase, tapping->passphrase_len);
    free(tapping->passphrase); /* (I2) */
    tapping->passphrase = NULL;
}

static const char *
opening_words(enum status st)
{
    if (st == STATUS_NOT_FOUND)
        return "there is no such folder";
    if (st == STATUS_EXISTS)
        return "it is there already, and a capture writes over nothing";
    return status_words(st);
}

static void
on_opened(uv_work_t *work, int error)
{
    struct tapping *tapping = work->data;
    char            words[WORDS_LEN];

    (void)error; /* it is never cancelled */
    tapping->state = TAPPING_OFF;
    if (tapping->opened == STATUS_OK)
        tapping->capture = tapping->made; /* (I1) */
    if (tapping->opened != STATUS_OK) {
        snprintf(words, sizeof(words), "%s: %s", tapping->path,
                 opening_words(tapping->opened));
        answer(tapping, tapping->opened, words);
    } else if (tapping->gone) {
        turn_off(tapping);
    } else {
        tapping->state = TAPPING_QUIESCING;
        tapping->ops->quiesce(tapping->arg);
    }
    free_if_unused(tapping);
}

static void
start(struct tapping *tapping, const Entente__CaptureRequest *request)
{
    size_t len = request->replay ? request->passphrase.len : 0;

    if (tapping->state != TAPPING_OFF) {
        answer(tapping, STATUS_BAD_STATE, "a capture is on already");
    } else if (request->frames) {
        answer(tapping, STATUS_BAD_STATE,
               "this node does not hand out decrypted frames");
    } else if (request->replay && len == 0) {
        answer(tapping, STATUS_PASSPHRASE, "replay records need a passphrase");
    } else if (request->file[0] != '/' ||
               strlen(request->file) >= sizeof(tapping->path)) {
        answer(tapping, STATUS_BAD_FIELD,
               "the file must be named by its whole path");
    } else {
        snprintf(tapping->path, sizeof(tapping->path), "%s", request->file);
        tapping->passphrase = malloc(len + 1);
        if (tapping->passphrase == NULL)
            abort();
        if (len > 0)
            memcpy(tapping->passphrase, request->passphrase.data, len);
        tapping->passphrase_len = len;
        tapping->opening.data = tapping;
        tapping->state = TAPPING_OPENING;
        uv_queue_work(tapping->remind.loop, &tapping->opening, open_file,
                      on_opened);
    }
}

static void
stop(struct tapping *tapping)
{
    if (tapping->state == TAPPING_ON) {
        turn_off(tapping);
        answer(tapping, STATUS_OK, "");
    } else {
        answer(tapping, STATUS_BAD_STATE, "no capture is on");
    }
}

void
tapping_request(struct tapping *tapping, uint64_t client,
                const Entente__Request *request)
{
    const Entente__CaptureRequest *capture = request->capture;

    if (tapping->asked) {
        tapping->ops->answer(tapping->arg, client, request->id,
                             STATUS_BAD_STATE, "a capture is being started");
        return;
    }
    tapping->asked = true;
    tapping->client = client;
    tapping->id = request->id;
    if (capture->file[0] == '\0')
        stop(tapping);
    else
        start(tapping, capture);
}

bool
tapping_holds(const struct tapping *tapping)
{
    return tapping->state == TAPPING_QUIESCING;
}

/* --- taps ---------------------------------------------------------------- */

static void
off_if_failed(struct tapping *tapping)
{
    enum status st = capture_failed(tapping->capture);

    if (st == STATUS_OK)
        return;
    log_say(LOG_ERROR, "capture", "%s cannot be written: %s", tapping->path,
            st == STATUS_FULL ? "the disk is too slow" : status_words(st));
    turn_off(tapping);
}

void
tapping_seen(struct tapping *tapping, const struct turn_input *input,
             const struct event *events, size_t count,
             const struct effects *effects)
{
    if (tapping->state == TAPPING_ON) {
        capture_turn(tapping->capture, input, events, count, effects);
        off_if_failed(tapping);
    }
    if (tapping->state != TAPPING_QUIESCING)
        return;
    for (size_t i = 0; i < count; i++) {
        if (events[i].kind == EVENT_QUIESCE) {
            turn_on(tapping); /* (I1) */
            return;
        }
    }
}

void
tapping_wire(struct tapping *tapping, uint64_t link, bool out,
             struct span bytes)
{
    if (tapping->state == TAPPING_ON)
        capture_wire(tapping->capture, link, out, bytes);
}

/* --- status -------------------------------------------------------------- */

static bool
is_status(struct span response)
{
    struct reader in = reader_of(response);

    while (in.left > 0 && !in.failed) {
        uint64_t tag = protobuf_varint(&in);

        if (tag >> 3 == ENTENTE__RESPONSE__KIND_STATUS)
            return true;
        protobuf_skip(&in, tag & 7);
    }
    return false;
}

struct span
tapping_told(struct tapping *tapping, struct span response)
{
    Entente__Response *parsed;
    char              *before;
    size_t             len;

    if (tapping->state != TAPPING_ON || !is_status(response))
        return response;
    parsed = entente__response__unpack(NULL, response.len, response.ptr);
    assert(parsed != NULL); /* the core packed it */
    before = parsed->status->capture;
    parsed->status->capture = tapping->path; /* lent */
    parsed->status->capture_bytes = capture_bytes(tapping->capture);
    parsed->status->capture_since_ms = tapping->since_ms;
    parsed->status->capture_replay = capture_has_records(tapping->capture);
    len = entente__response__get_packed_size(parsed);
    free(tapping->told);
    tapping->told = malloc(len);
    if (tapping->told == NULL)
        abort();
    entente__response__pack(parsed, tapping->told);
    parsed->status->capture = before;
    entente__response__free_unpacked(parsed, NULL);
    return (struct span){tapping->told, len};
}

/* --- life ---------------------------------------------------------------- */

struct tapping *
tapping_new(uv_loop_t *loop, struct node *node,
            const struct node_config *config, const struct tapping_ops *ops,
            void *arg)
{
    struct tapping *tapping = calloc(1, sizeof(*tapping));

    if (tapping == NULL)
        abort();
    tapping->node = node;
    tapping->config = config;
    tapping->ops = ops;
    tapping->arg = arg;
    uv_timer_init(loop, &tapping->remind);
    tapping->remind.data = tapping;
    return tapping;
}

static void
on_closed(uv_handle_t *handle)
{
    struct tapping *tapping = handle->data;

    tapping->closed = true;
    free_if_unused(tapping);
}

void
tapping_free(struct tapping *tapping)
{
    tapping->gone = true;
    turn_off(tapping);
    uv_close((uv_handle_t *)&tapping->remind, on_closed);
}
