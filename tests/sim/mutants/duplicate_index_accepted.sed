# node/core/log/witness.c
# The body of an index that was taken is taken again.
/^witness_wanted(/,/^}/ s|return leaf->settled ? NULL : leaf;|return leaf;|
