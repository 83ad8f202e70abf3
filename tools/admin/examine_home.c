/*
 * examine_home.c - reads and judges; changes nothing.
 */
#include "tools/admin/examine_home.h"

#include "node/net/space.h"
#include "node/store/config.h"
#include "node/store/home.h"
#include "node/store/storage_key.h"
#include "node/store/sums.h"
#include "tools/admin/examine_store.h"
#include "tools/cli/self.h"
#include "tools/terminal/moment.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#define DAY_MS 86400000

enum { HOUR_S = 3600, WARN_PERCENT = 10 };

/* --- files --------------------------------------------------------------- */

static void
check_folder(const struct cli *cli, struct findings *findings)
{
    char        cure[CLI_LINE];
    struct stat info = {0};

    if (stat(cli->home, &info) != 0)
        return;
    if (info.st_uid == geteuid() &&
        (info.st_mode & (S_IRWXG | S_IRWXO)) == 0) {
        findings_add(findings, FINDINGS_OK, "home", NULL, "%s, yours alone",
                     cli->home);
        return;
    }
    snprintf(cure, sizeof(cure), "chmod 700 %.4000s, as its owner", cli->home);
    findings_add(findings, FINDINGS_FAIL, "home", cure,
                 "%s is open to others (mode %03o, user %u)", cli->home,
                 (unsigned)info.st_mode & 0777u, (unsigned)info.st_uid);
}

static void
check_modes(const struct cli *cli, struct findings *findings)
{
    DIR           *folder = opendir(cli->home);
    struct dirent *entry;
    size_t         count = 0;
    size_t         open_ones = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char        cure[512];
        struct stat info;

        if (strcmp(entry->d_name, ".") == 0 ||
            strcmp(entry->d_name, "..") == 0 ||
            fstatat(dirfd(folder), entry->d_name, &info,
                    AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        count++;
        if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0 &&
            info.st_uid == geteuid())
            continue;
        open_ones++;
        snprintf(cure, sizeof(cure), "chmod go= %.255s, in the home",
                 entry->d_name);
        findings_add(findings, FINDINGS_FAIL, "modes", cure,
                     "%s is open to others, or another user's: the node does "
                     "not start with it",
                     entry->d_name);
    }
    if (folder != NULL)
        closedir(folder);
    if (open_ones == 0)
        findings_add(findings, FINDINGS_OK, "modes", NULL,
                     "%zu files are yours alone", count);
}

static bool
is_there(const struct cli *cli, const char *name)
{
    struct home_path path;

    return home_path(cli->home, name, &path) == STATUS_OK &&
           access(path.text, F_OK) == 0;
}

/* Of files that nothing else checks.  False: it was said what is wrong. */
static bool
check_sum(const struct cli *cli, struct findings *findings, const char *what,
          const char *name)
{
    enum status st = sums_check(cli->home, name);

    if (st == STATUS_BAD_PROOF)
        findings_add(findings, FINDINGS_WARN, what,
                     "restore it from the home's backup",
                     "%s is damaged: it cannot tell whether %s is",
                     HOME_SUMS, name);
    else if (st == STATUS_CORRUPT)
        findings_add(findings, FINDINGS_FAIL, what,
                     "restore the file from the home's backup",
                     "%s is not what was written: no passphrase opens it",
                     name);
    else if (st == STATUS_NOT_FOUND && is_there(cli, name))
        findings_add(findings, FINDINGS_WARN, "sums",
                     "restore " HOME_SUMS " from the home's backup",
                     "%s does not say what %s was: damage in it would look "
                     "like a wrong passphrase",
                     HOME_SUMS, name);
    return st != STATUS_BAD_PROOF && st != STATUS_CORRUPT;
}

