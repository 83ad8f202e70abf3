/*
 * cmd_check.c - the worst of what was looked at, in one line.
 *
 * Exit codes are those of monitoring plugins (0 OK, 1 WARNING, 2 CRITICAL,
 * 3 UNKNOWN), the one exception to `help exit-codes`.  A node that does not
 * answer is CRITICAL; what cannot be judged is UNKNOWN.
 */
#include "tools/verbs/cmd_check.h"

#include "tools/admin/examine_home.h"
#include "tools/admin/examine_node.h"
#include "tools/admin/overdue_view.h"
#include "tools/admin/threshold.h"
#include "tools/cli/self.h"
#include "tools/client/talk.h"
#include "tools/terminal/moment.h"
#include "tools/terminal/page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { WORDS = 1024, PERFDATA = 1024 };

/* What is looked at, in the order of the performance data. */
enum subject { OLDEST, QUEUED, FREE, KEY_DAYS, LINK_DOWN, SUBJECTS };

struct checker {
    struct threshold     thresholds[SUBJECTS];
    int64_t              values[SUBJECTS];
    enum threshold_grade worst;
    char                 words[WORDS]; /* of all that is not OK */
    uint64_t             peers;
    uint64_t             up;
    uint64_t             unread;
    uint64_t             overdue;
};

static const struct {
    enum cli_option  option;
    const char      *name;
    const char      *unit; /* of the performance data */
    struct threshold preset;
} subjects[SUBJECTS] = {
    [OLDEST] = {CLI_OLDEST, "oldest", "s",
                {THRESHOLD_SECONDS, false, 900, 3600}},
    [QUEUED] = {CLI_QUEUED, "queued", "",
                {THRESHOLD_COUNT, false, 100, 1000}},
    [FREE] = {CLI_FREE, "free", "%", {THRESHOLD_PERCENT, true, 10, 5}},
    [KEY_DAYS] = {CLI_KEY_DAYS, "key_days", "",
                  {THRESHOLD_COUNT, true, 14, 3}},
    [LINK_DOWN] = {CLI_LINK_DOWN, "link_down", "s",
                   {THRESHOLD_SECONDS, false, 600, 3600}},
};

/* --- judging ------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static void
note(struct checker *checker, enum threshold_grade grade, const char *format,
     ...)
{
    size_t  at = strlen(checker->words);
    char   *bar;
    va_list args;

    if (grade == THRESHOLD_OK)
        return;
    if (grade > checker->worst)
        checker->worst = grade;
    if (at > 0)
        at += (size_t)snprintf(checker->words + at, WORDS - at, ", ");
    if (at >= WORDS - 1)
        return;
    va_start(args, format);
    vsnprintf(checker->words + at, WORDS - at, format, args);
    va_end(args);
    while ((bar = strchr(checker->words + at, '|')) != NULL)
        *bar = '/'; /* behind a bar stand numbers, and nothing else */
}

/* Keeps the worst value; its grade. */
static enum threshold_grade
judge(struct checker *checker, enum subject subject, int64_t value)
{
    const struct threshold *threshold = &checker->thresholds[subject];
    int64_t                *kept = &checker->values[subject];

    if (threshold->below ? value < *kept : value > *kept)
        *kept = value;
    return threshold_judge(threshold, value);
}

static void
judge_peer(struct checker *checker, const Entente__PeerStatus *peer,
           uint64_t uptime_s)
{
    uint64_t now = moment_now_ms();
    uint64_t down = examine_node_down_s(peer, uptime_s, now);
    uint64_t age = peer->oldest_queued_ms != 0 && now > peer->oldest_queued_ms
                       ? (now - peer->oldest_queued_ms) / 1000
                       : 0;

    if (peer->removed)
        return;
    checker->peers++;
    checker->up += down == 0 ? 1 : 0;
    checker->unread += peer->unread;
    if (peer->alarm[0] != '\0')
        note(checker, THRESHOLD_CRITICAL, "%s: alarm: %s", peer->name,
             peer->alarm);
    note(checker, judge(checker, LINK_DOWN, (int64_t)down),
         "%s: no link for %s", peer->name, moment_length(down).text);
    note(checker, judge(checker, OLDEST, (int64_t)age),
         "%s: the oldest waits for %s", peer->name, moment_length(age).text);
    note(checker, judge(checker, QUEUED, (int64_t)peer->queued),
         "%s: %" PRIu64 " wait", peer->name, peer->queued);
    note(checker, judge(checker, KEY_DAYS, peer->key_days_left),
         "%s: key is due in %" PRId64 " days", peer->name,
         peer->key_days_left);
}

/* The gravest is named; the others are counted. */
static void
judge_overdue(struct checker *checker, const Entente__StatusResponse *status)
{
    uint64_t unwatched = overdue_view_unwatched(status);

    checker->overdue = overdue_view_count(status);
    if (unwatched > 0)
        note(checker, THRESHOLD_WARNING,
             "%" PRIu64 " wait for an acknowledgement and are not watched",
             unwatched);
    if (status->n_overdue == 0)
        return;
    note(checker,
         overdue_view_grave(status->overdue[0]) ? THRESHOLD_CRITICAL
                                                : THRESHOLD_WARNING,
         "%" PRIu64 " not acknowledged in time: %s (%s) by %s",
         checker->overdue, status->overdue[0]->ref,
         status->overdue[0]->precedence,
         status->overdue[0]->outgoing ? status->overdue[0]->peer : "us");
}

