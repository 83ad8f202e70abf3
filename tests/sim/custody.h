/*
 * custody.h - who must have which attachment, checked against the disks:
 *
 *   - what a client was told is brought whole is durable;
 *   - what a node notes as arrived, chunk by chunk, is durable by then, and is
 *     never asked for again;
 *   - what it notes as COMPLETE is durable as a whole, byte for byte; only that
 *     is shown as whole, and only after that its sender lets go of its own;
 *   - in the end all that was promised is whole at its reader.
 *
 * An oracle of its own beside node/sim/oracle.h, whose verdict it breaks, since
 * it must know how the store names its files.
 */
#ifndef TESTS_SIM_CUSTODY_H
#define TESTS_SIM_CUSTODY_H

#include "node/sim/oracle.h"
#include "node/sim/world.h"
#include "tests/sim/enclosure.h"

/* A file that a letter encloses. */
struct custody_file {
    struct message_id       id;
    size_t                  from, to;
    const struct enclosure *enclosure; /* borrowed */
    bool                    whole;   /* it was, durably, at its reader */
    bool                    settled; /* its sender owes it no more */
    uint64_t                here; /* chunks that its reader noted, durably */
    uint64_t                then; /* the same before the replay under way */
};

struct custody {
    struct oracle       *oracle; /* borrowed, as the world is */
    struct world        *world;
    struct custody_file *list;
    size_t               count, cap;
};

void custody_init(struct custody *custody, struct oracle *oracle,
                  struct world *world);
void custody_clear(struct custody *custody);

/* A letter encloses it. */
void custody_add(struct custody *custody, const struct message_id *id,
                 size_t from, size_t to, const struct enclosure *enclosure);
/* A client of `who` was told that it is whole. */
void custody_brought(struct custody *custody, size_t who,
                     const struct enclosure *enclosure);

/* A turn was computed and nothing of it is done; it is durable. */
void custody_stepped(struct custody *custody, size_t who,
                     const struct effects *effects);
void custody_committed(struct custody *custody, size_t who,
                       const struct effects *effects);
/* A replay, record by record, from nothing to all that was known before. */
void custody_recall_begin(struct custody *custody, size_t who);
void custody_recalled(struct custody *custody, size_t who,
                      const struct record *record);
void custody_recall_end(struct custody *custody, size_t who);
/* An older copy of the disk of `who` was put back. */
void custody_restored(struct custody *custody, size_t who);

/* As a node shows it: `chunks` of `of`; `whole`: it says so. */
void custody_shown(struct custody *custody, size_t who,
                   const struct message_id *id, struct span digest,
                   bool whole, uint64_t chunks, uint64_t of);

/* Whether its reader must have it in the end. */
bool custody_owes(const struct custody      *custody,
                  const struct custody_file *file);
/* Whether everything promised is where it must be in the end. */
bool custody_settled(const struct custody *custody);

#endif