static void
check_storage_key(const struct cli *cli, struct findings *findings)
{
    struct storage_key key;
    enum status        st;

    (void)check_sum(cli, findings, "organisation key", HOME_ORG_KEY);
    if (!check_sum(cli, findings, "storage key", HOME_STORAGE_KEY))
        return;
    st = storage_key_read(cli->home, &key);
    if (st == STATUS_NOT_FOUND)
        findings_add(findings, FINDINGS_FAIL, "storage key",
                     "restore the home from its backup",
                     "%s is gone: nothing of this node can be opened",
                     HOME_STORAGE_KEY);
    else if (st == STATUS_MODE)
        findings_add(findings, FINDINGS_FAIL, "storage key",
                     "chmod 400 " HOME_STORAGE_KEY ", in the home",
                     "%s must be its owner's alone, and 0400 where no "
                     "passphrase closes it",
                     HOME_STORAGE_KEY);
    else if (st != STATUS_OK)
        findings_add(findings, FINDINGS_FAIL, "storage key",
                     "restore the file from the home's backup", "%s: %s",
                     HOME_STORAGE_KEY, status_words(st));
    else if (key.open)
        findings_add(findings, FINDINGS_WARN, "storage key", NULL, "%s",
                     EXAMINE_UNATTENDED);
    else
        findings_add(findings, FINDINGS_OK, "storage key", NULL,
                     "closed by the passphrase");
    storage_key_wipe(&key);
}

/* --- what stands in them ------------------------------------------------- */

static void
check_certificate(const struct cli *cli, struct findings *findings)
{
    struct cli  quiet = *cli;
    struct cert cert;
    int64_t     left;

    if (self_cert(&quiet, &cert) != STATUS_OK) {
        findings_add(findings, FINDINGS_FAIL, "certificate", quiet.hint, "%s",
                     quiet.message);
        return;
    }
    left = ((int64_t)cert.renew_by_ms - (int64_t)moment_now_ms()) / DAY_MS;
    if (left < 0)
        findings_add(findings, FINDINGS_WARN, "certificate",
                     "plan its renewal with the peers",
                     "serial %u is past its date by %" PRId64
                     " days; links stay up, and peers see it",
                     cert.serial, -left);
    else
        findings_add(findings,
                     left >= EXAMINE_RENEW_DAYS ? FINDINGS_OK : FINDINGS_WARN,
                     "certificate",
                     left >= EXAMINE_RENEW_DAYS ? NULL : "plan its renewal",
                     "serial %u, %" PRId64 " days left", cert.serial, left);
}

/* False: there is none that could be judged further. */
static bool
check_config(const struct cli *cli, struct findings *findings,
             struct config *config)
{
    struct config_fault fault = {0};
    enum status         st = config_load(cli->home, config, &fault);
    struct cli_line     cure = cli_line(cli, "config check");

    if (st == STATUS_OK &&
        sums_check(cli->home, HOME_CONFIG) == STATUS_CORRUPT)
        findings_add(findings, FINDINGS_WARN, "config", cure.text,
                     "is not what the node read last: if nobody edited it, it "
                     "is damaged");
    else if (st == STATUS_OK)
        findings_add(findings, FINDINGS_OK, "config", NULL,
                     "listens at %s, %zu advertised",
                     config->listen[0] == '\0' ? "nothing (it only calls)"
                                               : config->listen,
                     config->address_count);
    else if (fault.line > 0)
        findings_add(findings, FINDINGS_FAIL, "config", cure.text,
                     "%s line %zu: %s", HOME_CONFIG, fault.line, fault.words);
    else
        findings_add(findings, FINDINGS_FAIL, "config", cure.text, "%s: %s",
                     HOME_CONFIG, fault.words);
    return st == STATUS_OK;
}

static void
check_card(const struct cli *cli, const struct config *config,
           struct findings *findings)
{
    struct cli_line  cure = cli_line(cli, "card");
    struct cli       quiet = *cli;
    struct card_text text;
    struct card      card;
    size_t           line = 0;
    bool             same;

    if (self_card(&quiet, &text) != STATUS_OK ||
        card_parse(span_text(text.text), &card, &line) != STATUS_OK) {
        findings_add(findings, FINDINGS_FAIL, "card", cure.text,
                     "%s does not verify; a running node makes it again",
                     HOME_CARD);
        return;
    }
    same = card.address_count == config->address_count;
    for (size_t i = 0; same && i < config->address_count; i++)
        same = strcmp(card.address[i], config->address[i]) == 0;
    if (same)
        findings_add(findings, FINDINGS_OK, "card", NULL,
                     "verifies, and names the addresses of the configuration");
    else
        findings_add(findings, FINDINGS_WARN, "card", cure.text,
                     "names other addresses than the configuration; a running "
                     "node makes it again");
}

