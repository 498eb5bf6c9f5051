/* Arenas and growing strings. */
#include <stdlib.h>
#include <string.h>

#include "user/bin/sh/sh.h"
#include "user/lib/tool.h"

/* Under AddressSanitizer each allocation gets a chunk of its own, so that overruns are seen. */
#ifdef __SANITIZE_ADDRESS__
enum { CHUNK_SIZE = 1 };
#else
enum { CHUNK_SIZE = 2000 };
#endif

enum { ARENA_ALIGN = 8 };

struct chunk {
    struct chunk *below;
    size_t used, size;
    uint64_t data[];
};

struct arena *arena_new(void)
{
    struct arena *a = tool_alloc(sizeof(*a));

    a->top = NULL;
    a->refs = 1;
    return a;
}

void arena_ref(struct arena *a)
{
    a->refs++;
}

void arena_put(struct arena *a)
{
    if (!a || --a->refs > 0)
        return;
    arena_release(a, (struct arena_mark){NULL, 0});
    free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct chunk *c = a->top;
    void *p;

    if (size > SIZE_MAX / 2)
        tool_die("memory exhausted");
    size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (!c || c->size - c->used < size) {
        size_t want = size > CHUNK_SIZE ? size : CHUNK_SIZE;

        c = tool_alloc(sizeof(*c) + want);
        c->below = a->top;
        c->used = 0;
        c->size = want;
        a->top = c;
    }
    p = (char *)c->data + c->used;
    c->used += size;
    return memset(p, 0, size);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *p = arena_alloc(a, n + 1);

    if (n > 0)
        memcpy(p, s, n);
    return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->top, a->top ? a->top->used : 0};
}

void arena_release(struct arena *a, struct arena_mark mark)
{
    while (a->top != mark.top) {
        struct chunk *c = a->top;

        a->top = c->below;
        free(c);
    }
    if (a->top)
        a->top->used = mark.used;
}

static void strbuf_reserve(struct strbuf *b, size_t more)
{
    size_t cap = b->cap ? b->cap : 32;

    if (b->cap - b->len >= more)
        return;
    while (cap - b->len < more) {
        if (cap > SIZE_MAX / 4)
            tool_die("memory exhausted");
        cap *= 2;
    }
    b->s = tool_realloc(b->s, cap);
    b->cap = cap;
}

void strbuf_char(struct strbuf *b, int c)
{
    strbuf_reserve(b, 1);
    b->s[b->len++] = (char)c;
}

void strbuf_write(struct strbuf *b, const char *s, size_t n)
{
    if (n == 0)
        return;
    strbuf_reserve(b, n);
    memcpy(b->s + b->len, s, n);
    b->len += n;
}

void strbuf_fill(struct strbuf *b, int c, size_t n)
{
    strbuf_reserve(b, n);
    if (n > 0)
        memset(b->s + b->len, c, n);
    b->len += n;
}

void strbuf_str(struct strbuf *b, const char *s)
{
    strbuf_write(b, s, strlen(s));
}

char *strbuf_get(struct strbuf *b)
{
    strbuf_reserve(b, 1);
    b->s[b->len] = '\0';
    return b->s;
}

void strbuf_free(struct strbuf *b)
{
    free(b->s);
    *b = (struct strbuf){0};
}
