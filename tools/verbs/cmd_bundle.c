/*
 * cmd_bundle.c - the node makes and reads a bundle piece by piece; the file is
 * this side's.
 */
#include "tools/verbs/cmd_bundle.h"

#include "crypto/bundle.h"
#include "tools/cli/file.h"
#include "tools/cli/newfile.h"
#include "tools/client/talk.h"
#include "tools/reading/bundle_told.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECORDS = 4, /* in one piece */
    PIECE_MAX = BUNDLE_HEADER_LEN + RECORDS * BUNDLE_SEALED_LEN
};

/* --- export --------------------------------------------------------------- */

/* *out belongs to the client until its next call. */
NODISCARD static enum status
ask_piece(struct cli *cli, struct client *client, const char *to,
          const Entente__BundleExportResponse **out)
{
    Entente__BundleExportRequest asked = ENTENTE__BUNDLE_EXPORT_REQUEST__INIT;
    Entente__Request             request = ENTENTE__REQUEST__INIT;
    Entente__Response           *response = NULL;
    enum status                  st;

    asked.to = (char *)(uintptr_t)to;
    request.kind_case = ENTENTE__REQUEST__KIND_BUNDLE_EXPORT;
    request.bundle_export = &asked;
    st = talk_ask(cli, client, &request,
                  ENTENTE__RESPONSE__KIND_BUNDLE_EXPORT, &response);
    if (st == STATUS_OK)
        *out = response->bundle_export;
    return st;
}

/* A bundle for `to`, into a file that was begun. */
NODISCARD static enum status
make(struct cli *cli, struct client *client, const char *to,
     struct newfile *file, struct bundle_made *out)
{
    const Entente__BundleExportResponse *piece = NULL;
    enum status st = STATUS_OK;
    bool        whole = false;

    while (st == STATUS_OK && !whole) {
        st = ask_piece(cli, client, to, &piece);
        if (st == STATUS_OK)
            st = newfile_put(file, cli,
                             (struct span){piece->piece.data,
                                           piece->piece.len});
        whole = st == STATUS_OK && piece->whole;
        to = "";
    }
    if (st != STATUS_OK)
        return st;
    bundle_told_made(piece, file->path, file->len, out);
    return newfile_end(file, cli);
}

enum status
cmd_bundle_export(struct cli *cli)
{
    const char        *path = cli_value(cli, CLI_OUT);
    const char        *to = cli_value(cli, CLI_TO);
    struct client     *client = NULL;
    struct newfile     file = {.fd = -1};
    struct bundle_made made;
    enum status        st;

    if (path == NULL || to == NULL || to[0] == '\0')
        return cli_fail(cli, STATUS_USAGE,
                        cli_line(cli, "bundle export --to NAME --out FILE")
                            .text,
                        "entente bundle export needs --to NAME and --out "
                        "FILE");
    st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = newfile_begin(&file, cli, path);
    if (st == STATUS_OK)
        st = make(cli, client, to, &file, &made);
    newfile_clear(&file);
    if (st == STATUS_OK && cli->json)
        st = cli_print_json(cli, bundle_told_made_json(&made));
    else if (st == STATUS_OK)
        bundle_told_print_made(cli, &made);
    client_free(client);
    return st;
}

/* --- import --------------------------------------------------------------- */

NODISCARD static enum status
bring(struct cli *cli, struct client *client, struct span piece, bool end,
      const Entente__BundleImportResponse **out)
{
    Entente__BundleImportRequest asked = ENTENTE__BUNDLE_IMPORT_REQUEST__INIT;
    Entente__Request             request = ENTENTE__REQUEST__INIT;
    Entente__Response           *response = NULL;
    enum status                  st;

    asked.piece = (ProtobufCBinaryData){
        piece.len, (uint8_t *)(uintptr_t)piece.ptr};
    asked.end = end;
    request.kind_case = ENTENTE__REQUEST__KIND_BUNDLE_IMPORT;
    request.bundle_import = &asked;
    st = talk_ask(cli, client, &request,
                  ENTENTE__RESPONSE__KIND_BUNDLE_IMPORT, &response);
    if (st == STATUS_OK)
        *out = response->bundle_import;
    return st;
}

/* All pieces of an open file; what was found in the end. */
NODISCARD static enum status
bring_all(struct cli *cli, struct client *client, FILE *in, const char *path,
          const Entente__BundleImportResponse **out)
{
    uint8_t    *piece = malloc(PIECE_MAX);
    size_t      len = PIECE_MAX, got;
    enum status st = piece == NULL ? cli_status(cli, STATUS_IO, "memory")
                                   : STATUS_OK;

    while (st == STATUS_OK && (got = fread(piece, 1, len, in)) > 0) {
        st = bring(cli, client, (struct span){piece, got}, false, out);
        len = RECORDS * (size_t)BUNDLE_SEALED_LEN;
    }
    if (st == STATUS_OK && ferror(in))
        st = file_fail(cli, path);
    if (st == STATUS_OK && len == PIECE_MAX)
        st = cli_fail(cli, STATUS_BAD_ENCODING, NULL, "%s is empty", path);
    if (st == STATUS_OK) /* after all that came before is durable */
        st = bring(cli, client, SPAN_EMPTY, true, out);
    free(piece);
    return st;
}

NODISCARD static enum status
import(struct cli *cli, struct client *client, const char *path,
       struct bundle_found *out)
{
    const Entente__BundleImportResponse *said = NULL;
    FILE       *in = fopen(path, "re");
    enum status st;

    if (in == NULL)
        return file_fail(cli, path);
    st = bring_all(cli, client, in, path, &said);
    fclose(in);
    if (st == STATUS_OK)
        st = bundle_told_found(said, path, out);
    return st == STATUS_OK ? st : cli_status(cli, st, "memory");
}

/* What was found and the answer to it. */
NODISCARD static enum status
tell(struct cli *cli, const struct bundle_found *found,
     const struct bundle_made *answer)
{
    json_t *value;

    if (!cli->json) {
        bundle_told_print_found(cli, found, answer);
        return STATUS_OK;
    }
    value = bundle_told_found_json(found);
    if (answer != NULL)
        (void)json_object_set_new(value, "answer",
                                  bundle_told_made_json(answer));
    return cli_print_json(cli, value);
}

enum status
cmd_bundle_import(struct cli *cli)
{
    const char         *answer_path = cli_value(cli, CLI_OUT);
    struct client      *client = NULL;
    struct newfile      file = {.fd = -1};
    struct bundle_found found = {.said = NULL};
    struct bundle_made  answer;
    enum status         st = talk_open(cli, &client);

    if (st == STATUS_OK && answer_path != NULL)
        st = newfile_begin(&file, cli, answer_path);
    if (st == STATUS_OK)
        st = import(cli, client, cli->args[0], &found);
    if (st == STATUS_OK && answer_path != NULL)
        st = make(cli, client, found.said->peer, &file, &answer);
    newfile_clear(&file);
    if (found.said != NULL && st != STATUS_OK && !cli->json)
        bundle_told_print_found(cli, &found, NULL); /* it was read all right */
    if (st == STATUS_OK)
        st = tell(cli, &found, answer_path != NULL ? &answer : NULL);
    if (st == STATUS_OK && bundle_told_is_partial(&found))
        st = cli_said(cli, STATUS_CORRUPT);
    client_free(client);
    bundle_told_clear(&found);
    return st;
}
