/*
 * cmd_bench.c - two nodes made for the measurement, or with --to a peer of a
 * node that runs.
 */
#include "tools/verbs/cmd_bench.h"

#include "crypto/safety.h"
#include "node/net/passphrase.h"
#include "tools/admin/bench.h"
#include "tools/admin/create.h"
#include "tools/cli/start.h"
#include "tools/terminal/moment.h"
#include "tools/writing/draft.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SIZE_MAX_BYTES = 60000, COUNT = 20000, SIZE = 1024, IN_FLIGHT = 1024 };

/* One of the two nodes that are made. */
struct made {
    struct cli       cli; /* as if it were given this home */
    struct cert      cert;
    struct card_text card;
    bool             up;
};

struct pair {
    char              folder[64];
    struct made       a;
    struct made       b;
    struct passphrase passphrase;
};

/* --- two nodes ------------------------------------------------------------ */

/* A port of 127.0.0.1 that nobody has now. */
NODISCARD static enum status
free_port(char out[static LIMIT_ADDRESS + 1])
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          len = sizeof(address);
    char               port[NI_MAXSERV];
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool               ok;

    ok = fd >= 0 && bind(fd, (struct sockaddr *)&address, len) == 0 &&
         getsockname(fd, (struct sockaddr *)&address, &len) == 0;
    if (fd >= 0)
        close(fd);
    if (!ok)
        return STATUS_IO;
    if (getnameinfo((struct sockaddr *)&address, len, NULL, 0, port,
                    sizeof(port), NI_NUMERICSERV) != 0)
        return STATUS_IO;
    snprintf(out, LIMIT_ADDRESS + 1, "127.0.0.1:%s", port);
    return STATUS_OK;
}

/* Passes on what a command on one of the nodes said. */
NODISCARD static enum status
pass_on(struct cli *cli, struct made *made, enum status st)
{
    if (st == STATUS_OK)
        return st;
    return cli_fail(cli, st, made->cli.hint, "%s",
                    made->cli.failed ? made->cli.message : status_words(st));
}

NODISCARD static enum status
make_node(struct cli *cli, struct pair *pair, struct made *made,
          const char *name, bool listens)
{
    struct create_plan plan = {.home = made->cli.home,
                               .node_name = name,
                               .org_name = name,
                               .country = "XX",
                               .passphrase = passphrase_span(&pair->passphrase),
                               .cost = ENVELOPE_FLOOR, /* guards nothing */
                               .now_ms = moment_now_ms()};
    char               why[CREATE_WORDS] = "";
    enum status        st = STATUS_OK;

    made->cli = *cli;
    snprintf(made->cli.home, sizeof(made->cli.home), "%s/%s", pair->folder,
             name);
    if (listens)
        st = free_port(plan.config.listen);
    if (st == STATUS_OK && listens) {
        memcpy(plan.config.address[0], plan.config.listen,
               sizeof(plan.config.listen));
        plan.config.address_count = 1;
    }
    if (st == STATUS_OK)
        st = create_home(&plan, &made->cert, &made->card, why);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "%s: %s", why, status_words(st));
    st = start_node(&made->cli, &pair->passphrase);
    made->up = st == STATUS_OK;
    return pass_on(cli, made, st);
}

NODISCARD static enum status
pair_with(struct cli *cli, struct made *made, struct made *other)
{
    Entente__PairRequest request_pair = ENTENTE__PAIR_REQUEST__INIT;
    Entente__Request     request = ENTENTE__REQUEST__INIT;
    Entente__Response   *response = NULL;
    struct client       *client = NULL;
    struct safety        safety;
    char                 digits[SAFETY_TEXT_LEN + 1];
    enum status st = safety_number(made->cert.org_key, other->cert.org_key,
                                   &safety);

    if (st == STATUS_OK)
        st = talk_open(&made->cli, &client);
    if (st != STATUS_OK)
        return pass_on(cli, made, st);
    safety_format(&safety, SAFETY_ALL, digits);
    request_pair.card = other->card.text;
    request_pair.safety_number = digits;
    request.kind_case = ENTENTE__REQUEST__KIND_PAIR;
    request.pair = &request_pair;
    st = talk_ask(&made->cli, client, &request, ENTENTE__RESPONSE__KIND_PAIR,
                  &response);
    client_free(client);
    return pass_on(cli, made, st);
}

