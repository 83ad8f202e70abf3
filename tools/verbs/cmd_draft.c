/* cmd_draft.c - needs no home and no node. */
#include "tools/verbs/cmd_draft.h"

#include "proto/words.h"
#include "tools/language/form.h"
#include "tools/terminal/table.h"
#include "tools/writing/draft.h"

#include <string.h>

enum { KINDS_MAX = 64 };

enum status
cmd_draft_find_kind(struct cli *cli, const char *name,
                    const struct kind **out)
{
    const char *names[KINDS_MAX];
    size_t      count = 0;
    const char *near;
    char        hint[128];

    *out = kind_named(name);
    if (*out != NULL)
        return STATUS_OK;
    while (count < KINDS_MAX && kind_at(count) != NULL) {
        names[count] = kind_at(count)->name;
        count++;
    }
    near = words_nearest(span_text(name), names, count);
    if (near == NULL)
        snprintf(hint, sizeof(hint), "entente kinds");
    else
        snprintf(hint, sizeof(hint), "did you mean %s?", near);
    return cli_fail(cli, STATUS_NOT_FOUND, hint, "no kind is called %.64s",
                    name);
}

NODISCARD static enum status
list_kinds(const struct cli *cli)
{
    static const char *const titles[] = {"<KIND", ">NUMBER", "<AFTER", NULL};
    struct table             table;
    const struct kind       *kind;
    enum status              st;

    if (cli->json)
        return cli_print_json(cli, form_kinds_json());
    table_init(&table, titles);
    for (size_t i = 0; (kind = kind_at(i)) != NULL; i++) {
        char number[16];

        snprintf(number, sizeof(number), "%u", kind->number);
        table_add(&table,
                  (const char *[]){kind->name, number, kind->source});
    }
    st = table_print(&table, table_terminal_width(), stdout);
    printf("\nNext:\n  %s\n",
           cli_line(cli, "kinds %s", kind_at(0)->name).text);
    table_clear(&table);
    return st;
}

enum status
cmd_draft_kinds(struct cli *cli)
{
    const struct kind *kind = NULL;
    enum status        st;

    if (cli->arg_count == 0)
        return list_kinds(cli);
    st = cmd_draft_find_kind(cli, cli->args[0], &kind);
    if (st != STATUS_OK)
        return st;
    if (cli->json)
        return cli_print_json(cli, form_describe_json(kind));
    return cli_status(cli, form_describe(kind, stdout), kind->name);
}

enum status
cmd_draft_template(struct cli *cli)
{
    const struct kind *kind = NULL;
    enum status st = cmd_draft_find_kind(cli, cli->args[0], &kind);

    if (st == STATUS_OK && cli->json)
        st = cli_status(cli, form_template_json(kind, stdout), kind->name);
    else if (st == STATUS_OK)
        st = cli_status(cli, form_template(kind, NULL, stdout), kind->name);
    return st;
}

enum status
cmd_draft_validate(struct cli *cli)
{
    const char        *path = cli->args[0];
    struct draft      *draft = NULL;
    Entente__Message  *message = NULL;
    const struct kind *kind;
    enum status        st = draft_read(cli, path, &draft);

    if (st == STATUS_OK)
        st = draft_finish(cli, draft, MESSAGE_DRAFT, path, &message);
    draft_free(draft);
    if (st != STATUS_OK)
        return st;
    kind = kind_of(message);
    entente__message__free_unpacked(message, NULL);
    if (cli->json)
        return cli_print_json(cli, json_pack("{s:b, s:s}", "ok", 1, "kind",
                                             kind->name));
    printf("A valid %s.\n\nNext:\n  %s\n", kind->name,
           cli_line(cli, "send %s --to NAME", path).text);
    return STATUS_OK;
}
