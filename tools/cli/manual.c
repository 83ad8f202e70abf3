/*
 * manual.c - four pages; what a table says is never said again here.
 *
 * Invariant: text of a table goes through put(), so that nothing in it is
 * taken for a macro.
 */
#include "tools/cli/manual.h"

#include "node/net/ending.h"
#include "node/store/config.h"
#include "tools/cli/help.h"
#include "tools/verify/verify_words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 78 };

/* --- mdoc ---------------------------------------------------------------- */

/* A backslash, and a dot or quotation mark at a line's beginning, would be
 * mdoc's.  `word`: an argument of a macro, in quotation marks. */
static void
put(const char *text, bool word, FILE *out)
{
    if (word)
        fputc('"', out);
    else if (text[0] == '.' || text[0] == '\'')
        fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '"' && word)
            fputs("\\(dq", out);
        else if (*text == '-' && word)
            fputs("\\-", out);
        else
            fputc(*text, out);
    }
    if (word)
        fputc('"', out);
}

static void
head(const char *name, const char *section, const char *what, FILE *out)
{
    fputs(".\\\" Generated from the tables of the program.\n"
          ".Dd $Mdocdate$\n.Dt ",
          out);
    for (const char *at = name; *at != '\0'; at++)
        fputc(toupper((unsigned char)*at), out);
    fprintf(out, " %s\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n", section, name, what);
}

/* --- entente(1) ---------------------------------------------------------- */

static void
option_item(enum cli_option option, FILE *out)
{
    const struct cli_option_info *info = cli_option_info(option);
    const char                   *argument = info->argument;
    char                          text[64];

    fputs(".It ", out);
    if (info->letter != '\0')
        fprintf(out, "Fl %c , ", info->letter);
    snprintf(text, sizeof(text), "-%s", info->name);
    fputs("Fl ", out);
    put(text, true, out);
    if (argument != NULL) {
        bool bare = argument[0] == '[';

        snprintf(text, sizeof(text), "%s%.*s", bare ? "=" : "",
                 (int)(strlen(argument) - (bare ? 2 : 0)), argument + bare);
        fputs(bare ? " Ns Op Ar " : " Ar ", out);
        put(text, true, out);
    }
    fputc('\n', out);
    put(info->help, false, out);
    fputs(info->repeated ? "; may stand several times.\n" : ".\n", out);
}

static void
option_list(cli_options mask, FILE *out)
{
    if (mask == 0)
        return;
    fputs(".Bl -tag -width Ds -compact\n", out);
    for (int i = 0; i < CLI_OPTION_COUNT; i++)
        if ((mask & CLI_ONE(i)) != 0)
            option_item((enum cli_option)i, out);
    fputs(".El\n", out);
}

/* mdoc begins each sentence on a line of its own. */
static void
put_note(const char *note, FILE *out)
{
    for (; *note != '\0'; note++) {
        fputc(*note, out);
        if (*note == '.' && strncmp(note + 1, "  ", 2) == 0) {
            fputc('\n', out);
            note += 2;
        }
    }
    fputc('\n', out);
}

static void
command_section(const struct command *row, FILE *out)
{
    const char *note = help_note(row->name);

    fputs(".It Ic ", out);
    put(row->name, true, out);
    if (row->args[0] != '\0') {
        fputs(" Ar ", out);
        put(row->args, true, out);
    }
    fputc('\n', out);
    put(row->help, false, out);
    fputs(".\n", out);
    if (note != NULL)
        put_note(note, out);
    if (row->example != NULL) {
        fputs("Example:\n.Dl entente ", out);
        put(row->example, false, out);
        fputc('\n', out);
    }
    option_list(row->options, out);
}

static void
status_list(FILE *out)
{
    fputs(".Sh EXIT STATUS\n"
          "The status list of the program, with the code that each ends "
          "with:\n.Pp\n.Bl -tag -width BAD_ENCODING -compact\n",
          out);
    for (int code = 0; code <= 8; code++)
        for (int st = 0; st < STATUS_COUNT; st++)
            if (status_exit_code((enum status)st) == code) {
                fprintf(out, ".It %d %s\n", code,
                        status_name((enum status)st));
                put(status_words((enum status)st), false, out);
                fputc('\n', out);
            }
    fputs(".El\n.Pp\n"
          "The one exception is\n.Ic check ,\n"
          "which ends as monitoring plugins do: 0 OK, 1 WARNING, 2 CRITICAL, "
          "3 UNKNOWN.\n",
          out);
}

