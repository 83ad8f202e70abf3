/*
 * cmd_doctor.c - reads, judges, tells; only --rebuild-index writes.
 *
 * The index is made again by this process under the home's lock, so the node
 * must be down; what is in the journal is not touched.
 */
#include "tools/cmd_doctor.h"

#include "crypto/envelope.h"
#include "node/net/passphrase.h"
#include "node/store/config.h"
#include "node/store/posix.h"
#include "node/store/store.h"
#include "tools/moment.h"
#include "tools/self.h"
#include "tools/start.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DAY_MS 86400000

enum { RENEW_DAYS = 14, FREE_PERCENT = 5 };

/* Findings, as they are told and as JSON. */
struct findings {
    struct cli *cli;
    json_t     *list;
    size_t      bad;
};

__attribute__((format(printf, 4, 5))) static void
find(struct findings *findings, bool good, const char *what,
     const char *format, ...)
{
    char    words[512];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    findings->bad += good ? 0 : 1;
    json_array_append_new(findings->list,
                          json_pack("{s:b, s:s, s:s}", "ok", good, "what", what,
                                    "words", words));
    if (!findings->cli->json)
        printf("%-4s %-12s %s\n", good ? "ok" : "BAD", what, words);
}

/* --- checks -------------------------------------------------------------- */

static void
check_modes(struct findings *findings)
{
    DIR           *folder = opendir(findings->cli->home);
    struct dirent *entry;
    size_t         count = 0;
    size_t         open_ones = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        struct stat info;

        if (entry->d_name[0] == '.' ||
            fstatat(dirfd(folder), entry->d_name, &info,
                    AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        count++;
        if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0 &&
            info.st_uid == geteuid())
            continue;
        open_ones++;
        find(findings, false, "modes", "%s is open to others: chmod 600",
             entry->d_name);
    }
    if (folder != NULL)
        closedir(folder);
    if (open_ones == 0)
        find(findings, true, "modes", "%zu files are yours alone", count);
}

static void
check_config(struct findings *findings, struct config *config)
{
    struct config_fault fault;
    enum status st = config_load(findings->cli->home, config, &fault);

    if (st == STATUS_OK)
        find(findings, true, "config", "listens on %s, names %zu addresses",
             config->listen[0] == '\0' ? "nothing" : config->listen,
             config->address_count);
    else if (fault.line > 0)
        find(findings, false, "config", "line %zu: %s", fault.line,
             fault.words);
    else
        find(findings, false, "config", "%s", fault.words);
}

static void
check_certificate(struct findings *findings, const struct cert *cert)
{
    int64_t left = ((int64_t)cert->renew_by_ms - (int64_t)moment_now_ms()) /
                   DAY_MS;

    if (left < 0)
        find(findings, false, "certificate",
             "past its date by %" PRId64 " days; links stay up, peers see it",
             -left);
    else
        find(findings, left >= RENEW_DAYS, "certificate",
             "serial %u, %" PRId64 " days left", cert->serial, left);
}

static void
check_card(struct findings *findings, const struct config *config)
{
    struct card_text text;
    struct card      card;
    struct cli       quiet = *findings->cli;
    size_t           line = 0;
    bool             same;

    if (self_card(&quiet, &text) != STATUS_OK ||
        card_parse(span_text(text.text), &card, &line) != STATUS_OK) {
        find(findings, false, "card", "%s does not verify", HOME_CARD);
        return;
    }
    same = card.address_count == config->address_count;
    for (size_t i = 0; same && i < config->address_count; i++)
        same = strcmp(card.address[i], config->address[i]) == 0;
    find(findings, same, "card",
         same ? "verifies, with the addresses of the configuration"
              : "has other addresses than the configuration: `entente card` "
                "while the node runs makes it again");
}

