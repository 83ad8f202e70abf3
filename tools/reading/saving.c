/*
 * saving.c - from the node into a file without a name, then under its name.
 *
 * Invariant: a name appears in the folder when the whole file is synced, and
 * never in the place of another.  Whoever ends the command meanwhile leaves
 * nothing behind, except where the file system knows no file without a name
 * (a stick's): there it is .entente-PID.part until it is whole.
 */
#include "tools/reading/saving.h"

#include "proto/text.h"
#include "tools/cli/file.h"
#include "tools/client/talk.h"
#include "tools/reading/opening.h"
#include "tools/terminal/amount.h"
#include "tools/terminal/progress.h"
#include "tools/terminal/safe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEM_MAX = 200, NUMBERS_MAX = 10000 };

struct saving {
    struct cli                     *cli;
    struct client                  *client;
    const char                     *dir;
    int                             folder;
    const Entente__Attachment      *attachment;
    const Entente__AttachmentState *state;
    char                           *safe; /* its name, for people */
    int                             file;
    char                            temporary[64]; /* "": without a name */
    char                            name[SAVING_NAME];
    uint64_t                        written;
    struct progress                 progress;
};

/* --- names --------------------------------------------------------------- */

static bool
is_plain(const char *at, size_t len, bool first)
{
    struct span text = {(const uint8_t *)at, len};
    bool        bad = false;
    uint32_t    character = text_take(&text, &bad);

    return !bad && character != '/' && character != '\\' &&
           !(first && (character == '.' || character == '-')) &&
           !text_is_control(character);
}

/* As given, but for what is not plain; cut at a character. */
static void
make_stem(const char *given, char out[static STEM_MAX + 1])
{
    struct span text = span_text(given);
    size_t      len = 0;

    while (text.len > 0 && len + 4 <= STEM_MAX) {
        const char *at = (const char *)text.ptr;
        size_t      before = text.len;
        bool        bad = false;
        size_t      taken;

        (void)text_take(&text, &bad);
        taken = before - text.len;
        if (is_plain(at, taken, len == 0)) {
            memcpy(out + len, at, taken);
            len += taken;
        } else {
            out[len++] = '_';
        }
    }
    if (len == 0)
        out[len++] = '_';
    out[len] = '\0';
}

void
saving_name(const char *given, unsigned number, char out[static SAVING_NAME])
{
    char        stem[STEM_MAX + 1];
    const char *dot;
    size_t      len;

    make_stem(given, stem);
    dot = strrchr(stem, '.');
    len = dot == NULL || dot == stem ? strlen(stem) : (size_t)(dot - stem);
    if (number == 1)
        snprintf(out, SAVING_NAME, "%s", stem);
    else
        snprintf(out, SAVING_NAME, "%.*s (%u)%s", (int)len, stem, number,
                 stem + len);
}

/* --- the file ------------------------------------------------------------ */

NODISCARD static enum status
failed(const struct saving *saving)
{
    return cli_fail(saving->cli,
                    errno == ENOSPC || errno == EDQUOT ? STATUS_NO_SPACE
                                                       : STATUS_IO,
                    NULL, "%.200s in %.200s: %s", saving->safe, saving->dir,
                    strerror(errno));
}

