#pragma once
/* Between the files that make up /proc. */

void procfs_pid_init(void); /* the files of each process */
