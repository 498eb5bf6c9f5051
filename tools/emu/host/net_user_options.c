/* The properties of -netdev user, spelled and checked as QEMU has them. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/emu/host/net_user.h"

struct error {
    char *text;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct error err, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(err.text, err.size, format, ap);
    va_end(ap);
    return false;
}

static bool parse_port(const char *text, int *port)
{
    char *end;
    unsigned long value;

    if (text[0] < '0' || text[0] > '9')
        return false;
    value = strtoul(text, &end, 10);
    *port = (int)value;
    return *end == '\0' && value <= 65535;
}

/* --- addresses -------------------------------------------------------------------------------- */

static uint32_t bits_to_mask(unsigned bits)
{
    return bits == 0 ? 0 : UINT32_MAX << (32 - bits);
}

/* The mask of a class A, B or C network, for those who do not say. */
static uint32_t class_mask(uint32_t addr)
{
    return addr >> 31 == 0 ? 0xff000000u : addr >> 30 == 2 ? 0xffff0000u : 0xffffff00u;
}

/* net=ADDR[/BITS or /MASK] */
static bool parse_net(const char *text, uint32_t *net, uint32_t *mask)
{
    char addr_text[32];
    const char *slash = strchr(text, '/');
    size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
    struct in_addr addr, mask_addr;
    int bits;

    if (len >= sizeof addr_text)
        return false;
    memcpy(addr_text, text, len);
    addr_text[len] = '\0';
    if (inet_pton(AF_INET, addr_text, &addr) != 1)
        return false;
    *net = ntohl(addr.s_addr);
    *mask = class_mask(*net);
    if (slash != NULL && inet_pton(AF_INET, slash + 1, &mask_addr) == 1)
        *mask = ntohl(mask_addr.s_addr);
    else if (slash != NULL && parse_port(slash + 1, &bits) && bits <= 32)
        *mask = bits_to_mask((unsigned)bits);
    else if (slash != NULL)
        return false;
    *net &= *mask;
    return (*mask & (~*mask >> 1)) == 0; /* ones, then zeros */
}

/* An address of the network: the property's, or the network's with these last bits. */
static bool get_address(struct props *props, const char *name, uint32_t net, uint32_t mask,
                        uint32_t last, struct in_addr *addr, struct error err)
{
    const char *text = props_get(props, name);

    if (text == NULL)
        addr->s_addr = htonl(net | (last & ~mask));
    else if (inet_pton(AF_INET, text, addr) != 1)
        return fail(err, "%s: '%s' is not an IPv4 address", name, text);
    if ((ntohl(addr->s_addr) & mask) != net)
        return fail(err, "%s: '%s' is not in the network", name,
                    text != NULL ? text : "its default");
    return true;
}

static bool parse_ipv4(struct net_user_options *o, struct props *props, struct error err)
{
    uint32_t net = 0x0a000200, mask = 0xffffff00;
    const char *text = props_get(props, "net");

    if (text != NULL && !parse_net(text, &net, &mask))
        return fail(err, "net: '%s' is not a network (example: 10.0.2.0/24)", text);
    if (~mask < 15)
        return fail(err, "net: '%s' is too small", text);
    o->net.s_addr = htonl(net);
    o->mask.s_addr = htonl(mask);
    if (!get_address(props, "host", net, mask, 2, &o->host, err) ||
        !get_address(props, "dns", net, mask, 3, &o->dns, err) ||
        !get_address(props, "dhcpstart", net, mask, 15, &o->dhcp_start, err))
        return false;
    if (o->host.s_addr == o->dns.s_addr)
        return fail(err, "dns: the address is the host's");
    if (o->host.s_addr == o->dhcp_start.s_addr || o->dns.s_addr == o->dhcp_start.s_addr)
        return fail(err, "dhcpstart: the address is the host's or the name server's");
    return true;
}

