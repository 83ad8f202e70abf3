/* captured.h - bytes of real daemons, from the first of tests/captures. */
#ifndef FUZZ_CAPTURED_H
#define FUZZ_CAPTURED_H

#include "tests/fuzz/fuzz.h"

/* What came in by one link, as it was read: its first whole frames. */
void captured_stream(struct writer *out);

/* The beginning of the file: its head, and packets on to the first after
 * `len` bytes. */
void captured_file(struct writer *out, size_t len);

#endif
