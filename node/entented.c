/*
 * entented.c - the node of one home, in the foreground.
 *
 * Hardens the process, opens the home, wires store and core to the daemon,
 * and runs until it is told to end.  How it may end: node/net/ending.h.
 */
#include "crypto/cert.h"
#include "crypto/envelope.h"
#include "node/core/node.h"
#include "node/files.h"
#include "node/net/clock.h"
#include "node/net/daemon.h"
#include "node/net/log.h"
#include "node/net/notify.h"
#include "node/net/passphrase.h"
#include "node/options.h"
#include "node/reload.h"
#include "node/store/arrivals.h"
#include "node/store/config.h"
#include "node/store/home.h"
#include "node/store/posix.h"
#include "node/store/storage_key.h"
#include "node/store/sums.h"
#include "node/store/store.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WHY_LEN = 256 };

/* What is open, in order of opening; closed in the reverse. */
struct opened {
    struct options     options;
    struct config      config;
    struct disk        disk;
    bool               disk_open;
    struct secret32    storage_key;
    struct passphrase  passphrase; /* kept for replay records only */
    struct store      *store;
    struct files       files; /* its attachments */
    uint8_t            certificate[LIMIT_CERTIFICATE];
    struct node_config node_config; /* of the above */
    struct node       *node;
    uv_loop_t          loop;
    struct daemon     *daemon;
    uv_signal_t        term;
    uv_signal_t        interrupt;
    uv_signal_t        hangup;
};

/* --- the process --------------------------------------------------------- */

/* Nothing leaves this process but by its sockets and files. */
static void
harden(void)
{
    const struct rlimit none = {0, 0};
    struct rlimit       files;

    umask(077);
    ending_catch_abort();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a write past the limit fails instead */
    signal(SIGHUP, SIG_IGN); /* until the node runs */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
        setrlimit(RLIMIT_CORE, &none) != 0)
        log_say(LOG_WARN, "daemon", "this process could not be hardened");
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max; /* one a peer */
        if (setrlimit(RLIMIT_NOFILE, &files) != 0)
            log_say(LOG_WARN, "daemon", "few descriptors: few links");
    }
}

/* Says why the start failed, and passes the status on. */
NODISCARD static enum status
failed(enum status st, const char *what, const char *why)
{
    log_say(LOG_ERROR, "start", "%s: %s (%s)", what,
            why != NULL && why[0] != '\0' ? why : status_words(st),
            status_name(st));
    return st;
}

/* --- the home ------------------------------------------------------------ */

NODISCARD static enum status
open_envelope(struct opened *opened, struct span envelope)
{
    const char *why = NULL;
    enum status st;

    st = passphrase_get(opened->options.passphrase_fd, "Passphrase of the node",
                        false, &opened->passphrase, &why);
    if (st != STATUS_OK)
        return failed(st, "passphrase", why);
    st = envelope_open(envelope, ENVELOPE_STORAGE,
                       passphrase_span(&opened->passphrase),
                       &opened->storage_key);
    if (!opened->options.replay)
        passphrase_wipe(&opened->passphrase);
    if (st == STATUS_OK)
        return st;
    return failed(st, HOME_STORAGE_KEY,
                  sums_check(opened->options.home, HOME_STORAGE_KEY) ==
                          STATUS_CORRUPT
                      ? "the file is not what was written: it is damaged, and "
                        "no passphrase opens it"
                      : NULL);
}

NODISCARD static enum status
read_storage_key(struct opened *opened)
{
    struct storage_key key;
    enum status        st = storage_key_read(opened->options.home, &key);

    if (st == STATUS_MODE)
        return failed(st, HOME_STORAGE_KEY,
                      "must be its owner's alone, and 0400 where no "
                      "passphrase closes it: chmod 400");
    if (st != STATUS_OK)
        return failed(st, HOME_STORAGE_KEY, NULL);
    if (key.open) {
        opened->storage_key = key.secret;
        log_say(LOG_WARN, "start",
                "unattended: the storage key stands open in the home");
    } else {
        st = open_envelope(opened, SPAN_OF(key.envelope));
    }
    storage_key_wipe(&key);
    return st;
}

/* What a crash leaves and what a bad disk does look alike in one copy. */
static void
say_keyring(const struct store *store)
{
    size_t gone = keyring_corrupt_count(store_keyring(store));
    size_t mended = store_keys_mended(store);

    if (mended > 0)
        log_say(LOG_WARN, "start",
                "%s: the two copies of %zu slots were not alike, and one was "
                "written again from the other",
                HOME_KEYRING, mended);
    if (gone > 0)
        log_say(LOG_ERROR, "start",
                "%s: %zu slots are damaged in both copies: their keys are "
                "gone, and so is what they alone opened",
                HOME_KEYRING, gone);
}

