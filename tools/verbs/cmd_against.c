/* cmd_against.c - throws a capture at a node, and counts what comes back. */
#include "tools/verbs/cmd_against.h"

#include "tools/admin/against.h"

#include <inttypes.h>

NODISCARD static enum status
get_address(struct cli *cli, struct address *out)
{
    const char *text = cli_value(cli, CLI_AGAINST);
    enum status st = address_parse(span_text(text), out);

    if (st == STATUS_OK && out->port > 0)
        return st;
    return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                    "--against takes HOST:PORT, like 127.0.0.1:7300, not %s",
                    text);
}

NODISCARD static enum status
fail_thrown(struct cli *cli, enum status st)
{
    const char *to = cli_value(cli, CLI_AGAINST);

    if (st == STATUS_UNREACHABLE)
        return cli_fail(cli, st, NULL, "nobody listens at %s, or no more", to);
    if (st == STATUS_BAD_ENCODING || st == STATUS_BAD_VERSION)
        return cli_fail(cli, st, NULL, "%s is not a capture of a node",
                        cli->args[0]);
    if (st == STATUS_NOT_FOUND)
        return cli_fail(cli, st, NULL,
                        "%s holds no bytes of a link, or there is no host %s",
                        cli->args[0], to);
    return cli_status(cli, st, "throwing");
}

NODISCARD static enum status
print_json(struct cli *cli, const struct against_report *report)
{
    json_t *ways = json_array();

    for (int way = 0; way < AGAINST_COUNT; way++) {
        const struct against_count *count = &report->ways[way];

        json_array_append_new(
            ways, json_pack("{s:s, s:I, s:I, s:I}", "way",
                            against_word((enum against_way)way), "connections",
                            (json_int_t)count->connections, "bytes_sent",
                            (json_int_t)count->sent, "bytes_answered",
                            (json_int_t)count->answered));
    }
    return cli_print_json(cli,
                          json_pack("{s:b, s:o}", "ok", 1, "ways", ways));
}

static void
print_text(const struct against_report *report)
{
    for (int way = 0; way < AGAINST_COUNT; way++) {
        const struct against_count *count = &report->ways[way];

        printf("%-10s %3" PRIu64 " connections, %8" PRIu64
               " bytes said, %" PRIu64 " bytes answered\n",
               against_word((enum against_way)way), count->connections,
               count->sent, count->answered);
    }
}

/* The first way that was answered, or AGAINST_COUNT. */
static enum against_way
answered(const struct against_report *report)
{
    int way = 0;

    while (way < AGAINST_COUNT && report->ways[way].answered == 0)
        way++;
    return (enum against_way)way;
}

enum status
cmd_against_run(struct cli *cli, struct span file)
{
    struct against_report report;
    struct address        address;
    enum against_way      way;
    enum status           st = get_address(cli, &address);

    if (st != STATUS_OK)
        return st;
    st = against_run(file, &address, &report);
    if (st != STATUS_OK)
        return fail_thrown(cli, st);
    way = answered(&report);
    if (!cli->json)
        print_text(&report);
    if (way < AGAINST_COUNT)
        return cli_fail(cli, STATUS_UNTRUSTED, NULL,
                        "%s answered a stranger: %" PRIu64
                        " bytes to links thrown %s",
                        cli_value(cli, CLI_AGAINST),
                        report.ways[way].answered, against_word(way));
    return cli->json ? print_json(cli, &report) : STATUS_OK;
}
