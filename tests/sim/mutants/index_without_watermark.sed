# node/store/index.c
# An index that is there is believed to have all that the journal has.
s|^    bool                kept_open; |    uint64_t            believed;\
&|
/^open_tables(/,/^}/ s|st = check_mark(index, &right);|index->believed = journal_sequence(index->journal);|
/^apply_group(/,/^}/ s|st = facts_apply(|st = place->sequence <= index->believed ? STATUS_OK : facts_apply(|
