#include "tools/emu/state.h"

#include <stdio.h>
#include <string.h>

enum { STATE_PRINT_MAX = 256 };

static uint64_t load_host(const void *p, unsigned size)
{
    switch (size) {
    case 1: return *(const uint8_t *)p;
    case 2: return *(const uint16_t *)p;
    case 4: return *(const uint32_t *)p;
    default: return *(const uint64_t *)p;
    }
}

static void store_host(void *p, unsigned size, uint64_t value)
{
    switch (size) {
    case 1: *(uint8_t *)p = (uint8_t)value; break;
    case 2: *(uint16_t *)p = (uint16_t)value; break;
    case 4: *(uint32_t *)p = (uint32_t)value; break;
    default: *(uint64_t *)p = value; break;
    }
}

void state_reset(void *base, const struct state_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memset((char *)base + fields[i].offset, 0, (size_t)fields[i].size * fields[i].count);
}

size_t state_size(const struct state_field *fields, size_t count, unsigned version)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++)
        if (fields[i].version <= version)
            size += (size_t)fields[i].size * fields[i].count;
    return size;
}

void state_save(const void *base, const struct state_field *fields, size_t count, uint8_t *buf)
{
    for (size_t i = 0; i < count; i++) {
        const char *from = (const char *)base + fields[i].offset;
        for (unsigned k = 0; k < fields[i].count; k++, from += fields[i].size) {
            uint64_t value = load_host(from, fields[i].size);
            for (unsigned byte = 0; byte < fields[i].size; byte++)
                *buf++ = (uint8_t)(value >> (8 * byte));
        }
    }
}

bool state_load(void *base, const struct state_field *fields, size_t count, unsigned version,
                const uint8_t *buf, size_t n)
{
    if (n != state_size(fields, count, version))
        return false;
    state_reset(base, fields, count);
    for (size_t i = 0; i < count; i++) {
        char *to = (char *)base + fields[i].offset;
        if (fields[i].version > version)
            continue;
        for (unsigned k = 0; k < fields[i].count; k++, to += fields[i].size) {
            uint64_t value = 0;
            for (unsigned byte = 0; byte < fields[i].size; byte++)
                value |= (uint64_t)*buf++ << (8 * byte);
            store_host(to, fields[i].size, value);
        }
    }
    return true;
}

void state_print(const void *base, const struct state_field *fields, size_t count,
                 const char *prefix, void (*put)(void *arg, const char *line), void *arg)
{
    char line[128];

    for (size_t i = 0; i < count; i++) {
        const struct state_field *f = &fields[i];
        const char *from = (const char *)base + f->offset;
        if (f->count > STATE_PRINT_MAX)
            continue;
        for (unsigned k = 0; k < f->count; k++, from += f->size) {
            unsigned long long value = load_host(from, f->size);
            if (f->count == 1)
                snprintf(line, sizeof line, "%s.%s 0x%llx", prefix, f->name, value);
            else if (value != 0)
                snprintf(line, sizeof line, "%s.%s[%u] 0x%llx", prefix, f->name, k, value);
            else
                continue;
            put(arg, line);
        }
    }
}
