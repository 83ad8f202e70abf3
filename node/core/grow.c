/* grow.c - calloc and doubling, without a way to fail. */
#include "node/core/grow.h"

#include "crypto/secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *
grow_new(size_t count, size_t size)
{
    void *at = calloc(count > 0 ? count : 1, size);

    if (at == NULL)
        abort();
    return at;
}

void *
grow_list(void *list, size_t *cap, size_t need, size_t size)
{
    size_t more = *cap > 0 ? *cap : 8;

    if (need <= *cap)
        return list;
    while (more < need)
        more *= 2;
    if (more > SIZE_MAX / size)
        abort();
    list = realloc(list, more * size);
    if (list == NULL)
        abort();
    memset((char *)list + *cap * size, 0, (more - *cap) * size);
    *cap = more;
    return list;
}

char *
grow_text(struct span text)
{
    char *copy = grow_new(text.len + 1, 1);

    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    return copy;
}

void
grow_text_free(char *text)
{
    if (text != NULL)
        secret_wipe_bytes(text, strlen(text));
    free(text);
}
