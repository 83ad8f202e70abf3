/*
 * sums.c - the whole list is read, and written anew with one line changed.
 */
#include "node/store/sums.h"

#include "crypto/kdf.h"
#include "node/store/home.h"
#include "proto/origin.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEX = 2 * LIMIT_DIGEST,
    LIST_MAX = 4096,
    NAME_MAX_LEN = 64,
    LINE_MAX_LEN = HEX + 2 + NAME_MAX_LEN + 1
};

struct list {
    char   text[LIST_MAX];
    size_t len; /* without the last line */
};

static void
sum(struct span bytes, char out[static HEX + 1])
{
    struct digest digest;

    hash_digest(LABEL_PAGE, bytes, &digest);
    hex_encode(digest.bytes, LIMIT_DIGEST, out);
}

static enum status
sum_of_file(const char *home, const char *name, char out[static HEX + 1])
{
    uint8_t    *bytes = malloc(SUMS_FILE_MAX);
    size_t      len = 0;
    enum status st;

    if (bytes == NULL)
        return STATUS_FULL;
    st = home_read(home, name, bytes, SUMS_FILE_MAX, &len);
    if (st == STATUS_OK)
        sum((struct span){bytes, len}, out);
    secret_wipe_bytes(bytes, SUMS_FILE_MAX);
    free(bytes);
    return st;
}

/* --- the list ------------------------------------------------------------ */

/* BAD_PROOF: the last line is not that of the others. */
static enum status
read_list(const char *home, struct list *out)
{
    uint8_t     bytes[LIST_MAX];
    char        right[HEX + 1];
    size_t      len = 0;
    enum status st = home_read(home, HOME_SUMS, bytes, sizeof(bytes), &len);

    out->len = 0;
    if (st != STATUS_OK)
        return st == STATUS_TOO_LARGE ? STATUS_BAD_PROOF : st;
    if (len < HEX + 1 || bytes[len - 1] != '\n')
        return STATUS_BAD_PROOF;
    sum((struct span){bytes, len - HEX - 1}, right);
    if (memcmp(bytes + len - HEX - 1, right, HEX) != 0)
        return STATUS_BAD_PROOF;
    out->len = len - HEX - 1;
    memcpy(out->text, bytes, out->len);
    return STATUS_OK;
}

/* The line of this name, and its length with its end; NULL: there is none. */
static char *
find_line(struct list *list, const char *name, size_t *len)
{
    size_t at = 0;

    while (at < list->len) {
        char  *line = list->text + at;
        char  *end = memchr(line, '\n', list->len - at);

        if (end == NULL)
            return NULL;
        *len = (size_t)(end - line) + 1;
        if (*len == HEX + 2 + strlen(name) + 1 &&
            memcmp(line + HEX + 2, name, strlen(name)) == 0)
            return line;
        at += *len;
    }
    return NULL;
}

static enum status
put_line(struct list *list, const char *sum_text, const char *name)
{
    struct writer out;
    size_t        len;
    char         *line = find_line(list, name, &len);

    if (line != NULL) {
        memcpy(line, sum_text, HEX);
        return STATUS_OK;
    }
    if (strlen(name) > NAME_MAX_LEN ||
        list->len + LINE_MAX_LEN + HEX + 1 > sizeof(list->text))
        return STATUS_TOO_LARGE;
    out = writer_of((uint8_t *)list->text, sizeof(list->text));
    out.len = list->len;
    writer_put(&out, span_text(sum_text));
    writer_put(&out, span_text("  "));
    writer_put(&out, span_text(name));
    writer_put(&out, span_text("\n"));
    list->len = out.len;
    return STATUS_OK;
}

enum status
sums_note(const char *home, const char *name)
{
    struct list   list;
    struct writer out;
    char          text[HEX + 1];
    enum status   st = sum_of_file(home, name, text);

    if (st != STATUS_OK || sums_check(home, name) == STATUS_OK)
        return st;
    st = read_list(home, &list);
    if (st != STATUS_OK && st != STATUS_NOT_FOUND && st != STATUS_BAD_PROOF)
        return st;
    st = put_line(&list, text, name);
    if (st != STATUS_OK)
        return st;
    out = writer_of((uint8_t *)list.text, sizeof(list.text));
    out.len = list.len;
    sum(writer_span(&out), text);
    writer_put(&out, span_text(text));
    writer_put(&out, span_text("\n"));
    return home_write(home, HOME_SUMS, writer_span(&out));
}

enum status
sums_check(const char *home, const char *name)
{
    struct list list;
    char        is[HEX + 1];
    size_t      len;
    const char *line;
    enum status st = read_list(home, &list);

    if (st != STATUS_OK)
        return st;
    line = find_line(&list, name, &len);
    if (line == NULL)
        return STATUS_NOT_FOUND;
    st = sum_of_file(home, name, is);
    if (st != STATUS_OK)
        return st;
    return memcmp(line, is, HEX) == 0 ? STATUS_OK : STATUS_CORRUPT;
}
