#pragma once
/* syslog(2): the kernel log. */

#define ABI_SYSLOG_READ          2 /* wait for messages, take them */
#define ABI_SYSLOG_READ_ALL      3 /* the last `len` bytes of the buffer */
#define ABI_SYSLOG_READ_CLEAR    4 /* the same, then clear */
#define ABI_SYSLOG_CLEAR         5
#define ABI_SYSLOG_CONSOLE_OFF   6
#define ABI_SYSLOG_CONSOLE_ON    7
#define ABI_SYSLOG_CONSOLE_LEVEL 8 /* `len` is the level: messages below it reach the console */
#define ABI_SYSLOG_SIZE_UNREAD   9
#define ABI_SYSLOG_SIZE_BUFFER   10
