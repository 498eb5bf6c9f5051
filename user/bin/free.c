/* free(1): memory from /proc/meminfo; -b -k -m -g the unit, -h human. */
#include <string.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "user/lib/tool.h"

struct meminfo {
    unsigned long long total, free, available, cached, buffers;
};

static char unit = 'k';

/* "Name:   123 kB": the number if the line is the named one. */
static void take(const char *line, const char *name, unsigned long long *value)
{
    size_t n = strlen(name);

    if (strncmp(line, name, n) != 0 || line[n] != ':')
        return;
    line += n + 1 + strspn(line + n + 1, " \t");
    for (*value = 0; *line >= '0' && *line <= '9'; line++)
        *value = *value * 10 + (unsigned)(*line - '0');
}

static bool read_meminfo(struct meminfo *info)
{
    int fd = tool_open("/proc/meminfo");
    struct reader r;
    char *line;
    size_t n;

    if (fd < 0)
        return false;
    reader_init(&r, fd);
    while (reader_line(&r, &line, &n)) {
        line[n - 1] = '\0';
        take(line, "MemTotal", &info->total);
        take(line, "MemFree", &info->free);
        take(line, "MemAvailable", &info->available);
        take(line, "Cached", &info->cached);
        take(line, "Buffers", &info->buffers);
    }
    reader_free(&r);
    tool_close(fd);
    return true;
}

static void column(unsigned long long kib)
{
    char text[32];
    int power = 0;

    switch (unit) {
    case 'b': fmt_snprint(text, sizeof(text), "%llu", kib * 1024); break;
    case 'm': fmt_snprint(text, sizeof(text), "%llu", kib / 1024); break;
    case 'g': fmt_snprint(text, sizeof(text), "%llu", kib / 1024 / 1024); break;
    case 'h':
        for (kib *= 10; kib >= 10240 && power < 3; power++)
            kib /= 1024;
        if (kib < 100 && kib % 10)
            fmt_snprint(text, sizeof(text), "%llu.%llu%ci", kib / 10, kib % 10, "KMGT"[power]);
        else
            fmt_snprint(text, sizeof(text), "%llu%ci", kib / 10, "KMGT"[power]);
        break;
    default: fmt_snprint(text, sizeof(text), "%llu", kib); break;
    }
    out_fmt(" %11s", text);
}

int main(int argc, char **argv)
{
    struct meminfo info = {0};
    unsigned long long cache, used;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "bkmgh")) != -1) {
        if (c == '?')
            tool_usage("[-b | -k | -m | -g | -h]");
        unit = (char)c;
    }
    if (!read_meminfo(&info))
        return 1;
    cache = info.cached + info.buffers;
    used = info.total - info.free;
    used = used > cache ? used - cache : 0;
    if (!info.available)
        info.available = info.free + cache;
    out_fmt("%-7s %11s %11s %11s %11s %11s\n", "", "total", "used", "free", "buff/cache",
            "available");
    out_fmt("%-7s", "Mem:");
    column(info.total);
    column(used);
    column(info.free);
    column(cache);
    column(info.available);
    out_char('\n');
    tool_exit(0);
}
