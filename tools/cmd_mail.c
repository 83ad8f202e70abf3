/*
 * cmd_mail.c - the lists of what came and of what was sent, page by page.
 */
#include "tools/cmd_mail.h"

#include "tools/listing.h"
#include "tools/mail_row.h"
#include "tools/moment.h"
#include "tools/table.h"
#include "tools/talk.h"

#include <string.h>

/* --- lists --------------------------------------------------------------- */

static void
add_row(struct table *table, const Entente__ListRow *row)
{
    bool actual = strcmp(row->status, "ACTUAL") == 0;
    char kind[128];

    snprintf(kind, sizeof(kind), "%s%s%s", row->kind, actual ? "" : " ",
             actual ? "" : row->status);
    table_add(table, (const char *[]){row->ref, row->precedence, kind,
                                      moment_dtg(row->time_ms).text, row->state,
                                      row->subject});
}

/* All pages; rows are printed as they come, or kept for the table. */
NODISCARD static enum status
ask_rows(struct cli *cli, struct client *client, Entente__ListRequest *list,
         struct table *table, size_t *count)
{
    enum status st = STATUS_OK;
    size_t      got = LISTING_PAGE;

    while (st == STATUS_OK && got == LISTING_PAGE) {
        Entente__Request   request = ENTENTE__REQUEST__INIT;
        Entente__Response *response = NULL;

        request.kind_case = ENTENTE__REQUEST__KIND_LIST;
        request.list = list;
        st = talk_ask(cli, client, &request, ENTENTE__RESPONSE__KIND_LIST,
                      &response);
        if (st != STATUS_OK)
            return st;
        got = response->list->n_rows;
        *count += got;
        for (size_t i = 0; i < got && st == STATUS_OK; i++) {
            list->after = response->list->rows[i]->cursor;
            if (cli->json)
                st = cli_print_json(cli, mail_row_json(response->list->rows[i],
                                                       list->outgoing));
            else
                add_row(table, response->list->rows[i]);
        }
    }
    return st;
}

/* The next to read: the first that is new, else the last of the list. */
static const char *
next_ref(const struct table *table)
{
    enum { REF = 0, STATE = 4 };

    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table_cell(table, i, STATE), "new") == 0)
            return table_cell(table, i, REF);
    }
    return table_cell(table, table->count - 1, REF);
}

NODISCARD static enum status
list_messages(struct cli *cli, bool outgoing)
{
    static const char *const titles[] = {"<REF",  "<PRECEDENCE", "<KIND",
                                         "<TIME", "<STATE",      "<SUBJECT",
                                         NULL};
    Entente__ListRequest     list = ENTENTE__LIST_REQUEST__INIT;
    struct client           *client = NULL;
    struct table             table;
    size_t                   count = 0;
    enum status              st = listing_fill(cli, outgoing, &list);

    table_init(&table, titles);
    if (st == STATUS_OK)
        st = talk_open(cli, &client);
    if (st == STATUS_OK)
        st = ask_rows(cli, client, &list, &table, &count);
    if (st == STATUS_OK && !cli->json && count == 0)
        printf("Nothing here.\n");
    else if (st == STATUS_OK && !cli->json)
        st = table_print(&table, table_terminal_width(), stdout);
    if (st == STATUS_OK && !cli->json && count > 0)
        printf("\nNext:\n  %s\n",
               cli_line(cli, "show %s", next_ref(&table)).text);
    table_clear(&table);
    client_free(client);
    return st;
}

enum status
cmd_mail_inbox(struct cli *cli)
{
    return list_messages(cli, false);
}

enum status
cmd_mail_outbox(struct cli *cli)
{
    return list_messages(cli, true);
}
