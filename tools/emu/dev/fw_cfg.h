#pragma once
/* What the firmware configuration device offers, for whoever fills it before the machine runs. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum { FW_CFG_BOOT_PATH = 64 }; /* longest path of a device to boot from, with its end */

/*
 * Make `data`, which must stay, the item with that key (include/hw/fw_cfg.h). False if the key is
 * none, or the item is longer than lengths go.
 */
bool fw_cfg_set(struct device *dev, unsigned key, const void *data, size_t n);

/* The same with a number of 2, 4 or 8 bytes. */
bool fw_cfg_set_number(struct device *dev, unsigned key, uint64_t value, unsigned size);

/* Add a file to the directory; name and data must stay. NULL, or what is wrong. */
const char *fw_cfg_add_file(struct device *dev, const char *name, const void *data, size_t n);

/*
 * Have firmware try the device at the path (of Open Firmware's kind) after those of lower index:
 * the file "bootorder". NULL, or what is wrong.
 */
const char *fw_cfg_add_boot(struct device *dev, uint64_t index, const char *path);
