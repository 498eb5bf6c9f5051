#pragma once
/* What the kernel command line says. All of it lives for ever. */

/* Parses /chosen bootargs; sets the log level. */
void cmdline_init(void);

const char *cmdline_console(void);   /* of console=, NULL: not given */
const char *cmdline_init_path(void); /* of init=, or the default */
const char *cmdline_selftest(void);  /* of selftest=, NULL: none wanted */
/* For init, null-terminated: its name and unknown words; HOME, TERM and unknown name=value. */
char *const *cmdline_init_argv(void);
char *const *cmdline_init_envp(void);
