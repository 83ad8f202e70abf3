/* captured.c - the golden capture is read as replay reads it. */
#include "tests/fuzz/captured.h"

#include "node/host/capture_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER SOURCE_DIR "/tests/captures"

enum { GOLDEN_MAX = 64 << 20, STREAM_FRAMES = 6 };

static int
is_capture(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".pcapng") == 0;
}

/* The first by name. */
static FILE *
golden_open(void)
{
    struct dirent **names = NULL;
    int             count = scandir(FOLDER, &names, is_capture, alphasort);
    char            path[4096];
    FILE           *file;

    assert(count > 0);
    snprintf(path, sizeof(path), "%s/%s", FOLDER, names[0]->d_name);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    file = fopen(path, "rb");
    assert(file != NULL);
    return file;
}

/* Read once, and kept. */
static struct span
golden(void)
{
    static uint8_t *bytes;
    static size_t   len;

    if (bytes == NULL) {
        FILE *file = golden_open();

        bytes = malloc(GOLDEN_MAX);
        assert(bytes != NULL);
        len = fread(bytes, 1, GOLDEN_MAX, file);
        assert(len > 0 && len < GOLDEN_MAX);
        fclose(file);
    }
    return (struct span){bytes, len};
}

static struct pcapng_reader
opened(void)
{
    struct pcapng_reader file;
    enum status          st = pcapng_open(golden(), &file);

    assert(st == STATUS_OK);
    return file;
}

/* Every packet with wire bytes that came in on the link of the first. */
void
captured_stream(struct writer *out)
{
    struct pcapng_reader file = opened();
    struct pcapng_packet packet;
    uint32_t             link = 0;
    unsigned             count = 0;

    while (count < STREAM_FRAMES &&
           pcapng_next(&file, &packet) == STATUS_OK) {
        if (file.link_type[packet.interface] != CAPTURE_WIRE ||
            packet.direction != PCAPNG_IN || (link > 0 && packet.queue != link))
            continue;
        link = packet.queue;
        writer_put(out, packet.bytes);
        count++;
    }
    assert(count > 0 && writer_end(out) == STATUS_OK);
}

void
captured_file(struct writer *out, size_t len)
{
    struct pcapng_reader file = opened();
    struct pcapng_packet packet;
    size_t               end = 0;

    while (end < len && pcapng_next(&file, &packet) == STATUS_OK)
        end = (size_t)(file.in.ptr - golden().ptr);
    writer_put(out, (struct span){golden().ptr, end});
    assert(end > 0 && writer_end(out) == STATUS_OK);
}
