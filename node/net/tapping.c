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

#include "node/net/capture_told.h"
#include "node/net/clock.h"
#include "node/net/log.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum tapping_state {
    TAPPING_OFF,
    TAPPING_OPENING,
    TAPPING_QUIESCING,
    TAPPING_ON
};

enum { DONE_LEN = PATH_MAX + 128, WORDS_LEN = DONE_LEN + 256 };

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
    uint32_t                  user; /* who began it */
    bool                      gone; /* tapping_free() was called */
    bool                      closed;
    uv_timer_t                remind;
    uint64_t                  since_ms; /* wall clock; ON */
    uint8_t                  *told;     /* what tapping_told() gave */
    char                      alarm[WORDS_LEN]; /* of one that ended itself */
    /* The pool's alone while OPENING (I2). */
    uv_work_t              opening;
    char                   path[PATH_MAX];
    struct capture_options options; /* its spans are ours */
    struct capture        *made;
    enum status            opened;
};

/* --- answers and words --------------------------------------------------- */

static void
refuse(struct tapping *tapping, enum status st, const char *words)
{
    if (tapping->asked && !tapping->gone)
        tapping->ops->refuse(tapping->arg, tapping->client, tapping->id, st,
                             words);
    tapping->asked = false;
}

static void
answer(struct tapping *tapping, Entente__Response *response)
{
    response->id = tapping->id;
    response->last = true;
    if (tapping->asked && !tapping->gone)
        tapping->ops->answer(tapping->arg, tapping->client, response);
    tapping->asked = false;
}

static void
answer_done(struct tapping *tapping)
{
    Entente__Response response = ENTENTE__RESPONSE__INIT;
    Entente__Nothing  nothing = ENTENTE__NOTHING__INIT;

    response.kind_case = ENTENTE__RESPONSE__KIND_DONE;
    response.done = &nothing;
    answer(tapping, &response);
}

/* "the wire, decrypted frames, and sealed all keys and messages" */
static const char *
what(const struct capture *capture)
{
    static const char *const words[2][2] = {
        {"the wire", "the wire, and sealed all keys and messages"},
        {"the wire and decrypted frames",
         "the wire, decrypted frames, and sealed all keys and messages"}};

    return words[capture_has_frames(capture)][capture_has_records(capture)];
}

static const char *
why(enum status st)
{
    switch (st) {
    case STATUS_FULL: return "the disk is too slow";
    case STATUS_TOO_LARGE:
        return "its file has come to the limit, and a replay needs all of it "
               "in one";
    default: return status_words(st);
    }
}

static void
remind(struct tapping *tapping)
{
    log_say(LOG_WARN, "capture", "ON: %s: %s, %llu bytes so far",
            capture_path(tapping->capture), what(tapping->capture),
            (unsigned long long)capture_bytes(tapping->capture));
}

static void
on_remind(uv_timer_t *timer)
{
    remind(timer->data);
}

/* --- on and off ---------------------------------------------------------- */

static void
say_begin(struct tapping *tapping)
{
    char words[WORDS_LEN];

    snprintf(words, sizeof(words), "uid %u captures %s into %s",
             tapping->user, what(tapping->capture),
             capture_path(tapping->capture));
    tapping->ops->deed(tapping->arg, true, words);
}

/* `done`: what it came to, its path first.  One that ended by itself is an
 * alarm; nobody knows how much of what it was given stands in its file. */
static void
say_end(struct tapping *tapping, enum status st, const char *path,
        const char *done)
{
    char words[WORDS_LEN + 64];

    if (st != STATUS_OK) {
        snprintf(tapping->alarm, sizeof(tapping->alarm),
                 "the capture ended by itself: %s: %s", why(st), path);
        log_say(LOG_ERROR, "capture", "%s", tapping->alarm);
        snprintf(words, sizeof(words), "%s", tapping->alarm);
    } else {
        log_say(LOG_WARN, "capture", "off: %s", done);
        snprintf(words, sizeof(words), "uid %u ended it: %s", tapping->user,
                 done);
    }
    if (!tapping->gone)
        tapping->ops->deed(tapping->arg, false, words);
}

static void
turn_off(struct tapping *tapping)
{
    const struct capture *capture = tapping->capture;
    char                  path[PATH_MAX];
    char                  done[DONE_LEN];

    if (capture == NULL)
        return;
    snprintf(path, sizeof(path), "%s", capture_path(capture));
    snprintf(done, sizeof(done), "%s: %llu bytes in %llu packets", path,
             (unsigned long long)capture_bytes(capture),
             (unsigned long long)capture_packets(capture));
    say_end(tapping, capture_close(tapping->capture), path, done);
    tapping->capture = NULL;
    tapping->state = TAPPING_OFF;
    uv_timer_stop(&tapping->remind);
    if (!tapping->gone)
        tapping->ops->turned(tapping->arg, false);
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
    tapping->alarm[0] = '\0';
    tapping->since_ms = clock_wall_ms();
    tapping->ops->turned(tapping->arg, true);
    remind(tapping);
    uv_timer_start(&tapping->remind, on_remind, TAPPING_REMIND_MS,
                   TAPPING_REMIND_MS);
    answer_done(tapping);
}

bool
tapping_wants_frames(const struct tapping *tapping)
{
    return tapping->state == TAPPING_ON &&
           capture_has_frames(tapping->capture);
}