NODISCARD static enum status
open_store(struct opened *opened)
{
    struct store_options options = {.disk = opened->disk,
                                    .storage_key = opened->storage_key,
                                    .segment_len = LIMIT_SEGMENT,
                                    .index_name = HOME_INDEX};
    char        why[WHY_LEN] = "";
    enum status st;

    clock_random(options.seed.bytes, sizeof(options.seed.bytes));
    st = store_open(&options, &opened->store, why);
    secret_wipe(&options);
    secret_wipe(&opened->storage_key);
    if (st == STATUS_OK && store_state_lost(opened->store))
        log_say(LOG_WARN, "start",
                "the keyring knows of more than the journal has: state may be "
                "lost, and new epochs are opened towards all peers");
    if (st == STATUS_OK)
        say_keyring(opened->store);
    if (st == STATUS_OK && store_torn_len(opened->store) > 0)
        log_say(LOG_INFO, "start",
                "a torn group of %llu bytes was behind the journal's end; "
                "nothing acknowledged was in it",
                (unsigned long long)store_torn_len(opened->store));
    if (st != STATUS_OK)
        return failed(st, "store", why);
    opened->files.home = opened->options.home;
    st = attachments_open(opened->options.home, &opened->files.attachments,
                          why);
    return st == STATUS_OK ? st : failed(st, HOME_ATTACHMENTS, why);
}

/* --- the node ------------------------------------------------------------ */

NODISCARD static enum status
make_node(struct opened *opened)
{
    struct node_config *config = &opened->node_config;
    size_t              len = 0;
    struct cert         cert;
    enum status         st;

    st = home_read(opened->options.home, HOME_CERTIFICATE, opened->certificate,
                   sizeof(opened->certificate), &len);
    if (st != STATUS_OK)
        return failed(st, HOME_CERTIFICATE, NULL);
    config->certificate = (struct span){opened->certificate, len};
    st = cert_verify(config->certificate, NULL, &cert);
    if (st != STATUS_OK)
        return failed(st, HOME_CERTIFICATE, NULL);
    reload_fill(&opened->config, config);
    config->first_contact_expires_ms = cert.renew_by_ms; /* made with it */
    st = node_new(config, &opened->node);
    return st == STATUS_OK ? st : failed(st, "node", NULL);
}

NODISCARD static enum status
give_keys(struct opened *opened)
{
    const struct keyring *ring = store_keyring(opened->store);
    struct keyring_key    key;
    size_t                cursor = 0;
    enum status           st = STATUS_OK;

    while (st == STATUS_OK && keyring_next(ring, &cursor, &key) == STATUS_OK)
        st = node_key(opened->node, (uint8_t)key.name.kind,
                      (uint8_t)key.state, key.name.number,
                      key.name.owner.bytes, key.secret);
    return st == STATUS_OK ? st : failed(st, "keyring", NULL);
}

static enum status
on_record(void *arg, const struct record *record)
{
    struct opened *opened = arg;

    return node_replay(opened->node, record);
}

NODISCARD static enum status
start_node(struct opened *opened)
{
    enum status st = make_node(opened);

    if (st != STATUS_OK)
        return st;
    st = give_keys(opened);
    if (st != STATUS_OK)
        return st;
    st = store_replay(opened->store, on_record, opened);
    if (st != STATUS_OK)
        return failed(st, "journal", NULL);
    st = node_start(opened->node);
    return st == STATUS_OK ? st : failed(st, "node", NULL);
}

/* --- the daemon ---------------------------------------------------------- */

/* What comes of attachments is durable before the group that says so. */
static enum status
on_commit(void *arg, const struct effects *effects)
{
    const struct opened *opened = arg;
    enum status          st;

    st = arrivals_commit(attachments_disk(opened->files.attachments), effects);
    return st == STATUS_OK ? store_commit(opened->store, effects) : st;
}

static bool
on_snapshot_due(void *arg)
{
    return store_snapshot_due(((struct opened *)arg)->store);
}

static unsigned
on_floor(void *arg)
{
    return store_floor(((struct opened *)arg)->store);
}

static void
on_mend(void *arg)
{
    store_mend(((struct opened *)arg)->store);
}

static enum status
on_query(void *arg, const struct query *query, struct span text,
         struct span *answer)
{
    return store_query(arg, query, text, answer);
}

static enum status
on_catch_up(void *arg)
{
    return store_index_catch_up(arg);
}

static void
on_signal(uv_signal_t *handle, int number)
{
    log_say(LOG_INFO, "daemon", "signal %d: ends", number);
    daemon_stop(handle->data);
}

static void
on_hangup(uv_signal_t *handle, int number)
{
    struct opened *opened = handle->data;

    (void)number;
    reload_now(opened->options.home, &opened->config, &opened->node_config,
               opened->daemon);
}

static void
on_stopping(void *arg)
{
    struct opened *opened = arg;

    uv_close((uv_handle_t *)&opened->term, NULL);
    uv_close((uv_handle_t *)&opened->interrupt, NULL);
    uv_close((uv_handle_t *)&opened->hangup, NULL);
}

