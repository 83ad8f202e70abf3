/*
 * sim - runs simulated nodes through seeds, and says what broke.
 *
 *   sim SEED              one seed, with its digest and its counts
 *   sim FIRST COUNT       that many seeds; the counts of all together
 *       --all-fire        afterwards a fault or a row that never came fails
 *       --digests         one line a seed: seed, digest
 *       --calm            without a storm
 *       --log             with the nodes' logs
 *       --trace           with what happened: faults, letters, ends
 *       --only EVENTS     of these only: n0,n1,l3,s12 (fate.h)
 *       --shrink          leaves out of one seed what is not needed to break
 *       --as-is           what breaks is not shrunk
 *       --go-on           after a seed that broke, too
 *
 * Ends with 1 when a promise was broken, and names the command that shows it
 * again.  Ends with 2 when called otherwise.
 */
#include "tests/sim/run.h"

#include "proto/origin.h"
#include "tests/sim/shrink.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COUNTS = 256, COUNT_NAME = 96, RERUN = 512, KEPT = 1 << 25 };

struct counts {
    size_t count;
    struct {
        char     name[COUNT_NAME];
        uint64_t count;
    } list[COUNTS];
};

struct totals {
    struct counts faults;
    struct counts rows;
    uint64_t      letters;
    uint64_t      virtual_ms;
};

/* For the signal's sake; nothing else is static. */
static struct {
    char   text[RERUN];
    size_t len;
    char  *argv[4]; /* what shrinks it, unless it is to stay */
    char   seed[24];
    bool   as_is;
} rerun;

static void
set_rerun(char *program, uint64_t seed)
{
    static char shrink[] = "--shrink";
    int len = snprintf(rerun.text, sizeof(rerun.text),
                       "again by: %s %llu\n", program,
                       (unsigned long long)seed);

    rerun.len = len > 0 ? (size_t)len : 0;
    snprintf(rerun.seed, sizeof(rerun.seed), "%llu",
             (unsigned long long)seed);
    rerun.argv[0] = program;
    rerun.argv[1] = rerun.seed;
    rerun.argv[2] = shrink;
}

static void
on_abort(int number)
{
    (void)number;
    if (write(STDERR_FILENO, rerun.text, rerun.len) < 0)
        _exit(1);
    if (rerun.as_is)
        return;
    (void)execv("/proc/self/exe", rerun.argv);
    _exit(1);
}

