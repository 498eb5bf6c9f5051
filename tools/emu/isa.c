#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tools/emu/isa.h"

static const struct {
    const char *name;
    bool by_default;
    const char *implies;
} exts[EXT_COUNT] = {
#define EXT(id, name, deflt, implies) [EXT_##id] = {name, deflt, implies},
#include "riscv/ext.def"
};

const char *isa_ext_name(enum isa_ext ext)
{
    return exts[ext].name;
}

bool isa_provides(const struct isa *isa, enum isa_ext ext)
{
    switch (ext) {
#define EXT_EITHER(id, a, b) \
    case EXT_##id:           \
        return isa_provides(isa, EXT_##a) || isa_provides(isa, EXT_##b);
#define EXT_BOTH(id, a, b) \
    case EXT_##id:         \
        return isa_provides(isa, EXT_##a) && isa_provides(isa, EXT_##b);
#include "riscv/ext.def"
    default: return isa_has(isa, ext);
    }
}

static void ext_set(struct isa *isa, unsigned ext, bool on)
{
    uint64_t bit = UINT64_C(1) << (ext % 64);
    isa->ext[ext / 64] = on ? isa->ext[ext / 64] | bit : isa->ext[ext / 64] & ~bit;
}

static int ext_find(const char *name, size_t len)
{
    for (int i = 0; i < EXT_COUNT; i++)
        if (strlen(exts[i].name) == len && strncasecmp(exts[i].name, name, len) == 0)
            return i;
    return -1;
}

/* One name of an `implies` list: its extension, and '+', '-' or 0; false at the list's end. */
static bool next_implied(const char **list, unsigned *ext, char *part)
{
    *list += strspn(*list, "_");
    *part = **list == '+' || **list == '-' ? **list : 0;
    *list += *part != 0;
    size_t n = strcspn(*list, "_");
    int found = ext_find(*list, n);
    *list += n;
    *ext = (unsigned)found;
    return n != 0 && found >= 0;
}

/* Switches the extension on with all it implies. */
static void ext_add(struct isa *isa, unsigned ext)
{
    const char *list = exts[ext].implies;
    char part;
    unsigned other;
    if (isa_has(isa, ext))
        return;
    ext_set(isa, ext, true);
    while (next_implied(&list, &other, &part))
        ext_add(isa, other);
}

/* Switches the extension off, and those that imply it. */
static void ext_remove(struct isa *isa, unsigned ext)
{
    char part;
    unsigned other;
    ext_set(isa, ext, false);
    for (unsigned i = EXT_I + 1; i < EXT_COUNT; i++)
        for (const char *list = exts[i].implies;
             isa_has(isa, i) && next_implied(&list, &other, &part);)
            if (other == ext)
                ext_remove(isa, i);
}

/* The same with its own parts. */
static void ext_remove_whole(struct isa *isa, unsigned ext)
{
    const char *list = exts[ext].implies;
    char part;
    unsigned other;
    ext_remove(isa, ext);
    while (next_implied(&list, &other, &part))
        if (part)
            ext_remove(isa, other);
}

/* Has it parts, and are all of them on? */
static bool has_all_parts(const struct isa *isa, unsigned ext)
{
    const char *list = exts[ext].implies;
    bool sum = false;
    char part;
    unsigned other;
    while (next_implied(&list, &other, &part)) {
        if (part == '+' && !isa_has(isa, other))
            return false;
        sum |= part == '+';
    }
    return sum;
}

/* After extensions were added: sums whose parts are all there. */
static void add_sums(struct isa *isa)
{
    for (unsigned i = 0; i < EXT_COUNT; i++)
        if (has_all_parts(isa, i))
            ext_add(isa, i);
}

void isa_default(struct isa *isa, unsigned xlen)
{
    *isa = (struct isa){.xlen = xlen, .vm_bits = xlen == 64 ? 57 : 32, .pmp_count = 16};
    for (unsigned i = 0; i < EXT_COUNT; i++)
        if (exts[i].by_default)
            ext_add(isa, i);
    add_sums(isa);
}

/* A version number after a name: digits, optionally 'p' and digits. */
static const char *skip_version(const char *p)
{
    if (!isdigit((unsigned char)*p))
        return p;
    while (isdigit((unsigned char)*p))
        p++;
    if (*p == 'p' && isdigit((unsigned char)p[1]))
        for (p++; isdigit((unsigned char)*p);)
            p++;
    return p;
}

/* The NN of "svNN" if the word is the name of a paging scheme for this XLEN, else 0. */
static unsigned vm_scheme(const struct isa *isa, const char *name, size_t len)
{
    static const unsigned schemes[] = {32, 39, 48, 57};
    for (unsigned i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        char text[8];
        snprintf(text, sizeof(text), "sv%u", schemes[i]);
        if (strlen(text) == len && strncmp(text, name, len) == 0)
            return (schemes[i] == 32) == (isa->xlen == 32) ? schemes[i] : 0;
    }
    return 0;
}

/* The general-purpose set: a letter that is not an extension itself. */
static void add_g(struct isa *isa)
{
    for (const char *p = "imafd"; *p; p++)
        ext_add(isa, ext_find(p, 1));
}

/* The length of a multi-letter name without the version behind it (zicsr2p0). */
static size_t without_version(const char *name, size_t len)
{
    size_t n = len;
    while (n > 0 && isdigit((unsigned char)name[n - 1]))
        n--;
    if (n == len || n < 2)
        return len;
    if (name[n - 1] != 'p' || !isdigit((unsigned char)name[n - 2]))
        return n;
    for (n--; n > 0 && isdigit((unsigned char)name[n - 1]);)
        n--;
    return n;
}

/*
 * How many letters at p say that there are S- and U-mode, as riscv-config has it: always so here.
 * They stand behind the other single letters, so what follows is no part of a name.
 */
static size_t mode_letters(const char *p)
{
    if (strncmp(p, "su", 2) == 0)
        return 2;
    return *p == 'u' || (*p == 's' && (p[1] == '_' || p[1] == '\0'));
}

/* Adds the extensions of a list in lower case, without the leading rvNN. */
static int parse_list(struct isa *isa, const char *p, char *err, size_t err_size)
{
    unsigned vm_bits = 0;
    while (*p) {
        size_t skip = *p == '_' ? 1 : mode_letters(p);
        if (skip > 0) {
            p += skip;
            continue;
        }
        size_t len = strchr("zsx", *p) ? strcspn(p, "_") : 1;
        unsigned scheme = vm_scheme(isa, p, len);
        if (len > 1 && scheme == 0 && ext_find(p, len) < 0)
            len = without_version(p, len);
        int ext = ext_find(p, len);
        vm_bits = scheme > vm_bits ? scheme : vm_bits;
        if (*p == 'g')
            add_g(isa);
        else if (scheme == 0 && ext < 0) {
            snprintf(err, err_size, "extension '%.*s' is not implemented", (int)len, p);
            return -1;
        }
        if (ext >= 0)
            ext_add(isa, ext);
        p = skip_version(p + len);
    }
    if (vm_bits != 0)
        isa->vm_bits = vm_bits;
    if (!isa_has(isa, EXT_I)) {
        snprintf(err, err_size, "the base ISA 'i' is missing");
        return -1;
    }
    add_sums(isa);
    return 0;
}

int isa_parse(struct isa *isa, const char *string, char *err, size_t err_size)
{
    char s[ISA_STRING_MAX] = "";
    size_t n = 0;
    for (; string[n] && n < sizeof(s) - 1; n++)
        s[n] = tolower((unsigned char)string[n]);
    s[n] = '\0';
    unsigned xlen = memcmp(s, "rv64", 4) == 0 ? 64 : memcmp(s, "rv32", 4) == 0 ? 32 : 0;
    if (xlen == 0 || string[n]) {
        snprintf(err, err_size, "an ISA is written rv32... or rv64..., not '%.40s'", string);
        return -1;
    }
    if (s[4] == '\0') {
        isa_default(isa, xlen);
        return 0;
    }
    isa_default(isa, xlen);
    memset(isa->ext, 0, sizeof(isa->ext));
    return parse_list(isa, s + 4, err, err_size);
}

static bool is(const char *value, size_t len, const char *word)
{
    return strlen(word) == len && strncmp(value, word, len) == 0;
}

/* QEMU's words for on and off; false if it is none of them. */
static bool parse_flag(const char *value, size_t len, bool *on)
{
    static const char *const words[] = {"true", "on", "yes", "false", "off", "no"};
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (is(value, len, words[i])) {
            *on = i < 3;
            return true;
        }
    return false;
}

static bool set_pmp(struct isa *isa, const char *value, size_t len)
{
    unsigned count = 0;
    bool on;
    if (parse_flag(value, len, &on))
        count = on ? 16 : 0;
    else
        for (size_t i = 0; i < len; i++) {
            if (!isdigit((unsigned char)value[i]) || count > ISA_PMP_MAX)
                return false;
            count = count * 10 + (value[i] - '0');
        }
    if (len == 0 || count > ISA_PMP_MAX)
        return false;
    isa->pmp_count = count;
    return true;
}

static bool set_extension(struct isa *isa, int ext, const char *value, size_t len)
{
    bool on;
    if (!parse_flag(value, len, &on) || (!on && ext == EXT_I))
        return false;
    if (on) {
        ext_add(isa, ext);
        add_sums(isa);
    } else {
        ext_remove_whole(isa, ext);
    }
    return true;
}

static bool set_scheme(struct isa *isa, unsigned scheme, const char *value, size_t len)
{
    static const uint8_t below[] = {[32] = 0, [39] = 0, [48] = 39, [57] = 48};
    bool on;
    if (!parse_flag(value, len, &on))
        return false;
    if (on)
        isa->vm_bits = scheme;
    else if (isa->vm_bits >= scheme)
        isa->vm_bits = below[scheme];
    return true;
}

static bool set_time(struct isa *isa, const char *value, size_t len)
{
    isa->time_trap = is(value, len, "trap");
    return isa->time_trap || is(value, len, "true");
}

static bool set_misaligned(struct isa *isa, const char *value, size_t len)
{
    isa->misaligned_trap = is(value, len, "trap");
    if (isa->misaligned_trap)
        ext_remove(isa, EXT_ZICCLSM);
    return isa->misaligned_trap || is(value, len, "done");
}

/*
 * What QEMU's harts have and ours do not can be switched off, and what ours always have can be
 * switched on.
 */
static bool set_as_it_is(struct isa *isa, const char *name, size_t name_len, const char *value,
                         size_t len)
{
    static const char *const never[] = {
        "h",   "e",    "v",    "zve32f", "zve64f", "zfinx", "zdinx", "zhinx", "zhinxmin", "zk",
        "zkn", "zknd", "zkne", "zknh",   "zkr",    "zks",   "zksed", "zksh",  "zkt"};
    bool on;
    if (!parse_flag(value, len, &on))
        return false;
    if (is(name, name_len, "mmu") && !on)
        isa->vm_bits = 0;
    if (is(name, name_len, "g") && on)
        add_g(isa);
    if (is(name, name_len, "mmu"))
        return true;
    if (is(name, name_len, "g") || is(name, name_len, "s") || is(name, name_len, "u"))
        return on;
    for (unsigned i = 0; i < sizeof(never) / sizeof(never[0]); i++)
        if (is(name, name_len, never[i]))
            return !on;
    return false;
}

int isa_set_properties(struct isa *isa, const char *properties, char *err, size_t err_size)
{
    for (const char *p = properties; *p;) {
        size_t len = strcspn(p, ","), name = strcspn(p, "=,");
        const char *value = p + name + (name < len);
        size_t value_len = p + len - value;
        int ext = ext_find(p, name);
        unsigned scheme = vm_scheme(isa, p, name);
        bool known = true, good = false;
        if (is(p, name, "misaligned"))
            good = set_misaligned(isa, value, value_len);
        else if (is(p, name, "pmp"))
            good = set_pmp(isa, value, value_len);
        else if (is(p, name, "time"))
            good = set_time(isa, value, value_len);
        else if (scheme != 0)
            good = set_scheme(isa, scheme, value, value_len);
        else if (ext >= 0)
            good = set_extension(isa, ext, value, value_len);
        else
            known = good = set_as_it_is(isa, p, name, value, value_len);
        if (!good) {
            snprintf(err, err_size,
                     known ? "'%.*s' has a bad value" : "there is no property '%.*s'",
                     (int)(known ? len : name), p);
            return -1;
        }
        p += len + (p[len] == ',');
    }
    return 0;
}

size_t isa_format(const struct isa *isa, char *buf, size_t size)
{
    size_t n = snprintf(buf, size, "rv%u", isa->xlen);
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        if (!isa_has(isa, i))
            continue;
        bool single = exts[i].name[1] == '\0';
        n += snprintf(n < size ? buf + n : NULL, n < size ? size - n : 0, "%s%s", single ? "" : "_",
                      exts[i].name);
    }
    return n;
}
