/*
 * notify.h - tells a supervisor over NOTIFY_SOCKET (sd_notify(3)).
 */
#ifndef NET_NOTIFY_H
#define NET_NOTIFY_H

#include <stdbool.h>

/* "READY=1", "STOPPING=1".  false: nobody asked, or nobody listens. */
bool notify_send(const char *state);

#endif
