/* Who runs this: the one user Tarn has, and /etc/passwd. */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel knows a single user, root. */
uid_t getuid(void)
{
    return 0;
}

uid_t geteuid(void)
{
    return 0;
}

gid_t getgid(void)
{
    return 0;
}

gid_t getegid(void)
{
    return 0;
}

int issetugid(void)
{
    return 0;
}

static FILE *passwd_file;
static struct passwd passwd_entry;
static char passwd_line[512];

void setpwent(void)
{
    endpwent();
}

void endpwent(void)
{
    if (passwd_file) {
        fclose(passwd_file);
        passwd_file = NULL;
    }
}

/* Cut `line` (name:password:uid:gid:gecos:dir:shell) into passwd_entry; false when it is not one.
 */
static int passwd_parse(char *line)
{
    char *field[7];
    for (int i = 0; i < 7; i++) {
        field[i] = strsep(&line, ":");
        if (!field[i]) {
            return 0;
        }
    }
    passwd_entry = (struct passwd){
        .pw_name = field[0],
        .pw_passwd = field[1],
        .pw_uid = (uid_t)strtoul(field[2], NULL, 10),
        .pw_gid = (gid_t)strtoul(field[3], NULL, 10),
        .pw_comment = "",
        .pw_gecos = field[4],
        .pw_dir = field[5],
        .pw_shell = field[6],
    };
    return 1;
}

/* The entry is overwritten by the next call of this or of the two below. */
struct passwd *getpwent(void)
{
    if (!passwd_file) {
        passwd_file = fopen("/etc/passwd", "re");
    }
    while (passwd_file && fgets(passwd_line, sizeof(passwd_line), passwd_file)) {
        passwd_line[strcspn(passwd_line, "\n")] = '\0';
        if (passwd_parse(passwd_line)) {
            return &passwd_entry;
        }
    }
    return NULL;
}

struct passwd *getpwnam(const char *name)
{
    struct passwd *entry;
    setpwent();
    while ((entry = getpwent()) && strcmp(entry->pw_name, name) != 0) {
    }
    endpwent();
    return entry;
}

struct passwd *getpwuid(uid_t uid)
{
    struct passwd *entry;
    setpwent();
    while ((entry = getpwent()) && entry->pw_uid != uid) {
    }
    endpwent();
    return entry;
}

char *getlogin(void)
{
    struct passwd *entry = getpwuid(getuid());
    return entry ? entry->pw_name : NULL;
}
