/*
 * examine_store.c - reads all bytes, and names the file of each that is not
 * right.
 *
 * Of a node that is down this process holds the home's lock for that long.
 */
#include "tools/admin/examine_store.h"

#include "node/store/chunkcheck.h"
#include "node/store/home.h"
#include "node/store/indexcheck.h"
#include "node/store/inspect.h"
#include "node/store/keycheck.h"
#include "node/store/posix.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { TRIES = 4, BETWEEN_US = 20000 };

struct examined {
    const struct cli *cli;
    bool              up;
    struct disk       disk;
    struct findings  *findings;
    struct keycheck   keys;
    uint64_t          last; /* group of the journal */
};

/* --- keyring ------------------------------------------------------------- */

/* A node that runs may be between the two copies: then it is read again. */
NODISCARD static enum status
read_keys(struct examined *examined)
{
    enum status st = keycheck_read(&examined->disk, &examined->keys);

    for (int i = 1; i < TRIES && examined->up && st == STATUS_OK &&
                    examined->keys.unlike > 0;
         i++) {
        usleep(BETWEEN_US);
        st = keycheck_read(&examined->disk, &examined->keys);
    }
    return st;
}

static void
check_keyring(struct examined *examined)
{
    struct findings       *findings = examined->findings;
    const struct keycheck *keys = &examined->keys;
    enum status            st = read_keys(examined);

    if (st == STATUS_NOT_FOUND)
        findings_add(findings, FINDINGS_FAIL, "keyring",
                     "restore the home from its backup",
                     "%s is gone: the node cannot start", HOME_KEYRING);
    else if (st != STATUS_OK)
        findings_add(findings, FINDINGS_FAIL, "keyring",
                     "restore the home from its backup",
                     "%s cannot be read to its end: the node cannot start (%s)",
                     HOME_KEYRING, status_words(st));
    else if (keys->unlike > 0)
        findings_add(findings, FINDINGS_WARN, "keyring",
                     "start the node: it writes the good one over the other, "
                     "and says in its log if neither was",
                     "%s: the two copies of %zu of %zu slots are not alike, "
                     "the first is slot %zu: one is damaged, or a crash left "
                     "it behind",
                     HOME_KEYRING, keys->unlike, keys->slots, keys->first);
    else
        findings_add(findings, FINDINGS_OK, "keyring", NULL,
                     "%zu slots, both copies alike, closed by the storage key",
                     keys->slots);
}

/* --- journal ------------------------------------------------------------- */

/* What is wrong, and where; nothing that could be mended is mended here. */
static void
say_faults(struct examined *examined, const struct inspect *found)
{
    struct cli_line cure = cli_line(examined->cli, "%s",
                                    examined->up ? "down, then doctor --repair"
                                                 : "doctor --repair");

    for (size_t i = 0; i < found->fault_count; i++) {
        const struct inspect_fault *fault = &found->faults[i];
        bool stray = fault->kind == INSPECT_STRAY;
        char lost[64] = "";

        if (fault->lost_count > 0)
            snprintf(lost, sizeof(lost), " (%" PRIu64 ", from %" PRIu64 " on)",
                     fault->lost_count, fault->lost);
        findings_add(examined->findings,
                     stray ? FINDINGS_WARN : FINDINGS_FAIL, "journal",
                     cure.text, "journal-%016" PRIx64 ", offset %" PRIu64
                     ": %s%s",
                     fault->segment, fault->offset, inspect_words(fault->kind),
                     lost);
    }
}

/* The keyring notes each segment before it is used. */
static void
check_newest(struct examined *examined, uint64_t newest)
{
    if (examined->up || examined->keys.segment <= newest)
        return;
    findings_add(examined->findings, FINDINGS_FAIL, "journal",
                 "restore the missing file from a backup of the home; without "
                 "it, start the node: it opens new channels, and its peers "
                 "give back what they have",
                 "journal-%016" PRIx64 " is gone: the keyring knows of it, "
                 "and the newest here is journal-%016" PRIx64,
                 examined->keys.segment, newest);
}

static void
say_whole(struct examined *examined, const struct inspect *found)
{
    if (examined->up)
        findings_add(examined->findings, FINDINGS_OK, "journal", NULL,
                     "%zu of %zu segments are whole; the last was when the "
                     "node started, which writes it now",
                     found->segments.count - 1, found->segments.count);
    else
        findings_add(examined->findings, FINDINGS_OK, "journal", NULL,
                     "whole up to group %" PRIu64 ", %zu segments%s",
                     found->last, found->segments.count,
                     found->torn_len > 0
                         ? "; a torn group stands behind its end, of which "
                           "nothing was acknowledged"
                         : "");
}