NODISCARD static enum status
make_pair(struct cli *cli, struct pair *pair)
{
    const char *temporary = getenv("TMPDIR");
    enum status st;

    snprintf(pair->folder, sizeof(pair->folder), "%.40s/entente-bench-XXXXXX",
             temporary == NULL || temporary[0] == '\0' ? "/tmp" : temporary);
    if (mkdtemp(pair->folder) == NULL)
        return cli_status(cli, STATUS_IO, pair->folder);
    pair->passphrase.len = 32;
    if (getentropy(pair->passphrase.bytes, 32) != 0)
        return cli_status(cli, STATUS_IO, "drawing a passphrase");
    for (size_t i = 0; i < pair->passphrase.len; i++) /* one line of text */
        pair->passphrase.bytes[i] = (uint8_t)('a' +
                                              pair->passphrase.bytes[i] % 16);
    st = make_node(cli, pair, &pair->a, "a", true);
    if (st == STATUS_OK)
        st = make_node(cli, pair, &pair->b, "b", false);
    if (st == STATUS_OK)
        st = pair_with(cli, &pair->a, &pair->b);
    if (st == STATUS_OK)
        st = pair_with(cli, &pair->b, &pair->a);
    return st;
}

static void
drop_pair(struct pair *pair)
{
    struct made *both[] = {&pair->a, &pair->b};

    for (size_t i = 0; i < 2; i++) {
        struct home_path path;

        if (both[i]->up && start_stop(&both[i]->cli) != STATUS_OK)
            fprintf(stderr, "entente: a node still runs in %s\n",
                    both[i]->cli.home);
        snprintf(path.text, sizeof(path.text), "%s", both[i]->cli.home);
        if (path.text[0] != '\0')
            home_abandon(&path);
    }
    rmdir(pair->folder);
    passphrase_wipe(&pair->passphrase);
}

/* --- the message ---------------------------------------------------------- */

NODISCARD static enum status
make_message(struct cli *cli, uint64_t size, Entente__Message **out)
{
    char         *text = malloc(size + 1);
    json_t       *object = NULL;
    struct draft *draft;
    enum status   st = STATUS_IO;

    if (text != NULL) {
        memset(text, 'x', size);
        text[size] = '\0';
        object = json_pack(
            "{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:[s], s:s, s:{s:s, s:s}, "
            "s:{s:s, s:s, s:[s]}, s:{s:s, s:s}, s:{s:s}}",
            "kind", "note", "id", "00000000000000000000000000000000", "version",
            1, "dtg", moment_iso_seconds(moment_now_ms()).text, "precedence",
            "ROUTINE", "status", "TEST", "action", "ORIGINAL", "action_to",
            "b", "subject", "bench", "originator", "org", "bench", "post",
            "bench", "label", "policy", "TEST", "classification",
            "UNCLASSIFIED", "releasable_to", "XX", "legal_basis", "agreement",
            "TEST", "article", "1", "note", "text", text);
    }
    draft = draft_new(object);
    if (object != NULL && draft != NULL)
        st = draft_finish(cli, draft, MESSAGE_READY, "bench", out);
    draft_free(draft);
    free(text);
    return st;
}

/* --- running -------------------------------------------------------------- */

/* The memory of one node after the run; null where it cannot be read. */
static json_t *
memory_json(const struct made *made)
{
    struct client *client = NULL;
    uint64_t       resident = 0;
    uint64_t       peak = 0;
    enum status    st = client_open(made->cli.home, &client);

    if (st == STATUS_OK)
        st = client_memory(client, &resident, &peak);
    client_free(client);
    return st != STATUS_OK
               ? json_null()
               : json_pack("{s:I, s:I}", "resident_kib",
                           (json_int_t)resident, "peak_kib", (json_int_t)peak);
}

