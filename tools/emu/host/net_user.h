#pragma once
/* What -netdev user is told, taken apart; addresses are in network byte order. */
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "tools/emu/props.h"

enum { NET_USER_FORWARDS_MAX = 16, NET_USER_SEARCH_MAX = 8 };

struct net_user_forward {
    bool udp;
    struct in_addr host;  /* of hostfwd: where to listen */
    struct in_addr guest; /* of guestfwd: the address in the network that is the command's */
    int host_port, guest_port;
    const char *command; /* of guestfwd */
};

struct net_user_options {
    bool ipv4, ipv6, restricted;
    struct in_addr net, mask, host, dns, dhcp_start;
    struct in6_addr prefix6, host6, dns6;
    unsigned prefix6_length;
    /* Strings are the properties', or NULL. */
    const char *hostname, *domain, *tftp, *bootfile, *tftp_server;
    const char *search[NET_USER_SEARCH_MAX + 1]; /* NULL at the end */
    struct net_user_forward hostfwd[NET_USER_FORWARDS_MAX], guestfwd[NET_USER_FORWARDS_MAX];
    unsigned hostfwd_count, guestfwd_count;
};

/* Returns 0, or -1 with a line in err. */
int net_user_parse(struct net_user_options *o, struct props *props, char *err, size_t err_size);
