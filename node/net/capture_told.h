/*
 * capture_told.h - what the core's answer to STATUS does not know: the
 * capture that is on at its edge, the alarm of one that ended by itself, and
 * how many strangers the edge has turned away.
 */
#ifndef NET_CAPTURE_TOLD_H
#define NET_CAPTURE_TOLD_H

#include "control.pb-c.h"
#include "proto/bytes.h"

/* Lent; zeroed: there is nothing to tell. */
struct capture_told {
    const char *file; /* NULL: none is on, and the next fields say nothing */
    uint64_t    bytes;
    uint64_t    packets;
    uint64_t    since_ms; /* wall clock */
    bool        frames;
    bool        replay;
    const char *alarm; /* NULL: none */
    uint64_t    strangers_refused;
};

/*
 * A response of the core, encoded: itself, or, where it is the answer to
 * STATUS and there is something to tell, another in *memory, which is the
 * caller's to free and replaces what stood there.
 */
struct span capture_told(const struct capture_told *told, struct span response,
                         uint8_t **memory);

#endif
