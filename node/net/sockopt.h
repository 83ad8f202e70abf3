/*
 * sockopt.h - what only Linux's TCP can say and be told.
 */
#ifndef NET_SOCKOPT_H
#define NET_SOCKOPT_H

#include "proto/status.h"

#include <stdint.h>

/* TCP_NODELAY, and keepalives after a minute of silence.  IO. */
NODISCARD enum status sockopt_link(int fd);

/* TCP_NOTSENT_LOWAT: the kernel takes no more than this beyond what it has
 * sent.  A kernel without it is let pass: then precedence suffers. */
void sockopt_unsent_max(int fd, uint32_t bytes);

/* Bytes that the other end's TCP has acknowledged since the connection began;
 * `otherwise` where the kernel does not tell. */
uint64_t sockopt_acked(int fd, uint64_t otherwise);

#endif
