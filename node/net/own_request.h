/*
 * own_request.h - which requests of control.proto the edge answers itself, and
 * reading those.
 */
#ifndef NET_OWN_REQUEST_H
#define NET_OWN_REQUEST_H

#include "control.pb-c.h"
#include "proto/strict.h"

enum { OWN_REQUEST_MEMORY = LIMIT_OWN_REQUEST + 8192 };

/* Capture and shutdown change the edge, attach and chunk are between client and
 * disk; all else is the core's.  Bytes that are no request are the core's to
 * refuse. */
bool own_request_is(struct span frame);

/* A value with the memory that its request stands in; wipe it: a capture's
 * passphrase may be in there. */
struct own_request {
    const Entente__Request *request;
    uint64_t                id; /* also when the rest could not be read */
    struct strict_fault     fault;
    _Alignas(max_align_t) uint8_t memory[OWN_REQUEST_MEMORY];
};

/* As strict_unpack; TOO_LARGE past LIMIT_OWN_REQUEST.  Failures have words
 * in fault. */
NODISCARD enum status own_request_read(struct span frame,
                                       struct own_request *out);

#endif
