#pragma once
/* Device numbers taken apart and put together. */
#include "abi/stat.h"

#define major(dev)                abi_major(dev)
#define minor(dev)                abi_minor(dev)
#define makedev(majornr, minornr) abi_makedev(majornr, minornr)
