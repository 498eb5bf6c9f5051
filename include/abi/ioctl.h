#pragma once
/* Request numbers of ioctl(2): Linux's asm-generic ones. */
#include <stddef.h>
#include <stdint.h>

#ifndef TCGETS
#    define TCGETS     0x5401 /* struct abi_termios, out */
#    define TCSETS     0x5402 /* struct abi_termios, in: now */
#    define TCSETSW    0x5403 /* after the output has drained */
#    define TCSETSF    0x5404 /* after the output has drained, dropping unread input */
#    define TCSBRK     0x5409
#    define TCXONC     0x540A
#    define TCFLSH     0x540B
#    define TIOCSCTTY  0x540E /* make it the session's controlling terminal */
#    define TIOCGPGRP  0x540F /* int, out */
#    define TIOCSPGRP  0x5410 /* int, in */
#    define TIOCOUTQ   0x5411 /* int, out: bytes not written yet */
#    define TIOCGWINSZ 0x5413 /* struct abi_winsize, out */
#    define TIOCSWINSZ 0x5414 /* struct abi_winsize, in */
#    define FIONREAD   0x541B /* int, out: bytes that can be read */
#    define TIOCNOTTY  0x5422
#    define TIOCGSID   0x5429 /* int, out */
#endif

/* Block devices. */
#ifndef BLKGETSIZE64
#    define BLKROGET   0x125e /* int, out: 1 when it is read-only */
#    define BLKGETSIZE 0x1260 /* unsigned long, out: sectors of 512 bytes */
#    define BLKFLSBUF  0x1261 /* writes what is cached and forgets it */
#    define BLKSSZGET  0x1268 /* int, out: bytes in a block */
#    define BLKDISCARD 0x1277 /* uint64_t[2], in: first byte, bytes */
#    define BLKPBSZGET 0x127b /* unsigned, out: bytes in a physical block */
/* These carry the size of a size_t in their number; the second writes a uint64_t all the same. */
#    define BLKBSZGET    (0x80001270u | (uint32_t)sizeof(size_t) << 16) /* int, out */
#    define BLKGETSIZE64 (0x80001272u | (uint32_t)sizeof(size_t) << 16) /* bytes */
#endif
