/*
 * endpoint.h - where the control socket of a home is.
 */
#ifndef NET_ENDPOINT_H
#define NET_ENDPOINT_H

#include "proto/bytes.h"

#include <sys/un.h>

#define ENDPOINT_NAME "control.sock" /* in the home */

/*
 * Its address, for bind and for connect.  A home of any path length works:
 * sun_path goes through /proc/self/fd.  `folder` is a descriptor that must
 * stay open until bind or connect has returned; close it then.  NOT_FOUND: no
 * such home; IO.
 */
NODISCARD enum status endpoint_of(const char *home, struct sockaddr_un *out,
                                  int *folder);

#endif
