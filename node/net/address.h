/*
 * address.h - HOST:PORT as people write it, socket addresses, and callers
 * told apart.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "crypto/secret.h"
#include "proto/bytes.h"
#include "proto/limits.h"

#include <sys/socket.h>

enum { ADDRESS_HOST_MAX = 253 };

struct address {
    char     host[ADDRESS_HOST_MAX + 1]; /* without brackets */
    uint16_t port;
};

/*
 * HOST:PORT; an IPv6 address stands in brackets.  Port 0 is taken, for
 * listening on any.  BAD_FIELD: no such form, or a host of more than 253
 * bytes, which no resolver is asked for.
 */
NODISCARD enum status address_parse(struct span text, struct address *out);

/* NOT_FOUND: the host is a name and must be resolved. */
NODISCARD enum status address_numeric(const struct address    *address,
                                      struct sockaddr_storage *out);

/* Bytes of a socket address of its family. */
socklen_t address_len(const struct sockaddr_storage *address);
uint16_t address_port(const struct sockaddr_storage *address);
void address_set_port(struct sockaddr_storage *address, uint16_t port);

/*
 * A number for whoever calls from there: the IPv4 address, or the /64 of an
 * IPv6 address, hashed under a key of this process so that nobody can choose
 * two that collide.
 */
uint64_t address_source(const struct sockaddr_storage *address,
                        const struct secret32         *key);

#endif
