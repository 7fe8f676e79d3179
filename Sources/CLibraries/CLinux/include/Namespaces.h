/// Processes in namespaces of their own: clone3(2), and everything that must happen between it and exec.
///
/// After clone3 the child of a process with threads may only make system calls, so the caller builds every string.
/// Caller and child talk over a socket: the child sends reports, the caller sends single bytes that let it go on. The
/// end of the stream after the last byte means that the program has started.
#ifndef CLINUX_NAMESPACES_H
#define CLINUX_NAMESPACES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a child was doing when it sent a report.
enum clinux_stage {
    /// It is about to go on; not a failure. It waits for a byte.
    CLINUX_STAGE_READY = 0,
    CLINUX_STAGE_CLONE,
    CLINUX_STAGE_IDENTITY,
    CLINUX_STAGE_PARENT_DEATH,
    CLINUX_STAGE_PROPAGATION,
    CLINUX_STAGE_PROC,
    CLINUX_STAGE_LOOPBACK,
    CLINUX_STAGE_HOSTNAME,
    CLINUX_STAGE_GROUP,
    CLINUX_STAGE_JOIN,
    CLINUX_STAGE_SOURCE,
    CLINUX_STAGE_PIVOT,
    CLINUX_STAGE_MOUNT,
    CLINUX_STAGE_DESCRIPTORS,
    CLINUX_STAGE_FORK,
    CLINUX_STAGE_TERMINAL,
    CLINUX_STAGE_LIMITS,
    CLINUX_STAGE_CAPABILITIES,
    CLINUX_STAGE_FILTER,
    CLINUX_STAGE_DIRECTORY,
    CLINUX_STAGE_EXECUTE,
};

/// One message of a child.
struct clinux_report {
    /// An `enum clinux_stage`.
    int32_t stage;
    /// Which mount, for the stages that have several.
    int32_t index;
    /// The error number; 0 for CLINUX_STAGE_READY.
    int32_t error;
};

/// A program to start, with everything it gets.
struct clinux_program {
    /// The executable's path.
    const char *path;
    /// Its name and arguments, closed by NULL.
    char *const *arguments;
    /// Its environment, closed by NULL.
    char *const *environment;
    /// Pairs: the number of a descriptor here, and the number that it has in the program. The first are above the second.
    const int (*descriptors)[2];
    size_t descriptor_count;
};

/// Makes the socket between caller and child; returns 0 or -1 with errno.
int clinux_channel(int ends[2]);

/// Reads one report. Returns 1, or 0 at the end of the stream, or -1 with errno.
int clinux_receive_report(int channel, struct clinux_report *report);

/// Lets a waiting child go on. Returns 0 or -1 with errno.
int clinux_release(int channel);

/// Starts a program in new user, mount, pid, ipc and uts namespaces, and a new network namespace where asked, as user 0.
///
/// The child waits for a byte (the caller writes the id maps before), takes user 0, asks to be killed with its parent
/// thread, reports CLINUX_STAGE_READY, waits for another byte, makes mounts private, mounts /proc anew, takes the
/// host name "bake", raises `lo` and executes. `channel[1]` is the child's end. Returns the process id or -1 with errno.
pid_t clinux_start_in_namespaces(const struct clinux_program *program, int own_network, const int channel[2]);

/// Raises the loopback interface of this network namespace. Returns 0 or -1 with errno.
int clinux_raise_loopback(void);

#endif
