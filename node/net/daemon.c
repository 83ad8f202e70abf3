/*
 * daemon.c - host_ops over the machine.
 *
 * Invariants:
 *  (I1) the loop's thread alone touches turn, node, links and clients; what
 *       the two other threads finish comes back through the loop;
 *  (I2) a commit is under way exactly while `committing`;
 *  (I3) what the turn sent is flushed before the next turn begins;
 *  (I4) once stopping, nothing new is taken from links and clients.
 */
#include "node/net/daemon.h"

#include "crypto/secret.h"
#include "node/core/client/deed.h"
#include "node/core/attachment/owed.h"
#include "node/host/turn.h"
#include "node/net/clock.h"
#include "node/net/committer.h"
#include "node/net/control.h"
#include "node/net/indexer.h"
#include "node/net/log.h"
#include "node/net/notify.h"
#include "node/net/rounds.h"
#include "node/net/short_turn.h"
#include "node/net/tapping.h"
#include "node/net/tcp.h"
#include "node/net/waking.h"

#include <assert.h>
#include <stdlib.h>

enum daemon_state { DAEMON_RUNNING, DAEMON_STOPPING, DAEMON_ENDED };

struct daemon {
    struct daemon_options options;
    enum daemon_state     state;
    struct turn          *turn;
    struct tcp           *tcp;
    struct control       *control;
    struct committer     *committer;
    struct indexer       *indexer;
    struct tapping       *tapping;
    struct shortage      *shortage;
    struct short_turn     short_turn;
    struct filing        *filing;
    struct waking        *waking;
    struct rounds        *rounds;
    uv_timer_t            deadline;
    bool                  started;
    bool                  committing; /* (I2) */
    bool                  snapshot_asked;
};

/* --- events -------------------------------------------------------------- */

/* For the kinds that are always taken. */
void
daemon_post(struct daemon *daemon, struct event event)
{
    enum status st = turn_post(daemon->turn, &event);

    assert(st == STATUS_OK);
}

static enum status
on_post(void *arg, const struct event *event)
{
    struct daemon *daemon = arg;

    if ((daemon->state != DAEMON_RUNNING || tapping_holds(daemon->tapping)) &&
        (event->kind == EVENT_LINK_OPENED || event->kind == EVENT_LINK_FRAME ||
         event->kind == EVENT_REQUEST))
        return STATUS_FULL; /* (I4) */
    return turn_post(daemon->turn, event);
}

static void
on_own_request(void *arg, uint64_t client, const Entente__Request *request)
{
    struct daemon *daemon = arg;

    if (request->kind_case == ENTENTE__REQUEST__KIND_SHUTDOWN) {
        log_say(LOG_INFO, "control", "asked to end");
        control_done(daemon->control, client, request->id);
        daemon_stop(daemon);
        return;
    }
    if (!filing_request(daemon->filing, client, request))
        tapping_request(daemon->tapping, client,
                        control_user(daemon->control, client), request);
}

static void
on_gone(void *arg, uint64_t client)
{
    filing_gone(((struct daemon *)arg)->filing, client);
}

static void
on_tap(void *arg, uint64_t link, bool out, struct span bytes)
{
    tapping_wire(((struct daemon *)arg)->tapping, link, out, bytes);
}

static const struct tcp_hooks tcp_hooks = {.post = on_post, .tap = on_tap};
static const struct control_hooks control_hooks = {
    .post = on_post, .own = on_own_request, .gone = on_gone};

/* --- captures ------------------------------------------------------------ */

static void
on_quiesce(void *arg)
{
    daemon_post(arg, (struct event){.kind = EVENT_QUIESCE});
}

/* After a QUIESCE the core waits for an event to go on. */
static void
on_turned(void *arg, bool on)
{
    struct daemon *daemon = arg;

    tcp_tap(daemon->tcp, on);
    turn_want_frames(daemon->turn, tapping_wants_frames(daemon->tapping));
    if (on)
        daemon_post(daemon, (struct event){.kind = EVENT_TIMER});
    shortage_repeat(daemon->shortage);
}

static void
on_deed(void *arg, bool began, const char *words)
{
    uint8_t       bytes[DEED_MAX];
    struct writer out = writer_of(bytes, sizeof(bytes));

    deed_put(&out, began ? HAPPENED_CAPTURE : HAPPENED_CAPTURED,
             span_text(words));
    daemon_post(arg, (struct event){.kind = EVENT_DEED,
                                    .bytes = writer_span(&out)});
}

static void
on_answer(void *arg, uint64_t client, const Entente__Response *response)
{
    control_answer(((struct daemon *)arg)->control, client, response);
}

static void
on_refuse(void *arg, uint64_t client, uint64_t id, enum status st,
          const char *words)
{
    control_fail(((struct daemon *)arg)->control, client, id, st, words);
}

