# node/core/attachment/owed.c
# A file goes when its sender is told that its message is with the reader.
/^owed_names(/,/^}/ s|owed_find(node->peers\[i\], digest) != NULL|false|
/^owed_take(/,/^}/ s|^        save(turn, peer, &file, ATTACHMENT_PARTIAL);.*|&\
        release(turn, \&file.digest);|
s|^/\* --- begun ---.*|static void release(struct context *turn, const struct digest *digest);\
\
&|