/* -1: not here, for one reason or another. */
static int
open_nameless(int folder)
{
    if (access("/proc/self/fd", X_OK) != 0)
        return -1; /* from there it would get its name */
    return openat(folder, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
}

NODISCARD static enum status
begin_file(struct saving *saving)
{
    saving->written = 0;
    saving->temporary[0] = '\0';
    saving->file = open_nameless(saving->folder);
    if (saving->file >= 0)
        return STATUS_OK;
    snprintf(saving->temporary, sizeof(saving->temporary),
             ".entente-%ld.part", (long)getpid());
    saving->file = openat(saving->folder, saving->temporary,
                          O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
                              O_NOFOLLOW,
                          0600);
    return saving->file >= 0 ? STATUS_OK : failed(saving);
}

static enum status
on_bytes(void *arg, struct span bytes)
{
    struct saving *saving = arg;

    if (!file_put(saving->file, bytes))
        return failed(saving);
    saving->written += bytes.len;
    progress_at(&saving->progress, saving->written);
    return STATUS_OK;
}

/* False: errno says why, EEXIST: something has it. */
static bool
take_name(const struct saving *saving)
{
    char path[64];

    if (saving->temporary[0] != '\0')
        return file_rename_new(saving->folder, saving->temporary,
                               saving->name);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", saving->file);
    return linkat(AT_FDCWD, path, saving->folder, saving->name,
                  AT_SYMLINK_FOLLOW) == 0;
}

/* The first of its names that is free. */
NODISCARD static enum status
give_name(struct saving *saving)
{
    for (unsigned number = 1; number <= NUMBERS_MAX; number++) {
        saving_name(saving->attachment->name, number, saving->name);
        if (take_name(saving))
            return home_sync(saving->folder) == STATUS_OK ? STATUS_OK
                                                           : failed(saving);
        if (errno != EEXIST)
            break;
    }
    return failed(saving);
}

NODISCARD static enum status
end_file(struct saving *saving, enum status st)
{
    if (st == STATUS_OK && home_sync(saving->file) != STATUS_OK)
        st = failed(saving);
    if (st == STATUS_OK)
        st = give_name(saving);
    if (st != STATUS_OK && saving->temporary[0] != '\0')
        (void)unlinkat(saving->folder, saving->temporary, 0);
    if (saving->file >= 0)
        close(saving->file);
    saving->file = -1;
    return st;
}

/* --- from the node ------------------------------------------------------- */

NODISCARD static enum status
damaged(const struct saving *saving, uint64_t chunk)
{
    return cli_fail(saving->cli, STATUS_CORRUPT,
                    "nothing was written; its sender can send it again",
                    "%.200s: chunk %llu here is not what its sender sealed: "
                    "the file is damaged",
                    saving->safe, (unsigned long long)chunk);
}

/* Each chunk of one answer. */
NODISCARD static enum status
take_answer(struct saving *saving, struct opening *opening, uint64_t *index,
            const Entente__ChunkResponse *answer)
{
    struct reader in = reader_of(
        (struct span){answer->chunks.data, answer->chunks.len});
    enum status st = STATUS_OK;

    while (st == STATUS_OK && in.left > 0) {
        size_t len = in.left < LIMIT_CHUNK_SEALED ? in.left
                                                  : LIMIT_CHUNK_SEALED;

        st = opening_put(opening, reader_take(&in, len), on_bytes, saving);
        if (st == STATUS_BAD_PROOF || st == STATUS_CORRUPT)
            return damaged(saving, *index);
        ++*index;
    }
    return st;
}

NODISCARD static enum status
copy_chunks(struct saving *saving, struct opening *opening)
{
    uint64_t    index = 0;
    enum status st = STATUS_OK;

    while (st == STATUS_OK && index < opening_chunks(opening)) {
        Entente__ChunkRequest chunk = ENTENTE__CHUNK_REQUEST__INIT;
        Entente__Request      request = ENTENTE__REQUEST__INIT;
        Entente__Response    *response = NULL;
        uint64_t              before = index;

        chunk.file = saving->state->file;
        chunk.index = index;
        request.kind_case = ENTENTE__REQUEST__KIND_CHUNK;
        request.chunk = &chunk;
        st = talk_ask(saving->cli, saving->client, &request,
                      ENTENTE__RESPONSE__KIND_CHUNK, &response);
        if (st == STATUS_OK)
            st = take_answer(saving, opening, &index, response->chunk);
        if (st == STATUS_OK && index == before)
            st = damaged(saving, index);
    }
    if (st == STATUS_OK && opening_end(opening) != STATUS_OK)
        st = damaged(saving, index);
    return st;
}

NODISCARD static enum status
save_one(struct saving *saving)
{
    struct opening *opening = NULL;
    enum status     st = opening_new(saving->attachment, &opening);

    if (st != STATUS_OK)
        return cli_fail(saving->cli, st, NULL, "%.200s: %s", saving->safe,
                        status_words(st));
    progress_begin(&saving->progress, saving->safe, saving->attachment->size,
                   saving->cli->json);
    st = begin_file(saving);
    if (st == STATUS_OK)
        st = end_file(saving, copy_chunks(saving, opening));
    progress_end(&saving->progress);
    opening_free(opening);
    return st;
}

/* --- all of them --------------------------------------------------------- */

NODISCARD static enum status
not_whole(const struct saving *saving)
{
    const Entente__AttachmentState *state = saving->state;

    if (strcmp(state->state, "partial") == 0)
        return cli_fail(saving->cli, STATUS_BAD_STATE,
                        "it is saved once it is whole; `show` says how far it "
                        "has come",
                        "%.200s is not whole yet: %llu of %llu chunks are "
                        "here",
                        saving->safe, (unsigned long long)state->chunks,
                        (unsigned long long)state->of);
    return cli_fail(saving->cli, STATUS_BAD_STATE, NULL, "%.200s is %s",
                    saving->safe, state->state);
}

/* Says where it is, to a person. */
static void
tell(const struct saving *saving)
{
    char *name;

    if (saving->cli->json || cli_has(saving->cli, CLI_QUIET))
        return;
    name = safe_text(span_text(saving->name), false);
    fprintf(stderr, "saved %s/%s, %s\n", saving->dir,
            name == NULL ? "?" : name, amount_of(saving->written).text);
    free(name);
}

enum status
saving_check(struct cli *cli, const char *dir)
{
    struct stat info;

    if (stat(dir, &info) != 0 && errno == ENOENT)
        return cli_fail(cli, STATUS_NOT_FOUND, "make it first",
                        "there is no folder %.300s", dir);
    if (access(dir, R_OK | W_OK | X_OK) != 0)
        return file_fail(cli, dir);
    if (!S_ISDIR(info.st_mode))
        return cli_fail(cli, STATUS_BAD_FIELD, "--save takes a folder",
                        "%.300s is a file", dir);
    return STATUS_OK;
}

enum status
saving_settle(struct cli *cli, struct client *client,
              const struct shown *shown)
{
    const Entente__ShowResponse *show = shown->show;

    for (size_t i = 0; i < show->n_attachments && !show->outgoing; i++) {
        Entente__AttachmentState *state = show->attachments[i];
        Entente__ChunkRequest     chunk = ENTENTE__CHUNK_REQUEST__INIT;
        Entente__Request          request = ENTENTE__REQUEST__INIT;
        Entente__Response        *response = NULL;
        enum status               st;

        if (strcmp(state->state, "complete") != 0 &&
            strcmp(state->state, "unknown") != 0)
            continue;
        chunk.file = state->file;
        chunk.count = 1;
        request.kind_case = ENTENTE__REQUEST__KIND_CHUNK;
        request.chunk = &chunk;
        st = client_ask(client, &request, talk_wait_ms(cli), &response);
        if (st != STATUS_OK)
            return talk_broken(cli, st);
        free(state->state);
        state->state = strdup(response->kind_case ==
                                      ENTENTE__RESPONSE__KIND_CHUNK
                                  ? "complete"
                                  : "gone");
        if (state->state == NULL)
            abort();
    }
    return STATUS_OK;
}

enum status
saving_run(struct cli *cli, struct client *client, const struct shown *shown,
           const char *dir)
{
    const Entente__ShowResponse *show = shown->show;
    struct saving saving = {.cli = cli, .client = client, .dir = dir};
    enum status   st = STATUS_OK;
    size_t        count = shown->message == NULL
                              ? 0
                              : shown->message->n_attachments;

    if (show->outgoing)
        return cli_fail(cli, STATUS_BAD_STATE, NULL,
                        "%s is a message of ours: its files came from here",
                        show->row->ref);
    if (count == 0 || count != show->n_attachments)
        return cli_fail(cli, STATUS_NOT_FOUND, NULL,
                        "%s has no attachments", show->row->ref);
    saving.folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (saving.folder < 0)
        return file_fail(cli, dir);
    for (size_t i = 0; i < count; i++) {
        enum status one;

        saving.attachment = shown->message->attachments[i];
        saving.state = show->attachments[i];
        saving.file = -1;
        saving.safe = safe_text(span_text(saving.attachment->name), false);
        if (saving.safe == NULL)
            abort();
        one = strcmp(saving.state->state, "complete") == 0
                  ? save_one(&saving)
                  : not_whole(&saving);
        if (one == STATUS_OK)
            tell(&saving);
        st = st == STATUS_OK ? one : st;
        free(saving.safe);
    }
    close(saving.folder);
    return st;
}