static void
check_journal(struct examined *examined)
{
    struct inspect found = {0};
    enum status    st = examined->up
                            ? inspect_closed(&examined->disk, &found)
                            : inspect_journal(&examined->disk, &found);

    if (st == STATUS_OK)
        check_newest(examined,
                     found.segments.number[found.segments.count - 1]);
    if (st == STATUS_NOT_FOUND && examined->keys.segment > 0)
        check_newest(examined, 0);
    else if (st == STATUS_NOT_FOUND)
        findings_add(examined->findings, FINDINGS_OK, "journal", NULL,
                     "none yet: the node has not run");
    else if (st != STATUS_OK)
        findings_add(examined->findings, FINDINGS_FAIL, "journal", NULL,
                     "could not be read: %s", status_words(st));
    else if (found.fault_count > 0)
        say_faults(examined, &found);
    else
        say_whole(examined, &found);
    examined->last = found.last;
    inspect_clear(&found);
}

/* --- index --------------------------------------------------------------- */

static void
check_index(struct examined *examined)
{
    struct findings *findings = examined->findings;
    uint64_t         sequence = 0;
    enum status      st;

    if (examined->up) /* and reads each page against its digest */
        return;
    st = indexcheck_read(&examined->disk, HOME_INDEX, &sequence);
    if (st == STATUS_NOT_FOUND)
        findings_add(findings, FINDINGS_OK, "index", NULL,
                     "none: a start makes it from the journal");
    else if (st == STATUS_CORRUPT || st == STATUS_BAD_STATE)
        findings_add(findings, FINDINGS_WARN, "index",
                     "nothing: the next start makes it again from the journal",
                     "%s %s", HOME_INDEX,
                     st == STATUS_CORRUPT
                         ? "is damaged"
                         : "is not of this journal as it stands");
    else if (st != STATUS_OK)
        findings_add(findings, FINDINGS_FAIL, "index", NULL,
                     "%s could not be read: %s", HOME_INDEX, status_words(st));
    else if (sequence < examined->last)
        findings_add(findings, FINDINGS_OK, "index", NULL,
                     "sound up to group %" PRIu64 " of %" PRIu64
                     ": the next start brings it up to date",
                     sequence, examined->last);
    else
        findings_add(findings, FINDINGS_OK, "index", NULL,
                     "sound, and up to date");
}

/* --- attachments --------------------------------------------------------- */

struct chunk_words {
    char text[48];
};

/* From where on, if that is known. */
static struct chunk_words
at_chunk(const struct chunkcheck_fault *fault)
{
    struct chunk_words words = {""};

    if (fault->located)
        snprintf(words.text, sizeof(words.text), ", from chunk %" PRIu64 " on",
                 fault->chunk);
    return words;
}

static void
on_fault(void *arg, const struct chunkcheck_fault *fault)
{
    struct examined *examined = arg;
    bool             bad = fault->kind == CHUNKCHECK_WHOLE ||
               fault->kind == CHUNKCHECK_UNREADABLE;

    findings_add(examined->findings, bad ? FINDINGS_FAIL : FINDINGS_WARN,
                 "attachments",
                 bad ? "nothing is shown of it: ask its sender, or send it "
                       "again"
                     : "nothing: it is made right when it is used",
                 "%s/%s %s%s", HOME_ATTACHMENTS, fault->name,
                 chunkcheck_words(fault->kind), at_chunk(fault).text);
}

static void
check_attachments(struct examined *examined)
{
    struct chunkcheck found = {.files = 0};
    struct home_path  path;
    struct disk       disk = {0};
    char              why[256] = "";
    enum status       st = home_path(examined->cli->home, HOME_ATTACHMENTS,
                                     &path);

    if (st == STATUS_OK)
        st = posix_folder_open(path.text, &disk, why);
    if (st == STATUS_NOT_FOUND) /* made when the node first runs */
        return;
    if (st == STATUS_OK) {
        st = chunkcheck_read(&disk, on_fault, examined, &found);
        (void)snprintf(why, sizeof(why), "%s", status_words(st));
    }
    posix_disk_close(&disk);
    if (st != STATUS_OK)
        findings_add(examined->findings, FINDINGS_FAIL, "attachments", NULL,
                     "%s could not be read: %s", HOME_ATTACHMENTS, why);
    else if (found.faults == 0)
        findings_add(examined->findings, FINDINGS_OK, "attachments", NULL,
                     "%" PRIu64 " files are what their names say", found.files);
}

void
examine_store(const struct cli *cli, bool up, struct findings *findings)
{
    struct examined examined = {.cli = cli, .up = up, .findings = findings};
    char            why[256] = "";
    enum status     st = up ? posix_folder_open(cli->home, &examined.disk, why)
                            : posix_disk_open(cli->home, &examined.disk, why);

    if (st != STATUS_OK) {
        findings_add(findings, FINDINGS_WARN, "store", NULL,
                     "keyring, journal and index could not be read: %s", why);
        return;
    }
    check_keyring(&examined);
    check_journal(&examined);
    check_index(&examined);
    check_attachments(&examined);
    posix_disk_close(&examined.disk);
}
