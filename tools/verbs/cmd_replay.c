/*
 * cmd_replay.c - a capture as a file in memory, given to node/host/replay.
 */
#include "tools/verbs/cmd_replay.h"

#include "crypto/secret.h"
#include "node/host/replay.h"
#include "node/net/passphrase.h"
#include "tools/cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The whole file, mapped: captures may be large. */
NODISCARD static enum status
map_file(struct cli *cli, const char *path, struct span *out)
{
    struct stat info;
    void       *bytes = MAP_FAILED;
    int         fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return file_fail(cli, path);
    if (fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
        close(fd);
        errno = EISDIR;
        return file_fail(cli, path);
    }
    if (info.st_size > 0)
        bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (info.st_size == 0)
        return cli_fail(cli, STATUS_BAD_ENCODING, NULL, "%s is empty", path);
    if (bytes == MAP_FAILED)
        return file_fail(cli, path);
    *out = (struct span){bytes, (size_t)info.st_size};
    return STATUS_OK;
}

/* Before anybody is asked for a passphrase: it begins as pcapng does. */
NODISCARD static enum status
check_kind(struct cli *cli, struct span file)
{
    static const uint8_t magic[] = {0x0a, 0x0d, 0x0d, 0x0a};

    if (file.len >= sizeof(magic) &&
        memcmp(file.ptr, magic, sizeof(magic)) == 0)
        return STATUS_OK;
    return cli_fail(cli, STATUS_BAD_ENCODING,
                    "`entente capture start FILE --replay` makes one",
                    "%s is not a capture of a node", cli->args[0]);
}

NODISCARD static enum status
print_same(struct cli *cli, const struct replay_report *report)
{
    if (cli->json)
        return cli_print_json(
            cli, json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "ok", 1,
                           "packets", (json_int_t)report->packets, "turns",
                           (json_int_t)report->turns, "events",
                           (json_int_t)report->events, "effects",
                           (json_int_t)report->effects, "bytes_in",
                           (json_int_t)report->bytes_in, "bytes_out",
                           (json_int_t)report->bytes_out, "cut",
                           report->cut ? 1 : 0));
    printf("The same: %llu turns over %llu events had the same %llu effects;\n"
           "%llu bytes in and %llu bytes out are as they stand on the wire.\n",
           (unsigned long long)report->turns,
           (unsigned long long)report->events,
           (unsigned long long)report->effects,
           (unsigned long long)report->bytes_in,
           (unsigned long long)report->bytes_out);
    if (report->cut)
        printf("The file ends within a packet or record; all before it was "
               "compared.\n");
    return STATUS_OK;
}

enum status
cmd_replay_run(struct cli *cli)
{
    struct passphrase    passphrase = {.len = 0};
    struct replay_report report;
    struct span          file = SPAN_EMPTY;
    const char          *why = NULL;
    int                  fd = PASSPHRASE_NO_FD;
    enum status          st = cli_passphrase_fd(cli, &fd);

    if (st == STATUS_OK)
        st = map_file(cli, cli->args[0], &file);
    if (st != STATUS_OK)
        return st;
    st = check_kind(cli, file);
    if (st != STATUS_OK)
        goto out;
    st = passphrase_get(fd, "Passphrase of the capture", false, &passphrase,
                        &why);
    if (st != STATUS_OK) {
        st = cli_fail(cli, st, NULL, "%s", why);
        goto out;
    }
    st = replay_run(file, passphrase_span(&passphrase), &report);
    if (st == STATUS_OK)
        st = print_same(cli, &report);
    else if (report.packet > 0)
        st = cli_fail(cli, st, NULL, "packet %llu: %s",
                      (unsigned long long)report.packet, report.words);
    else
        st = cli_fail(cli, st, NULL, "%s: %s", cli->args[0], report.words);
out:
    passphrase_wipe(&passphrase);
    munmap((void *)(uintptr_t)file.ptr, file.len);
    return st;
}
