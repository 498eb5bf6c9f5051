#pragma once
/*
 * The networks of the host's side, made by -netdev and -nic. All are struct net_backend: frames
 * from the guest by send(), frames for it by machine_input(), one event each.
 */
#include <stddef.h>

#include "tools/emu/backend.h"
#include "tools/emu/props.h"

/*
 * A network of the user's own (-netdev user), by libslirp: a gateway with DHCP, name service and
 * port forwarding, which reaches the outside by ordinary sockets. Takes its properties from
 * `props`. NULL with a line in err if they are wrong, ports are in use, or it is not built in.
 *
 * What comes from outside comes when it likes, so runs do not repeat; but with restrict=on,
 * ipv6=off and no forwarding they do: then the network answers the guest and nothing else, at the
 * next look of the session, and its clock is the machine's.
 */
struct net_backend *net_user_open(struct props *props, char *err, size_t err_size);

/* A network device of the host (-netdev tap), with the same conditions. */
struct net_backend *net_tap_open(struct props *props, char *err, size_t err_size);
