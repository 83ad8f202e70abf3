# node/core/log/receipt.c
# A receipt says what the clock says, be it earlier than the one before.
/^time_of(/,/^}/ s|^    uint64_t time_s = wall_ms / 1000;|    return wall_ms / 1000;\
&|