static void
watch_signals(struct opened *opened)
{
    uv_signal_init(&opened->loop, &opened->term);
    uv_signal_init(&opened->loop, &opened->interrupt);
    uv_signal_init(&opened->loop, &opened->hangup);
    opened->term.data = opened->interrupt.data = opened->daemon;
    uv_signal_start(&opened->term, on_signal, SIGTERM);
    uv_signal_start(&opened->interrupt, on_signal, SIGINT);
    opened->hangup.data = opened;
    uv_signal_start(&opened->hangup, on_hangup, SIGHUP);
}

NODISCARD static enum status
listen_for_links(struct opened *opened)
{
    const char *address = opened->config.listen;
    uint16_t    port = 0;
    enum status st;

    if (address[0] == '\0') {
        log_say(LOG_INFO, "start", "listens nowhere: it dials");
        return STATUS_OK;
    }
    st = daemon_listen(opened->daemon, span_text(address), &port);
    if (st != STATUS_OK) {
        st = failed(st, address, NULL);
        return st == STATUS_BAD_FIELD ? st : STATUS_IN_USE;
    }
    log_say(LOG_INFO, "start", "listens at %s", address);
    return st;
}

NODISCARD static enum status
begin_capture(struct opened *opened)
{
    struct capture_options capture = opened->options.capture;
    const char            *why;
    enum status            st = STATUS_OK;

    if (capture.path == NULL)
        return st;
    if (opened->options.replay && opened->passphrase.len == 0)
        return failed(STATUS_PASSPHRASE, capture.path,
                      "this node has no passphrase to seal replay records "
                      "under: `entente capture start --replay` asks for one");
    capture.name = node_name(opened->node);
    capture.passphrase = passphrase_span(&opened->passphrase);
    why = capture_refuses(&capture);
    st = why == NULL ? daemon_capture(opened->daemon, &capture)
                     : STATUS_BAD_FIELD;
    passphrase_wipe(&opened->passphrase);
    return st == STATUS_OK ? st : failed(st, capture.path, why);
}

NODISCARD static enum status
run_daemon(struct opened *opened)
{
    struct daemon_options options = {
        .loop = &opened->loop,
        .node = opened->node,
        .home = opened->options.home,
        .config = &opened->node_config,
        .commits = {opened, on_commit, on_snapshot_due, on_floor, on_mend},
        .files = files_store(&opened->files),
        .index = {opened->store, on_query, on_catch_up},
        .state_lost = store_state_lost(opened->store),
        .stopping = on_stopping,
        .arg = opened,
    };
    enum status st;

    if (uv_loop_init(&opened->loop) != 0)
        return failed(STATUS_IO, "event loop", NULL);
    opened->daemon = daemon_new(&options);
    watch_signals(opened);
    st = begin_capture(opened);
    if (st == STATUS_OK)
        st = listen_for_links(opened);
    if (st == STATUS_OK) {
        st = daemon_open_control(opened->daemon);
        if (st != STATUS_OK)
            st = failed(st, "control socket", NULL);
    }
    if (st == STATUS_OK) {
        daemon_start(opened->daemon);
        notify_send("READY=1");
    } else {
        daemon_stop(opened->daemon);
    }
    uv_run(&opened->loop, UV_RUN_DEFAULT);
    daemon_free(opened->daemon);
    uv_loop_close(&opened->loop);
    return st;
}

/* --- from beginning to end ----------------------------------------------- */

NODISCARD static enum status
open_and_run(struct opened *opened)
{
    char        why[WHY_LEN] = "";
    enum status st = home_check(opened->options.home);

    if (st != STATUS_OK)
        return failed(st, opened->options.home,
                      st == STATUS_NOT_FOUND
                          ? "no such folder, or no " HOME_CERTIFICATE " in it"
                          : NULL);
    st = reload_read(opened->options.home, "start", &opened->config);
    if (st != STATUS_OK)
        return st;
    st = posix_disk_open(opened->options.home, &opened->disk, why);
    if (st != STATUS_OK)
        return failed(st, opened->options.home, why);
    opened->disk_open = true;
    st = read_storage_key(opened);
    if (st != STATUS_OK)
        return st;
    st = open_store(opened);
    if (st != STATUS_OK)
        return st;
    st = start_node(opened);
    return st == STATUS_OK ? run_daemon(opened) : st;
}

/* Three threads: a heap of its own for each keeps megabytes that none uses. */
static void
share_heap(void)
{
    (void)mallopt(M_ARENA_MAX, 2);
}

int
main(int argc, char **argv)
{
    struct opened opened = {0};
    enum status   st = options_parse(argc, argv, &opened.options);

    if (st == STATUS_AGAIN)
        return 0;
    if (st != STATUS_OK) {
        fputs(options_usage, stderr);
        return ending_code(ENDING_USAGE);
    }
    harden();
    share_heap();
    st = crypto_start();
    if (st == STATUS_OK)
        st = open_and_run(&opened);
    if (opened.node != NULL)
        node_free(opened.node);
    attachments_close(opened.files.attachments);
    if (opened.store != NULL)
        store_close(opened.store);
    if (opened.disk_open)
        posix_disk_close(&opened.disk);
    secret_wipe(&opened);
    ending_now(ending_of(st));
}
