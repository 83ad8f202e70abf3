/*
 * options.c - a table for getopt, and what each word of it sets.
 */
#include "node/options.h"

#include "node/host/size.h"
#include "node/net/passphrase.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

const char options_usage[] =
    "usage: entented --home DIR [--passphrase-fd N]\n"
    "                [--capture FILE [--frames] [--replay]\n"
    "                                [--limit SIZE] [--keep N]]\n"
    "\n"
    "The node of a home, in the foreground; `entente up` starts it in the\n"
    "background.  SIGTERM or SIGINT ends it in order; SIGHUP reads the\n"
    "configuration again and drops no link.\n"
    "\n"
    "  --home DIR          the node's folder, or ENTENTE_HOME\n"
    "  --passphrase-fd N   reads the passphrase from this descriptor; else\n"
    "                      ENTENTE_PASSPHRASE_FILE, the systemd credential\n"
    "                      entente.passphrase, or the terminal\n"
    "  --capture FILE      writes what goes over the wire to a new file\n"
    "  --frames            and the frames inside the link, decrypted\n"
    "  --replay            and what `entente replay` needs: all keys and\n"
    "                      messages, sealed under the node's passphrase\n"
    "  --limit SIZE        bytes of that file, 1M or more, 1G unless given;\n"
    "                      then FILE-00002 follows; with --replay it ends\n"
    "  --keep N            how many files stay, 2 unless given\n"
    "  --version, --help\n";

static bool
parse_number(const char *text, long least, long most, long *out)
{
    char *end = NULL;
    long  value = strtol(text, &end, 10);

    if (end == text || *end != '\0' || value < least || value > most)
        return false;
    *out = value;
    return true;
}

/* False: no value of that option. */
static bool
take(struct options *out, int letter, const char *value)
{
    struct capture_options *capture = &out->capture;
    long                    number = 0;

    switch (letter) {
    case 'd': out->home = value; return true;
    case 'p':
        if (!parse_number(value, 0, 1 << 20, &number))
            return false;
        out->passphrase_fd = (int)number;
        return true;
    case 'c': capture->path = value; return true;
    case 'f': capture->frames = true; return true;
    case 'r': out->replay = true; return true;
    case 'l':
        return size_parse(value, &capture->limit) == STATUS_OK &&
               capture->limit >= CAPTURE_LIMIT_MIN;
    case 'k':
        if (!parse_number(value, 1, CAPTURE_KEEP_MAX, &number))
            return false;
        capture->keep = (uint32_t)number;
        return true;
    default: return false;
    }
}

/* What is said of a capture needs one. */
static bool
fits(const struct options *options)
{
    const struct capture_options *capture = &options->capture;
    bool more = capture->frames || options->replay || capture->limit > 0 ||
                capture->keep > 0;

    return capture->path != NULL || !more;
}

enum status
options_parse(int argc, char **argv, struct options *out)
{
    static const struct option table[] = {
        {"home", required_argument, NULL, 'd'},
        {"passphrase-fd", required_argument, NULL, 'p'},
        {"capture", required_argument, NULL, 'c'},
        {"frames", no_argument, NULL, 'f'},
        {"replay", no_argument, NULL, 'r'},
        {"limit", required_argument, NULL, 'l'},
        {"keep", required_argument, NULL, 'k'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    *out = (struct options){.home = getenv("ENTENTE_HOME"),
                            .passphrase_fd = PASSPHRASE_NO_FD};
    while ((letter = getopt_long(argc, argv, "", table, NULL)) != -1) {
        if (letter == 'v' || letter == 'h') {
            fputs(letter == 'v' ? "entented " ENTENTE_VERSION "\n"
                                : options_usage,
                  stdout);
            return STATUS_AGAIN;
        }
        if (!take(out, letter, optarg))
            return STATUS_USAGE;
    }
    if (optind != argc || out->home == NULL || out->home[0] == '\0')
        return STATUS_USAGE;
    return fits(out) ? STATUS_OK : STATUS_USAGE;
}
