#pragma once
/* A flash bank's content, for whoever gives it one. */
struct device;
struct block_backend;

/*
 * Make the image the bank's content: what is programmed and erased goes there at once. Returns
 * NULL, or what is wrong.
 */
const char *cfi_flash_attach(struct device *dev, struct block_backend *image);
