/* self.c - certificate and cards, read and verified. */
#include "tools/cli/self.h"

#include "tools/cli/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum status
self_missing(struct cli *cli, enum status st)
{
    struct home_path path;

    if (home_path(cli->home, HOME_KEYRING, &path) == STATUS_OK &&
        access(path.text, F_OK) == 0)
        return cli_fail(cli, st,
                        "restore that file from a backup of the home",
                        "%s is gone from %s, where other files of a node are",
                        HOME_CERTIFICATE, cli->home);
    return cli_fail(cli, st,
                    cli_line(cli, "init --name NAME --org ORG --country CC "
                                  "--listen ADDR:PORT")
                        .text,
                    "there is no node in %s", cli->home);
}

NODISCARD static enum status
no_home(struct cli *cli, enum status st)
{
    if (st == STATUS_NOT_FOUND)
        return self_missing(cli, st);
    if (st == STATUS_MODE)
        return cli_fail(cli, st, "chmod 700 the folder, and 600 its files",
                        "%s is open to others than its owner", cli->home);
    return cli_status(cli, st, cli->home);
}

enum status
self_cert_encoded(struct cli *cli, struct cert_encoded *out)
{
    enum status st = home_check(cli->home);

    if (st == STATUS_OK)
        st = home_read(cli->home, HOME_CERTIFICATE, out->bytes,
                       sizeof(out->bytes), &out->len);
    return st == STATUS_OK ? STATUS_OK : no_home(cli, st);
}

enum status
self_cert(struct cli *cli, struct cert *out)
{
    struct cert_encoded encoded;
    enum status         st = self_cert_encoded(cli, &encoded);

    if (st != STATUS_OK)
        return st;
    st = cert_verify(cert_span(&encoded), NULL, out);
    if (st != STATUS_OK)
        return cli_fail(cli, STATUS_CORRUPT, cli_line(cli, "doctor").text,
                        "the node's own certificate does not verify: %s",
                        status_words(st));
    return STATUS_OK;
}

enum status
self_card(struct cli *cli, struct card_text *out)
{
    size_t      len = 0;
    enum status st = home_check(cli->home);

    if (st == STATUS_OK)
        st = home_read(cli->home, HOME_CARD, (uint8_t *)out->text, LIMIT_CARD,
                       &len);
    if (st != STATUS_OK)
        return no_home(cli, st);
    out->text[len] = '\0';
    out->len = len;
    return STATUS_OK;
}

enum status
self_read_card(struct cli *cli, const char *path, struct card *out,
               char **text)
{
    size_t      len = 0;
    size_t      line = 0;
    enum status st = file_read(cli, path, LIMIT_CARD, text, &len);

    if (st == STATUS_TOO_LARGE)
        snprintf(cli->message, sizeof(cli->message), "%s is no card: %s",
                 file_name(path), "it is too large for one");
    if (st != STATUS_OK)
        return st;
    st = card_parse((struct span){(const uint8_t *)*text, len}, out, &line);
    if (st == STATUS_OK)
        return st;
    free(*text);
    *text = NULL;
    if (st == STATUS_BAD_ENCODING && line <= 1)
        return cli_fail(cli, st,
                        "a card begins with -----BEGIN ENTENTE CARD-----"
                        "; `entente card --out FILE` writes it",
                        "%s is no card", file_name(path));
    if (st == STATUS_BAD_FIELD)
        return cli_fail(cli, st, "ask for another card",
                        "%s: it holds a value that no card may have",
                        path);
    if (st == STATUS_BAD_ENCODING)
        st = STATUS_BAD_PROOF;
    return cli_fail(cli, st, "ask for the card again, by another way",
                    "%s is not as it was signed: line %zu", path, line);
}
