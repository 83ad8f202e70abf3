# node/store/journal.c
# The last group is not written again at a start: it reads well, so it is
# believed to be on the disk.
/^read_last(/,/^}/ s|if (journal->last.sequence == 0)|if (copy != NULL)|