/* An address with the network's prefix: the property's, or the prefix and these last bits. */
static bool get_address6(struct props *props, const char *name, const struct net_user_options *o,
                         uint8_t last, struct in6_addr *addr, struct error err)
{
    const char *text = props_get(props, name);

    if (text == NULL) {
        *addr = o->prefix6;
        addr->s6_addr[15] |= last;
    } else if (inet_pton(AF_INET6, text, addr) != 1) {
        return fail(err, "%s: '%s' is not an IPv6 address", name, text);
    }
    for (unsigned i = 0; i < o->prefix6_length; i++)
        if ((addr->s6_addr[i / 8] ^ o->prefix6.s6_addr[i / 8]) >> (7 - i % 8) & 1)
            return fail(err, "%s: '%s' is not in the network", name, text);
    return true;
}

static bool parse_ipv6(struct net_user_options *o, struct props *props, struct error err)
{
    const char *text = props_get(props, "ipv6-net"), *slash;
    char addr[64] = "fec0::";
    int length = 64;

    if (text != NULL) {
        slash = strchr(text, '/');
        snprintf(addr, sizeof addr, "%.*s",
                 (int)(slash != NULL ? slash - text : (long)strlen(text)), text);
        if (slash != NULL && (!parse_port(slash + 1, &length) || length > 126))
            return fail(err, "ipv6-net: '%s' is not a network (example: fec0::/64)", text);
    }
    if (inet_pton(AF_INET6, addr, &o->prefix6) != 1)
        return fail(err, "ipv6-net: '%s' is not a network (example: fec0::/64)", text);
    o->prefix6_length = (unsigned)length;
    return get_address6(props, "ipv6-host", o, 2, &o->host6, err) &&
           get_address6(props, "ipv6-dns", o, 3, &o->dns6, err);
}

/* --- forwarding ------------------------------------------------------------------------------- */

/* ADDRESS:PORT with an address that may be empty; `text` is taken apart. */
static bool parse_end(char *text, struct in_addr *addr, int *port)
{
    char *colon = strrchr(text, ':');

    if (colon == NULL)
        return false;
    *colon = '\0';
    return (text[0] == '\0' || inet_pton(AF_INET, text, addr) == 1) && parse_port(colon + 1, port);
}

/* tcp: or udp: or only the colon; the rest of the text, NULL if it is none of these. */
static const char *parse_protocol(const char *text, bool *udp)
{
    *udp = strncmp(text, "udp:", 4) == 0;
    if (*udp || strncmp(text, "tcp:", 4) == 0)
        return text + 4;
    return text[0] == ':' ? text + 1 : NULL;
}

/* hostfwd=[tcp|udp]:[HOSTADDR]:HOSTPORT-[GUESTADDR]:GUESTPORT */
static bool parse_hostfwd(struct net_user_options *o, const char *text, struct error err)
{
    struct net_user_forward forward = {.guest = o->dhcp_start};
    const char *rest = parse_protocol(text, &forward.udp);
    char copy[128], *dash;

    if (o->hostfwd_count == NET_USER_FORWARDS_MAX)
        return fail(err, "hostfwd: no more than %d", NET_USER_FORWARDS_MAX);
    snprintf(copy, sizeof copy, "%s", rest != NULL ? rest : "");
    dash = strchr(copy, '-');
    if (rest == NULL || dash == NULL || strlen(rest) >= sizeof copy)
        return fail(err, "hostfwd: '%s' is not PROTOCOL:[HOST]:PORT-[GUEST]:PORT", text);
    *dash = '\0';
    if (!parse_end(copy, &forward.host, &forward.host_port) ||
        !parse_end(dash + 1, &forward.guest, &forward.guest_port) || forward.guest_port == 0)
        return fail(err, "hostfwd: '%s' is not PROTOCOL:[HOST]:PORT-[GUEST]:PORT", text);
    o->hostfwd[o->hostfwd_count++] = forward;
    return true;
}

