/*
 * enclosing.c - read, compressed, sealed, sent; a few chunks ahead of the
 * node's answers.
 *
 * Invariants:
 *  (I1) a file that is not the same at its end as at its beginning is not
 *       sent: its last chunk never leaves;
 *  (I2) a key seals one file once; what begins anew draws another.
 */
#include "tools/writing/enclosing.h"

#include "node/net/clock.h"
#include "proto/text.h"
#include "tools/cli/file.h"
#include "tools/client/talk.h"
#include "tools/terminal/amount.h"
#include "tools/terminal/progress.h"
#include "tools/terminal/safe.h"
#include "tools/writing/sealing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum { AHEAD = 4, BLOCK = 65536, SAMPLES = 4, ZSTD_LEVEL = 3 };

struct enclosing {
    struct cli     *cli;
    struct client  *client;
    const char     *path;
    const char     *name; /* within the path */
    int             file;
    struct stat     info;
    bool            zstd;
    uint64_t        read;
    uint64_t        upload; /* 0: not begun */
    unsigned        ahead;  /* requests without answer */
    struct digest   told;   /* by the node, of the whole */
    struct progress progress;
    struct sealing  sealing;
    uint8_t         in[BLOCK];
    uint8_t         out[BLOCK];
};

/* --- the file ------------------------------------------------------------ */

static const char *
name_in(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static bool
name_is_plain(const char *name)
{
    struct span text = span_text(name);
    bool        bad = false;

    if (!text_ok(text) || text.len == 0 || text.len > LIMIT_ATTACHMENT_NAME)
        return false;
    while (text.len > 0)
        if (text_is_control(text_take(&text, &bad)))
            return false;
    return true;
}

NODISCARD static enum status
open_file(struct cli *cli, const char *path, int *out, struct stat *info)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    *out = file;
    if (file < 0 || fstat(file, info) != 0)
        return file_fail(cli, path);
    if (S_ISDIR(info->st_mode)) {
        errno = EISDIR;
        return file_fail(cli, path);
    }
    if (!S_ISREG(info->st_mode))
        return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                        "%.300s is no plain file: nothing else can be attached",
                        path);
    if ((uint64_t)info->st_size > LIMIT_ATTACHMENT)
        return cli_fail(cli, STATUS_TOO_LARGE, NULL,
                        "%.300s has %llu bytes; an attachment has at most "
                        "64 GiB, which is %llu",
                        path, (unsigned long long)info->st_size,
                        (unsigned long long)LIMIT_ATTACHMENT);
    if (!name_is_plain(name_in(path)))
        return cli_fail(cli, STATUS_BAD_FIELD, "give the file another name",
                        "%.300s: its name is no UTF-8 of 1 to 255 bytes, or "
                        "has characters that cannot be seen", path);
    return STATUS_OK;
}

enum status
enclosing_check(struct cli *cli)
{
    const struct cli_values *files = &cli->options[CLI_ATTACH];
    enum status              st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < files->count; i++) {
        struct stat info;
        int         file = -1;

        st = open_file(cli, files->at[i], &file, &info);
        if (file >= 0)
            close(file);
    }
    return st;
}

/* Whether samples of it lose a tenth or more. */
static bool
is_worth_zstd(struct enclosing *e)
{
    uint64_t size = (uint64_t)e->info.st_size;
    uint64_t step = size > BLOCK ? (size - BLOCK) / (SAMPLES - 1) : 0;
    size_t   plain = 0;
    size_t   packed = 0;
    uint8_t *out = malloc(ZSTD_compressBound(BLOCK));

    for (unsigned i = 0; out != NULL && i < SAMPLES; i++) {
        ssize_t got = pread(e->file, e->in, BLOCK, (off_t)(i * step));
        size_t  len;

        if (got <= 0)
            break;
        len = ZSTD_compress(out, ZSTD_compressBound(BLOCK), e->in, (size_t)got,
                            ZSTD_LEVEL);
        plain += (size_t)got;
        packed += ZSTD_isError(len) ? (size_t)got : len;
    }
    free(out);
    return packed + packed / 9 < plain;
}

/* --- to the node --------------------------------------------------------- */

NODISCARD static enum status
broken(struct enclosing *e, enum status st)
{
    if (st != STATUS_UNREACHABLE)
        return talk_broken(e->cli, st);
    return cli_fail(e->cli, st, cli_line(e->cli, "up").text,
                    "the node went away while %.300s was brought to it: the "
                    "message was not sent",
                    e->path);
}

