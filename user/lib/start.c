/* From the kernel's argument block to main(), and what a thread needs before any C code of ours. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "abi/auxv.h"
#include "user/lib/private.h"

/* By the linker script: the initialised thread-local data, and the size and alignment of all of it.
 */
extern const char __tdata_start[];
extern const char __tdata_size[], __tls_size[], __tls_align[];

char **environ;
char *__tarn_name;
const unsigned long *__tarn_auxv;

int main(int argc, char **argv, char **envp);
typedef void (*hook_fn)(int, char **, char **);
extern const hook_fn __preinit_array_start[], __preinit_array_end[];
extern const hook_fn __init_array_start[], __init_array_end[];
extern void (*const __fini_array_start[])(void);
extern void (*const __fini_array_end[])(void);

_Noreturn void __tarn_start(long *block);

/*
 * Give the first thread its thread-local data: tp points at the copy (psABI variant I). A program
 * without any gets none; what needs a thread pointer then has no thread-local data to find.
 */
static void tls_start(void)
{
    size_t size = (size_t)__tls_size;
    if (size == 0) {
        return;
    }
    size_t align = (size_t)__tls_align;
    char *room = sbrk((ptrdiff_t)(size + align));
    if (room == (void *)-1) {
        _exit(127);
    }
    room = (char *)(((uintptr_t)room + align - 1) & ~(uintptr_t)(align - 1));
    memcpy(room, __tdata_start, (size_t)__tdata_size); /* the rest is fresh, so zero */
    __tarn_set_thread_pointer(room);
}

/* The destructors, last one first. */
static void run_fini(void)
{
    for (size_t i = (size_t)(__fini_array_end - __fini_array_start); i > 0; i--) {
        __fini_array_start[i - 1]();
    }
}

static void run_init(int argc, char **argv)
{
    for (const hook_fn *hook = __preinit_array_start; hook < __preinit_array_end; hook++) {
        (*hook)(argc, argv, environ);
    }
    for (const hook_fn *hook = __init_array_start; hook < __init_array_end; hook++) {
        (*hook)(argc, argv, environ);
    }
    if (&__fini_array_start[0] != &__fini_array_end[0]) {
        atexit(run_fini);
    }
}

/* block: argc, argv[argc], NULL, envp..., NULL, auxiliary vector. */
_Noreturn void __tarn_start(long *block)
{
    int argc = (int)block[0];
    char **argv = (char **)(block + 1);
    environ = argv + argc + 1;
    char **end = environ;
    while (*end) {
        end++;
    }
    __tarn_auxv = (const unsigned long *)(end + 1);
    __tarn_name = argc > 0 ? argv[0] : "";
    tls_start();
    run_init(argc, argv);
    exit(main(argc, argv, environ));
}

/* The value of an entry of the auxiliary vector, 0 when there is none. */
unsigned long __tarn_auxval(unsigned long type)
{
    for (const unsigned long *entry = __tarn_auxv; entry[0] != ABI_AT_NULL; entry += 2) {
        if (entry[0] == type) {
            return entry[1];
        }
    }
    return 0;
}
