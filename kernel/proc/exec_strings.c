/* argv and envp on their way from the old address space to the new one, and the new stack. */
#include "abi/auxv.h"
#include "abi/errno.h"
#include "abi/limits.h"
#include "abi/times.h"
#include "fs/port.h"
#include "kernel/arch/internal.h"
#include "kernel/klog.h"
#include "kernel/proc/internal.h"
#include "lib/string.h"

#define STRINGS_MAX (512u << 10) /* ARG_MAX: all strings together */

/* ---- gathering */

static int make_room(struct exec_strings *strings, size_t more)
{
    size_t need = strings->used + more, room = strings->room ? strings->room : 1024;
    if (need > STRINGS_MAX)
        return -E2BIG;
    while (room < need)
        room *= 2;
    if (room == strings->room)
        return 0;
    char *data = kmalloc(room);
    if (!data)
        return -ENOMEM;
    if (strings->used)
        memcpy(data, strings->data, strings->used);
    kfree(strings->data);
    strings->data = data;
    strings->room = room;
    return 0;
}

int strings_add(struct exec_strings *strings, const char *text, size_t length)
{
    int error = make_room(strings, length + 1);
    if (error)
        return error;
    memcpy(strings->data + strings->used, text, length);
    strings->data[strings->used + length] = '\0';
    strings->used += length + 1;
    return 0;
}

int strings_add_user(struct exec_strings *strings, struct uaddr text)
{
    for (size_t try = 256;; try *= 2) {
        if (try > ABI_ARG_STRLEN_MAX)
            try = ABI_ARG_STRLEN_MAX;
        int error = make_room(strings, try);
        if (error)
            return error;
        long length = str_in(strings->data + strings->used, text, try);
        if (length >= 0) {
            strings->used += (size_t)length + 1;
            return 0;
        }
        if (length != -ENAMETOOLONG)
            return (int)length;
        if (try == ABI_ARG_STRLEN_MAX)
            return -E2BIG;
    }
}

void strings_free(struct exec_strings *strings)
{
    kfree(strings->data);
    *strings = (struct exec_strings){NULL};
}

/* ---- the stack (psABI, process initialisation): argc, argv, envp, auxv; strings above */

/* A bit per letter of the ISA string, as Linux has it. */
static unsigned long hardware_capabilities(void)
{
    static const char letters[] = "imacfd";
    unsigned long bits = 0;
    char letter[2] = {0};
    for (const char *p = letters; *p; p++) {
        letter[0] = *p;
        if (arch_isa_has(letter))
            bits |= 1UL << (*p - 'a');
    }
    return bits;
}

struct words {
    unsigned long *data;
    unsigned count;
};

static void put(struct words *words, unsigned long value)
{
    words->data[words->count++] = value;
}

static void put_aux(struct words *words, unsigned long type, unsigned long value)
{
    put(words, type);
    put(words, value);
}

/* Pointers to `count` strings from *text on, then a null. */
static void put_pointers(struct words *words, const char **text, unsigned count, const char *base,
                         vaddr_t base_va)
{
    for (unsigned i = 0; i < count; i++) {
        put(words, base_va + (vaddr_t)(*text - base));
        *text += strlen(*text) + 1;
    }
    put(words, 0);
}

#define AUX_WORDS 32

static void put_auxv(struct words *words, const struct exec_image *image, vaddr_t random,
                     vaddr_t path)
{
    put_aux(words, ABI_AT_PAGESZ, PAGE_SIZE);
    if (image->phdr) {
        put_aux(words, ABI_AT_PHDR, image->phdr);
        put_aux(words, ABI_AT_PHENT, image->phent);
        put_aux(words, ABI_AT_PHNUM, image->phnum);
    }
    put_aux(words, ABI_AT_ENTRY, image->entry);
    put_aux(words, ABI_AT_UID, 0);
    put_aux(words, ABI_AT_EUID, 0);
    put_aux(words, ABI_AT_GID, 0);
    put_aux(words, ABI_AT_EGID, 0);
    put_aux(words, ABI_AT_SECURE, 0);
    put_aux(words, ABI_AT_HWCAP, hardware_capabilities());
    put_aux(words, ABI_AT_CLKTCK, ABI_CLOCK_TICKS);
    put_aux(words, ABI_AT_RANDOM, random);
    put_aux(words, ABI_AT_EXECFN, path);
    put_aux(words, ABI_AT_NULL, 0);
}

int exec_build_stack(struct exec_image *image, const struct exec_strings *strings, const char *path)
{
    uint8_t random[16];
    port_random(random, sizeof random);
    size_t path_size = strlen(path) + 1;
    vaddr_t path_va = image->mm->stack_top - path_size;
    vaddr_t random_va = (path_va - sizeof random) & ~(vaddr_t)15;
    vaddr_t text_va = random_va - strings->used;
    unsigned most = 1 + strings->argc + 1 + strings->envc + 1 + AUX_WORDS;
    struct words words = {.data = kmalloc(most * sizeof(long))};
    if (!words.data)
        return -ENOMEM;
    const char *text = strings->data;
    put(&words, strings->argc);
    put_pointers(&words, &text, strings->argc, strings->data, text_va);
    image->args_start = text_va;
    image->args_end = text_va + (vaddr_t)(text - strings->data);
    put_pointers(&words, &text, strings->envc, strings->data, text_va);
    image->env_end = text_va + (vaddr_t)(text - strings->data);
    put_auxv(&words, image, random_va, path_va);
    KASSERT(words.count <= most);
    image->sp = (text_va - words.count * sizeof(long)) & ~(vaddr_t)15;
    int error = vm_write(image->mm, path_va, path, path_size);
    if (!error)
        error = vm_write(image->mm, random_va, random, sizeof random);
    if (!error)
        error = vm_write(image->mm, text_va, strings->data, strings->used);
    if (!error)
        error = vm_write(image->mm, image->sp, words.data, words.count * sizeof(long));
    kfree(words.data);
    return error;
}