NODISCARD static enum status
hear(struct enclosing *e)
{
    Entente__Response *response = NULL;
    enum status        st = client_next(e->client, talk_wait_ms(e->cli),
                                        &response);

    if (st != STATUS_OK)
        return broken(e, st);
    st = talk_judge(e->cli, response, ENTENTE__RESPONSE__KIND_ATTACH);
    if (st != STATUS_OK)
        return st;
    e->ahead--;
    e->upload = response->attach->upload;
    if (response->attach->digest.len == sizeof(e->told.bytes))
        memcpy(e->told.bytes, response->attach->digest.data,
               sizeof(e->told.bytes));
    return STATUS_OK;
}

/* (I1) */
static bool
has_changed(const struct enclosing *e)
{
    struct stat now;

    return fstat(e->file, &now) != 0 || now.st_size != e->info.st_size ||
           now.st_mtim.tv_sec != e->info.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != e->info.st_mtim.tv_nsec ||
           e->read != (uint64_t)e->info.st_size;
}

static enum status
on_give(void *arg, struct span sealed, bool last)
{
    struct enclosing      *e = arg;
    Entente__AttachRequest attach = ENTENTE__ATTACH_REQUEST__INIT;
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    enum status            st;

    attach.upload = e->upload;
    attach.chunks.data = (uint8_t *)(uintptr_t)sealed.ptr;
    attach.chunks.len = sealed.len;
    attach.whole = last;
    request.kind_case = ENTENTE__REQUEST__KIND_ATTACH;
    request.attach = &attach;
    st = client_send(e->client, &request);
    if (st != STATUS_OK)
        return broken(e, st);
    e->ahead++;
    while (st == STATUS_OK &&
           (e->ahead >= AHEAD || (e->ahead > 0 && (last || e->upload == 0))))
        st = hear(e);
    return st;
}

/* --- from the file ------------------------------------------------------- */

/* *got 0 at its end. */
NODISCARD static enum status
read_block(struct enclosing *e, size_t *got)
{
    ssize_t n;

    do
        n = read(e->file, e->in, BLOCK);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return file_fail(e->cli, e->path);
    *got = (size_t)n;
    e->read += (uint64_t)n;
    if (e->read > (uint64_t)e->info.st_size)
        *got = 0; /* it grows: told at the end */
    progress_at(&e->progress, e->read);
    return STATUS_OK;
}

NODISCARD static enum status
send_plain(struct enclosing *e)
{
    enum status st;
    size_t      got = 0;

    do {
        st = read_block(e, &got);
        if (st == STATUS_OK)
            st = sealing_put(&e->sealing, (struct span){e->in, got});
    } while (st == STATUS_OK && got > 0);
    return st;
}

/* A block of the file, or with `end` what zstd has kept back. */
NODISCARD static enum status
pack_block(struct enclosing *e, ZSTD_CCtx *zstd, size_t len, bool end)
{
    ZSTD_inBuffer in = {e->in, len, 0};
    enum status   st = STATUS_OK;
    size_t        left;

    do {
        ZSTD_outBuffer out = {e->out, BLOCK, 0};

        left = ZSTD_compressStream2(zstd, &out, &in,
                                    end ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return cli_fail(e->cli, STATUS_IO, NULL, "%.300s: zstd: %s",
                            e->path, ZSTD_getErrorName(left));
        st = sealing_put(&e->sealing, (struct span){e->out, out.pos});
    } while (st == STATUS_OK && (end ? left > 0 : in.pos < in.size));
    return st;
}

NODISCARD static enum status
send_packed(struct enclosing *e)
{
    ZSTD_CCtx  *zstd = ZSTD_createCCtx();
    enum status st = STATUS_OK;
    size_t      got = 0;

    if (zstd == NULL)
        return cli_status(e->cli, STATUS_IO, "memory");
    (void)ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
    do {
        st = read_block(e, &got);
        if (st == STATUS_OK)
            st = pack_block(e, zstd, got, got == 0);
    } while (st == STATUS_OK && got > 0);
    ZSTD_freeCCtx(zstd);
    return st;
}

/* --- the whole ----------------------------------------------------------- */

static char *
copy_text(const char *text)
{
    char *copy = strdup(text);

    if (copy == NULL)
        abort();
    return copy;
}

static ProtobufCBinaryData
copy_bytes(const uint8_t *bytes, size_t len)
{
    ProtobufCBinaryData copy = {len, malloc(len)};

    if (copy.data == NULL)
        abort();
    memcpy(copy.data, bytes, len);
    return copy;
}

/* By what its name ends in; what is not known here is bytes. */
static const char *
media_type(const char *name)
{
    static const char *const table[][2] = {
        {".txt", "text/plain"},       {".csv", "text/csv"},
        {".pdf", "application/pdf"},  {".json", "application/json"},
        {".xml", "application/xml"},  {".zip", "application/zip"},
        {".png", "image/png"},        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},      {".tif", "image/tiff"},
        {".mp4", "video/mp4"},        {".wav", "audio/wav"},
        {".geojson", "application/geo+json"},
    };
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot != NULL && i < sizeof(table) / sizeof(table[0]);
         i++)
        if (strcasecmp(dot, table[i][0]) == 0)
            return table[i][1];
    return "application/octet-stream";
}

