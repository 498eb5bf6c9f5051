#include "tools/emu/host/p9/wire.h"

#include <errno.h>
#include <string.h>

const uint8_t *p9_get_bytes(struct p9_reader *in, size_t n)
{
    const uint8_t *bytes = in->at;

    if (in->bad || n > in->left) {
        in->bad = true;
        return NULL;
    }
    in->at += n;
    in->left -= n;
    return bytes;
}

static uint64_t get(struct p9_reader *in, unsigned size)
{
    const uint8_t *bytes = p9_get_bytes(in, size);
    uint64_t value = 0;

    for (unsigned i = size; bytes != NULL && i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

uint8_t p9_get8(struct p9_reader *in)
{
    return (uint8_t)get(in, 1);
}

uint16_t p9_get16(struct p9_reader *in)
{
    return (uint16_t)get(in, 2);
}

uint32_t p9_get32(struct p9_reader *in)
{
    return (uint32_t)get(in, 4);
}

uint64_t p9_get64(struct p9_reader *in)
{
    return get(in, 8);
}

const char *p9_get_string(struct p9_reader *in, size_t *len)
{
    size_t n = p9_get16(in);
    const char *text = (const char *)p9_get_bytes(in, n);

    *len = text != NULL ? n : 0;
    return text;
}

int p9_get_text(struct p9_reader *in, char *buf, size_t size)
{
    size_t len;
    const char *text = p9_get_string(in, &len);

    buf[0] = '\0';
    if (text == NULL || memchr(text, '\0', len) != NULL)
        return -EINVAL;
    if (len >= size)
        return -ENAMETOOLONG;
    memcpy(buf, text, len);
    buf[len] = '\0';
    return 0;
}

uint8_t *p9_put_bytes(struct p9_writer *out, size_t n)
{
    uint8_t *bytes = out->start + out->used;

    if (out->full || n > out->room - out->used) {
        out->full = true;
        return NULL;
    }
    out->used += n;
    return bytes;
}

static void put(struct p9_writer *out, uint64_t value, unsigned size)
{
    uint8_t *bytes = p9_put_bytes(out, size);

    for (unsigned i = 0; bytes != NULL && i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

void p9_put8(struct p9_writer *out, uint8_t value)
{
    put(out, value, 1);
}

void p9_put16(struct p9_writer *out, uint16_t value)
{
    put(out, value, 2);
}

void p9_put32(struct p9_writer *out, uint32_t value)
{
    put(out, value, 4);
}

void p9_put64(struct p9_writer *out, uint64_t value)
{
    put(out, value, 8);
}

void p9_put_string(struct p9_writer *out, const char *text, size_t len)
{
    uint8_t *bytes;

    p9_put16(out, (uint16_t)len);
    bytes = p9_put_bytes(out, len);
    if (bytes != NULL)
        memcpy(bytes, text, len);
}
