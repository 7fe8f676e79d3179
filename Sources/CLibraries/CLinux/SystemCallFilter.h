/// The system calls that no build, check or service in a sandbox needs, and that have opened kernels before.
#ifndef CLINUX_SYSTEM_CALL_FILTER_H
#define CLINUX_SYSTEM_CALL_FILTER_H

/// Refuses them from now on, for this process and all that it starts. Returns 0 or -1 with errno.
int clinux_filter_system_calls(void);

#endif
