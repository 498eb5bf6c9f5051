/* -fw_cfg: files for the firmware. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "hw/fw_cfg.h"
#include "tools/emu/dev/fw_cfg.h"
#include "tools/emu/loader.h"
#include "tools/emu/message.h"

static int refuse(const char *text, const char *why)
{
    message("-fw_cfg %s: %s", text, why);
    return -1;
}

/* Of other files emptiness would be an error. */
static bool is_empty(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

/* [name=]NAME,file=FILE or [name=]NAME,string=TEXT */
static int add(struct device *dev, struct props *props, struct file *file, const char *text)
{
    char err[128];
    const char *name, *path, *string, *why;

    if (props_parse(props, text, "name", err, sizeof err) != 0)
        return refuse(text, err);
    name = props_get(props, "name");
    path = props_get(props, "file");
    string = props_get(props, "string");
    if (props_unknown(props) != NULL)
        return refuse(text, "it has name=, file= and string= only");
    if (name == NULL)
        return refuse(text, "it needs a name");
    if ((path == NULL) == (string == NULL))
        return refuse(text, "it needs either file= or string=");
    if (path != NULL && is_empty(path))
        string = "";
    else if (path != NULL && file_read(file, path) != 0)
        return -1;
    why = string != NULL ? fw_cfg_add_file(dev, name, string, strlen(string))
                         : fw_cfg_add_file(dev, name, file->data, file->size);
    return why != NULL ? refuse(text, why) : 0;
}

int loader_fill_fw_cfg(struct loader *loader, struct machine *m)
{
    struct device *dev = machine_device(m, "fw_cfg", 0);
    const struct options *o = loader->options;

    if (o->fw_cfg_count != 0 && dev == NULL)
        return refuse(o->fw_cfg[0], "the machine has no such device");
    if (dev != NULL)
        fw_cfg_set_number(dev, FW_CFG_NOGRAPHIC, o->nographic, 2);
    loader->fw_cfg = calloc(o->fw_cfg_count + 1, sizeof *loader->fw_cfg);
    if (loader->fw_cfg == NULL) {
        message("out of memory");
        return -1;
    }
    for (unsigned i = 0; i < o->fw_cfg_count; i++)
        if (add(dev, &loader->fw_cfg[i].props, &loader->fw_cfg[i].file, o->fw_cfg[i]) != 0)
            return -1;
    return 0;
}
