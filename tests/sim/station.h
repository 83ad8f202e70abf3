/*
 * station.h - the storage of each simulated node: a home made as `entente
 * init` makes it, and the real store on a simulated disk.
 *
 * It is the struct machine_program of a world, and tells an oracle what a
 * start brought back.
 */
#ifndef TESTS_SIM_STATION_H
#define TESTS_SIM_STATION_H

#include "crypto/cert.h"
#include "node/sim/oracle.h"
#include "node/sim/world.h"
#include "node/store/store.h"
#include "tests/sim/cabinet.h"
#include "tests/sim/custody.h"

enum { STATION_WHY = 256, STATION_KEYS = 4 };

struct station {
    size_t              who;
    struct dice         dice;
    struct cert         cert;
    struct cert_encoded certificate;
    struct secret32     storage_key;
    struct secret32     keys[STATION_KEYS]; /* log, witness, link, first */
    char                address[MACHINE_ADDRESS];
    uint64_t            segment_len;
    struct store       *store; /* NULL: not open */
    struct cabinet      cabinet;
    struct node        *node;  /* during a start only */
    uint64_t            sequence; /* newest that was durable */
    uint64_t            backup;   /* the same, when the backup was made */
    char                why[STATION_WHY]; /* of the last open that failed */
};

struct stations {
    struct oracle  *oracle;
    struct custody *custody;
    size_t          count;
    struct station list[LEDGER_NODES];
};

/* Draws all keys from the seed; nothing is on a disk yet.  Borrows oracle and
 * custody. */
void stations_init(struct stations *stations, uint64_t seed, size_t count,
                   struct oracle *oracle, struct custody *custody);
/* What `entente init` leaves on a disk: the keyring, with its first keys. */
void stations_install(struct stations *stations, size_t who,
                      struct disk disk);
/* What must be there at the next start is what the backup has. */
void stations_backed_up(struct stations *stations, size_t who);
void stations_restored(struct stations *stations, size_t who);
void stations_clear(struct stations *stations);

struct machine_program stations_program(struct stations *stations);

#endif
