/* execve(2): the file, the new address space, and the point of no return. */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/limits.h"
#include "abi/stat.h"
#include "fs/fs.h"
#include "kernel/arch/internal.h"
#include "kernel/klog.h"
#include "kernel/proc/internal.h"
#include "lib/elf.h"
#include "lib/string.h"

#define HEAD_SIZE    1024 /* what is read of the file before it is known what it is */
#define SCRIPT_DEPTH 4
#define ARGS_MAX     0x10000 /* strings */

/* One execve on its way. */
struct exec {
    char *path; /* of the file being tried; kernel memory of ABI_PATH_MAX bytes */
    char *head; /* HEAD_SIZE bytes */
    size_t head_size;
    struct file *file;
    struct exec_strings strings;
    struct exec_image image;
};

/* ---- the file */

static int open_program(struct exec *exec)
{
    struct fs_at at = {.fs = current_proc()->fs, .at = NULL};
    int error = vfs_open(at, exec->path, O_RDONLY, 0, &exec->file);
    if (error)
        return error;
    uint32_t mode = exec->file->inode->mode;
    if (!S_ISREG(mode) || !(mode & 0111))
        return -EACCES;
    long n = file_read_kernel(exec->file, exec->head, HEAD_SIZE, 0);
    if (n < 0)
        return (int)n;
    exec->head_size = (size_t)n;
    return 0;
}

