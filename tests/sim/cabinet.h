/*
 * cabinet.h - attachments of one simulated node: what entented does with
 * HOME/attachments, on the simulated disk.
 *
 * The files stand beside the others of the disk; their names are of their own
 * kind.
 */
#ifndef TESTS_SIM_CABINET_H
#define TESTS_SIM_CABINET_H

#include "node/store/attachments.h"
#include "tests/sim/enclosure.h"

/* Zeroed memory is a closed one. */
struct cabinet {
    struct disk         disk;
    struct attachments *attachments; /* NULL: closed */
    uint64_t            uploads;
    uint8_t             answer[ATTACHMENTS_ANSWER];
};

NODISCARD enum status cabinet_open(struct cabinet *cabinet, struct disk disk);
void                  cabinet_close(struct cabinet *cabinet);

/* CHUNK effects, before the group of the same turn. */
NODISCARD enum status cabinet_commit(struct cabinet       *cabinet,
                                     const struct effects *effects);
/* False: the query is not of files. */
bool cabinet_answers(const struct query *query);
/* As loading.h has it; *answer as machine_program.query has it. */
NODISCARD enum status cabinet_query(struct cabinet     *cabinet,
                                    const struct query *query,
                                    struct span text, struct span *answer);
NODISCARD enum status cabinet_drop(struct cabinet           *cabinet,
                                   const struct effect_file *file);

/* A client brings a file: it is whole and durable, or the status says why
 * not. */
NODISCARD enum status cabinet_bring(struct cabinet         *cabinet,
                                    const struct enclosure *enclosure);
/* A client reads one that came from `peer`: whether it is that, whole. */
bool cabinet_shows(struct cabinet *cabinet, const struct node_id *peer,
                   const struct enclosure *enclosure);

#endif
