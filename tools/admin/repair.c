/*
 * repair.c - first what is, then what it costs, then the question.
 *
 * The storage key is needed only where what stands behind a cut is salvaged.
 */
#include "tools/admin/repair.h"

#include "node/store/mend.h"
#include "node/store/posix.h"
#include "node/store/quarantine.h"
#include "node/store/vault.h"
#include "tools/admin/unlock.h"
#include "tools/cli/start.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct repair {
    struct disk          disk;
    struct inspect       found;
    struct mend_plan     plan;
    struct vault        *vault;
    struct salvage_count salvaged;
    size_t               kept; /* files that were put away */
    bool                 finished; /* one that was broken off before */
};

/* --- what is, and what it costs ------------------------------------------ */

static void
say_damage(const struct repair *repair)
{
    for (size_t i = 0; i < repair->found.fault_count; i++) {
        const struct inspect_fault *fault = &repair->found.faults[i];

        printf("journal-%016" PRIx64 ", bytes %" PRIu64 " to %" PRIu64
               ": %s\n",
               fault->segment, fault->offset, fault->end,
               inspect_words(fault->kind));
    }
    printf("\n");
}

static void
say_cost(const struct repair *repair)
{
    const struct mend_plan *plan = &repair->plan;

    switch (plan->way) {
    case MEND_NOTHING: break;
    case MEND_RESTORE:
        printf("Nothing is lost by it: what is damaged also stands elsewhere, "
               "or is known.\n");
        break;
    case MEND_HOLE:
        printf("%" PRIu64 " of %" PRIu64 " groups cannot be read any more.  A "
               "later snapshot stands for them:\nthe node goes on where it "
               "was, and the messages that only they held are\ngone from its "
               "lists.\n",
               plan->holes, plan->holes + repair->found.groups);
        break;
    case MEND_CUT:
        printf("Group %" PRIu64 " cannot be read any more, and the %" PRIu64
               " whole ones behind it build on it.\nThe journal will end "
               "before it.  Kept of those behind: messages that wait,\n"
               "pairings, keys, alarms.  The node then opens new channels to "
               "all peers, and\nwhat they have is given back by them, with "
               "nothing to do for you.\n",
               plan->cut, plan->behind);
        break;
    }
    printf("\n%zu of %zu files of the journal are written anew, the index "
           "too.  The old ones\nstay in the home as %s*: nothing is "
           "deleted.\n\n",
           plan->segments, repair->found.segments.count, QUARANTINE_KEPT);
}

/* --- doing it ------------------------------------------------------------ */

static enum status
find_key(void *arg, uint32_t vault, struct secret32 *out)
{
    return vault_find(arg, KEYRING_VAULT, vault, out);
}

static enum status
no_key(void *arg, uint32_t vault, struct secret32 *out)
{
    (void)arg;
    (void)vault;
    (void)out;
    return STATUS_NOT_FOUND;
}

NODISCARD static enum status
open_vault(struct cli *cli, struct repair *repair)
{
    struct secret32 key = {.bytes = {0}};
    struct secret32 seed;
    char            why[256] = "";
    enum status     st = unlock_storage_key(cli, &key);

    if (st == STATUS_OK) {
        if (getentropy(seed.bytes, sizeof(seed.bytes)) != 0)
            abort();
        st = vault_open(&repair->disk, &key, &seed, &repair->vault, why);
        if (st != STATUS_OK)
            st = cli_fail(cli, st, NULL, "%s (%s)", why, status_words(st));
    }
    secret_wipe(&key);
    secret_wipe(&seed);
    return st;
}

NODISCARD static enum status
mend(struct cli *cli, struct repair *repair)
{
    struct group_keys keys = {.find = no_key};
    uint8_t           nonce[GROUP_NONCE];
    enum status       st = STATUS_OK;

    if (repair->plan.way == MEND_CUT)
        st = open_vault(cli, repair);
    if (st != STATUS_OK)
        return st;
    if (repair->vault != NULL)
        keys = (struct group_keys){find_key, repair->vault};
    if (getentropy(nonce, sizeof(nonce)) != 0)
        abort();
    st = mend_journal(&repair->disk, &repair->found, &repair->plan, &keys,
                      nonce, &repair->salvaged, &repair->kept);
    if (st != STATUS_OK)
        st = cli_fail(cli, st, NULL,
                      "%s; nothing of the old journal was changed, try again",
                      status_words(st));
    return st;
}

NODISCARD static enum status
say_done(struct cli *cli, const struct repair *repair)
{
    const struct salvage_count *count = &repair->salvaged;

    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b}", "ok", 1));
    if (repair->plan.way == MEND_CUT)
        printf("Kept from behind the damage: %zu messages that wait, %zu "
               "pairings, %zu other records.\n",
               count->messages, count->peers, count->others);
    if (count->closed > 0)
        printf("%zu could not be opened and stay in %s* alone.\n",
               count->closed, QUARANTINE_KEPT);
    printf("The journal is whole.  %zu old files are kept as %s*.\n\nNext:\n"
           "  %s\n",
           repair->kept, QUARANTINE_KEPT, cli_line(cli, "up").text);
    return STATUS_OK;
}

/* A repair that was broken off goes on to its end first. */
NODISCARD static enum status
look(struct cli *cli, struct repair *repair)
{
    enum status st = quarantine_finish(&repair->disk, &repair->kept);

    repair->finished = st == STATUS_OK;
    if (st == STATUS_OK || st == STATUS_NOT_FOUND)
        st = inspect_journal(&repair->disk, &repair->found);
    if (st == STATUS_NOT_FOUND)
        return cli_fail(cli, st, NULL, "there is no journal: the node has "
                                       "not run");
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "the journal could not be read: %s",
                        status_words(st));
    mend_plan(&repair->found, &repair->plan);
    return STATUS_OK;
}

NODISCARD static enum status
look_and_mend(struct cli *cli, struct repair *repair)
{
    enum status st = look(cli, repair);

    if (st != STATUS_OK)
        return st;
    if (repair->plan.way == MEND_NOTHING)
        return say_done(cli, repair);
    if (!cli->json)
        say_damage(repair);
    if (repair->plan.hopeless)
        return cli_fail(cli, STATUS_CORRUPT,
                        "restore the missing file from a backup of the home, "
                        "or the whole home",
                        "a file of the journal is another's: this cannot be "
                        "mended");
    if (!cli->json)
        say_cost(repair);
    st = cli_confirm(cli, "Do it?");
    if (st == STATUS_OK)
        st = mend(cli, repair);
    return st == STATUS_OK ? say_done(cli, repair) : st;
}

enum status
repair_journal(struct cli *cli)
{
    struct repair repair = {.vault = NULL};
    char          why[256] = "";
    enum status   st;

    if (start_is_up(cli))
        return cli_fail(cli, STATUS_LOCKED, cli_line(cli, "down").text,
                        "the node runs and holds its home");
    st = posix_disk_open(cli->home, &repair.disk, why);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "%s", why);
    st = look_and_mend(cli, &repair);
    vault_close(repair.vault);
    inspect_clear(&repair.found);
    posix_disk_close(&repair.disk);
    return st;
}
