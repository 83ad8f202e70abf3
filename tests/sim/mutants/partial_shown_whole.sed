# node/core/conveyed.c
# What is not all here is shown as if it were.
s|partial = true;|partial = false;|
