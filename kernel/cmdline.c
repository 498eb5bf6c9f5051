/*
 * The kernel command line, /chosen bootargs. Words the kernel does not know go to init: name=value
 * as its environment, others as its arguments (as Linux has it).
 */
#include "kernel/arch/arch.h"
#include "kernel/cmdline.h"
#include "kernel/klog.h"
#include "lib/fdt.h"
#include "lib/string.h"

#define LINE_MAX  1024
#define WORDS_MAX 16

static char line[LINE_MAX];
static char *init_argv[WORDS_MAX + 2], *init_envp[WORDS_MAX + 4];
static unsigned argc = 1, envc;
static const char *init_path = "/sbin/init", *console, *selftest;

/* The text after "name=" when `word` is that option, or NULL. */
static const char *value_of(const char *word, const char *name)
{
    size_t n = strlen(name);
    return strncmp(word, name, n) == 0 && word[n] == '=' ? word + n + 1 : NULL;
}

static void set_level(const char *value)
{
    if (value[0] < '0' || value[0] > '8' || value[1])
        klog(LOG_WARNING, "loglevel=%s: not 0 to 8", value);
    else
        klog_set_level(value[0] - '0');
}

static void take_unknown(char *word)
{
    bool env = strchr(word, '=') != NULL;
    klog(LOG_NOTICE, "command line: \"%s\" is left to init", word);
    if (env && envc < WORDS_MAX)
        init_envp[envc++] = word;
    else if (!env && argc < WORDS_MAX)
        init_argv[argc++] = word;
    else
        klog(LOG_WARNING, "command line: too many words, \"%s\" is dropped", word);
}

static void take_word(char *word)
{
    const char *value;
    if ((value = value_of(word, "init")) != NULL)
        init_path = value;
    else if ((value = value_of(word, "console")) != NULL)
        console = value;
    else if ((value = value_of(word, "selftest")) != NULL)
        selftest = value;
    else if ((value = value_of(word, "loglevel")) != NULL)
        set_level(value);
    else
        take_unknown(word);
}

void cmdline_init(void)
{
    const struct fdt *fdt = arch_fdt();
    const char *args = fdt_prop_string(fdt, fdt_node_by_path(fdt, "/chosen"), "bootargs");
    if (args && strlcpy(line, args, sizeof line) >= sizeof line)
        klog(LOG_WARNING, "command line: cut after %u bytes", (unsigned)sizeof line - 1);
    for (char *p = line; *p;) {
        p += strspn(p, " \t\n");
        char *word = p;
        p += strcspn(p, " \t\n");
        if (p == word)
            break;
        if (*p)
            *p++ = '\0';
        take_word(word);
    }
    static char home[] = "HOME=/", term[] = "TERM=linux";
    init_envp[envc++] = home;
    init_envp[envc++] = term;
    init_argv[0] = (char *)init_path;
}

const char *cmdline_init_path(void)
{
    return init_path;
}

const char *cmdline_console(void)
{
    return console;
}

const char *cmdline_selftest(void)
{
    return selftest;
}

char *const *cmdline_init_argv(void)
{
    return init_argv;
}

char *const *cmdline_init_envp(void)
{
    return init_envp;
}