/* What a person may write in the home. */
static void
files_section(FILE *out)
{
    fputs(".Sh FILES\n.Bl -tag -width Ds\n"
          ".It Pa HOME/defaults\n"
          "What every message says alike, for the fields that it leaves out, "
          "as a form; mode 600:\n"
          ".Bd -literal -compact\n"
          "originator.post: Duty Officer\n"
          "label.policy: IN-JP\n"
          "label.classification: RESTRICTED\n"
          "label.releasable_to: IN, JP\n"
          "legal_basis.agreement: JDSC-2025\n"
          "legal_basis.article: 2\n"
          ".Ed\n"
          "A label that a message begins is its own, whole.\n"
          ".It Pa HOME/posts\n"
          "Whose post a user has, a line each, by user id or name; mode 600:\n"
          ".Bd -literal -compact\n"
          "1000: Duty Officer\n"
          "analyst: Analysis Cell\n"
          ".Ed\n"
          ".It Pa HOME/drafts\n"
          "Forms that are not sent yet, readable to you alone, not sealed.\n"
          ".El\n",
          out);
}

static void
print_entente(const struct command *commands, FILE *out)
{
    head("entente", "1",
         "signed, sealed and receipted messages between organisations", out);
    fputs(".Sh SYNOPSIS\n.Nm\n.Op Fl \"\\-home\" Ar DIR\n.Ar verb\n"
          ".Op Ar options\n.Op Ar words\n"
          ".Sh DESCRIPTION\n"
          "Writes, sends, reads and acknowledges messages, and looks after "
          "the node that carries them,\n.Xr entented 8 .\n"
          "Without a verb it tells how things stand, or how to begin.\n"
          ".Ss Every verb takes\n",
          out);
    option_list(CLI_ALWAYS, out);
    fputs(".Ss Verbs\n.Bl -tag -width Ds\n", out);
    for (const struct command *row = commands; row->name != NULL; row++)
        if (row->name[0] != '\0')
            command_section(row, out);
    fputs(".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
          ".It Ev ENTENTE_HOME\nThe node's home where\n.Fl \"\\-home\"\n"
          "is not given.\n"
          ".It Ev ENTENTE_PASSPHRASE_FILE\nThe file whose first line is the "
          "passphrase.\n"
          ".It Ev PAGER\nShows what is longer than the screen, else\n"
          ".Xr less 1\n; empty or\n.Dq cat :\nno pager.\n"
          ".It Ev TZ\nThe local time that stands beside date-time groups.\n"
          ".It Ev NO_COLOR\nNo colours, unless\n.Fl \"\\-color\"\nis given.\n"
          ".El\n",
          out);
    files_section(out);
    status_list(out);
    fputs(".Sh SEE ALSO\n.Xr entente-verify 1 ,\n.Xr entente.conf 5 ,\n"
          ".Xr entented 8\n",
          out);
}

/* --- entented(8) --------------------------------------------------------- */

static void
print_capture(FILE *out)
{
    fputs(
        ".It Fl \"\\-capture\" Ar FILE\n"
        "Writes what goes over the wire to a new file.\n"
        ".It Fl \"\\-frames\"\n"
        "Writes there too the frames inside the link, decrypted: which "
        "message goes when, and who has received what, though not what "
        "stands in it.\n"
        ".It Fl \"\\-replay\"\n"
        "Writes there too what\n.Ic entente replay\n"
        "needs: all keys and messages, sealed under the passphrase.\n"
        ".It Fl \"\\-limit\" Ar SIZE\n"
        "Bytes of that file: 1M or more, with K, M, G or T for powers of two, "
        "1G unless it is given.\n"
        "Another follows it, named with -00002, and so on.\n"
        "With\n.Fl \"\\-replay\"\nthe capture ends there, with an alarm, "
        "since a replay needs all of it.\n"
        ".It Fl \"\\-keep\" Ar N\n"
        "How many of those files stay, the newest; 2 unless it is given.\n",
        out);
}