/* The program that a signal began has it blocked. */
static void
unblock(void)
{
    sigset_t none;

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
add(struct counts *counts, const char *name, uint64_t count)
{
    size_t at = 0;

    while (at < counts->count && strcmp(counts->list[at].name, name) != 0)
        at++;
    if (at == COUNTS)
        abort();
    if (at == counts->count) {
        snprintf(counts->list[at].name, COUNT_NAME, "%s", name);
        counts->count++;
    }
    counts->list[at].count += count;
}

static void
on_fault(void *arg, const char *name, uint64_t count)
{
    add(&((struct totals *)arg)->faults, name, count);
}

static void
on_row(void *arg, const char *name, uint64_t count)
{
    add(&((struct totals *)arg)->rows, name, count);
}

/* Prints all; returns how many are zero. */
static size_t
print_counts(const char *title, const struct counts *counts)
{
    size_t zeros = 0;

    printf("%s\n", title);
    for (size_t i = 0; i < counts->count; i++) {
        printf("%12llu  %s\n", (unsigned long long)counts->list[i].count,
               counts->list[i].name);
        zeros += counts->list[i].count == 0;
    }
    return zeros;
}

/* glibc counts what it caches a thread as given out: begin without that. */
static void
restart_without_caches(char **argv)
{
    if (getenv("GLIBC_TUNABLES") != NULL)
        return;
    (void)setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
    (void)execv("/proc/self/exe", argv);
}

/* Bytes that the heap has given out; 0 where nobody can tell. */
static size_t
memory_used(void)
{
#ifdef __SANITIZE_ADDRESS__
    return 0; /* the leak checker looks at the end */
#else
    return mallinfo2().uordblks;
#endif
}

static void
print_digest(uint64_t seed, const struct digest *digest)
{
    char hex[2 * LIMIT_DIGEST + 1];

    hex_encode(digest->bytes, sizeof(digest->bytes), hex);
    printf("%llu %s\n", (unsigned long long)seed, hex);
}

/* One seed; false: something broke. */
static bool
run_one(const struct run_options *options, bool first, struct totals *totals,
        struct run_result *result)
{
    size_t before = memory_used();
    size_t after;

    run_seed(options, result, on_fault, on_row, totals);
    after = memory_used();
    if (!first && after != before) /* libraries settle in the first */
        verdict_break(&result->verdict,
                      "%zu bytes of memory before, %zu after", before, after);
    totals->letters += result->letters;
    totals->virtual_ms += result->virtual_ms;
    return !result->verdict.broken;
}

struct options {
    uint64_t first;
    uint64_t count;
    bool     all_fire;
    bool     digests;
    bool     as_is;
    bool     shrink;
    bool     go_on;
    struct run_options run;
};

/* Of what a run was given and has met. */
static struct fate_events only, met;

static bool
read_flag(const char *text, struct options *out)
{
    const struct {
        const char *text;
        bool       *flag;
    } flags[] = {{"--all-fire", &out->all_fire}, {"--digests", &out->digests},
                 {"--calm", &out->run.calm},     {"--log", &out->run.log},
                 {"--trace", &out->run.trace},   {"--as-is", &out->as_is},
                 {"--shrink", &out->shrink},     {"--go-on", &out->go_on}};

    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        if (strcmp(text, flags[i].text) == 0) {
            *flags[i].flag = true;
            return true;
        }
    return false;
}

static bool
read_options(int argc, char **argv, struct options *out)
{
    size_t numbers = 0;

    *out = (struct options){.count = 1, .run.met = &met};
    for (int i = 1; i < argc; i++) {
        char              *end = NULL;
        unsigned long long number = strtoull(argv[i], &end, 10);

        if (read_flag(argv[i], out))
            continue;
        if (strcmp(argv[i], "--only") == 0) {
            if (i + 1 == argc || fate_parse(argv[++i], &only) != STATUS_OK)
                return false;
            out->run.only = &only;
        } else if (*end != '\0' || numbers == 2) {
            return false;
        } else if (numbers++ == 0) {
            out->first = number;
        } else {
            out->count = number;
        }
    }
    return numbers > 0 && out->count > 0;
}

static void
broke(char *program, const struct options *options,
      const struct run_result *result)
{
    printf("seed %llu: %s\n%s", (unsigned long long)options->run.seed,
           result->verdict.words, rerun.text);
    if (!options->as_is && !options->go_on && options->run.only == NULL)
        shrink(program, &options->run, SHRINK_SECONDS);
    (void)fflush(stdout);
}

/* Returns how many seeds broke a promise. */
static uint64_t
run_all(char *program, struct options *options, struct totals *totals)
{
    struct run_result result;
    uint64_t          broken = 0;

    for (uint64_t i = 0; i < options->count; i++) {
        options->run.seed = options->first + i;
        set_rerun(program, options->run.seed);
        result = (struct run_result){0};
        if (!run_one(&options->run, i == 0, totals, &result)) {
            broke(program, options, &result);
            broken++;
            if (!options->go_on)
                return broken;
        }
        if (options->digests || options->count == 1)
            print_digest(options->run.seed, &result.digest);
    }
    return broken;
}

int
main(int argc, char **argv)
{
    struct options options;
    struct totals *totals;
    uint64_t       broken;
    size_t         zeros;

    restart_without_caches(argv);
    totals = calloc(1, sizeof(*totals));
    if (!read_options(argc, argv, &options) || totals == NULL) {
        fprintf(stderr, "usage: sim FIRST [COUNT] [--all-fire] [--digests] "
                        "[--calm] [--log] [--trace] [--only EVENTS] "
                        "[--shrink] [--as-is] [--go-on]\n");
        return 2;
    }
    if (crypto_start() != STATUS_OK)
        return 1;
    unblock();
    if (options.shrink) {
        options.run.seed = options.first;
        shrink(argv[0], &options.run, SHRINK_SECONDS);
        return 1;
    }
    rerun.as_is = options.as_is || options.go_on || options.run.only != NULL;
    (void)signal(SIGABRT, on_abort);
    (void)mallopt(M_MXFAST, 0);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT); /* each run begins with as much */
    (void)mallopt(M_MMAP_THRESHOLD, KEPT);
    broken = run_all(argv[0], &options, totals);
    if (broken > 0 && !options.go_on)
        return 1;
    zeros = print_counts("faults that fired:", &totals->faults);
    zeros += print_counts("rows of state tables that were taken:",
                          &totals->rows);
    printf("%llu seeds, %llu letters, %llu hours of virtual time: ",
           (unsigned long long)options.count,
           (unsigned long long)totals->letters,
           (unsigned long long)(totals->virtual_ms / 3600000));
    free(totals);
    if (broken > 0) {
        printf("%llu broke a promise\n", (unsigned long long)broken);
        return 1;
    }
    printf("every promise kept\n");
    if (options.all_fire && zeros > 0) {
        printf("%zu of them never came: the seeds prove less than they "
               "should\n",
               zeros);
        return 1;
    }
    return 0;
}
