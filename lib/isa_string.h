/* ISA strings as device trees have them (riscv,isa): rv64imac_zicsr_sstc, rv32i2p1_m2p0_zba1p0. */
#pragma once

#include <stdbool.h>

/*
 * Does an ISA string name the extension (in lower case, without version)? Versions in the string
 * are passed over; g stands for imafd, zicsr and zifencei. Unprivileged specification, chapter
 * "ISA Extension Naming Conventions".
 */
bool isa_string_has(const char *isa, const char *extension);
