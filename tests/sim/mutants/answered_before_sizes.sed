# node/core/peer.c
# What is read is answered at once, whatever the other side holds.
/^peer_may_say(/,/^}/ s|return peer->link != NULL \&\& peer->link->state == SESSION_OPEN \&\&|return|
