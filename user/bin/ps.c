/* ps(1): the processes, from /proc/PID/status. All are shown; -e -A -f -a -x -u are accepted. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fmt.h"
#include "user/lib/tool.h"

struct process {
    int pid, ppid;
    char state;
    unsigned long rss; /* KiB */
    char name[64];
};

static struct process *processes;
static size_t count;

/* The value behind "Key:" and blanks if the line has that key, else NULL. */
static const char *value_of(const char *line, const char *key)
{
    size_t n = strlen(key);

    if (strncmp(line, key, n) != 0 || line[n] != ':')
        return NULL;
    return line + n + 1 + strspn(line + n + 1, " \t");
}

static void take_line(struct process *p, const char *line)
{
    const char *v;

    if ((v = value_of(line, "Name")))
        fmt_snprint(p->name, sizeof(p->name), "%s", v);
    else if ((v = value_of(line, "State")))
        p->state = *v ? *v : '?';
    else if ((v = value_of(line, "PPid")))
        p->ppid = (int)strtol(v, NULL, 10);
    else if ((v = value_of(line, "VmRSS")))
        p->rss = strtoul(v, NULL, 10);
}

/* Read /proc/PID/status. A process that has ended meanwhile is left out. */
static void add_process(int pid)
{
    struct process p = {.pid = pid, .state = '?'};
    char path[64];
    struct reader r;
    char *line;
    size_t n;
    int fd;

    fmt_snprint(path, sizeof(path), "/proc/%d/status", pid);
    fd = open(path, O_RDONLY);
    if (fd < 0)
        return;
    reader_init(&r, fd);
    while (reader_line(&r, &line, &n)) {
        line[n - 1] = '\0';
        take_line(&p, line);
    }
    close(fd);
    reader_free(&r);
    if (r.failed)
        return;
    processes = tool_realloc(processes, (count + 1) * sizeof(*processes));
    processes[count++] = p;
}

static int compare(const void *a, const void *b)
{
    return ((const struct process *)a)->pid - ((const struct process *)b)->pid;
}

int main(int argc, char **argv)
{
    struct dirent *d;
    DIR *dir;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "eAfaxu")) != -1) {
        if (c == '?')
            tool_usage("[-eAfaxu]");
    }
    dir = opendir("/proc");
    if (!dir)
        tool_die("/proc: %s", strerror(errno));
    while ((d = readdir(dir))) {
        long long pid;

        if (tool_number(d->d_name, 1, INT32_MAX, &pid))
            add_process((int)pid);
    }
    closedir(dir);
    if (count > 0)
        qsort(processes, count, sizeof(*processes), compare);
    out_fmt("%5s %5s %4s %7s %s\n", "PID", "PPID", "STAT", "RSS", "COMMAND");
    for (size_t i = 0; i < count; i++) {
        const struct process *p = &processes[i];

        out_fmt("%5d %5d %-4c %7lu %s\n", p->pid, p->ppid, p->state, p->rss, p->name);
    }
    tool_exit(0);
}