static void
print_entented(FILE *out)
{
    head("entented", "8", "the node of one home, in the foreground", out);
    fputs(
        ".Sh SYNOPSIS\n.Nm\n.Fl \"\\-home\" Ar DIR\n"
        ".Op Fl \"\\-passphrase\\-fd\" Ar N\n"
        ".Oo Fl \"\\-capture\" Ar FILE\n"
        ".Op Fl \"\\-frames\"\n"
        ".Op Fl \"\\-replay\"\n"
        ".Op Fl \"\\-limit\" Ar SIZE\n"
        ".Op Fl \"\\-keep\" Ar N\n"
        ".Oc\n"
        ".Sh DESCRIPTION\n"
        "Keeps keys, queue, store and links of a home that\n"
        ".Ic entente init\nhas made;\n.Ic entente up\n"
        "starts it in the background.\n"
        ".Bl -tag -width Ds\n"
        ".It Fl \"\\-home\" Ar DIR\nThe node's folder, or\n"
        ".Ev ENTENTE_HOME .\n"
        ".It Fl \"\\-passphrase\\-fd\" Ar N\n"
        "Reads the passphrase from this descriptor; else from the file that\n"
        ".Ev ENTENTE_PASSPHRASE_FILE\nnames, the systemd credential\n"
        ".Pa entente.passphrase ,\nor the terminal.\n"
        "A node made with\n.Ic init \"\\-\\-unattended\"\nneeds none.\n",
        out);
    print_capture(out);
    fputs(
        ".It Fl \"\\-version\"\nWhich version this is.\n"
        ".It Fl \"\\-help\"\nHow it is called.\n"
        ".El\n"
        ".Ss Signals\n.Bl -tag -width Ds\n"
        ".It Dv SIGTERM , SIGINT\nEnds in order; what waits is kept.\n"
        ".It Dv SIGHUP\nReads\n.Xr entente.conf 5\n"
        "again and drops no link.\n"
        "What needs a restart, and a mistake, are said in the log; a mistake "
        "changes nothing.\n"
        ".El\n"
        ".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n",
        out);
    for (int ending = 0; ending < ENDING_COUNT; ending++) {
        fprintf(out, ".It %d %s\n", ending_code((enum ending)ending),
                ending_name((enum ending)ending));
        put(ending_words((enum ending)ending), false, out);
        fputc('\n', out);
    }
    fputs(".El\n.Sh SEE ALSO\n.Xr entente 1 ,\n.Xr entente.conf 5\n", out);
}

/* --- entente.conf(5) ----------------------------------------------------- */

static void
print_config(FILE *out)
{
    head("entente.conf", "5", "configuration of a node", out);
    fputs(".Sh SYNOPSIS\n.Pa HOME/config\n"
          ".Sh DESCRIPTION\n"
          "Lines of\n.Ql key = value\nunder the one section\n.Ql [node] ;\n"
          "what begins with # or ; is a comment.\n"
          "There is no secret in it, and the file must be its owner's "
          "alone.\n"
          "What is not known is an error with its line;\n"
          ".Ic entente config check\ntells before the node does.\n"
          ".Bl -tag -width Ds\n",
          out);
    for (const struct config_key *key = config_keys; key->name != NULL; key++) {
        fprintf(out, ".It Cm %s No = Ar ", key->name);
        put(key->value, true, out);
        fputc('\n', out);
        put(key->help, false, out);
        fputs(key->reloads ? ".\nTaken on SIGHUP.\n"
                           : ".\nNeeds a restart of the node.\n",
              out);
    }
    fputs(".El\n.Sh EXAMPLES\n.Bd -literal -offset indent\n"
          "[node]\nlisten = 0.0.0.0:7300\nadvertise = node.example.org:7300\n"
          ".Ed\n.Sh SEE ALSO\n.Xr entente 1 ,\n.Xr entented 8\n",
          out);
}

