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

/* The head of every capture; the bytes written. */
size_t capture_file_head(uint8_t out[static CAPTURE_FILE_HEAD_MAX]);

#endif
