/*
 * clock.h - time and randomness, as this machine has them.
 */
#ifndef NET_CLOCK_H
#define NET_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds since the machine started, sleep included; never falls, also
 * where the kernel's clock is not to be trusted with that. */
struct clock {
    uint64_t mono_ms;
};

uint64_t clock_mono_ms(struct clock *clock);

/* Unix time in milliseconds; may jump.  0 before 1970. */
uint64_t clock_wall_ms(void);
uint64_t clock_wall_ns(void);

/* Fresh random bytes from the kernel; waits for its pool at boot.  Ends the
 * process where there are none. */
void clock_random(uint8_t *out, size_t len);

#endif