static const struct tapping_ops tapping_ops = {
    .quiesce = on_quiesce,
    .turned = on_turned,
    .deed = on_deed,
    .answer = on_answer,
    .refuse = on_refuse,
};

static void
on_seen(void *edge, const struct turn_input *input, const struct event *events,
        size_t count, const struct effects *effects)
{
    tapping_seen(((struct daemon *)edge)->tapping, input, events, count,
                 effects);
}

/* --- commits and loads --------------------------------------------------- */

static void
on_committed(void *arg, enum status st, bool snapshot_due)
{
    struct daemon *daemon = arg;

    daemon->committing = false;
    if (st == STATUS_NO_SPACE) {
        shortage_refused(daemon->shortage);
        turn_saved(daemon->turn, st);
        return;
    }
    if (st != STATUS_OK) {
        log_say(LOG_ERROR, "store", "a commit failed: %s", status_words(st));
        ending_now(ENDING_COMMIT); /* DESIGN 7, rule 4 */
    }
    shortage_over(daemon->shortage);
    indexer_behind(daemon->indexer);
    if (snapshot_due && !daemon->snapshot_asked)
        daemon_post(daemon, (struct event){.kind = EVENT_SNAPSHOT});
    daemon->snapshot_asked = snapshot_due;
    turn_saved(daemon->turn, STATUS_OK);
}

static void
on_loaded(void *arg, uint64_t token, enum status st, struct span answer)
{
    daemon_post(arg, (struct event){.kind = EVENT_LOADED,
                                    .token = token,
                                    .status = st,
                                    .bytes = answer});
}

static void
on_index_failed(void *arg, enum status st)
{
    (void)arg;
    log_say(LOG_ERROR, "index", "not brought up to date: %s", status_words(st));
}

/* A file that a client brought, and that no message may have named. */
static bool
on_named(void *arg, const struct digest *digest)
{
    return owed_names(((struct daemon *)arg)->options.node, digest);
}

static const struct filing_ops filing_ops = {
    .loaded = on_loaded,
    .answer = on_answer,
    .refuse = on_refuse,
    .named = on_named,
};

static const struct indexer_ops indexer_ops = {
    .loaded = on_loaded,
    .failed = on_index_failed,
};

/* --- host_ops ------------------------------------------------------------ */

static void
on_input(void *edge, struct turn_input *out)
{
    struct daemon *daemon = edge;

    out->mono_ms = waking_now(daemon->waking);
    out->wall_ms = clock_wall_ms();
    clock_random(out->seed, sizeof(out->seed));
}

static void
on_save(void *edge, const struct effects *effects)
{
    struct daemon *daemon = edge;

    assert(!daemon->committing);
    daemon->committing = true; /* (I2) */
    committer_start(daemon->committer, effects);
}

static void
on_send(void *edge, uint64_t link, struct span frame)
{
    tcp_send(((struct daemon *)edge)->tcp, link, frame);
}

static void
on_tell(void *edge, uint64_t client, struct span response)
{
    struct daemon *daemon = edge;

    response = tapping_told(daemon->tapping, response,
                            tcp_counts(daemon->tcp).strangers_refused);
    control_tell(daemon->control, client, response);
}

static void
on_load(void *edge, uint64_t token, const struct query *asked,
        struct span text)
{
    struct daemon *daemon = edge;

    if (!filing_load(daemon->filing, token, asked, text))
        indexer_ask(daemon->indexer, token, asked, text);
}

static void
on_dial(void *edge, uint64_t link, struct span address)
{
    tcp_dial(((struct daemon *)edge)->tcp, link, address);
}

static void
on_close(void *edge, uint64_t link, uint64_t client)
{
    struct daemon *daemon = edge;

    if (link != 0)
        tcp_close(daemon->tcp, link);
    else
        control_close(daemon->control, client);
}

static void
on_woken(void *arg)
{
    daemon_post(arg, (struct event){.kind = EVENT_TIMER});
}

static void
on_wake_at(void *edge, uint64_t mono_ms)
{
    struct daemon *daemon = edge;

    if (daemon->state != DAEMON_ENDED)
        waking_at(daemon->waking, mono_ms);
}

static void
on_drop(void *edge, const struct effect_file *file)
{
    struct daemon *daemon = edge;

    if (daemon->state != DAEMON_ENDED)
        filing_drop(daemon->filing, file);
}

static void
on_log(void *edge, struct span line)
{
    (void)edge;
    log_line(LOG_INFO, "node", line);
}

static const struct host_ops host_ops = {
    .input = on_input,
    .save = on_save,
    .send = on_send,
    .tell = on_tell,
    .load = on_load,
    .dial = on_dial,
    .close = on_close,
    .wake_at = on_wake_at,
    .log = on_log,
    .drop = on_drop,
    .seen = on_seen,
};