enum status
tapping_begin(struct tapping *tapping, const struct capture_options *options)
{
    enum status st;

    assert(tapping->state == TAPPING_OFF);
    st = capture_open(options, &tapping->capture);
    if (st != STATUS_OK)
        return st;
    tapping->user = geteuid();
    say_begin(tapping);
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

/* (I2) */
static void
wipe_passphrase(struct tapping *tapping)
{
    struct span *passphrase = &tapping->options.passphrase;
    uint8_t     *bytes = (uint8_t *)(uintptr_t)passphrase->ptr;

    if (bytes == NULL)
        return;
    secret_wipe_bytes(bytes, passphrase->len);
    free(bytes);
    *passphrase = SPAN_EMPTY;
}

static void
open_file(uv_work_t *work)
{
    struct tapping *tapping = work->data;

    tapping->opened = capture_open(&tapping->options, &tapping->made);
    wipe_passphrase(tapping);
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
        refuse(tapping, tapping->opened, words);
    } else if (tapping->gone) {
        turn_off(tapping);
    } else {
        tapping->state = TAPPING_QUIESCING;
        say_begin(tapping);
        tapping->ops->quiesce(tapping->arg);
    }
    free_if_unused(tapping);
}

/* Copies what the options lend. */
static void
keep_options(struct tapping *tapping, const struct capture_options *options)
{
    struct span from = options->passphrase;
    uint8_t    *passphrase = malloc(from.len + 1);

    if (passphrase == NULL)
        abort();
    if (from.len > 0)
        memcpy(passphrase, from.ptr, from.len);
    snprintf(tapping->path, sizeof(tapping->path), "%s", options->path);
    tapping->options = *options;
    tapping->options.path = tapping->path;
    tapping->options.passphrase = (struct span){passphrase, from.len};
}

static void
start(struct tapping *tapping, const Entente__CaptureRequest *request)
{
    struct capture_options options = {
        .path = request->file,
        .name = node_name(tapping->node),
        .frames = request->frames,
        .limit = request->limit_bytes,
        .keep = request->keep,
    };
    const char *words;

    if (request->replay)
        options.passphrase = (struct span){request->passphrase.data,
                                           request->passphrase.len};
    words = capture_refuses(&options);
    if (tapping->state != TAPPING_OFF) {
        refuse(tapping, STATUS_BAD_STATE, "a capture is on already");
    } else if (request->replay && options.passphrase.len == 0) {
        refuse(tapping, STATUS_PASSPHRASE, "replay records need a passphrase");
    } else if (request->file[0] != '/') {
        refuse(tapping, STATUS_BAD_FIELD,
               "the file must be named by its whole path");
    } else if (words != NULL) {
        refuse(tapping, STATUS_BAD_FIELD, words);
    } else {
        keep_options(tapping, &options);
        tapping->opening.data = tapping;
        tapping->state = TAPPING_OPENING;
        uv_queue_work(tapping->remind.loop, &tapping->opening, open_file,
                      on_opened);
    }
}

static void
stop(struct tapping *tapping)
{
    Entente__Response        response = ENTENTE__RESPONSE__INIT;
    Entente__CaptureResponse ended = ENTENTE__CAPTURE_RESPONSE__INIT;
    char                     file[PATH_MAX];

    if (tapping->state != TAPPING_ON) {
        refuse(tapping, STATUS_BAD_STATE,
               tapping->alarm[0] != '\0' ? tapping->alarm
                                         : "no capture is on");
        tapping->alarm[0] = '\0';
        return;
    }
    snprintf(file, sizeof(file), "%s", capture_path(tapping->capture));
    ended.file = file;
    ended.bytes = capture_bytes(tapping->capture);
    ended.packets = capture_packets(tapping->capture);
    response.kind_case = ENTENTE__RESPONSE__KIND_CAPTURE;
    response.capture = &ended;
    turn_off(tapping);
    if (tapping->alarm[0] != '\0')
        refuse(tapping, STATUS_IO, tapping->alarm);
    else
        answer(tapping, &response);
}

void
tapping_request(struct tapping *tapping, uint64_t client, uint32_t user,
                const Entente__Request *request)
{
    const Entente__CaptureRequest *capture = request->capture;

    if (tapping->asked) {
        tapping->ops->refuse(tapping->arg, client, request->id,
                             STATUS_BAD_STATE, "a capture is being started");
        return;
    }
    tapping->asked = true;
    tapping->user = user;
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

void
tapping_seen(struct tapping *tapping, const struct turn_input *input,
             const struct event *events, size_t count,
             const struct effects *effects)
{
    if (tapping->state == TAPPING_ON) {
        capture_turn(tapping->capture, input, events, count, effects);
        capture_frames(tapping->capture, effects);
        if (capture_failed(tapping->capture) != STATUS_OK)
            turn_off(tapping);
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
        capture_wire(tapping->capture, link,
                     node_link_peer(tapping->node, link), out, bytes);
}

struct span
tapping_told(struct tapping *tapping, struct span response,
             uint64_t strangers_refused)
{
    const struct capture *capture = tapping->capture;
    struct capture_told   told = {.strangers_refused = strangers_refused};

    if (tapping->alarm[0] != '\0')
        told.alarm = tapping->alarm;
    if (tapping->state == TAPPING_ON) {
        told.file = capture_path(capture);
        told.bytes = capture_bytes(capture);
        told.packets = capture_packets(capture);
        told.since_ms = tapping->since_ms;
        told.frames = capture_has_frames(capture);
        told.replay = capture_has_records(capture);
    }
    return capture_told(&told, response, &tapping->told);
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
