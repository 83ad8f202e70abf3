/*
 * status.h - the one list of what a call can answer, for the whole program.
 *
 * The names reach logs, the control socket and `--json` unchanged; each has
 * the exit code that the command ends with (`entente help exit-codes`).
 * Three kinds are never mixed: our bug is an assert; the peer's or the
 * person's fault is a STATUS_BAD_* or a refusal; the machine's is IO.
 */
#ifndef PROTO_STATUS_H
#define PROTO_STATUS_H

#include <stddef.h>

#define NODISCARD __attribute__((warn_unused_result))

/* X(name, exit code, words) */
#define STATUS_LIST(X)                                                         \
    X(OK, 0, "done")                                                           \
    X(FULL, 1, "a bounded store has no room; nothing changed")                 \
    X(DUPLICATE, 1, "this id is known already")                                \
    X(NOT_FOUND, 5, "no such thing here")                                      \
    X(BAD_CURSOR, 5, "this place is not in the journal of this node")          \
    X(AMBIGUOUS, 2, "more than one thing has this prefix")                     \
    X(BAD_ENCODING, 7, "bytes that do not follow their layout")                \
    X(BAD_FIELD, 7, "a field is missing, out of range or not a word allowed")  \
    X(BAD_VERSION, 7, "a version or suite that this node does not know")       \
    X(BAD_PROOF, 4, "a signature, tag or commitment did not verify")           \
    X(BAD_ROOT, 4, "a signed head does not match its leaves")                  \
    X(BAD_STATE, 1, "not allowed in this state")                               \
    X(TOO_LARGE, 7, "larger than its limit")                                   \
    X(FORK, 4, "two inconsistent signed heads of one log")                     \
    X(UNTRUSTED, 4, "not paired, or not the key that was pinned")              \
    X(REVOKED, 4, "this certificate was revoked")                              \
    X(UNOPENED, 4, "no key at hand opens this")                                \
    X(PASSPHRASE, 4, "wrong passphrase, or the file was changed")              \
    X(POLICY, 8, "refused by policy")                                          \
    X(HELD, 1, "held for now; tried again by itself")                          \
    X(NO_SPACE, 1, "no room on the disk")                                      \
    X(IO, 1, "the machine failed to read or write")                            \
    X(CORRUPT, 1, "stored bytes are damaged; nothing was deleted")             \
    X(LOCKED, 1, "another process holds this home")                            \
    X(IN_USE, 1, "another program has this address")                           \
    X(MODE, 1, "file or folder open to others than its owner")                 \
    X(EXISTS, 1, "exists already; nothing was changed")                        \
    X(UNREACHABLE, 3, "the node does not answer")                              \
    X(TIMEOUT, 6, "not within the time given")                                 \
    X(DIFFERENT, 4, "a replay did something else than what was recorded")      \
    X(USAGE, 2, "the command was not understood")                              \
    X(AGAIN, 1, "not yet; more bytes or another turn are needed")

enum status {
#define STATUS_ENUM(name, exit_code, words) STATUS_##name,
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
    STATUS_COUNT
};

/* "BAD_PROOF" for STATUS_BAD_PROOF; never NULL. */
const char *status_name(enum status st);

/* One sentence for a person, without full stop; never NULL. */
const char *status_words(enum status st);

/* The exit code of `entente` for this status: 0 to 8. */
int status_exit_code(enum status st);
/* The status of that name, OK too.  NOT_FOUND: there is none. */
NODISCARD enum status status_parse(const char *name, enum status *out);

#endif
