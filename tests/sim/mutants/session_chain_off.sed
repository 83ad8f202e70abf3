# node/core/link/chain.c
# Any past is as good as ours.
/^matches(/,/^}/ s|return names|return true \|\| names|
