/* ls(1): main.c reads and sorts, print.c shows. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

struct entry {
    char *name; /* as shown */
    char *path;
    struct stat st;
    bool have_st;
};

struct options {
    bool all;        /* -a */
    bool almost_all; /* -A */
    bool columns;    /* -C, or output to a terminal */
    bool directory;  /* -d */
    bool classify;   /* -F */
    bool slash;      /* -p */
    bool human;      /* -h */
    bool inode;      /* -i */
    bool lengthy;    /* -l */
    bool numeric;    /* -n */
    bool reverse;    /* -r */
    bool recursive;  /* -R */
    bool by_size;    /* -S */
    bool by_time;    /* -t */
    bool unsorted;   /* -U */
    bool blocks;     /* -s */
    bool terminal;   /* hide control characters */
};

extern struct options opt;

/* Show the entries of a directory in the format chosen. */
void print_directory(const struct entry *entries, int count);
/* Show operands; the columns are as wide as the directories, which follow, would need too. */
void print_operands(const struct entry *files, int count, const struct entry *dirs, int dir_count);
/* A name with control characters hidden on a terminal. */
void print_name(const char *name);
