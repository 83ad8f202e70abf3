/*
 * posts.c - the whole table is read, so that a wrong line is told before it
 * is somebody's.
 */
#include "tools/writing/posts.h"

#include "tools/cli/file.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct span
trimmed(struct span text)
{
    static const char blanks[] = " \t\r\n";

    while (text.len > 0 && strchr(blanks, text.ptr[0]) != NULL)
        text = (struct span){text.ptr + 1, text.len - 1};
    while (text.len > 0 && strchr(blanks, text.ptr[text.len - 1]) != NULL)
        text.len--;
    return text;
}

static struct span
take_line(struct span *text)
{
    const uint8_t *end = memchr(text->ptr, '\n', text->len);
    size_t len = end == NULL ? text->len : (size_t)(end - text->ptr) + 1;
    struct span line = {text->ptr, len};

    *text = (struct span){text->ptr + len, text->len - len};
    return trimmed(line);
}

/* "1000: Duty Officer"; NULL, or what would be right. */
static const char *
part(struct span line, struct span *user, struct span *post)
{
    const uint8_t *colon = memchr(line.ptr, ':', line.len);

    if (colon == NULL)
        return "is no `USER: POST`, such as `1000: Duty Officer`";
    *user = trimmed((struct span){line.ptr, (size_t)(colon - line.ptr)});
    *post = trimmed((struct span){colon + 1,
                                  (size_t)(line.ptr + line.len - colon - 1)});
    if (user->len == 0)
        return "names no user";
    if (post->len == 0)
        return "names no post";
    if (post->len > LIMIT_LINE)
        return "has a post that is too long";
    return NULL;
}

enum status
posts_read(struct span text, uid_t user, const char *name,
           char out[static POSTS_POST], size_t *line, const char **why)
{
    char number[32];

    snprintf(number, sizeof(number), "%lu", (unsigned long)user);
    out[0] = '\0';
    for (*line = 1; text.len > 0; (*line)++) {
        struct span one = take_line(&text);
        struct span who = SPAN_EMPTY;
        struct span post = SPAN_EMPTY;

        if (one.len == 0 || one.ptr[0] == '#')
            continue;
        *why = part(one, &who, &post);
        if (*why != NULL)
            return STATUS_BAD_FIELD;
        if (!span_equal(who, span_text(number)) &&
            (name == NULL || !span_equal(who, span_text(name))))
            continue;
        *why = "is a second line for one user";
        if (out[0] != '\0')
            return STATUS_BAD_FIELD;
        memcpy(out, post.ptr, post.len);
        out[post.len] = '\0';
    }
    return STATUS_OK;
}

NODISCARD static enum status
read_table(struct cli *cli, const char *path, uid_t user,
           char out[static POSTS_POST])
{
    const struct passwd *known = getpwuid(user);
    const char          *why = NULL;
    char                *text = NULL;
    size_t               line = 0;
    size_t               len = 0;
    enum status          st = file_read_own(cli, path, POSTS_TEXT_MAX, &text,
                                              &len);

    if (st != STATUS_OK)
        return st;
    st = posts_read((struct span){(const uint8_t *)text, len}, user,
                    known == NULL ? NULL : known->pw_name, out, &line, &why);
    free(text);
    if (st != STATUS_OK)
        return cli_fail(cli, st, NULL, "%s: line %zu %s", path, line, why);
    return STATUS_OK;
}

enum status
posts_find(struct cli *cli, uid_t user, char out[static POSTS_POST])
{
    const char      *post = cli_value(cli, CLI_POST);
    struct home_path path;
    enum status      st = home_path(cli->home, POSTS_FILE, &path);

    out[0] = '\0';
    if (post == NULL)
        post = getenv("ENTENTE_POST");
    if (post != NULL && strlen(post) >= POSTS_POST)
        return cli_fail(cli, STATUS_BAD_FIELD, NULL,
                        "the post is longer than %d bytes", LIMIT_LINE);
    if (post != NULL)
        snprintf(out, POSTS_POST, "%s", post);
    if (post != NULL || st != STATUS_OK || access(path.text, F_OK) != 0)
        return STATUS_OK;
    return read_table(cli, path.text, user, out);
}
