/*
 * cmd_replay.c - a capture as a file in memory, given to node/host/replay.
 */
#include "tools/verbs/cmd_replay.h"

#include "crypto/secret.h"
#include "node/host/replay.h"
#include "node/net/passphrase.h"
#include "tools/admin/turn_view.h"
#include "tools/cli/file.h"
#include "tools/terminal/moment.h"
#include "tools/verbs/cmd_against.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLACE_WORDS = 128 };

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

struct place_text {
    char text[PLACE_WORDS];
};

/* "turn 41 at 2026-01-31T10:00:00.123Z, packet 212" */
static struct place_text
place_words(const struct replay_report_place *at)
{
    struct place_text out = {""};

    if (at->turn > 0)
        snprintf(out.text, sizeof(out.text),
                 "turn %" PRIu64 " at %s, packet %" PRIu64, at->turn,
                 moment_iso(at->wall_ms).text, at->packet);
    else if (at->packet > 0)
        snprintf(out.text, sizeof(out.text), "packet %" PRIu64, at->packet);
    return out;
}

/* Says why `st`: where in the capture, and what. */
NODISCARD static enum status
fail_there(struct cli *cli, enum status st,
           const struct replay_report_place *at, const char *words)
{
    struct place_text place = place_words(at);

    return cli_fail(cli, st, NULL, "%s: %s",
                    place.text[0] != '\0' ? place.text : cli->args[0], words);
}

NODISCARD static enum status
print_same(struct cli *cli, const struct replay_report *report)
{
    if (cli->json)
        return cli_print_json(
            cli, json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:I, "
                           "s:s}",
                           "ok", 1, "packets",
                           (json_int_t)report->packets, "turns",
                           (json_int_t)report->turns, "events",
                           (json_int_t)report->events, "effects",
                           (json_int_t)report->effects, "bytes_in",
                           (json_int_t)report->bytes_in, "bytes_out",
                           (json_int_t)report->bytes_out, "cut",
                           report->cut ? 1 : 0, "told_otherwise",
                           (json_int_t)report->told_turns,
                           "told_first", report->told_words));
    printf("The same: %" PRIu64 " turns over %" PRIu64 " events; all that was "
           "sent, saved, dialled and closed\nis as it was, and %" PRIu64
           " bytes in and %" PRIu64 " bytes out are as on the wire.\n",
           report->turns, report->events, report->bytes_in,
           report->bytes_out);
    if (report->told_turns > 0)
        printf("Told to this machine otherwise in %" PRIu64 " turns, which "
               "nothing promises; the first,\n%s: %s\n",
               report->told_turns, place_words(&report->told_at).text,
               report->told_words);
    if (report->cut)
        printf("The file ends within a packet or record; all before it was "
               "compared.\n");
    return STATUS_OK;
}

enum status
cmd_replay_run(struct cli *cli)
{
    struct passphrase    passphrase = {.len = 0};
    struct rerun_observer        view = {.arg = cli};
    const struct rerun_observer *observer =
        cli_has(cli, CLI_TRACE) ? &view : NULL;
    struct replay_report report;
    struct span          file = SPAN_EMPTY;
    const char          *why = NULL;
    int                  fd = PASSPHRASE_NO_FD;
    enum status          st = cli_passphrase_fd(cli, &fd);

    view.turn = cli->json ? turn_view_json : turn_view_text;
    if (st == STATUS_OK && cli_has(cli, CLI_AGAINST) &&
        (cli_has(cli, CLI_STRICT) || cli_has(cli, CLI_TRACE)))
        st = cli_fail(cli, STATUS_USAGE, NULL,
                      "--against runs nothing again: it takes neither "
                      "--strict nor --trace");
    if (st == STATUS_OK)
        st = map_file(cli, cli->args[0], &file);
    if (st != STATUS_OK)
        return st;
    st = check_kind(cli, file);
    if (st == STATUS_OK && cli_has(cli, CLI_AGAINST)) {
        st = cmd_against_run(cli, file);
        goto out;
    }
    if (st != STATUS_OK)
        goto out;
    st = passphrase_get(fd, "Passphrase of the capture", false, &passphrase,
                        &why);
    if (st != STATUS_OK) {
        st = cli_fail(cli, st, NULL, "%s", why);
        goto out;
    }
    st = replay_run(file, passphrase_span(&passphrase), observer, &report);
    if (st != STATUS_OK)
        st = fail_there(cli, st, &report.at, report.words);
    else if (cli_has(cli, CLI_STRICT) && report.told_turns > 0)
        st = fail_there(cli, STATUS_DIFFERENT, &report.told_at,
                        report.told_words);
    else if (observer == NULL || !cli->json)
        st = print_same(cli, &report);
out:
    passphrase_wipe(&passphrase);
    munmap((void *)(uintptr_t)file.ptr, file.len);
    return st;
}
