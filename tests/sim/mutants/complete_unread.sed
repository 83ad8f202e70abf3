# node/core/attachment/wanted.c
# An attachment is complete with its last chunk, before the store has read it
# again and given it its whole name.
/^wanted_chunk(/,/^}/ s|look_up(peer, turn, file);|{\
        file->whole = true;\
        save(turn, peer, file, ATTACHMENT_COMPLETE);\
    }|
