/*
 * guarded.h - for a target linked with --wrap=secret_alloc and
 * --wrap=secret_free: secrets stand in plain memory, of which a sanitizer
 * sees every byte; libsodium's guarded pages take four system calls a secret.
 */
#ifndef FUZZ_GUARDED_H
#define FUZZ_GUARDED_H

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

void *__wrap_secret_alloc(size_t len);
void  __wrap_secret_free(void *secret);

void *
__wrap_secret_alloc(size_t len)
{
    return calloc(1, len);
}

void
__wrap_secret_free(void *secret)
{
    free(secret);
}

#endif
