/*
 * sockopt.c - apart from the rest since <linux/tcp.h>, which alone has
 * tcpi_bytes_acked, does not go with <netinet/tcp.h>.
 */
#include "node/net/sockopt.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

enum { KEEPALIVE_IDLE_S = 60, KEEPALIVE_EVERY_S = 10, KEEPALIVE_PROBES = 3 };

static int
set(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof(value));
}

enum status
sockopt_link(int fd)
{
    if (set(fd, IPPROTO_TCP, TCP_NODELAY, 1) != 0 ||
        set(fd, SOL_SOCKET, SO_KEEPALIVE, 1) != 0 ||
        set(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S) != 0 ||
        set(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_EVERY_S) != 0 ||
        set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES) != 0)
        return STATUS_IO;
    return STATUS_OK;
}

void
sockopt_unsent_max(int fd, uint32_t bytes)
{
    (void)set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, (int)bytes);
}

uint64_t
sockopt_acked(int fd, uint64_t otherwise)
{
    struct tcp_info info = {0};
    socklen_t       len = sizeof(info);

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
        len < offsetof(struct tcp_info, tcpi_bytes_acked) +
                  sizeof(info.tcpi_bytes_acked))
        return otherwise;
    return info.tcpi_bytes_acked;
}
