# node/core/log/receipt.c
# A receipt covers every head that was verified, whether its bodies are here.
/^receipt_cosign(/,/^}/ s|size <= witness->whole|size <= witness->head.size|
