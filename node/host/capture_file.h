/*
 * capture_file.h - the interfaces of a node's capture, and bytes of it.
 */
#ifndef HOST_CAPTURE_FILE_H
#define HOST_CAPTURE_FILE_H

#include "node/host/pcapng.h"

/* The link types by which the interfaces are known. */
enum {
    CAPTURE_WIRE = PCAPNG_USER0,       /* TCP bytes as read and written */
    CAPTURE_FRAMES = PCAPNG_USER0 + 1, /* decrypted frames */
    CAPTURE_RECORDS = PCAPNG_USER0 + 2 /* replay records, sealed */
};

/* Their numbers in the head. */
enum { CAPTURE_FILE_WIRE, CAPTURE_FILE_FRAMES, CAPTURE_FILE_RECORDS };

enum { CAPTURE_FILE_HEAD_MAX = 1024 };

/* The comment of the section is this and the version, in decimal. */
#define CAPTURE_FILE_PROTOCOL "Entente protocol, version "

enum { CAPTURE_FILE_VERSION = 1 };

/* The head of every capture; the bytes written. */
size_t capture_file_head(uint8_t out[static CAPTURE_FILE_HEAD_MAX]);

/* Under which version of the protocol a capture was made, from the comment of
 * its section.  BAD_ENCODING: the comment is not one of ours. */
NODISCARD enum status capture_file_version(struct span comment, uint32_t *out);

#endif
