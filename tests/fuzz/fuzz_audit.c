/*
 * fuzz_audit.c - a channel as a node that lies may show it to its auditor.
 *
 * What passes the audit is the one head that both have signed, or a log of no
 * entries: that it was emptied only the other end can show.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/duo.h"
#include "tools/audit/audit.h"

#include <stdlib.h>

const bool fuzz_is_whole = false; /* fields that the audit does not read */

static Entente__Response *
ask(struct duo_party *party, const char *origin)
{
    Entente__Request         request = ENTENTE__REQUEST__INIT;
    Entente__LogRequest      log = ENTENTE__LOG_REQUEST__INIT;
    const Entente__Response *found;
    uint8_t                 *bytes;
    size_t                   len;
    Entente__Response       *copy;

    request.kind_case = ENTENTE__REQUEST__KIND_LOG;
    request.log = &log;
    log.peer = (char *)(uintptr_t)"node2";
    log.origin = (char *)(uintptr_t)origin;
    log.limit = 100;
    log.bodies = true;
    duo_request(party, &request);
    while (duo_turn(party))
        party->now_ms++;
    found = duo_last(party, ENTENTE__RESPONSE__KIND_LOG);
    assert(found != NULL);
    len = entente__response__get_packed_size(found);
    bytes = malloc(len);
    assert(bytes != NULL);
    entente__response__pack(found, bytes);
    copy = entente__response__unpack(NULL, len, bytes);
    free(bytes);
    return copy;
}

/* A channel and its entries in one answer.  Made once, since it is slow. */
static const Entente__LogResponse *
truth(void)
{
    static Entente__LogResponse made = ENTENTE__LOG_RESPONSE__INIT;
    static Entente__Response   *channels, *entries; /* what it is made of */

    if (made.n_channels == 0) {
        struct duo *duo = duo_new();

        duo_pair(duo);
        duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", "accepted");
        duo_run(duo);
        channels = ask(&duo->a, "");
        assert(channels->log->n_channels > 0);
        entries = ask(&duo->a, channels->log->channels[0]->origin);
        made.n_channels = 1;
        made.channels = channels->log->channels;
        made.n_entries = entries->log->n_entries;
        made.entries = entries->log->entries;
        duo_free(duo);
    }
    return &made;
}

static enum status
audited(const Entente__LogResponse *log)
{
    struct audit audit = {0};
    enum status  st;

    if (log->n_channels != 1)
        return STATUS_BAD_ENCODING;
    st = audit_begin(&audit, log->channels[0]);
    for (size_t i = 0; st == STATUS_OK && i < log->n_entries; i++)
        st = audit_entry(&audit, log->entries[i]);
    return st == STATUS_OK ? audit_end(&audit) : st;
}

bool
fuzz_one(struct span in)
{
    const Entente__LogChannel *right = truth()->channels[0];
    Entente__LogResponse      *log =
        entente__log_response__unpack(NULL, in.len, in.ptr);
    bool passed = log != NULL && audited(log) == STATUS_OK;

    if (passed && log->channels[0]->size > 0) {
        const Entente__LogChannel *said = log->channels[0];

        assert(said->size == right->size);
        assert(span_equal((struct span){said->root.data, said->root.len},
                          (struct span){right->root.data, right->root.len}));
    }
    if (log != NULL)
        entente__log_response__free_unpacked(log, NULL);
    return passed;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    const Entente__LogResponse *log = truth();
    size_t   len = entente__log_response__get_packed_size(log);
    uint8_t                    *bytes = malloc(len);

    assert(bytes != NULL);
    entente__log_response__pack(log, bytes);
    seed(arg, "channel", (struct span){bytes, len});
    free(bytes);
}
