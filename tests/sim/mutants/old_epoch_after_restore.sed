# node/core/peer.c
# Who was set back, and who is told so, goes on in the epoch that he knows.
/^peer_open_epoch(/,/^}/ s|^    peer_sign(peer, turn);|    if (before != NULL)\
        return;\
&|
