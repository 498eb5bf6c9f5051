#pragma once
/* The kernel's files in /proc. */

/* Registers them; once, after vfs_init(). */
void procfs_init(void);