/* --- entente-verify(1) ---------------------------------------------------- */

static void
verify_option(const char *name, const char *argument, const char *meaning,
              FILE *out)
{
    fprintf(out, ".It Fl \"\\-%s\"", name);
    if (argument != NULL)
        fprintf(out, " Ar %s", argument);
    fputc('\n', out);
    put(meaning, false, out);
    fputs(".\n", out);
}

static void
print_verify(FILE *out)
{
    head("entente-verify", "1", "what files prove, offline", out);
    fputs(".Sh SYNOPSIS\n.Nm\n.Op Fl \"\\-json\"\n"
          ".Op Fl \"\\-card\" Ar FILE\n.Ar FILE ...\n"
          ".Sh DESCRIPTION\n"
          "Says what evidence\n.Pq Ic entente evidence\n"
          "proves, by whose keys and safety number, and what it does not "
          "prove.\n"
          "Of log exports\n.Pq Ic entente log export\n"
          "it computes every root; two of them, one of each side, it "
          "compares, and tells whether they are one story, or the first "
          "difference.\n"
          "It opens the files that it is given and nothing else: it needs no "
          "home, no network and no secret.\n"
          ".Bl -tag -width Ds\n",
          out);
#define OPTION(name, argument, meaning)                                        \
    verify_option(name, argument, meaning, out);
    VERIFY_OPTION_LIST(OPTION)
#undef OPTION
    fputs(".El\n.Ss What is checked\nOf an evidence file, in this order:\n"
          ".Bl -tag -width Ds -compact\n",
          out);
    for (unsigned i = 0; i < EVIDENCE_CHECK_COUNT; i++) {
        fprintf(out, ".It %s\n",
                evidence_check_name((enum evidence_check)i));
        put(verify_words_check((enum evidence_check)i), false, out);
        fputs(".\n", out);
    }
    fputs(".El\n.Ss What is not proven\n.Bl -bullet -compact\n", out);
    for (const char *const *at = verify_words_not_proven(); *at != NULL;
         at++) {
        fputs(".It\n", out);
        put(*at, false, out);
        fputc('\n', out);
    }
    fputs(".El\n.Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n"
          ".It 0\nEvery step passed.\n"
          ".It 4\nA file proves nothing, or is not by the key of a card, or "
          "two exports do not tell one story; what failed first is told.\n"
          ".It 2\nThe command was not understood.\n"
          ".It 5\nA file is not there.\n"
          ".It 7\nA card is none.\n"
          ".El\n.Sh SEE ALSO\n.Xr entente 1\n",
          out);
}

/* --- lines --------------------------------------------------------------- */

/* mdoc wants short lines; macros stay whole. */
static void
fold(const char *text, FILE *out)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");

        while (text[0] != '.' && len > COLUMNS) {
            size_t cut = COLUMNS;

            while (cut > 0 && (text[cut] != ' ' || text[cut + 1] == '.' ||
                               text[cut + 1] == '\''))
                cut--;
            if (cut == 0)
                break;
            fprintf(out, "%.*s\n", (int)cut, text);
            text += cut + 1;
            len -= cut + 1;
        }
        fprintf(out, "%.*s\n", (int)len, text);
        text += len + (text[len] == '\n' ? 1 : 0);
    }
}

enum status
manual_print(const struct command *commands, const char *page, FILE *out)
{
    char       *text = NULL;
    size_t      len = 0;
    FILE       *raw = open_memstream(&text, &len);
    enum status st = STATUS_OK;

    if (raw == NULL)
        return STATUS_IO;
    if (strcmp(page, "entente") == 0)
        print_entente(commands, raw);
    else if (strcmp(page, "entented") == 0)
        print_entented(raw);
    else if (strcmp(page, "entente.conf") == 0)
        print_config(raw);
    else if (strcmp(page, "entente-verify") == 0)
        print_verify(raw);
    else
        st = STATUS_NOT_FOUND;
    if (fclose(raw) != 0)
        st = STATUS_IO;
    if (st == STATUS_OK)
        fold(text, out);
    free(text);
    return st;
}
