/*
 * start.c - a child that becomes the node, watched until it answers.
 *
 * I1. The passphrase goes through a pipe: neither argv nor the environment
 *     ever holds it.
 * I2. The child keeps nothing of this terminal: a session of its own, no
 *     standard input, its output in a file.
 */
#include "tools/cli/start.h"

#include "node/net/ending.h"
#include "tools/cli/file.h"
#include "tools/client/client.h"
#include "tools/client/talk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    PASSPHRASE_FD = 3,
    POLL_MS = 10,
    ASK_MS = 2000,
    LOG_TAIL = 2000,
    CANNOT_RUN = 127
};

static void
sleep_ms(long ms)
{
    struct timespec wait = {.tv_sec = ms / 1000,
                            .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&wait, NULL);
}

bool
start_is_up(const struct cli *cli)
{
    struct client     *client = NULL;
    Entente__Nothing   nothing = ENTENTE__NOTHING__INIT;
    Entente__Request   request = ENTENTE__REQUEST__INIT;
    Entente__Response *response = NULL;
    enum status        st = client_open(cli->home, &client);

    if (st != STATUS_OK)
        return false;
    request.kind_case = ENTENTE__REQUEST__KIND_STATUS;
    request.status = &nothing;
    st = client_ask(client, &request, ASK_MS, &response);
    client_free(client);
    return st == STATUS_OK;
}

/* In the child; comes back only when it cannot run. */
static void
become_node(const struct cli *cli, const struct home_path *program,
            int passphrase, int log)
{
    char *home = realpath(cli->home, NULL);
    char  fd_text[16];
    int   nowhere = open("/dev/null", O_RDONLY);

    snprintf(fd_text, sizeof(fd_text), "%d", PASSPHRASE_FD);
    setsid(); /* (I2) */
    if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 ||
        dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
        return;
    if (home == NULL || dup2(passphrase, PASSPHRASE_FD) < 0 || chdir("/") != 0)
        return;
    execlp(program->text, "entented", "--home", home, "--passphrase-fd",
           fd_text, (char *)NULL);
    dprintf(STDERR_FILENO, "entented: %s cannot be run: %s\n", program->text,
            strerror(errno));
}

NODISCARD static enum status
spawn(struct cli *cli, const struct passphrase *passphrase, int log,
      pid_t *child)
{
    struct home_path program = {""};
    int              ends[2];
    bool             written;

    file_program("entented", &program);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return cli_status(cli, STATUS_IO, "a pipe to the node");
    *child = fork();
    if (*child == 0) {
        /* Above what dup2 writes over. */
        int high = fcntl(ends[0], F_DUPFD_CLOEXEC, PASSPHRASE_FD + 1);
        int log_high = fcntl(log, F_DUPFD_CLOEXEC, PASSPHRASE_FD + 1);

        if (high >= 0 && log_high >= 0)
            become_node(cli, &program, high, log_high);
        _exit(CANNOT_RUN);
    }
    /* (I1): at most PASSPHRASE_MAX + 1 bytes, which a pipe takes at once.  Its
     * other end is open here, too, so a child that is gone makes no SIGPIPE. */
    written = *child > 0 &&
              write(ends[1], passphrase->bytes, passphrase->len) ==
                  (ssize_t)passphrase->len &&
              write(ends[1], "\n", 1) == 1;
    close(ends[0]);
    close(ends[1]);
    return written ? STATUS_OK
                   : cli_status(cli, STATUS_IO, "starting entented");
}

/* The end of what the node said since `from`, in whole lines. */
static void
read_log(int log, off_t from, char out[static LOG_TAIL + 1])
{
    off_t   end = lseek(log, 0, SEEK_END);
    bool    cut = end - from > LOG_TAIL;
    ssize_t got = pread(log, out, LOG_TAIL, cut ? end - LOG_TAIL : from);
    char   *line;

    out[got > 0 ? got : 0] = '\0';
    line = cut ? strchr(out, '\n') : NULL;
    if (line != NULL)
        memmove(out, line + 1, strlen(line + 1) + 1);
}

