/*
 * machine.h - one simulated machine and the node process on it: power, clock,
 * disk, links, timer, and an end between any two effects.
 *
 * Runs the real turn.c over the real core; what is storage comes from the
 * program (struct machine_program), since node/sim does not know node/store.
 *
 *      OFF --start--> RUNNING --fuse, failed commit--> DYING --reap--> OFF
 *
 * A fuse counts effects and calls that change the disk; when it is burnt the
 * process does nothing more, whatever it still calls.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "node/core/node.h"
#include "node/host/turn.h"
#include "node/sim/agenda.h"
#include "node/sim/disk.h"
#include "node/sim/errand.h"
#include "node/sim/fate.h"
#include "node/sim/inlet.h"
#include "node/sim/trace.h"
#include "node/sim/wire.h"

/* Storage of each machine's node: open, commit, ask, close. */
struct machine_program {
    /* From the disk to a node that was started; `lost`: as store_state_lost.
     * IO: the disk stopped. */
    enum status (*start)(void *arg, size_t who, struct disk disk,
                         struct node **node, bool *lost);
    enum status (*commit)(void *arg, size_t who,
                          const struct effects *effects);
    /* The answer is empty but with OK and, to a WHOLE, CORRUPT; it is good
     * until the next.  IO ends the process, but to a WHOLE. */
    enum status (*query)(void *arg, size_t who, const struct query *query,
                         struct span text, struct span *answer);
    enum status (*drop)(void *arg, size_t who,
                        const struct effect_file *file);
    bool (*snapshot_due)(void *arg, size_t who);
    /* Some time after a commit: what can wait.  IO ends the process. */
    enum status (*idle)(void *arg, size_t who);
    /* After the node was freed, or start has failed. */
    void (*stop)(void *arg, size_t who);
    void *arg;
};

/* Who looks on.  All are called; effects and bytes are loans. */
struct machine_watch {
    /* A turn was computed; nothing of it is done. */
    void (*stepped)(void *arg, size_t who, const struct effects *effects);
    /* The program said that it is durable. */
    void (*committed)(void *arg, size_t who, const struct effects *effects);
    void (*told)(void *arg, size_t who, uint64_t client,
                 struct span response);
    /* The process is gone; clients and links with it. */
    void (*gone)(void *arg, size_t who, const struct node *node);
    /* Bytes that leave the process: to the wire, the disk or the log. */
    void (*leaves)(void *arg, size_t who, struct span bytes);
    /* A backup of the disk was made; it was put back.  May be NULL. */
    void (*backed_up)(void *arg, size_t who);
    void (*restored)(void *arg, size_t who);
    /* One line of the log, again.  May be NULL. */
    void (*logged)(void *arg, size_t who, struct span line);
    void *arg;
};

/* What all machines share; owned by the world. */
struct machine_env {
    uint64_t               now_ms; /* virtual */
    uint64_t               commit_ms; /* a commit takes up to that */
    struct wire_line       line;
    size_t                 node_count;
    struct agenda         *agenda;
    struct wire           *wire;
    struct fate           *fate;
    struct machine_program program;
    struct machine_watch   watch;
    struct trace           trace;
    struct dice            dice;
    size_t                 left_open; /* files, by programs that stopped */
};

/* Items of the agenda that are a machine's, in the low byte of `what`; the
 * machine's number stands above it. */
enum machine_item {
    MACHINE_COMMIT,
    MACHINE_RETRY,
    MACHINE_WAKE,
    MACHINE_ERRAND,
    MACHINE_IDLE,
    MACHINE_STRANGER,
    MACHINE_ITEMS
};

enum { MACHINE_MONO_MS = 1000 };

/* Wall clock at virtual time 0: 2026-01-01T00:00:00Z. */
#define MACHINE_WALL_MS 1767225600000ull

struct machine {
    size_t              who;
    struct machine_env *env;
    struct disk_image  *disk;
    struct dice         dice; /* the node's randomness */
    uint64_t            life; /* counts starts; older items are void */
    struct node        *node; /* NULL: OFF */
    struct turn        *turn;
    bool                stopping;
    bool                dying;
    enum status         ended; /* why it is dying */
    uint64_t            fuse;  /* 0: none */
    const struct effects *saving;
    struct inlet_table  links;
    struct errands      errands;
    bool                snapshot_asked;
    uint64_t            power_ms; /* since when the monotonic clock runs */
    int64_t             wall_skew_ms;
    uint64_t            wall_ms;     /* of the last turn */
    uint64_t            wall_max_ms; /* of all turns */
    uint64_t            wake_at_ms; /* virtual; UINT64_MAX: none */
};

/* "nodeN.sim:7300", the address under which a machine is dialled. */
enum { MACHINE_ADDRESS = 32 };
void machine_address(size_t who, char out[static MACHINE_ADDRESS]);

void machine_init(struct machine *machine, struct machine_env *env,
                  size_t who, uint64_t seed, struct disk_image *disk);
/* Off, whatever it was. */
void machine_clear(struct machine *machine);

/* OFF: begins.  As program.start; not OK: still OFF. */
NODISCARD enum status machine_start(struct machine *machine);
bool machine_running(const struct machine *machine);
bool machine_dying(const struct machine *machine);
/* The process ends now, for that reason. */
void machine_end(struct machine *machine, enum status why);
/* The process is asked to end: it closes its links, then ends. */
void machine_stop(struct machine *machine);
/* DYING: buries the process; power_cut: and the machine's memory with it. */
void machine_reap(struct machine *machine, bool power_cut);

/* One control Request; `client` is new.  Let pass when it is not RUNNING. */
void machine_request(struct machine *machine, uint64_t client,
                     struct span request);
void machine_client_gone(struct machine *machine, uint64_t client);
/* The disk has more or less room than before. */
void machine_disk_room(struct machine *machine, uint64_t room);

/* Its item of the agenda is due. */
void machine_item(struct machine *machine, const struct agenda_item *item);

/* What the wire tells (wire.h). */
void machine_opened(struct machine *machine, uint64_t link, bool dialled,
                    uint64_t source);
void machine_bytes(struct machine *machine, uint64_t link, struct span bytes);
void machine_room(struct machine *machine, uint64_t link, uint64_t room);
void machine_closed(struct machine *machine, uint64_t link, enum status st);

/* Takes turns while events wait. */
void machine_run(struct machine *machine);

/* --- for edge.c and errand.c --------------------------------------------- */

/* One more effect or change of the disk; false: the process has ended. */
bool machine_burn(struct machine *machine);
/* What is never FULL; let pass once the process has ended. */
void machine_post(struct machine *machine, const struct event *event);
void machine_leaves(struct machine *machine, struct span bytes);
void machine_later(struct machine *machine, uint64_t at_ms, uint64_t what,
                   uint64_t b);
/* Tells the core, if it knew of the link, and forgets it. */
void machine_end_link(struct machine *machine, struct inlet *inlet,
                      enum status why);
/* Posts the frames that are whole. */
void machine_feed(struct machine *machine, struct inlet *inlet);

#endif
