/*
 * bench.c - as many messages under way as are asked for, none more.
 *
 * What is measured is what a program at the control socket sees: its own
 * encoding, the socket both ways, and everything that the node does until it
 * has the peer's cosignature on disk.
 */
#include "tools/admin/bench.h"

#include "proto/limits.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SLICE_MS = 200 };

struct run {
    const struct bench_plan *plan;
    struct client           *client;
    uint64_t                *started_ns; /* by message */
    uint64_t                *took_ns;
    uint64_t                 sent;
    uint64_t                 done;
    uint64_t                 first_request;
    uint64_t                 base; /* of the ids of this run */
    uint8_t                  id[LIMIT_MESSAGE_ID];
};

static uint64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* As different as random ids are, in the bytes that an index looks at
 * (the finaliser of splitmix64, a permutation). */
static uint64_t
scatter(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

NODISCARD static enum status
send_one(struct cli *cli, struct run *run, uint8_t *buffer)
{
    Entente__SubmitRequest submit = ENTENTE__SUBMIT_REQUEST__INIT;
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__Message      *message = run->plan->message;
    char                  *to[] = {(char *)(uintptr_t)run->plan->to};
    struct writer          id = writer_of(run->id, sizeof(run->id));
    enum status            st;

    writer_u64(&id, scatter(run->base + run->sent));
    writer_u64(&id, run->base);
    message->id.data = run->id;
    message->id.len = sizeof(run->id);
    submit.n_to = 1;
    submit.to = to;
    submit.message.data = buffer;
    submit.message.len = entente__message__pack(message, buffer);
    submit.follow = true;
    submit.until = (char *)(uintptr_t)"received";
    request.kind_case = ENTENTE__REQUEST__KIND_SUBMIT;
    request.submit = &submit;
    run->started_ns[run->sent] = now_ns();
    st = client_send(run->client, &request);
    if (st != STATUS_OK)
        return talk_broken(cli, st);
    if (run->sent == 0)
        run->first_request = request.id;
    run->sent++;
    return STATUS_OK;
}

/* SIGINT or SIGTERM came, which the caller has blocked. */
static bool
is_interrupted(void)
{
    sigset_t pending;

    return sigpending(&pending) == 0 && (sigismember(&pending, SIGINT) == 1 ||
                                         sigismember(&pending, SIGTERM) == 1);
}

NODISCARD static enum status
next_answer(struct cli *cli, struct run *run, Entente__Response **out)
{
    enum status st = STATUS_TIMEOUT;

    for (int waited = 0; st == STATUS_TIMEOUT && waited < TALK_WAIT_MS;
         waited += SLICE_MS) {
        st = client_next(run->client, SLICE_MS, out);
        if (st == STATUS_TIMEOUT && is_interrupted())
            break;
    }
    if (is_interrupted())
        return cli_fail(cli, STATUS_BAD_STATE, NULL, "interrupted");
    return st == STATUS_OK ? st : talk_broken(cli, st);
}

NODISCARD static enum status
take_one(struct cli *cli, struct run *run)
{
    Entente__Response *response = NULL;
    enum status        st = next_answer(cli, run, &response);
    uint64_t           at;

    if (st != STATUS_OK)
        return st;
    st = talk_judge(cli, response, ENTENTE__RESPONSE__KIND_SUBMIT);
    if (st != STATUS_OK || !response->last)
        return st;
    at = response->id - run->first_request;
    if (at >= run->sent)
        return cli_status(cli, STATUS_BAD_ENCODING, "the node's answer");
    if (strcmp(response->submit->state, "received") != 0 &&
        strcmp(response->submit->state, "accepted") != 0 &&
        strcmp(response->submit->state, "read") != 0)
        return cli_fail(cli, STATUS_BAD_STATE, NULL,
                        "a message ended as %s: %s", response->submit->state,
                        response->submit->why);
    run->took_ns[run->done++] = now_ns() - run->started_ns[at];
    return STATUS_OK;
}

static int
compare(const void *a, const void *b)
{
    const uint64_t *one = a;
    const uint64_t *two = b;

    return (*one > *two) - (*one < *two);
}

static double
ms_of(uint64_t ns)
{
    return (double)ns / 1e6;
}

static void
count_up(const struct run *run, uint64_t took_ns, struct bench_result *out)
{
    uint64_t count = run->done;

    qsort(run->took_ns, count, sizeof(*run->took_ns), compare);
    *out = (struct bench_result){
        .count = count,
        .seconds = (double)took_ns / 1e9,
        .per_second = (double)count * 1e9 / (double)took_ns,
        .p50_ms = ms_of(run->took_ns[count / 2]),
        .p99_ms = ms_of(run->took_ns[count * 99 / 100]),
        .max_ms = ms_of(run->took_ns[count - 1]),
    };
}

enum status
bench_run(struct cli *cli, struct client *client,
          const struct bench_plan *plan, struct bench_result *out)
{
    struct run run = {.plan = plan, .client = client};
    ProtobufCBinaryData own_id = plan->message->id;
    uint8_t    *buffer = malloc(LIMIT_BODY);
    uint64_t    start;
    enum status st = STATUS_OK;

    run.started_ns = calloc(plan->count, sizeof(*run.started_ns));
    run.took_ns = calloc(plan->count, sizeof(*run.took_ns));
    if (buffer == NULL || run.started_ns == NULL || run.took_ns == NULL ||
        getentropy(&run.base, sizeof(run.base)) != 0)
        st = cli_status(cli, STATUS_IO, "memory");
    else if (entente__message__get_packed_size(plan->message) + 64 > LIMIT_BODY)
        st = cli_status(cli, STATUS_TOO_LARGE, "the message");
    start = now_ns();
    while (st == STATUS_OK && run.done < plan->count) {
        if (run.sent < plan->count && run.sent - run.done < plan->in_flight)
            st = send_one(cli, &run, buffer);
        else
            st = take_one(cli, &run);
    }
    if (st == STATUS_OK)
        count_up(&run, now_ns() - start, out);
    plan->message->id = own_id;
    free(run.started_ns);
    free(run.took_ns);
    free(buffer);
    return st;
}