static void
resolve(const char *address, struct findings *findings)
{
    struct addrinfo *found = NULL;
    char             host[LIMIT_ADDRESS + 1];
    char            *colon;
    int              error;

    snprintf(host, sizeof(host), "%s", address[0] == '[' ? address + 1
                                                         : address);
    colon = strrchr(host, ':');
    if (colon == NULL)
        return;
    colon[colon > host && colon[-1] == ']' ? -1 : 0] = '\0';
    error = getaddrinfo(host, NULL, NULL, &found);
    if (error == 0) {
        freeaddrinfo(found);
        return;
    }
    findings_add(findings, FINDINGS_WARN, "address",
                 "mend the name, or advertise in the configuration",
                 "peers are told %s, and no address is found for it here (%s)",
                 address, gai_strerror(error));
}

static void
check_addresses(const struct config *config, struct findings *findings)
{
    size_t before = findings->count[FINDINGS_WARN];

    if (config->address_count == 0) {
        findings_add(findings, FINDINGS_WARN, "address",
                     "add `advertise = HOST:PORT` to the configuration, or "
                     "let only this side call",
                     "the card names no address: no peer can call this node");
        return;
    }
    for (size_t i = 0; i < config->address_count; i++)
        resolve(config->address[i], findings);
    if (findings->count[FINDINGS_WARN] == before)
        findings_add(findings, FINDINGS_OK, "address", NULL,
                     "peers are told %s%s", config->address[0],
                     config->address_count > 1 ? " and others" : "");
}

/* --- the machine --------------------------------------------------------- */

bool
examine_home_free(const char *home, uint64_t *percent, uint64_t *bytes)
{
    struct statvfs disk;

    if (statvfs(home, &disk) != 0 || disk.f_blocks == 0)
        return false;
    *percent = (uint64_t)disk.f_bavail * 100 / disk.f_blocks;
    *bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return true;
}

static void
check_disk(const struct cli *cli, struct findings *findings)
{
    uint64_t            percent = 0;
    uint64_t            bytes = 0;
    enum findings_grade grade = FINDINGS_OK;

    if (!examine_home_free(cli->home, &percent, &bytes))
        return;
    if (percent < WARN_PERCENT)
        grade = percent <= SPACE_RESERVE_PERCENT ? FINDINGS_FAIL
                                                 : FINDINGS_WARN;
    findings_add(findings, grade, "disk",
                 grade == FINDINGS_OK ? NULL : "make room on this disk",
                 "%" PRIu64 " MiB free, %" PRIu64
                 " %% of it; at %d %% new messages are held",
                 bytes >> 20, percent, SPACE_RESERVE_PERCENT);
}

static void
check_memory(struct findings *findings)
{
    if (secret_lockable())
        findings_add(findings, FINDINGS_OK, "memory", NULL,
                     "keys are kept out of swap");
    else
        findings_add(findings, FINDINGS_WARN, "memory",
                     "raise the limit of locked memory (ulimit -l, or "
                     "LimitMEMLOCK= of the unit)",
                     "keys may be swapped out");
}

/* A clock that stands before the newest file has been set back. */
static void
check_clock(const struct cli *cli, struct findings *findings)
{
    struct home_path path;
    struct stat      info = {0};
    struct timex     state = {0};
    int64_t          now = (int64_t)(moment_now_ms() / 1000);

    if (home_path(cli->home, HOME_KEYRING, &path) == STATUS_OK &&
        stat(path.text, &info) == 0 && info.st_mtime > now + HOUR_S) {
        findings_add(findings, FINDINGS_FAIL, "clock", "set the clock",
                     "%s, which is before the keyring was last written",
                     moment_iso_seconds((uint64_t)now * 1000).text);
        return;
    }
    if (adjtimex(&state) < 0 || (state.status & STA_UNSYNC) != 0)
        findings_add(findings, FINDINGS_WARN, "clock",
                     "let a time service keep it, if none does",
                     "%s; the system does not say that it is kept in step",
                     moment_iso_seconds((uint64_t)now * 1000).text);
    else
        findings_add(findings, FINDINGS_OK, "clock", NULL,
                     "%s, kept in step",
                     moment_iso_seconds((uint64_t)now * 1000).text);
}

void
examine_home(const struct cli *cli, bool up, struct findings *findings)
{
    struct config config = {.address_count = 0};

    check_folder(cli, findings);
    check_modes(cli, findings);
    check_storage_key(cli, findings);
    check_certificate(cli, findings);
    if (check_config(cli, findings, &config)) {
        check_card(cli, &config, findings);
        check_addresses(&config, findings);
    }
    examine_store(cli, up, findings);
    check_disk(cli, findings);
    check_memory(findings);
    check_clock(cli, findings);
}
