#pragma once
/*
 * Running one script in both worlds and comparing what it said (fs_world.h). A script calls through
 * w and reports every result by SAY() and its kin.
 */
#include "tests/unit/support/fs_world.h"

extern const struct world *w; /* the one the script runs in */
extern bool world_may_climb;  /* ".." stays inside the host's world: it is a root directory */

__attribute__((format(printf, 1, 2))) void say(const char *fmt, ...);
#define SAY(call) say("%s = %lld\n", #call, (long long)(call))

/* Type, permissions, links and size (directories' sizes differ between file systems). */
void say_stat(const char *path, int follow);
void say_list(const char *path); /* the entries, sorted */
void say_cwd(void);
void say_tree(const char *path, int depth); /* everything below */

/* Whether the script says the same in both; if not, the first differences are shown. */
bool same_in_both(const char *name, void (*script)(void));