/* --- one round of the loop ----------------------------------------------- */

static void
flush(struct daemon *daemon)
{
    tcp_flush(daemon->tcp);
    control_flush(daemon->control);
}

/* Every handle is closed; the loop ends when it has closed them. */
static void
end(struct daemon *daemon)
{
    if (daemon->state == DAEMON_ENDED)
        return;
    daemon->state = DAEMON_ENDED;
    flush(daemon);
    tcp_stop(daemon->tcp);
    control_stop(daemon->control);
    committer_free(daemon->committer);
    indexer_free(daemon->indexer);
    tapping_free(daemon->tapping);
    shortage_free(daemon->shortage);
    filing_free(daemon->filing);
    waking_free(daemon->waking);
    rounds_free(daemon->rounds);
    uv_close((uv_handle_t *)&daemon->deadline, NULL);
}

/* Turns until a commit is under way or nothing waits. */
static void
round_of_turns(void *arg)
{
    struct daemon *daemon = arg;

    flush(daemon); /* (I3) */
    while (!daemon->committing && !turn_withheld(daemon->turn) &&
           !turn_idle(daemon->turn)) {
        turn_run(daemon->turn);
        flush(daemon);
        tcp_resume(daemon->tcp);
        control_resume(daemon->control);
    }
    if (daemon->state == DAEMON_STOPPING && turn_idle(daemon->turn))
        end(daemon);
}

/* --- life ---------------------------------------------------------------- */

struct daemon *
daemon_new(const struct daemon_options *options)
{
    struct daemon *daemon = calloc(1, sizeof(*daemon));
    uv_loop_t     *loop = options->loop;

    if (daemon == NULL)
        abort();
    daemon->options = *options;
    daemon->turn = turn_new(options->node, &host_ops, daemon);
    daemon->tcp = tcp_new(loop, &tcp_hooks, daemon);
    daemon->control = control_new(loop, &control_hooks, daemon);
    daemon->committer = committer_new(loop, &options->commits, on_committed,
                                      daemon);
    daemon->indexer = indexer_new(loop, &options->index, &indexer_ops, daemon);
    daemon->short_turn = (struct short_turn){
        daemon->turn, &daemon->options.commits, daemon->indexer};
    daemon->shortage = shortage_new(loop, &short_turn_ops,
                                    &daemon->short_turn);
    daemon->tapping = tapping_new(loop, options->node, options->config,
                                  &tapping_ops, daemon);
    daemon->rounds = rounds_new(loop, round_of_turns, daemon);
    daemon->waking = waking_new(loop, on_woken, daemon);
    daemon->filing = filing_new(loop, &options->files, &filing_ops, daemon);
    uv_timer_init(loop, &daemon->deadline);
    daemon->deadline.data = daemon;
    return daemon;
}

enum status
daemon_open_control(struct daemon *daemon)
{
    return control_listen(daemon->control, daemon->options.home);
}

enum status
daemon_listen(struct daemon *daemon, struct span address, uint16_t *port)
{
    return tcp_listen(daemon->tcp, address, port);
}

enum status
daemon_capture(struct daemon *daemon, const struct capture_options *options)
{
    return tapping_begin(daemon->tapping, options);
}

void
daemon_start(struct daemon *daemon)
{
    daemon->started = true;
    rounds_start(daemon->rounds);
    shortage_watch(daemon->shortage, daemon->options.home);
    indexer_behind(daemon->indexer);
    if (daemon->options.state_lost)
        daemon_post(daemon, (struct event){.kind = EVENT_STATE_LOST});
    daemon_post(daemon, (struct event){.kind = EVENT_TIMER});
}

static void
on_deadline(uv_timer_t *timer)
{
    log_say(LOG_WARN, "daemon", "not idle in time: ends all the same");
    end(timer->data);
}

void
daemon_stop(struct daemon *daemon)
{
    if (daemon->state != DAEMON_RUNNING)
        return;
    daemon->state = DAEMON_STOPPING; /* (I4) */
    notify_send("STOPPING=1");
    if (daemon->options.stopping != NULL)
        daemon->options.stopping(daemon->options.arg);
    if (!daemon->started) {
        end(daemon);
        return;
    }
    uv_timer_start(&daemon->deadline, on_deadline, DAEMON_STOP_MS, 0);
    daemon_post(daemon, (struct event){.kind = EVENT_QUIESCE});
}

void
daemon_free(struct daemon *daemon)
{
    if (daemon == NULL)
        return;
    assert(daemon->state == DAEMON_ENDED);
    turn_free(daemon->turn);
    tcp_free(daemon->tcp);
    control_free(daemon->control);
    free(daemon);
}
