# node/core/message/awaiting.c
# What is awaited is known until the process ends, and no longer.
/^begin(/,/^}/ s|^        save(turn, peer, outgoing, item, AWAIT_WAITING);|        ;|
