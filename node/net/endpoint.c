/*
 * endpoint.c - a path of any length in 108 bytes.
 */
#include "node/net/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum status
endpoint_of(const char *home, struct sockaddr_un *out, int *folder)
{
    int at = open(home, O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (at < 0)
        return errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND
                                                   : STATUS_IO;
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d/%s", at,
             ENDPOINT_NAME);
    *folder = at;
    return STATUS_OK;
}
