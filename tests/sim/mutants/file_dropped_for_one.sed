# node/core/attachment/owed.c
# A file goes when one of those that were owed it has it.
/^release(/,/^}/ s|if (owed_names(turn->node, digest))|if (false)|
