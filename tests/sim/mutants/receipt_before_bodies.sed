# node/core/witness.c
# A receipt covers every head that was verified, whether its bodies are here.
/^witness_cosign(/,/^}/ s|size <= witness->whole|size <= witness->head.size|
