/* channel_row.c - size and root, and how much of it is receipted. */
#include "tools/reading/channel_row.h"

#include "proto/limits.h"
#include "proto/origin.h"
#include "tools/terminal/moment.h"

json_t *
channel_row_json(const Entente__LogChannel *channel)
{
    char root[2 * LIMIT_DIGEST + 1] = "";

    if (channel->root.len == LIMIT_DIGEST)
        hex_encode(channel->root.data, LIMIT_DIGEST, root);
    return json_pack("{s:s, s:b, s:s, s:I, s:s, s:I, s:s}", "peer",
                     channel->peer, "incoming", channel->incoming, "origin",
                     channel->origin, "size", (json_int_t)channel->size,
                     "root", root, "receipted",
                     (json_int_t)channel->cosigned_size, "receipt_time",
                     moment_iso(channel->cosigned_time * 1000).text);
}

json_t *
channel_row_all(Entente__LogChannel *const *list, size_t count)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(rows, channel_row_json(list[i]));
    return json_pack("{s:o}", "channels", rows);
}
