/* tee(1): copy standard input to standard output and to files; -a appends, -i is accepted. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int argc, char **argv)
{
    int flags = O_WRONLY | O_CREAT | O_TRUNC;
    struct reader r;
    int status = 0;
    int *fds;
    char *data;
    size_t n;
    int c;

    tool_init(argv);
    while ((c = tool_option(argc, argv, "ai")) != -1) {
        if (c == '?')
            tool_usage("[-ai] [FILE]...");
        if (c == 'a')
            flags = O_WRONLY | O_CREAT | O_APPEND;
    }
    argc -= tool_index;
    argv += tool_index;
    fds = tool_alloc((size_t)(argc + 1) * sizeof(*fds));
    for (int i = 0; i < argc; i++) {
        fds[i] = open(argv[i], flags, 0666);
        if (fds[i] < 0) {
            tool_warn_errno("%s", argv[i]);
            status = 1;
        }
    }
    reader_init(&r, STDIN_FILENO);
    while (reader_chunk(&r, &data, &n)) {
        out_write(data, n);
        if (!out_flush() && errno == EPIPE)
            break;
        for (int i = 0; i < argc; i++) {
            if (fds[i] >= 0 && !tool_write_all(fds[i], data, n)) {
                tool_warn_errno("%s", argv[i]);
                close(fds[i]);
                fds[i] = -1;
                status = 1;
            }
        }
    }
    if (r.failed) {
        errno = r.error;
        tool_warn_errno("read error");
        status = 1;
    }
    tool_exit(status);
}