static void
check_machine(struct findings *findings)
{
    struct statvfs disk;

    find(findings, secret_lockable(), "memory",
         secret_lockable() ? "keys are kept out of swap"
                           : "keys may be swapped out: raise the limit of "
                             "locked memory (ulimit -l)");
    if (statvfs(findings->cli->home, &disk) != 0 || disk.f_blocks == 0)
        return;
    find(findings, disk.f_bavail * 100 / disk.f_blocks >= FREE_PERCENT, "disk",
         "%" PRIu64 " MiB free (%" PRIu64 " %%)",
         (uint64_t)disk.f_bavail * disk.f_frsize >> 20,
         (uint64_t)(disk.f_bavail * 100 / disk.f_blocks));
}

NODISCARD static enum status
examine(struct cli *cli, const struct cert *cert)
{
    struct findings findings = {.cli = cli, .list = json_array()};
    struct config   config = {.address_count = 0};
    enum status     st = STATUS_OK;

    check_modes(&findings);
    check_config(&findings, &config);
    check_certificate(&findings, cert);
    check_card(&findings, &config);
    check_machine(&findings);
    find(&findings, true, "node", "%s", start_is_up(cli) ? "up" : "down");
    if (cli->json)
        st = cli_print_json(cli, json_pack("{s:b, s:O}", "ok",
                                           findings.bad == 0, "findings",
                                           findings.list));
    json_decref(findings.list);
    if (st == STATUS_OK && findings.bad > 0 && !cli->json)
        st = cli_fail(cli, STATUS_BAD_STATE, NULL, "%zu findings need you",
                      findings.bad);
    return st;
}

/* --- the index ----------------------------------------------------------- */

NODISCARD static enum status
open_storage_key(struct cli *cli, struct secret32 *out)
{
    struct passphrase passphrase = {.len = 0};
    uint8_t           envelope[ENVELOPE_LEN];
    const char       *why = NULL;
    size_t            len = 0;
    int               fd = PASSPHRASE_NO_FD;
    enum status       st = cli_passphrase_fd(cli, &fd);

    if (st == STATUS_OK)
        st = cli_status(cli,
                        home_read(cli->home, HOME_STORAGE_KEY, envelope,
                                  sizeof(envelope), &len),
                        HOME_STORAGE_KEY);
    if (st != STATUS_OK)
        return st;
    st = passphrase_get(fd, "Passphrase of this node", false, &passphrase,
                        &why);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "%s", why);
    st = envelope_open((struct span){envelope, len}, ENVELOPE_STORAGE,
                       passphrase_span(&passphrase), out);
    passphrase_wipe(&passphrase);
    return cli_status(cli, st, HOME_STORAGE_KEY);
}

NODISCARD static enum status
rebuild(struct cli *cli)
{
    struct store_options options = {.segment_len = LIMIT_SEGMENT,
                                    .index_name = HOME_INDEX};
    struct store        *store = NULL;
    char                 why[256] = "";
    enum status          st;

    if (start_is_up(cli))
        return cli_fail(cli, STATUS_LOCKED, cli_line(cli, "down").text,
                        "the node runs and holds its home");
    st = open_storage_key(cli, &options.storage_key);
    if (st == STATUS_OK)
        st = posix_disk_open(cli->home, &options.disk, why);
    if (st != STATUS_OK) {
        secret_wipe(&options);
        return cli_fail(cli, st, NULL, "%s", why);
    }
    if (getentropy(options.seed.bytes, sizeof(options.seed.bytes)) != 0)
        st = STATUS_IO;
    if (st == STATUS_OK)
        st = store_open(&options, &store, why);
    if (st == STATUS_OK)
        st = store_index_rebuild(store);
    if (store != NULL)
        store_close(store);
    posix_disk_close(&options.disk);
    secret_wipe(&options);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "%s (%s)",
                        why[0] == '\0' ? "the index could not be made" : why,
                        status_words(st));
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b}", "ok", 1));
    printf("The index is made again from the journal.\n\nNext:\n  %s\n",
           cli_line(cli, "up").text);
    return STATUS_OK;
}

enum status
cmd_doctor_run(struct cli *cli)
{
    struct cert cert;
    enum status st = self_cert(cli, &cert);

    if (st != STATUS_OK)
        return st;
    return cli_has(cli, CLI_REBUILD_INDEX) ? rebuild(cli) : examine(cli, &cert);
}
