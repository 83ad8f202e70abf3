/*
 * clock.c - CLOCK_BOOTTIME, since a machine that slept must see that its wall
 * clock did not jump; getrandom(2), which needs no file.
 */
#include "node/net/clock.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

enum { NS_IN_MS = 1000000 };

static uint64_t
read_ns(clockid_t id)
{
    struct timespec now = {0};

    if (clock_gettime(id, &now) != 0 || now.tv_sec < 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000 * NS_IN_MS + (uint64_t)now.tv_nsec;
}

uint64_t
clock_mono_ms(struct clock *clock)
{
    uint64_t now = read_ns(CLOCK_BOOTTIME) / NS_IN_MS;

    if (now > clock->mono_ms)
        clock->mono_ms = now;
    return clock->mono_ms;
}

uint64_t
clock_wall_ms(void)
{
    return read_ns(CLOCK_REALTIME) / NS_IN_MS;
}

uint64_t
clock_wall_ns(void)
{
    return read_ns(CLOCK_REALTIME);
}

void
clock_random(uint8_t *out, size_t len)
{
    while (len > 0) {
        ssize_t got = getrandom(out, len, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort();
        out += got;
        len -= (size_t)got;
    }
}
