/// A small network between network namespaces of one user namespace: a bridge(4) and veth(4) pairs to it.
///
/// A network namespace is a thread's: each thread may be in another one, and what it starts inherits its own.
#ifndef CLINUX_SWITCHING_H
#define CLINUX_SWITCHING_H

#include <stdint.h>

/// Makes a bridge in this thread's network namespace, and raises it. Returns 0 or -1 with errno.
int clinux_make_bridge(const char *bridge);

/// Moves this thread into a network namespace of its own that has `lo` and, as `eth0`, the far end of a cable to a
/// bridge of the namespace that it comes from, where the near end is called `port`.
///
/// `address` and `mask` are eth0's, as numbers. Returns 0, or -1 with errno; the thread may be in either namespace then.
int clinux_enter_switched_network(const char *bridge, const char *port, uint32_t address, uint32_t mask);

#endif
