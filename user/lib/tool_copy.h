/* Copying files and trees, for cp(1) and for mv(1) between file systems. */
#pragma once

#include <stdbool.h>

struct copy_options {
    bool recursive;
    bool preserve;   /* times and mode */
    bool force;      /* remove a destination that cannot be opened */
    bool ask;        /* before overwriting */
    bool no_clobber; /* do not overwrite */
    bool verbose;
};

/*
 * Copy the file or tree `from` to the path `to`, which is not taken as a directory to copy into.
 * Returns false after a message; what could be copied was.
 */
bool copy_path(const char *from, const char *to, const struct copy_options *opt);

/* What a path stands for when copied or moved into a directory: dir/last-component, allocated. */
char *copy_target(const char *dir, const char *from);

/*
 * The last of the operands SOURCE... DESTINATION, and whether it is a directory to put them into.
 * Ends the program with a message when an operand is missing or several sources have no directory
 * to go to.
 */
const char *copy_destination(int argc, char **argv, bool *into);

/* Is it a directory (following links)? */
bool copy_is_directory(const char *path);
