#pragma once
/* What main.c and helper.c need beside usertests.h. */

/* This program's path, from argv[0] and $PATH, absolute and static; NULL when it is not found. */
const char *find_self(const char *name);

/* Remove a file or a folder with all in it. */
void remove_tree(const char *path);
