/*
 * ending.h - how the daemon may end: one name and exit code each.
 *
 * Codes up to 8 are those of `entente` (entente help exit-codes), so that who
 * starts the daemon can judge them alike; what only a daemon can meet has its
 * own.
 */
#ifndef NET_ENDING_H
#define NET_ENDING_H

#include "proto/status.h"

/* X(name, exit code, words) */
#define ENDING_LIST(X)                                                         \
    X(DONE, 0, "ended as asked")                                               \
    X(FAILURE, 1, "could not start")                                           \
    X(USAGE, 2, "the command line was not understood")                         \
    X(UNTRUSTED, 4, "wrong passphrase, or a key or file that does not fit")    \
    X(NO_HOME, 5, "there is no node at this home")                             \
    X(CONFIG, 7, "the configuration or a file's bytes are not right")          \
    X(ADDRESS, 10, "the address to listen on cannot be had")                   \
    X(LOCKED, 11, "another process holds this home")                           \
    X(MODE, 12, "a file or folder is open to others than its owner")           \
    X(CORRUPT, 13, "stored bytes are damaged; nothing was deleted")            \
    X(NO_SPACE, 14, "no room on the disk to start with")                       \
    X(COMMIT, 20, "a commit failed: nothing of it was told; restart recovers") \
    X(DISK, 21, "the machine failed to read or write")                         \
    X(ABORTED, 22, "no memory, or a fault of its own: restart recovers")

enum ending {
#define ENDING_ENUM(name, exit_code, words) ENDING_##name,
    ENDING_LIST(ENDING_ENUM)
#undef ENDING_ENUM
    ENDING_COUNT
};

const char *ending_name(enum ending ending);
const char *ending_words(enum ending ending);
int         ending_code(enum ending ending);

/* Says so in the log and ends the process, without a way back. */
_Noreturn void ending_now(enum ending ending);

/*
 * From now on abort() ends the process as ABORTED: it is the way out of a turn
 * that must not be half done, here and in the libraries, when there is no
 * memory; and of an assertion that does not hold.
 */
void ending_catch_abort(void);

/* How a start that failed with `st` ends. */
enum ending ending_of(enum status st);

#endif
