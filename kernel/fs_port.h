#pragma once
/* Where the file system layer and the rest of the kernel meet, for main.c and proc. */

struct files;
struct fs_context;

/*
 * Brings up the VFS: an empty root, filled from the initrd; devtmpfs on /dev, proc on /proc; a node
 * for every device. After dev_init() and console_init(), in thread context. Failing parts are
 * logged; an error means there is no root at all.
 */
int fs_boot(void);

/* Opens /dev/console as descriptors 0, 1 and 2 of a new process: 0 or an error. */
int fs_open_console(struct fs_context *fs, struct files *files);
