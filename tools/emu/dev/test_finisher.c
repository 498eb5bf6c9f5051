/* SiFive test finisher (include/hw/test.h): how a guest ends the run or asks for a reset. */
#include "hw/test.h"
#include "tools/emu/machine.h"

static bool test_read(struct device *dev, uint64_t offset, unsigned size, uint64_t *value)
{
    *value = 0;
    return true;
}

/*
 * A failure never looks like success: a process has 8 bits of exit code, and where those are all
 * zero the code becomes 1.
 */
static int fail_code(uint64_t value)
{
    int code = (value >> TEST_CODE_SHIFT) & 0xff;

    return code != 0 ? code : 1;
}

static bool test_write(struct device *dev, uint64_t offset, unsigned size, uint64_t value)
{
    if (offset != TEST_FINISHER)
        return true;
    switch (value & TEST_COMMAND_MASK) {
    case TEST_PASS: machine_power_off(dev->machine, 0); break;
    case TEST_FAIL: machine_power_off(dev->machine, fail_code(value)); break;
    case TEST_RESET: machine_request_reset(dev->machine); break;
    }
    return true;
}

/* Generic drivers power the machine off and reset it through these, with the node as a syscon. */
static void test_fdt_root(struct device *dev, struct fdt_writer *w)
{
    static const struct {
        const char *node, *compatible;
        uint32_t value;
    } actions[] = {
        {"poweroff", "syscon-poweroff", TEST_PASS},
        {"reboot", "syscon-reboot", TEST_RESET},
    };

    for (unsigned i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        fdtw_begin_node(w, actions[i].node);
        fdtw_prop_string(w, "compatible", actions[i].compatible);
        fdtw_prop_u32(w, "regmap", dev->phandle);
        fdtw_prop_u32(w, "offset", TEST_FINISHER);
        fdtw_prop_u32(w, "value", actions[i].value);
        fdtw_end_node(w);
    }
}

const struct device_ops test_finisher_device = {
    .name = "test_finisher",
    .node = "test",
    .compatible = {"sifive,test1", "sifive,test0", "syscon"},
    .sizes = 2 | 4,
    .read = test_read,
    .write = test_write,
    .fdt_root = test_fdt_root,
};
