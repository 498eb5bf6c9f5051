#pragma once
/* Between the files that read the command line (options*.c). */
#include "tools/emu/options.h"

struct props;

/* Results of a setter besides an exit status. */
enum { GO_ON = -1 };

/* A number in C's notation, decimal or 0x..., followed by nothing. */
bool options_number(const char *text, uint64_t *value);

/* As props_parse(); false after a message that names the option. */
bool options_split(const char *option, struct props *props, const char *value, const char *first);

/*
 * Done with the properties, which are freed. If all went well (status is GO_ON) and there is one
 * that nobody has asked for, that is refused.
 */
int options_all_known(const char *option, struct props *props, int status);

/* Setters of options that are spelled as QEMU spells them, with all that stands in their values. */
int options_set_bios(struct options *o, const char *value);
int options_set_cpu(struct options *o, const char *value);
int options_set_machine(struct options *o, const char *value);
int options_set_harts(struct options *o, const char *value);
int options_set_icount(struct options *o, const char *value);
/* The next word behind -icount: is it QEMU's value? And then that of it. */
bool options_is_icount(const char *word);
int options_set_qemu_icount(struct options *o, const char *value);
int options_set_rtc(struct options *o, const char *value);
int options_set_no_shutdown(struct options *o, const char *value);
int options_set_no_defaults(struct options *o, const char *value);
int options_set_snapshot(struct options *o, const char *value);

/* Of these, only what means that there is nothing, or what is so anyway. */
int options_set_monitor(struct options *o, const char *value);
int options_set_name(struct options *o, const char *value);
int options_set_accel(struct options *o, const char *value);
int options_set_vga(struct options *o, const char *value);
int options_set_parallel(struct options *o, const char *value);
int options_set_as_it_is(struct options *o, const char *value);

/* What depends on several options; false after a message. */
bool options_finish(struct options *o);
