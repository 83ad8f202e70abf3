/* bundle_told.c - one line for each thing that a person may have to act on. */
#include "tools/reading/bundle_told.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- made ----------------------------------------------------------------- */

void
bundle_told_made(const Entente__BundleExportResponse *said, const char *file,
                 uint64_t bytes, struct bundle_made *out)
{
    *out = (struct bundle_made){.file = file,
                                .number = said->number,
                                .bytes = bytes,
                                .dispatched = said->dispatched,
                                .entries = said->entries,
                                .receipts = said->receipts,
                                .waiting = said->waiting};
    snprintf(out->peer, sizeof(out->peer), "%s", said->peer);
}

json_t *
bundle_told_made_json(const struct bundle_made *made)
{
    return json_pack("{s:b, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "ok", 1,
                     "file", made->file, "peer", made->peer, "number",
                     (json_int_t)made->number, "bytes",
                     (json_int_t)made->bytes, "dispatched",
                     (json_int_t)made->dispatched, "entries",
                     (json_int_t)made->entries, "receipts",
                     (json_int_t)made->receipts, "waiting",
                     (json_int_t)made->waiting);
}

static const char *
plural(uint64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

/* The sentence that says what is in it. */
static void
print_contents(const struct bundle_made *made)
{
    printf("%s is bundle %" PRIu64 " for %s: ", made->file, made->number,
           made->peer);
    if (made->dispatched > 0)
        printf("%" PRIu64 " %s that waited", made->dispatched,
               plural(made->dispatched, "message", "messages"));
    else
        printf("no message was waiting");
    printf("; %" PRIu64 " %s in all that %s has not confirmed",
           made->entries, plural(made->entries, "entry", "entries"),
           made->peer);
    if (made->receipts > 0)
        printf(", and the receipt of what came");
    printf(".\n");
    if (made->waiting > 0)
        printf("%" PRIu64 " %s: as much is under way as %s takes; bring an "
               "answer back first.\n",
               made->waiting,
               plural(made->waiting, "message waits still",
                      "messages wait still"),
               made->peer);
}

void
bundle_told_print_made(const struct cli *cli, const struct bundle_made *made)
{
    (void)cli;
    print_contents(made);
    printf("Only %s can read it.\n\n"
           "Next, where %s runs:\n"
           "  entente bundle import FILE --out ANSWER\n"
           "and bring ANSWER back.  Until then all of it goes into the next "
           "bundle too,\nand over a link that comes up.\n",
           made->peer, made->peer);
}

/* --- found ---------------------------------------------------------------- */

enum status
bundle_told_found(const Entente__BundleImportResponse *said, const char *file,
                  struct bundle_found *out)
{
    size_t   len = entente__bundle_import_response__get_packed_size(said);
    uint8_t *bytes = malloc(len + 1);

    out->file = file;
    out->said = NULL;
    if (bytes != NULL) {
        entente__bundle_import_response__pack(said, bytes);
        out->said = entente__bundle_import_response__unpack(NULL, len, bytes);
    }
    free(bytes);
    return out->said != NULL ? STATUS_OK : STATUS_IO;
}

void
bundle_told_clear(struct bundle_found *found)
{
    if (found->said != NULL)
        entente__bundle_import_response__free_unpacked(found->said, NULL);
    found->said = NULL;
}

bool
bundle_told_is_partial(const struct bundle_found *found)
{
    const Entente__BundleImportResponse *said = found->said;

    return said->cut || said->damaged > 0 || said->n_faults > 0;
}

json_t *
bundle_told_found_json(const struct bundle_found *found)
{
    const Entente__BundleImportResponse *said = found->said;
    json_t                              *faults = json_array();

    for (size_t i = 0; i < said->n_faults; i++)
        (void)json_array_append_new(faults, json_string(said->faults[i]));
    return json_pack(
        "{s:b, s:s, s:s, s:I, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
        "s:b, s:I, s:o, s:b}",
        "ok", !bundle_told_is_partial(found), "file", found->file, "peer",
        said->peer, "number", (json_int_t)said->number, "old", said->old,
        "missing_first", (json_int_t)said->missing_first, "missing",
        (json_int_t)said->missing, "messages", (json_int_t)said->messages,
        "entries", (json_int_t)said->entries, "known",
        (json_int_t)said->known, "received", (json_int_t)said->received,
        "taken", (json_int_t)said->taken, "damaged",
        (json_int_t)said->damaged, "cut", said->cut, "incomplete",
        (json_int_t)said->incomplete, "faults", faults, "answer_due",
        said->answer_due);
}

static void
print_news(const struct bundle_found *found)
{
    const Entente__BundleImportResponse *said = found->said;

    printf("%s is bundle %" PRIu64 " from %s%s.\n", found->file, said->number,
           said->peer,
           said->old ? ", which was read before, or a later one was" : "");
    if (said->messages > 0)
        printf("New: %" PRIu64 " %s.\n", said->messages,
               plural(said->messages, "message", "messages"));
    else
        printf("No message in it is new.\n");
    if (said->known > 0)
        printf("%" PRIu64 " %s here already; nothing is shown twice.\n",
               said->known,
               plural(said->known, "entry in it was", "entries in it were"));
    if (said->received > 0)
        printf("It has %s's receipt for %" PRIu64 " %s of ours.\n",
               said->peer, said->received,
               plural(said->received, "entry", "entries"));
}

/* What did not come, and what that means. */
static void
print_missing(const struct bundle_found *found)
{
    const Entente__BundleImportResponse *said = found->said;

    if (said->missing == 1)
        printf("Bundle %" PRIu64 " has not come; nothing waits for it, this "
               "one has all that was in it.\n",
               said->missing_first);
    else if (said->missing > 1)
        printf("Bundles %" PRIu64 " to %" PRIu64 " have not come; nothing "
               "waits for them, this one has all that was in them.\n",
               said->missing_first, said->missing_first + said->missing - 1);
    if (said->cut)
        printf("The file was CUT: its end is not there.  What came before it "
               "was taken.\n");
    if (said->damaged > 0)
        printf("%" PRIu64 " %s DAMAGED and passed over.\n", said->damaged,
               plural(said->damaged, "piece of it is", "pieces of it are"));
    if (said->incomplete > 0)
        printf("%" PRIu64 " %s: %s next bundle has %s again.\n",
               said->incomplete,
               plural(said->incomplete, "entry has not come whole",
                      "entries have not come whole"),
               said->peer, plural(said->incomplete, "it", "them"));
    for (size_t i = 0; i < said->n_faults; i++)
        printf("Not taken: %s\n", said->faults[i]);
}

void
bundle_told_print_found(const struct cli *cli, const struct bundle_found *found,
                        const struct bundle_made *answer)
{
    const Entente__BundleImportResponse *said = found->said;

    print_news(found);
    print_missing(found);
    if (answer != NULL) {
        printf("\n");
        print_contents(answer);
    }
    if (answer != NULL && said->answer_due)
        printf("\nNext, where %s runs:\n  entente bundle import FILE\n",
               said->peer);
    else if (said->answer_due)
        printf("\nNext, for %s to know that it came:\n  %s\n", said->peer,
               cli_line(cli, "bundle export --to %s --out ANSWER", said->peer)
                   .text);
    else
        printf("\nNothing has to go back%s.\n",
               answer != NULL ? ": the answer can stay here" : "");
}
