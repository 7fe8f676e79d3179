#define _GNU_SOURCE
#include "include/Switching.h"

#include "include/Namespaces.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const far_end = "eth0";

static int ask(unsigned long request, void *argument) {
    int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return -1;
    int result = ioctl(probe, request, argument);
    int error = errno;
    close(probe);
    errno = error;
    return result;
}

static struct ifreq named(const char *name) {
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    return request;
}

static int raise_interface(const char *name) {
    struct ifreq request = named(name);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    return ask(SIOCSIFFLAGS, &request);
}

static int set_number(const char *name, unsigned long request, uint32_t number) {
    struct ifreq place = named(name);
    struct sockaddr_in value = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(number)};
    memcpy(&place.ifr_addr, &value, sizeof value);
    return ask(request, &place);
}

static int join(const char *bridge, const char *port) {
    struct ifreq request = named(bridge);
    request.ifr_ifindex = (int)if_nametoindex(port);
    return request.ifr_ifindex == 0 ? -1 : ask(SIOCBRADDIF, &request);
}

/// A message of rtnetlink(7) that grows by attributes. What it is for needs less than half of the room.
struct message {
    struct nlmsghdr header;
    struct ifinfomsg link;
    char attributes[512];
};

static struct rtattr *add(struct message *message, unsigned short type, const void *bytes, size_t count) {
    struct rtattr *attribute = (struct rtattr *)((char *)message + NLMSG_ALIGN(message->header.nlmsg_len));
    attribute->rta_type = type;
    attribute->rta_len = (unsigned short)RTA_LENGTH(count);
    if (count > 0) memcpy(RTA_DATA(attribute), bytes, count);
    message->header.nlmsg_len = NLMSG_ALIGN(message->header.nlmsg_len) + RTA_LENGTH(count);
    return attribute;
}

static void close_nest(struct message *message, struct rtattr *nest) {
    nest->rta_len = (unsigned short)((char *)message + NLMSG_ALIGN(message->header.nlmsg_len) - (char *)nest);
}

static int answered(int netlink) {
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
        char rest[1024];
    } answer;
    ssize_t count = recv(netlink, &answer, sizeof answer, 0);
    if (count < 0) return -1;
    if ((size_t)count < sizeof answer.header + sizeof answer.error || answer.header.nlmsg_type != NLMSG_ERROR) {
        errno = EPROTO;
        return -1;
    }
    errno = -answer.error.error;
    return errno == 0 ? 0 : -1;
}

static int send_message(const struct message *message) {
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (netlink < 0) return -1;
    int result = send(netlink, message, message->header.nlmsg_len, 0) < 0 ? -1 : answered(netlink);
    int error = errno;
    close(netlink);
    errno = error;
    return result;
}

/// A veth pair: the near end here, the far end in another namespace.
static int lay_cable(const char *port, int far_namespace) {
    struct message message = {
        .header = {
            .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_NEWLINK,
            .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
        },
    };
    const struct ifinfomsg peer = {0};
    add(&message, IFLA_IFNAME, port, strlen(port) + 1);
    struct rtattr *kind = add(&message, IFLA_LINKINFO, NULL, 0);
    add(&message, IFLA_INFO_KIND, "veth", 4);
    struct rtattr *data = add(&message, IFLA_INFO_DATA, NULL, 0);
    struct rtattr *other = add(&message, VETH_INFO_PEER, &peer, sizeof peer);
    add(&message, IFLA_IFNAME, far_end, strlen(far_end) + 1);
    add(&message, IFLA_NET_NS_FD, &far_namespace, sizeof far_namespace);
    close_nest(&message, other);
    close_nest(&message, data);
    close_nest(&message, kind);
    return send_message(&message);
}

int clinux_make_bridge(const char *bridge) {
    char name[IFNAMSIZ] = {0};
    strncpy(name, bridge, IFNAMSIZ - 1);
    return ask(SIOCBRADDBR, name) != 0 ? -1 : raise_interface(name);
}

static int this_namespace(void) { return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC); }

/// The cable is laid from the old namespace, where alone the bridge is in sight.
static int connect_to(const char *bridge, const char *port, int old, int own) {
    if (setns(old, CLONE_NEWNET) != 0) return -1;
    if (lay_cable(port, own) != 0 || join(bridge, port) != 0 || raise_interface(port) != 0) return -1;
    return setns(own, CLONE_NEWNET);
}

int clinux_enter_switched_network(const char *bridge, const char *port, uint32_t address, uint32_t mask) {
    int old = this_namespace(), own = -1, result = -1;
    if (old >= 0 && unshare(CLONE_NEWNET) == 0 && (own = this_namespace()) >= 0
        && connect_to(bridge, port, old, own) == 0 && clinux_raise_loopback() == 0
        && set_number(far_end, SIOCSIFADDR, address) == 0 && set_number(far_end, SIOCSIFNETMASK, mask) == 0)
        result = raise_interface(far_end);
    int error = errno;
    if (old >= 0) close(old);
    if (own >= 0) close(own);
    errno = error;
    return result;
}