/* Says so to a person. */
static void
tell(const struct enclosing *e)
{
    if (e->cli->json || cli_has(e->cli, CLI_QUIET))
        return;
    fputs("attached ", stderr);
    safe_put(span_text(e->name), false, stderr);
    fprintf(stderr, ", %s\n", amount_of(e->read).text);
}

static void
add(const struct enclosing *e, const struct digest *digest,
    Entente__Message *message)
{
    Entente__Attachment  *file = malloc(sizeof(*file));
    Entente__Attachment **list = realloc(
        message->attachments, (message->n_attachments + 1) * sizeof(*list));

    if (file == NULL || list == NULL)
        abort();
    entente__attachment__init(file);
    file->name = copy_text(e->name);
    file->media_type = copy_text(media_type(e->name));
    file->has_size_case = ENTENTE__ATTACHMENT__HAS_SIZE_SIZE;
    file->size = e->read;
    file->digest = copy_bytes(digest->bytes, sizeof(digest->bytes));
    file->key = copy_bytes(e->sealing.key.bytes, LIMIT_KEY);
    file->stored = e->sealing.stored;
    file->encoding = e->zstd ? ENTENTE__ATTACHMENT__ENCODING__ENCODING_ZSTD
                             : ENTENTE__ATTACHMENT__ENCODING__ENCODING_NONE;
    message->attachments = list;
    list[message->n_attachments++] = file;
}

/* *larger: zstd made it larger, and it is to be sent as it is. */
NODISCARD static enum status
send_file(struct enclosing *e, struct digest *digest, bool *larger)
{
    enum status st;

    clock_random(e->sealing.key.bytes, LIMIT_KEY); /* (I2) */
    sealing_begin(&e->sealing);
    e->upload = e->ahead = 0;
    e->read = 0;
    st = e->zstd ? send_packed(e) : send_plain(e);
    if (st == STATUS_OK && has_changed(e))
        return cli_fail(e->cli, STATUS_BAD_STATE,
                        "send it again once nobody writes to it",
                        "%.300s changed while it was read: nothing was sent",
                        e->path);
    if (st == STATUS_OK && e->zstd &&
        attachment_padded_len(e->sealing.encoded) >
            attachment_padded_len(e->read)) {
        *larger = true;
        return STATUS_OK;
    }
    if (st == STATUS_OK)
        st = sealing_end(&e->sealing, digest);
    if (st == STATUS_OK && !digest_equal(digest, &e->told))
        st = cli_fail(e->cli, STATUS_CORRUPT, NULL,
                      "%.300s: the node has something else than what was "
                      "brought to it",
                      e->path);
    return st;
}

NODISCARD static enum status
run_file(struct enclosing *e, Entente__Message *message)
{
    struct digest digest;
    bool          larger = false;
    enum status   st;

    e->file = -1;
    e->name = name_in(e->path);
    st = open_file(e->cli, e->path, &e->file, &e->info);
    if (st == STATUS_OK) {
        e->zstd = is_worth_zstd(e);
        progress_begin(&e->progress, e->name, (uint64_t)e->info.st_size,
                       cli_has(e->cli, CLI_QUIET));
        st = send_file(e, &digest, &larger);
    }
    if (st == STATUS_OK && larger && lseek(e->file, 0, SEEK_SET) == 0) {
        while (st == STATUS_OK && e->ahead > 0)
            st = hear(e);
        e->zstd = false;
        if (st == STATUS_OK)
            st = send_file(e, &digest, &larger);
    }
    progress_end(&e->progress);
    if (st == STATUS_OK) {
        add(e, &digest, message);
        tell(e);
    }
    if (e->file >= 0)
        close(e->file);
    return st;
}

enum status
enclosing_run(struct cli *cli, struct client *client,
              Entente__Message *message)
{
    const struct cli_values *files = &cli->options[CLI_ATTACH];
    struct enclosing        *e = calloc(1, sizeof(*e));
    enum status              st = STATUS_OK;

    if (e == NULL)
        return cli_status(cli, STATUS_IO, "memory");
    e->cli = cli;
    e->client = client;
    e->sealing.give = on_give;
    e->sealing.arg = e;
    for (size_t i = 0; st == STATUS_OK && i < files->count; i++) {
        e->path = files->at[i];
        st = run_file(e, message);
    }
    secret_wipe(e);
    free(e);
    return st;
}
