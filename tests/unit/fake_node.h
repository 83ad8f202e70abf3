/*
 * fake_node.h - a control socket in a folder of its own, served by a thread
 * that a test writes: what a node would say to a client, or never would.
 *
 * Include once, after cmocka.h.
 */
#ifndef TESTS_FAKE_NODE_H
#define TESTS_FAKE_NODE_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "node/net/endpoint.h"
#include "tools/client/client.h"

struct fake_node {
    char      home[64];
    int       server;
    pthread_t thread;
    void (*serve)(int fd);
};

static inline void *
fake_node_run(void *arg)
{
    struct fake_node *fake = arg;
    int               fd = accept(fake->server, NULL, NULL);

    fake->serve(fd);
    close(fd);
    return NULL;
}

/* A client of a node that takes this one connection. */
static inline struct client *
fake_node_start(struct fake_node *fake, void (*serve)(int fd))
{
    struct sockaddr_un address;
    int                folder = -1;
    struct client     *client = NULL;

    *fake = (struct fake_node){.home = "/tmp/entente-fake-XXXXXX",
                               .serve = serve};
    assert_non_null(mkdtemp(fake->home));
    assert_int_equal(endpoint_of(fake->home, &address, &folder), STATUS_OK);
    fake->server = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(
        bind(fake->server, (struct sockaddr *)&address, sizeof(address)), 0);
    close(folder);
    assert_int_equal(listen(fake->server, 1), 0);
    assert_int_equal(
        pthread_create(&fake->thread, NULL, fake_node_run, fake), 0);
    assert_int_equal(client_open(fake->home, &client), STATUS_OK);
    return client;
}

static inline void
fake_node_stop(struct fake_node *fake, struct client *client)
{
    char path[128];

    client_free(client);
    assert_int_equal(pthread_join(fake->thread, NULL), 0);
    close(fake->server);
    snprintf(path, sizeof(path), "%s/" ENDPOINT_NAME, fake->home);
    unlink(path);
    rmdir(fake->home);
}

#endif
