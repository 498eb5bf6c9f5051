/* system(): a line for the shell. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The status as waitpid() has it; with no line, whether there is a shell. */
int system(const char *line)
{
    if (!line) {
        return access("/bin/sh", X_OK) == 0;
    }
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    int status;
    return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}
