/*
 * address.c - the one place where text becomes a socket address.
 */
#include "node/net/address.h"

#include "crypto/kdf.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

/* Decimal, 0 to 65535, without leading zeros. */
NODISCARD static enum status
parse_port(struct span text, uint16_t *out)
{
    unsigned value = 0;

    if (text.len == 0 || text.len > 5 || (text.len > 1 && text.ptr[0] == '0'))
        return STATUS_BAD_FIELD;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return STATUS_BAD_FIELD;
        value = 10 * value + (unsigned)(text.ptr[i] - '0');
    }
    if (value > UINT16_MAX)
        return STATUS_BAD_FIELD;
    *out = (uint16_t)value;
    return STATUS_OK;
}

enum status
address_parse(struct span text, struct address *out)
{
    struct span    host = text;
    const uint8_t *colon =
        text.len == 0 ? NULL : memrchr(text.ptr, ':', text.len);
    uint16_t port = 0;

    if (colon == NULL)
        return STATUS_BAD_FIELD;
    host.len = (size_t)(colon - text.ptr);
    if (parse_port((struct span){colon + 1, text.len - host.len - 1}, &port) !=
        STATUS_OK)
        return STATUS_BAD_FIELD;
    if (host.len >= 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
        host = (struct span){host.ptr + 1, host.len - 2};
    else if (host.len > 0 && memchr(host.ptr, ':', host.len) != NULL)
        return STATUS_BAD_FIELD;
    if (host.len == 0 || host.len > ADDRESS_HOST_MAX ||
        memchr(host.ptr, 0, host.len) != NULL)
        return STATUS_BAD_FIELD;
    *out = (struct address){.port = port};
    memcpy(out->host, host.ptr, host.len);
    return STATUS_OK;
}

enum status
address_numeric(const struct address *address, struct sockaddr_storage *out)
{
    struct sockaddr_in  v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

    *out = (struct sockaddr_storage){0};
    if (inet_pton(AF_INET, address->host, &v4.sin_addr) == 1)
        memcpy(out, &v4, sizeof(v4));
    else if (inet_pton(AF_INET6, address->host, &v6.sin6_addr) == 1)
        memcpy(out, &v6, sizeof(v6));
    else
        return STATUS_NOT_FOUND;
    address_set_port(out, address->port);
    return STATUS_OK;
}

socklen_t
address_len(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET ? sizeof(struct sockaddr_in)
                                         : sizeof(struct sockaddr_in6);
}

/* Where the port stands: at the same place in both families. */
static uint8_t *
port_at(struct sockaddr_storage *address)
{
    static_assert(offsetof(struct sockaddr_in, sin_port) ==
                      offsetof(struct sockaddr_in6, sin6_port),
                  "one place for the port");
    return (uint8_t *)address + offsetof(struct sockaddr_in, sin_port);
}

uint16_t
address_port(const struct sockaddr_storage *address)
{
    struct sockaddr_storage copy = *address;
    struct reader port = reader_of((struct span){port_at(&copy), 2});

    return reader_u16(&port);
}

void
address_set_port(struct sockaddr_storage *address, uint16_t port)
{
    struct writer out = writer_of(port_at(address), sizeof(port));

    writer_u16(&out, port);
}

/* What tells callers apart: an IPv4 address also when IPv6 carries it. */
static struct span
caller_of(const struct sockaddr_storage *address)
{
    const struct sockaddr_in  *v4 = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;

    if (address->ss_family == AF_INET)
        return (struct span){(const uint8_t *)&v4->sin_addr, 4};
    if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
        return (struct span){v6->sin6_addr.s6_addr + 12, 4};
    return (struct span){v6->sin6_addr.s6_addr, 8};
}

uint64_t
address_source(const struct sockaddr_storage *address,
               const struct secret32         *key)
{
    struct secret32 hash;
    struct reader   in = reader_of(SPAN_OF(hash.bytes));

    kdf_derive(key, LABEL_SOURCE, caller_of(address), &hash);
    return reader_u64(&in);
}
