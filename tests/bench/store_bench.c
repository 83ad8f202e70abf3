/*
 * store_bench - what a commit and the index behind it cost, by group size.
 *
 *     store_bench HOME GROUP GROUPS [BATCHES [EVERY]]
 *
 * Commits GROUPS turns of GROUP dispatched and GROUP received messages of
 * 1 KiB each, as the two ends of a pair would, to a new store in the empty
 * folder HOME, and brings the index up after each EVERY of them.  BATCHES
 * rounds; one line a round: microseconds a message for commit and index, of
 * wall clock and of processor, and the slowest commit.
 */
#include "node/store/posix.h"
#include "node/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BODY_LEN = 1104, VAULT = 1 };

struct moment {
    double wall_s, cpu_s;
};

static double
read_clock(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct moment
now(void)
{
    return (struct moment){read_clock(CLOCK_MONOTONIC),
                           read_clock(CLOCK_THREAD_CPUTIME_ID)};
}

static void
add(struct moment *sum, struct moment from, struct moment to)
{
    sum->wall_s += to.wall_s - from.wall_s;
    sum->cpu_s += to.cpu_s - from.cpu_s;
}

struct bench {
    struct store *store;
    uint64_t      random;
    uint64_t      turns, every;
    uint64_t      index;
    struct origin out;
    struct origin in;
    struct moment commit, index_up;
    double        commit_max_s;
};

static void
must(enum status st, const char *what)
{
    if (st == STATUS_OK)
        return;
    fprintf(stderr, "store_bench: %s: %s\n", what, status_name(st));
    exit(1);
}

static uint64_t
next_random(struct bench *bench)
{
    bench->random ^= bench->random << 13;
    bench->random ^= bench->random >> 7;
    bench->random ^= bench->random << 17;
    return bench->random;
}

static void
save(struct effects *out, const struct record *record, struct span secret)
{
    size_t         room = record_len(record);
    struct writer  to = writer_of(effects_alloc(out, room), room);
    struct effect *effect = effects_add(out, EFFECT_SAVE);

    record_encode(record, &to);
    effect->bytes = writer_span(&to);
    effect->secret = effects_copy(out, secret);
    effect->vault = secret.len > 0 ? VAULT : 0;
}

static void
save_entry(struct bench *bench, struct effects *out, enum record_kind kind,
           uint64_t index)
{
    static const uint8_t body[BODY_LEN];
    static const uint8_t leaf[LEAF_LEN];
    struct record_secret secret = {.kind = span_text("note"),
                                   .status = span_text("ACTUAL"),
                                   .subject = span_text("a subject of a line")};
    struct record record = {.kind = kind,
                            .origin = kind == RECORD_OUT_ENTRY ? bench->out
                                                               : bench->in,
                            .index = index,
                            .number = index + 1,
                            .time = 1400000000000 + index,
                            .state = STATE_NEW,
                            .precedence = PRECEDENCE_ROUTINE,
                            .leaf = SPAN_OF(leaf),
                            .bytes = SPAN_OF(body)};
    uint8_t       bytes[256];
    struct writer to = writer_of(bytes, sizeof(bytes));
    struct writer id = writer_of(record.id.bytes, sizeof(record.id.bytes));

    writer_u64(&id, next_random(bench));
    writer_u64(&id, next_random(bench));
    record_secret_encode(&secret, &to);
    save(out, &record, writer_span(&to));
}

static void
fill_turn(struct bench *bench, struct effects *out, uint64_t group)
{
    struct record cosigned = {.kind = RECORD_OUT_COSIGNED,
                              .origin = bench->out,
                              .size = bench->index};
    struct record verdict = {.kind = RECORD_VERDICT,
                             .origin = bench->out,
                             .outgoing = 1,
                             .index = bench->index - group,
                             .count = group,
                             .state = STATE_ACCEPTED};

    for (uint64_t i = 0; i < group; i++) {
        save_entry(bench, out, RECORD_OUT_ENTRY, bench->index + i);
        save_entry(bench, out, RECORD_IN_ENTRY, bench->index + i);
    }
    if (bench->index > 0) {
        save(out, &cosigned, SPAN_EMPTY);
        save(out, &verdict, SPAN_EMPTY);
    }
    bench->index += group;
}

static void
one_turn(struct bench *bench, uint64_t group)
{
    struct effects out;
    struct moment  start, middle;

    effects_init(&out);
    bench->turns++;
    memcpy(out.nonce, &bench->turns, sizeof(bench->turns));
    if (bench->turns == 1) {
        struct effect *key = effects_add(&out, EFFECT_KEY);

        key->key = (struct key_change){.kind = KEYRING_VAULT,
                                       .state = KEYRING_CURRENT,
                                       .number = VAULT};
    }
    fill_turn(bench, &out, group);
    start = now();
    must(store_commit(bench->store, &out), "commit");
    middle = now();
    if (bench->turns % bench->every == 0)
        must(store_index_catch_up(bench->store), "index");
    add(&bench->index_up, middle, now());
    add(&bench->commit, start, middle);
    if (middle.wall_s - start.wall_s > bench->commit_max_s)
        bench->commit_max_s = middle.wall_s - start.wall_s;
    effects_free(&out);
}

static void
open_store(struct bench *bench, const char *home)
{
    struct store_options options = {.segment_len = LIMIT_SEGMENT,
                                    .index_name = "index.db"};
    char                 why[256];

    must(crypto_start(), "crypto");
    must(posix_disk_open(home, &options.disk, why), home);
    must(store_open(&options, &bench->store, why), "open");
    bench->random = 88172645463325252;
    memset(bench->out.sender.bytes, 1, LIMIT_NODE_ID);
    memset(bench->out.recipient.bytes, 2, LIMIT_NODE_ID);
    memcpy(bench->out.realm, REALM_ACTUAL, sizeof(REALM_ACTUAL));
    bench->out.epoch = 1;
    bench->in = bench->out;
    bench->in.sender = bench->out.recipient;
    bench->in.recipient = bench->out.sender;
}

int
main(int argc, char **argv)
{
    struct bench bench = {0};
    uint64_t     group, groups, batches = 1;

    if (argc < 4) {
        fputs("usage: store_bench HOME GROUP GROUPS [BATCHES [EVERY]]\n",
              stderr);
        return 2;
    }
    group = strtoull(argv[2], NULL, 10);
    groups = strtoull(argv[3], NULL, 10);
    if (argc > 4)
        batches = strtoull(argv[4], NULL, 10);
    bench.every = argc > 5 ? strtoull(argv[5], NULL, 10) : 1;
    open_store(&bench, argv[1]);
    for (uint64_t b = 0; b < batches; b++) {
        double us = 1e6 / (2.0 * (double)(group * groups));

        bench.commit = bench.index_up = (struct moment){0};
        bench.commit_max_s = 0;
        for (uint64_t i = 0; i < groups; i++)
            one_turn(&bench, group);
        printf("group %llu, %llu messages so far: commit %.2f us (cpu %.2f), "
               "index %.2f us (cpu %.2f) a message; slowest commit %.1f ms\n",
               (unsigned long long)(2 * group),
               (unsigned long long)(2 * bench.index), bench.commit.wall_s * us,
               bench.commit.cpu_s * us, bench.index_up.wall_s * us,
               bench.index_up.cpu_s * us, bench.commit_max_s * 1e3);
    }
    store_close(bench.store);
    return 0;
}