/* guestfwd=[tcp]:ADDR:PORT-cmd:COMMAND */
static bool parse_guestfwd(struct net_user_options *o, const char *text, struct error err)
{
    struct net_user_forward forward = {0};
    const char *rest = parse_protocol(text, &forward.udp);
    const char *dash = rest != NULL ? strchr(rest, '-') : NULL;
    char copy[128];

    if (o->guestfwd_count == NET_USER_FORWARDS_MAX)
        return fail(err, "guestfwd: no more than %d", NET_USER_FORWARDS_MAX);
    if (dash == NULL || forward.udp || (size_t)(dash - rest) >= sizeof copy)
        return fail(err, "guestfwd: '%s' is not tcp:ADDRESS:PORT-cmd:COMMAND", text);
    if (strncmp(dash, "-cmd:", 5) != 0)
        return fail(err, "guestfwd: '%s': only cmd:COMMAND is supported", dash + 1);
    memcpy(copy, rest, (size_t)(dash - rest));
    copy[dash - rest] = '\0';
    forward.command = dash + 5;
    if (!parse_end(copy, &forward.guest, &forward.guest_port) || forward.guest_port == 0)
        return fail(err, "guestfwd: '%s' is not tcp:ADDRESS:PORT-cmd:COMMAND", text);
    o->guestfwd[o->guestfwd_count++] = forward;
    return true;
}

static bool add_search(struct net_user_options *o, const char *text, struct error err)
{
    unsigned n = 0;

    while (o->search[n] != NULL)
        n++;
    if (n == NET_USER_SEARCH_MAX)
        return fail(err, "dnssearch: no more than %d", NET_USER_SEARCH_MAX);
    o->search[n] = text;
    return true;
}

/* Properties that may be given more than once. */
static bool parse_lists(struct net_user_options *o, struct props *props, struct error err)
{
    static const struct {
        const char *name;
        bool (*add)(struct net_user_options *o, const char *text, struct error err);
    } lists[] = {
        {"hostfwd", parse_hostfwd}, {"guestfwd", parse_guestfwd}, {"dnssearch", add_search}};

    for (unsigned i = 0; i < props->count; i++) {
        for (unsigned k = 0; k < sizeof lists / sizeof lists[0]; k++) {
            if (strcmp(props->list[i].name, lists[k].name) != 0)
                continue;
            props->list[i].used = true;
            if (!lists[k].add(o, props->list[i].value, err))
                return false;
        }
    }
    return true;
}

/* What is told to the guest and must fit there. */
static bool get_texts(struct net_user_options *o, struct props *props, struct error err)
{
    struct {
        const char *name;
        const char **value;
        size_t longest;
    } texts[] = {{"hostname", &o->hostname, 33},
                 {"domainname", &o->domain, 255},
                 {"tftp", &o->tftp, 4095},
                 {"bootfile", &o->bootfile, 127},
                 {"tftp-server-name", &o->tftp_server, 255}};

    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *texts[i].value = props_get(props, texts[i].name);
        if (*texts[i].value != NULL && strlen(*texts[i].value) > texts[i].longest)
            return fail(err, "%s: longer than %zu characters", texts[i].name, texts[i].longest);
    }
    return true;
}

int net_user_parse(struct net_user_options *o, struct props *props, char *text, size_t size)
{
    struct error err = {text, size};

    *o = (struct net_user_options){.ipv4 = true, .ipv6 = true};
    if (!props_bool(props, "ipv4", &o->ipv4, text, size) ||
        !props_bool(props, "ipv6", &o->ipv6, text, size) ||
        !props_bool(props, "restrict", &o->restricted, text, size))
        return -1;
    if (!o->ipv4 && !o->ipv6) {
        fail(err, "ipv4 and ipv6 are both off");
        return -1;
    }
    return parse_ipv4(o, props, err) && parse_ipv6(o, props, err) && get_texts(o, props, err) &&
                   parse_lists(o, props, err)
               ? 0
               : -1;
}
