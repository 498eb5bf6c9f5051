/* lib/bitmap.c against an array of bool. */
#include "lib/bitmap.h"
#include "tap.h"

enum { MAX = 300 };

static unsigned long map[BITMAP_WORDS(MAX) + 2]; /* a guard word at either end */
static bool model[MAX];

static size_t model_find(size_t size, size_t from, bool want)
{
    while (from < size && model[from] != want)
        from++;
    return from < size ? from : size;
}

static size_t model_run(size_t size, size_t from, size_t count, size_t align)
{
    for (size_t start = from; start + count <= size; start++) {
        size_t n = 0;
        while (n < count && !model[start + n])
            n++;
        if (n == count && start % align == 0)
            return start;
    }
    return size;
}

static bool same(unsigned long *m, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += model[i];
        if (bitmap_test(m, i) != model[i])
            return false;
    }
    return bitmap_count(m, size) == count;
}

static void change(unsigned long *m, size_t size)
{
    size_t at = random_below((unsigned)size), n = random_below((unsigned)(size - at) + 1);
    if (random_below(3))
        n = n > 20 ? 20 : n;
    bool set = random_below(2);
    if (random_below(2)) {
        (set ? bitmap_set_range : bitmap_clear_range)(m, at, n);
        for (size_t i = 0; i < n; i++)
            model[at + i] = set;
    } else {
        (set ? bitmap_set : bitmap_clear)(m, at);
        model[at] = set;
    }
}

int main(void)
{
    struct cases c = {.text = "random operations"};
    unsigned long *m = map + 1;
    for (unsigned step = 0; step < 40000; step++) {
        static size_t size;
        if (step % 200 == 0) {
            size = 1 + random_below(MAX);
            memset(map, step % 400 ? 0xff : 0, sizeof map);
            memset(model, step % 400 != 0, sizeof model);
            map[0] = 0x1234;
        }
        change(m, size);
        size_t from = random_below((unsigned)size + 1);
        size_t count = 1 + random_below(12), align = (size_t)1 << random_below(5);
        cases_check(&c, same(m, size), "step %u", step);
        cases_check(&c, bitmap_find_set(m, size, from) == model_find(size, from, true), "set %zu",
                    from);
        cases_check(&c, bitmap_find_clear(m, size, from) == model_find(size, from, false),
                    "clear %zu", from);
        cases_check(&c,
                    bitmap_find_clear_run(m, size, from, count, align) ==
                        model_run(size, from, count, align),
                    "run of %zu aligned to %zu from %zu of %zu", count, align, from, size);
        cases_check(&c, map[0] == 0x1234, "guard word");
    }
    cases_end(&c);
    return tap_done();
}