static void
say_memory(const char *name, const json_t *memory)
{
    json_int_t resident = json_integer_value(json_object_get(memory,
                                                             "resident_kib"));
    json_int_t peak = json_integer_value(json_object_get(memory, "peak_kib"));

    if (resident > 0)
        printf("memory of the %s: %.1f MiB resident, %.1f MiB at most\n", name,
               (double)resident / 1024, (double)peak / 1024);
}

NODISCARD static enum status
say(struct cli *cli, const struct bench_plan *plan, uint64_t size,
    const struct bench_result *result, const struct pair *pair)
{
    json_t *told = json_pack(
        "{s:b, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f}", "ok", 1, "count",
        (json_int_t)result->count, "size", (json_int_t)size, "in_flight",
        (json_int_t)plan->in_flight, "seconds", result->seconds, "per_second",
        result->per_second, "p50_ms", result->p50_ms, "p99_ms", result->p99_ms,
        "max_ms", result->max_ms);

    if (pair != NULL) {
        json_object_set_new(told, "sender", memory_json(&pair->a));
        json_object_set_new(told, "recipient", memory_json(&pair->b));
    }
    if (cli->json)
        return cli_print_json(cli, told);
    printf("%" PRIu64 " messages of %" PRIu64 " bytes, %" PRIu64
           " in flight: %.2f s, %.0f messages/s\n"
           "submission to receipt: p50 %.3f ms, p99 %.3f ms, longest %.3f ms\n",
           result->count, size, plan->in_flight, result->seconds,
           result->per_second, result->p50_ms, result->p99_ms, result->max_ms);
    say_memory("sender", json_object_get(told, "sender"));
    say_memory("recipient", json_object_get(told, "recipient"));
    json_decref(told);
    return STATUS_OK;
}

/* One message first, so that link and sealing keys are there.  No pair: the
 * node of this home sends. */
NODISCARD static enum status
measure(struct cli *cli, struct pair *pair, struct bench_plan *plan,
        uint64_t size)
{
    struct cli         *node = pair == NULL ? cli : &pair->a.cli;
    struct bench_plan   first = *plan;
    struct bench_result result;
    struct client      *client = NULL;
    enum status         st = talk_open(node, &client);
    sigset_t            ends;

    /* From here on they end the measurement, not what cleans up after it. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);

    first.count = 1;
    if (st == STATUS_OK)
        st = bench_run(node, client, &first, &result);
    if (st == STATUS_OK)
        st = bench_run(node, client, plan, &result);
    client_free(client);
    if (st != STATUS_OK && node != cli)
        return cli_fail(cli, st, node->hint, "%s", node->message);
    return st == STATUS_OK ? say(cli, plan, size, &result, pair) : st;
}

enum status
cmd_bench_run(struct cli *cli)
{
    struct bench_plan plan = {.to = cli_value(cli, CLI_TO),
                              .count = COUNT,
                              .in_flight = IN_FLIGHT};
    struct pair      *pair = NULL;
    uint64_t          size = SIZE;
    enum status       st;

    st = cli_number(cli, CLI_COUNT, 1, BENCH_COUNT_MAX, &plan.count);
    if (st == STATUS_OK)
        st = cli_number(cli, CLI_SIZE, 1, SIZE_MAX_BYTES, &size);
    if (st == STATUS_OK)
        st = cli_number(cli, CLI_IN_FLIGHT, 1, BENCH_IN_FLIGHT_MAX,
                        &plan.in_flight);
    if (st == STATUS_OK)
        st = make_message(cli, size, &plan.message);
    if (st != STATUS_OK)
        return st;
    if (plan.to != NULL) {
        st = measure(cli, NULL, &plan, size);
    } else {
        pair = calloc(1, sizeof(*pair));
        plan.to = "b";
        st = pair == NULL ? cli_status(cli, STATUS_IO, "memory")
                          : make_pair(cli, pair);
        if (st == STATUS_OK)
            st = measure(cli, pair, &plan, size);
        if (pair != NULL)
            drop_pair(pair);
        free(pair);
    }
    entente__message__free_unpacked(plan.message, NULL);
    return st;
}
