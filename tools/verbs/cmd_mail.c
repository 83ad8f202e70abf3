/*
 * cmd_mail.c - the lists of what came and of what was sent, page by page.
 */
#include "tools/verbs/cmd_mail.h"

#include "proto/limits.h"
#include "tools/client/listing.h"
#include "tools/client/peeking.h"
#include "tools/client/talk.h"
#include "tools/reading/mail_row.h"
#include "tools/terminal/moment.h"
#include "tools/terminal/pager.h"
#include "tools/terminal/table.h"

#include <stdlib.h>
#include <string.h>

enum { REFERENCE = 128, SUBJECT = LIMIT_LINE + 2 * REFERENCE };

/* --- lists --------------------------------------------------------------- */

/* One list on its way. */
struct mail {
    struct cli          *cli;
    struct client       *client;
    struct sift          sift;
    Entente__ListRequest request;
    struct table         table; /* but with --json, where rows go out */
    size_t               count;
    char                 next[REFERENCE]; /* to read: new, else the last */
    bool                 next_is_new;
};

/* "CANCELLED by ifc/19: Tanker approached": stands where it is read first. */
static void
subject_of(const Entente__ListRow *row, char out[static SUBJECT])
{
    const char *done = mail_row_done(row->newer);

    snprintf(out, SUBJECT, "%s%s%s%s%s%s", done,
             row->newer_ref[0] == '\0' ? "" : " by ", row->newer_ref,
             done[0] == '\0' ? "" : ": ", mail_row_files(row).text,
             row->subject);
}

static void
add_row(struct mail *mail, const Entente__ListRow *row)
{
    bool actual = strcmp(row->status, "ACTUAL") == 0;
    char kind[128];
    char subject[SUBJECT];

    snprintf(kind, sizeof(kind), "%s%s%s", row->kind, actual ? "" : " ",
             actual ? "" : row->status);
    subject_of(row, subject);
    table_add(&mail->table,
              (const char *[]){row->ref, row->precedence, kind,
                               moment_dtg(row->time_ms).text, row->state,
                               subject});
    if (mail->next_is_new)
        return;
    mail->next_is_new = strcmp(row->state, "new") == 0;
    snprintf(mail->next, sizeof(mail->next), "%s", row->ref);
}

NODISCARD static enum status
take_row(struct mail *mail, const Entente__ListRow *row)
{
    mail->count++;
    if (mail->cli->json)
        return cli_print_json(mail->cli,
                              mail_row_json(row, mail->request.outgoing));
    add_row(mail, row);
    return STATUS_OK;
}

/* An answer lives until the next one: for what is asked about its rows it is
 * copied. */
NODISCARD static enum status
sift_rows(struct mail *mail, const Entente__ListResponse *page, bool *passes)
{
    size_t                 len = entente__list_response__get_packed_size(page);
    uint8_t               *bytes = malloc(len + 1);
    Entente__ListResponse *copy = NULL;
    enum status            st;

    if (bytes != NULL) {
        entente__list_response__pack(page, bytes);
        copy = entente__list_response__unpack(NULL, len, bytes);
    }
    free(bytes);
    if (copy == NULL)
        return cli_status(mail->cli, STATUS_IO, "memory");
    st = peeking_sift(mail->cli, mail->client, &mail->sift, copy->n_rows,
                      copy->rows, passes);
    for (size_t i = 0; st == STATUS_OK && i < copy->n_rows; i++)
        if (passes[i])
            st = take_row(mail, copy->rows[i]);
    entente__list_response__free_unpacked(copy, NULL);
    return st;
}

NODISCARD static enum status
take_page(struct mail *mail, const Entente__ListResponse *page)
{
    bool        passes[LISTING_PAGE] = {false};
    enum status st = STATUS_OK;

    if (page->n_rows > LISTING_PAGE)
        return cli_status(mail->cli, STATUS_BAD_ENCODING, "the node's answer");
    if (sift_is_set(&mail->sift))
        return sift_rows(mail, page, passes);
    for (size_t i = 0; i < page->n_rows && st == STATUS_OK; i++)
        st = take_row(mail, page->rows[i]);
    return st;
}

/* All pages; rows are printed as they come, or kept for the table. */
NODISCARD static enum status
ask_rows(struct mail *mail)
{
    enum status st = STATUS_OK;
    size_t      got = LISTING_PAGE;

    while (st == STATUS_OK && got == LISTING_PAGE) {
        Entente__Request   request = ENTENTE__REQUEST__INIT;
        Entente__Response *response = NULL;

        request.kind_case = ENTENTE__REQUEST__KIND_LIST;
        request.list = &mail->request;
        st = talk_ask(mail->cli, mail->client, &request,
                      ENTENTE__RESPONSE__KIND_LIST, &response);
        if (st != STATUS_OK)
            return st;
        got = response->list->n_rows;
        if (got > 0)
            mail->request.after = response->list->rows[got - 1]->cursor;
        st = take_page(mail, response->list);
        if (fflush(stdout) != 0 && st == STATUS_OK)
            st = cli_status(mail->cli, STATUS_IO, "standard output");
    }
    return st;
}

NODISCARD static enum status
print_table(struct mail *mail)
{
    struct cli  *cli = mail->cli;
    struct pager pager;
    enum status  st;

    if (mail->count == 0) {
        printf("Nothing here.\n");
        return STATUS_OK;
    }
    st = pager_begin(&pager);
    if (st != STATUS_OK)
        return cli_status(cli, st, "memory");
    st = table_print(&mail->table, table_terminal_width(), pager.out);
    fprintf(pager.out, "\nNext:\n  %s\n",
            cli_line(cli, "show %s", mail->next).text);
    if (pager_end(&pager) != STATUS_OK && st == STATUS_OK)
        st = STATUS_IO;
    return cli_status(cli, st, "standard output");
}

NODISCARD static enum status
list_messages(struct cli *cli, bool outgoing)
{
    static const char *const titles[] = {"<REF",  "<PRECEDENCE", "<KIND",
                                         "<TIME", "<STATE",      "<SUBJECT",
                                         NULL};
    struct mail mail = {.cli = cli, .request = ENTENTE__LIST_REQUEST__INIT};
    enum status st = listing_fill(cli, outgoing, &mail.request);

    table_init(&mail.table, titles);
    if (st == STATUS_OK)
        st = sift_fill(cli, &mail.sift);
    if (st == STATUS_OK)
        st = talk_open(cli, &mail.client);
    if (st == STATUS_OK)
        st = ask_rows(&mail);
    if (st == STATUS_OK && !cli->json)
        st = print_table(&mail);
    table_clear(&mail.table);
    sift_clear(&mail.sift);
    client_free(mail.client);
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
