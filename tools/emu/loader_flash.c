/* Images in flash, and what firmware that lies there is told. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hw/fw_cfg.h"
#include "tools/emu/backend.h"
#include "tools/emu/dev/cfi_flash.h"
#include "tools/emu/dev/fw_cfg.h"
#include "tools/emu/loader.h"
#include "tools/emu/message.h"

int loader_place_flash(struct machine *m, unsigned n, uint64_t *base)
{
    struct device *dev = machine_device(m, "cfi_flash", n);
    struct backend *b = m->backends;
    const char *why;
    char id[16];

    snprintf(id, sizeof id, "pflash%u", n);
    while (b != NULL && (b->kind != BACKEND_BLOCK || b->id == NULL || strcmp(b->id, id) != 0))
        b = b->next;
    if (b == NULL)
        return 0;
    why = dev != NULL ? cfi_flash_attach(dev, (struct block_backend *)b)
                      : "the machine has no such flash";
    if (why != NULL) {
        message("-drive if=pflash,unit=%u: %s", n, why);
        return -1;
    }
    *base = dev->slot->base;
    return 1;
}

/* A whole file as two items; a large one is read now. */
static int offer(struct device *dev, struct file *file, void **copy, unsigned size_key,
                 unsigned data_key)
{
    const void *data = file->data;

    if (file->data == NULL)
        return 0;
    if (file->is_open) {
        data = *copy = malloc(file->size);
        if (*copy == NULL || !file_fetch(file, *copy, file->size))
            return -1;
    }
    if (fw_cfg_set(dev, data_key, data, file->size) &&
        fw_cfg_set_number(dev, size_key, file->size, 4))
        return 0;
    message("%s: too large to be loaded by firmware in flash", file->path);
    return -1;
}

int loader_offer_kernel(struct loader *loader, struct machine *m)
{
    struct device *dev = machine_device(m, "fw_cfg", 0);
    const char *append = loader->options->append != NULL ? loader->options->append : "";

    if (dev == NULL || loader->kernel.data == NULL)
        return 0;
    if (offer(dev, &loader->kernel, &loader->offered[0], FW_CFG_KERNEL_SIZE, FW_CFG_KERNEL_DATA) ||
        offer(dev, &loader->initrd, &loader->offered[1], FW_CFG_INITRD_SIZE, FW_CFG_INITRD_DATA))
        return -1;
    fw_cfg_set_number(dev, FW_CFG_CMDLINE_SIZE, strlen(append) + 1, 4);
    fw_cfg_set(dev, FW_CFG_CMDLINE_DATA, append, strlen(append) + 1);
    return 0;
}
