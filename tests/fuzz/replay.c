/*
 * replay.c - a target without libFuzzer.
 *
 *     replay_x --stride N [FOLDER]
 *         every good input, every N-th prefix of it, every N-th byte changed,
 *         and the files of FOLDER
 *     replay_x --write FOLDER
 *         the good inputs as files, to begin from
 *
 * Each input stands in memory of exactly its size, so that a sanitizer sees
 * the first byte read beyond it.
 */
#include "crypto/secret.h"
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run {
    const char   *folder; /* to write to, or NULL */
    size_t        stride;
    unsigned long inputs;
    unsigned long seeds;
};

static bool
try(struct run *run, struct span in)
{
    uint8_t *copy = malloc(in.len + (in.len == 0));
    bool     accepted;

    assert(copy != NULL);
    if (in.len > 0)
        memcpy(copy, in.ptr, in.len);
    accepted = fuzz_one((struct span){copy, in.len});
    free(copy);
    run->inputs++;
    return accepted;
}

static void
try_prefixes(struct run *run, const char *name, struct span in)
{
    for (size_t len = 0; len < in.len; len += run->stride)
        if (try(run, (struct span){in.ptr, len}) && fuzz_is_whole) {
            fprintf(stderr, "%s: its first %zu bytes are accepted\n", name,
                    len);
            abort();
        }
}

/* The lowest bit, the highest and all of them, one byte at a time. */
static void
try_changes(struct run *run, struct span in)
{
    static const uint8_t masks[] = {0x01, 0x80, 0xff};
    uint8_t             *copy = malloc(in.len + (in.len == 0));

    assert(copy != NULL);
    for (size_t i = 0; i < in.len; i += run->stride)
        for (size_t m = 0; m < sizeof(masks); m++) {
            memcpy(copy, in.ptr, in.len);
            copy[i] ^= masks[m];
            (void)try(run, (struct span){copy, in.len});
        }
    free(copy);
}

static void
one_seed(void *arg, const char *name, struct span bytes)
{
    struct run *run = arg;

    run->seeds++;
    if (!try(run, bytes)) {
        fprintf(stderr, "%s: a good input is refused\n", name);
        abort();
    }
    try_prefixes(run, name, bytes);
    try_changes(run, bytes);
}

static void
write_seed(void *arg, const char *name, struct span bytes)
{
    struct run *run = arg;
    char        path[4096];
    FILE       *file;

    snprintf(path, sizeof(path), "%s/%s", run->folder, name);
    file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len ||
        fclose(file) != 0) {
        perror(path);
        exit(1);
    }
    run->seeds++;
}

/* What a fuzzer once found, kept so that it stays mended. */
static void
try_file(struct run *run, const char *folder, const char *name)
{
    static uint8_t bytes[1 << 20];
    char           path[4096];
    FILE          *file;
    size_t         len;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    len = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    (void)try(run, (struct span){bytes, len});
    try_changes(run, (struct span){bytes, len < 4096 ? len : 0});
}

static void
try_folder(struct run *run, const char *folder)
{
    DIR           *open = opendir(folder);
    struct dirent *entry;

    if (open == NULL)
        return; /* nothing was found for this target yet */
    while ((entry = readdir(open)) != NULL)
        if (entry->d_name[0] != '.')
            try_file(run, folder, entry->d_name);
    closedir(open);
}

int
main(int argc, char **argv)
{
    struct run  run = {0};
    enum status st = crypto_start();

    assert(st == STATUS_OK);
    if (argc == 3 && strcmp(argv[1], "--write") == 0) {
        run.folder = argv[2];
        fuzz_seeds(write_seed, &run);
        return 0;
    }
    if (argc >= 3 && strcmp(argv[1], "--stride") == 0)
        run.stride = strtoul(argv[2], NULL, 10);
    if (run.stride == 0) {
        fprintf(stderr, "usage: see replay.c\n");
        return 2;
    }
    fuzz_seeds(one_seed, &run);
    if (argc == 4)
        try_folder(&run, argv[3]);
    printf("%lu good inputs, %lu inputs in all\n", run.seeds, run.inputs);
    return run.seeds > 0 ? 0 : 1; /* without an input nothing was shown */
}
