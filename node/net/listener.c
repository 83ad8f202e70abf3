/*
 * listener.c - bind and listen, with the kernel's reasons as statuses.
 */
#include "node/net/listener.h"

#include "node/net/address.h"

#include <assert.h>

enum { BACKLOG = 256 };

static enum status
status_of(int error)
{
    switch (error) {
    case 0: return STATUS_OK;
    case UV_EADDRINUSE: return STATUS_IN_USE;
    case UV_EADDRNOTAVAIL: return STATUS_UNREACHABLE;
    case UV_EACCES: return STATUS_MODE;
    default: return STATUS_IO;
    }
}

NODISCARD static enum status
bind_and_listen(struct listener *listener,
                const struct sockaddr_storage *address,
                uv_connection_cb on_connection, uint16_t *port)
{
    struct sockaddr_storage bound = {0};
    int                     len = sizeof(bound);
    int                     error;

    error = uv_tcp_bind(&listener->handle, (const struct sockaddr *)address, 0);
    if (error == 0)
        error = uv_listen((uv_stream_t *)&listener->handle, BACKLOG,
                          on_connection);
    if (error == 0)
        error = uv_tcp_getsockname(&listener->handle,
                                   (struct sockaddr *)&bound, &len);
    if (error == 0)
        *port = address_port(&bound);
    return status_of(error);
}

enum status
listener_open(struct listener *listener, uv_loop_t *loop, struct span address,
              uv_connection_cb on_connection, void *arg, uint16_t *port)
{
    struct address          parsed;
    struct sockaddr_storage numeric;
    enum status             st = address_parse(address, &parsed);

    assert(!listener->open);
    if (st == STATUS_OK && address_numeric(&parsed, &numeric) != STATUS_OK)
        st = STATUS_BAD_FIELD;
    if (st != STATUS_OK)
        return st;
    if (uv_tcp_init(loop, &listener->handle) != 0)
        return STATUS_IO;
    listener->handle.data = arg;
    listener->open = true;
    return bind_and_listen(listener, &numeric, on_connection, port);
}

void
listener_close(struct listener *listener)
{
    if (!listener->open)
        return;
    listener->open = false;
    uv_close((uv_handle_t *)&listener->handle, NULL);
}