static void
judge_home(struct checker *checker, const struct cli *cli,
           const struct cert *cert)
{
    uint64_t percent = 0;
    uint64_t bytes = 0;
    int64_t  days = ((int64_t)cert->renew_by_ms - (int64_t)moment_now_ms()) /
                   86400000;

    note(checker, judge(checker, KEY_DAYS, days),
         "own key is due in %" PRId64 " days", days);
    if (!examine_home_free(cli->home, &percent, &bytes)) {
        checker->values[FREE] = 0;
        note(checker, THRESHOLD_UNKNOWN, "the disk cannot be asked");
        return;
    }
    note(checker, judge(checker, FREE, (int64_t)percent),
         "%" PRIu64 " %% of the disk are free", percent);
}

/* --- saying -------------------------------------------------------------- */

static void
perfdata(const struct checker *checker, char out[static PERFDATA])
{
    size_t at = 0;

    for (size_t i = 0; i < SUBJECTS; i++)
        at += (size_t)snprintf(
            out + at, PERFDATA - at, "%s",
            threshold_perfdata(&checker->thresholds[i], subjects[i].name,
                               checker->values[i], subjects[i].unit)
                .text);
    snprintf(out + at, PERFDATA - at,
             " peers=%" PRIu64 " up=%" PRIu64 " unread=%" PRIu64
             " overdue=%" PRIu64,
             checker->peers, checker->up, checker->unread, checker->overdue);
}

NODISCARD static enum status
say(struct cli *cli, const struct checker *checker)
{
    char   data[PERFDATA];
    char   fine[128];
    json_t *values;

    if (checker->peers == 0)
        snprintf(fine, sizeof(fine), "no peers yet");
    else
        snprintf(fine, sizeof(fine), "%" PRIu64 " of %" PRIu64 " links up",
                 checker->up, checker->peers);
    perfdata(checker, data);
    cli->exit_code = (int)checker->worst;
    if (!cli->json) {
        printf("ENTENTE %s - ", threshold_word(checker->worst));
        page_text(checker->words[0] == '\0' ? fine : checker->words, stdout);
        printf(" |%s\n", data);
        return STATUS_OK;
    }
    values = json_pack("{s:I, s:I, s:I, s:I}", "peers",
                       (json_int_t)checker->peers, "up",
                       (json_int_t)checker->up, "unread",
                       (json_int_t)checker->unread, "overdue",
                       (json_int_t)checker->overdue);
    for (size_t i = 0; i < SUBJECTS; i++)
        json_object_set_new(values, subjects[i].name,
                            json_integer(checker->values[i]));
    return cli_print_json(
        cli, json_pack("{s:s, s:i, s:s, s:o}", "grade",
                       threshold_word(checker->worst), "exit_code",
                       cli->exit_code, "words",
                       checker->words[0] == '\0' ? fine : checker->words,
                       "values", values));
}

int
cmd_check_unknown(const struct cli *cli, enum status st)
{
    const char *words = cli->failed ? cli->message : status_words(st);
    json_t     *object;

    if (!cli->json) {
        printf("ENTENTE UNKNOWN - ");
        page_text(words, stdout);
        if (cli->hint[0] != '\0')
            fputs("; ", stdout);
        page_text(cli->hint, stdout);
        putchar('\n');
        return THRESHOLD_UNKNOWN;
    }
    object = json_pack("{s:s, s:i, s:s}", "grade", "UNKNOWN", "exit_code",
                       THRESHOLD_UNKNOWN, "words", words);
    if (cli_print_json(cli, object) != STATUS_OK)
        puts("{}");
    return THRESHOLD_UNKNOWN;
}

/* --- the command --------------------------------------------------------- */

NODISCARD static enum status
read_thresholds(struct cli *cli, struct checker *checker)
{
    for (size_t i = 0; i < SUBJECTS; i++) {
        const struct cli_option_info *info =
            cli_option_info(subjects[i].option);
        const char *text = cli_value(cli, subjects[i].option);

        checker->thresholds[i] = subjects[i].preset;
        checker->values[i] = subjects[i].preset.below ? INT64_MAX : 0;
        if (text != NULL &&
            threshold_parse(text, &checker->thresholds[i]) != STATUS_OK)
            return cli_fail(cli, STATUS_USAGE, cli_line(cli, "help check").text,
                            "--%s is %s, the second the worse: %s", info->name,
                            info->argument, info->help);
    }
    return STATUS_OK;
}

enum status
cmd_check_run(struct cli *cli)
{
    struct checker     checker = {.worst = THRESHOLD_OK};
    struct client     *client = NULL;
    Entente__Response *response = NULL;
    struct cert        cert;
    enum status        st = read_thresholds(cli, &checker);

    if (st == STATUS_OK)
        st = self_cert(cli, &cert);
    if (st != STATUS_OK)
        return st;
    judge_home(&checker, cli, &cert);
    st = talk_plain(cli, ENTENTE__REQUEST__KIND_STATUS,
                    ENTENTE__RESPONSE__KIND_STATUS, &client, &response);
    if (st == STATUS_OK) {
        const Entente__StatusResponse *status = response->status;

        for (size_t i = 0; i < status->n_alarms; i++)
            note(&checker, THRESHOLD_CRITICAL, "alarm: %s", status->alarms[i]);
        for (size_t i = 0; i < status->n_peers; i++)
            judge_peer(&checker, status->peers[i], status->uptime_s);
        judge_overdue(&checker, status);
    } else {
        note(&checker, THRESHOLD_CRITICAL, "%s", cli->message);
    }
    client_free(client);
    return say(cli, &checker);
}