/* The status that stands for the daemon's exit code. */
static enum status
status_of_code(int code)
{
    static const struct {
        enum ending ending;
        enum status status;
    } table[] = {
        {ENDING_USAGE, STATUS_USAGE},
        {ENDING_UNTRUSTED, STATUS_PASSPHRASE},
        {ENDING_NO_HOME, STATUS_NOT_FOUND},
        {ENDING_CONFIG, STATUS_BAD_FIELD},
        {ENDING_LOCKED, STATUS_LOCKED},
        {ENDING_MODE, STATUS_MODE},
        {ENDING_CORRUPT, STATUS_CORRUPT},
        {ENDING_NO_SPACE, STATUS_NO_SPACE},
        {ENDING_ADDRESS, STATUS_IN_USE},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (ending_code(table[i].ending) == code)
            return table[i].status;
    }
    return STATUS_IO;
}

/* What an exit code of the daemon says. */
static const char *
words_of_code(int code)
{
    for (int ending = 0; ending < ENDING_COUNT; ending++) {
        if (ending_code((enum ending)ending) == code)
            return ending_words((enum ending)ending);
    }
    return "for a reason without a name";
}

/* What the first error of that log was about, cut out of its line
 * "TIME error start: storage.key: wrong passphrase (PASSPHRASE)"; NULL: there
 * is none. */
static const char *
first_error(char *text)
{
    static const char mark[] = " error start: ";
    char             *found = strstr(text, mark);

    if (found == NULL)
        return NULL;
    found += sizeof(mark) - 1;
    found[strcspn(found, "\n")] = '\0';
    return found;
}

NODISCARD static enum status
ended(struct cli *cli, int how, int log, off_t from)
{
    char        text[LOG_TAIL + 1];
    char        hint[HOME_PATH_MAX + 64];
    const char *why;

    read_log(log, from, text);
    snprintf(hint, sizeof(hint), "its own words are in %s/%s", cli->home,
             HOME_LOG);
    if (WIFSIGNALED(how))
        return cli_fail(cli, STATUS_IO, hint, "the node was ended by signal %d",
                        WTERMSIG(how));
    if (WEXITSTATUS(how) == CANNOT_RUN)
        return cli_fail(cli, STATUS_NOT_FOUND, NULL,
                        "entented is neither beside this program nor in PATH");
    why = first_error(text);
    return cli_fail(cli, status_of_code(WEXITSTATUS(how)), hint,
                    "the node did not start: %s",
                    why == NULL ? words_of_code(WEXITSTATUS(how)) : why);
}

enum status
start_node(struct cli *cli, const struct passphrase *passphrase)
{
    struct home_path path;
    enum status      st = home_path(cli->home, HOME_LOG, &path);
    pid_t            child = -1;
    off_t            from;
    int              log;

    if (st != STATUS_OK)
        return cli_status(cli, st, cli->home);
    log = open(path.text, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0)
        return cli_fail(cli, STATUS_IO, NULL, "%s: %s", path.text,
                        strerror(errno));
    from = lseek(log, 0, SEEK_END);
    st = spawn(cli, passphrase, log, &child);
    for (long waited = 0; st == STATUS_OK; waited += POLL_MS) {
        int how = 0;

        if (waitpid(child, &how, WNOHANG) == child) {
            st = ended(cli, how, log, from);
            break;
        }
        if (start_is_up(cli))
            break;
        if (waited >= START_WAIT_MS)
            st = cli_fail(cli, STATUS_TIMEOUT, path.text,
                          "the node runs but does not answer yet");
        sleep_ms(POLL_MS);
    }
    close(log);
    return st;
}

enum status
start_stop(struct cli *cli)
{
    struct client     *client = NULL;
    Entente__Response *response = NULL;
    int                lock = -1;
    enum status st = talk_plain(cli, ENTENTE__REQUEST__KIND_SHUTDOWN,
                                ENTENTE__RESPONSE__KIND_DONE, &client,
                                &response);

    if (st != STATUS_OK)
        return st;
    client_free(client);
    for (long waited = 0; waited < STOP_WAIT_MS; waited += POLL_MS) {
        st = home_lock(cli->home, &lock);
        if (st == STATUS_OK)
            close(lock);
        if (st != STATUS_LOCKED)
            return cli_status(cli, st, "the node's lock");
        sleep_ms(POLL_MS);
    }
    return cli_fail(cli, STATUS_TIMEOUT, NULL, "the node has not ended yet");
}