static char *skip_blanks(char *p, char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/*
 * "#! interpreter argument": the interpreter becomes the program, with its argument and the
 * script's path in front of the arguments that follow argv[0].
 */
static int enter_script(struct exec *exec)
{
    char *end = memchr(exec->head, '\n', exec->head_size);
    if (!end) {
        if (exec->head_size == HEAD_SIZE)
            return -ENOEXEC;
        end = exec->head + exec->head_size;
    }
    while (end > exec->head + 2 && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    char *name = skip_blanks(exec->head + 2, end), *name_end = name;
    while (name_end < end && *name_end != ' ' && *name_end != '\t')
        name_end++;
    char *arg = skip_blanks(name_end, end);
    if (name == name_end || memchr(name, '\0', (size_t)(end - name)))
        return -ENOEXEC;

    struct exec_strings old = exec->strings, *new = &exec->strings;
    *new = (struct exec_strings){NULL};
    int error = strings_add(new, name, (size_t)(name_end - name));
    new->argc = 1;
    if (!error && arg < end) {
        error = strings_add(new, arg, (size_t)(end - arg));
        new->argc++;
    }
    if (!error)
        error = strings_add(new, exec->path, strlen(exec->path));
    new->argc++;
    size_t skip = old.argc ? strlen(old.data) + 1 : 0;
    if (!error && old.used > skip) { /* the rest as it is; add's NUL is the last string's own */
        error = strings_add(new, old.data + skip, old.used - skip - 1);
        new->argc += old.argc ? old.argc - 1 : 0;
        new->envc = old.envc;
    }
    strings_free(&old);
    if (error)
        return error;
    memcpy(exec->path, name, (size_t)(name_end - name));
    exec->path[name_end - name] = '\0';
    file_put(exec->file);
    exec->file = NULL;
    return 0;
}

static int find_program(struct exec *exec)
{
    for (int depth = 0; depth <= SCRIPT_DEPTH; depth++) {
        int error = open_program(exec);
        if (error)
            return error;
        if (exec->head_size < 2 || exec->head[0] != '#' || exec->head[1] != '!')
            return 0;
        error = enter_script(exec);
        if (error)
            return error;
    }
    return -ELOOP;
}

/* ---- the address space */

static unsigned protection(uint32_t flags)
{
    return (flags & ELF_PF_R ? VM_READ : 0) | (flags & ELF_PF_W ? VM_WRITE : 0) |
           (flags & ELF_PF_X ? VM_EXEC : 0);
}

static int map_segment(struct exec *exec, const struct elf_segment *seg)
{
    uint64_t last = seg->vaddr + seg->memsz;
    if (seg->vaddr < PAGE_SIZE || last > vm_user_end() - VM_STACK_MAX)
        return -ENOEXEC;
    if (page_low((size_t)((seg->memsz - seg->filesz) >> PAGE_SHIFT)))
        return -ENOMEM; /* zeroes that could not all be used */
    vaddr_t start = (vaddr_t)seg->vaddr & ~(vaddr_t)PAGE_MASK;
    vaddr_t end = ((vaddr_t)last + PAGE_MASK) & ~(vaddr_t)PAGE_MASK;
    size_t lead = (vaddr_t)seg->vaddr - start;
    if (seg->filesz && (seg->offset & PAGE_MASK) != lead)
        return -ENOEXEC;
    struct vm_object *object = seg->filesz ? inode_object(exec->file->inode) : NULL;
    int error = vm_map(exec->image.mm, start, end, protection(seg->flags), object,
                       object ? seg->offset - lead : 0, (size_t)seg->filesz + lead);
    if (end > exec->image.mm->brk_start)
        exec->image.mm->brk_start = exec->image.mm->brk_end = end;
    return error == -EEXIST || error == -EINVAL ? -ENOEXEC : error;
}

/* The ELF header and program headers; reads more of the file when they are not at its start. */
static int open_elf(struct exec *exec, struct elf *elf)
{
    uint64_t size = (uint64_t)inode_size(exec->file->inode);
    int error = elf_open_head(elf, exec->head, exec->head_size, size);
    uint64_t need = error == -ELF_EHEAD ? elf->phoff + (uint64_t)elf->phnum * elf->phentsize : 0;
    if (error == -ELF_EHEAD && need <= 64 * 1024) {
        char *more = kmalloc((size_t)need);
        if (!more)
            return -ENOMEM;
        kfree(exec->head);
        exec->head = more;
        long n = file_read_kernel(exec->file, more, (size_t)need, 0);
        if (n < 0)
            return (int)n;
        exec->head_size = (size_t)n;
        error = elf_open_head(elf, more, (size_t)n, size);
    }
    if (error)
        klog(LOG_DEBUG, "%s: %s", exec->path, elf_strerror(error));
    return error || elf->is_64 != (sizeof(long) == 8) ? -ENOEXEC : 0;
}

static int load_elf(struct exec *exec)
{
    struct elf elf;
    struct elf_segment seg;
    struct exec_image *image = &exec->image;
    int error = open_elf(exec, &elf);
    if (error)
        return error;
    image->mm = mm_create();
    if (!image->mm)
        return -ENOMEM;
    image->entry = (vaddr_t)elf.entry;
    image->phnum = elf.phnum;
    image->phent = elf.phentsize;
    for (unsigned i = 0; elf_next_load(&elf, &i, &seg);) {
        error = map_segment(exec, &seg);
        if (error)
            return error;
        if (elf.phoff >= seg.offset && elf.phoff < seg.offset + seg.filesz)
            image->phdr = (vaddr_t)(seg.vaddr + (elf.phoff - seg.offset));
    }
    image->mm->stack_top = vm_user_end();
    error = vm_map(image->mm, vm_user_end() - VM_STACK_MAX, vm_user_end(), VM_READ | VM_WRITE, NULL,
                   0, 0);
    return error ? error : exec_build_stack(image, &exec->strings, exec->path);
}

/* ---- no way back from here */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void commit(struct exec *exec)
{
    struct proc *self = current_proc();
    struct mm *old = self->mm;
    spin_lock(&proc_lock);
    self->mm = exec->image.mm;
    self->args_start = exec->image.args_start;
    self->args_end = exec->image.args_end;
    self->env_end = exec->image.env_end;
    self->has_execed = true;
    strlcpy(self->thread.name, base_name(exec->path), sizeof self->thread.name);
    spin_unlock(&proc_lock);
    exec->image.mm = NULL;
    mm_switch(self->mm);
    proc_vfork_release(self);
    if (old)
        mm_put(old);
    files_exec(self->files);
    self->thread.arch.syscall = proc_door;
    arch_user_start(exec->image.entry, exec->image.sp);
}

static int execute(struct exec *exec)
{
    int error = find_program(exec);
    if (!error)
        error = load_elf(exec);
    if (!error)
        commit(exec);
    return error;
}

static int exec_begin(struct exec *exec)
{
    *exec = (struct exec){.path = kmalloc(ABI_PATH_MAX), .head = kmalloc(HEAD_SIZE)};
    return exec->path && exec->head ? 0 : -ENOMEM;
}

static void exec_end(struct exec *exec)
{
    if (exec->file)
        file_put(exec->file);
    if (exec->image.mm)
        mm_put(exec->image.mm);
    strings_free(&exec->strings);
    kfree(exec->head);
    kfree(exec->path);
}

/* ---- from user space, and for the first process */

/* A null-terminated array of string pointers (null itself: empty). */
static int gather(struct exec_strings *strings, struct uaddr array, unsigned *count)
{
    if (!array.va)
        return 0;
    for (;;) {
        uintptr_t text;
        if (copy_in(&text, array, sizeof text) != 0)
            return -EFAULT;
        if (!text)
            return 0;
        if (++*count > ARGS_MAX)
            return -E2BIG;
        int error = strings_add_user(strings, uaddr_of(text));
        if (error)
            return error;
        array = uaddr_add(array, sizeof text);
    }
}

long proc_execve(struct uaddr path, struct uaddr argv, struct uaddr envp)
{
    struct exec exec;
    int error = exec_begin(&exec);
    if (!error) {
        long length = str_in(exec.path, path, ABI_PATH_MAX);
        error = length < 0 ? (int)length : 0;
    }
    if (!error)
        error = gather(&exec.strings, argv, &exec.strings.argc);
    if (!error && exec.strings.argc == 0) { /* programs count on argv[0] */
        error = strings_add(&exec.strings, "", 0);
        exec.strings.argc = 1;
    }
    if (!error)
        error = gather(&exec.strings, envp, &exec.strings.envc);
    if (!error)
        error = execute(&exec);
    exec_end(&exec);
    return error;
}

static int add_all(struct exec_strings *strings, char *const list[], unsigned *count)
{
    for (; *list; list++, (*count)++) {
        int error = strings_add(strings, *list, strlen(*list));
        if (error)
            return error;
    }
    return 0;
}

int proc_exec_kernel(const char *path, char *const argv[], char *const envp[])
{
    struct exec exec;
    int error = exec_begin(&exec);
    if (!error && strlcpy(exec.path, path, ABI_PATH_MAX) >= ABI_PATH_MAX)
        error = -ENAMETOOLONG;
    if (!error)
        error = add_all(&exec.strings, argv, &exec.strings.argc);
    if (!error)
        error = add_all(&exec.strings, envp, &exec.strings.envc);
    if (!error)
        error = execute(&exec);
    exec_end(&exec);
    if (!error)
        arch_enter_user();
    return error;
}
