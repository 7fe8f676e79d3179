/// A program in a root of its own, with nothing of this machine in reach but what it was given.
#ifndef CLINUX_SANDBOX_H
#define CLINUX_SANDBOX_H

#include "Namespaces.h"

/// What one step does to the new root. Steps run in order, after the root was changed: no path leaves it.
enum clinux_step_kind {
    /// Makes a directory; one that is there already is fine.
    CLINUX_STEP_DIRECTORY,
    /// Makes an empty file; one that is there already is fine.
    CLINUX_STEP_FILE,
    /// Makes a symbolic link at `target` to `source`.
    CLINUX_STEP_LINK,
    /// Mounts a new file system of `type` with `flags` and `options`.
    CLINUX_STEP_MOUNT,
    /// Attaches a file or directory from outside, `source`, with everything that is mounted below it, at `target`. All of
    /// that has `flags` (MS_RDONLY, MS_NOSUID, MS_NODEV) besides its own.
    CLINUX_STEP_BIND,
    /// Attaches `source`, a path of the new root, at `target`.
    CLINUX_STEP_REBIND,
    /// Makes the mount at `target` have `flags` (MS_RDONLY, MS_NOSUID …).
    CLINUX_STEP_RESTRICT,
};

/// One step.
struct clinux_step {
    int32_t kind;
    /// Not zero: where `target` is missing, or no place for this, the step is left out.
    int32_t optional;
    const char *source;
    const char *target;
    const char *type;
    unsigned long flags;
    const char *options;
};

/// A resource and its limits, for setrlimit(2). The hard limit is lowered, never raised.
struct clinux_limit {
    int32_t resource;
    uint64_t soft;
    uint64_t hard;
};

/// Everything that a sandbox is.
struct clinux_sandbox {
    /// A mount of the caller's that becomes the root.
    const char *root;
    /// Not zero: no network but a loopback of its own. Zero: the caller's network.
    int32_t own_network;
    const char *hostname;
    const struct clinux_step *steps;
    size_t step_count;
    /// The paths to try for the program, in order, closed by NULL.
    const char *const *candidates;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    uint32_t user;
    uint32_t group;
    const uint32_t *groups;
    size_t group_count;
    /// A bit for each capability that stays.
    uint64_t capabilities;
    const struct clinux_limit *limits;
    size_t limit_count;
    /// What descriptors 0, 1 and 2 are. All others are closed.
    int32_t streams[3];
    /// Not zero: descriptor 0 becomes the controlling terminal.
    int32_t terminal;
    /// Not zero: the program is process 1 in there, as in a container; otherwise its watcher is.
    int32_t program_is_first;
};

/// Starts a sandbox: its watcher, which starts the program, forwards signals to it, and when the program has ended writes
/// its wait status (an int) to `ending` and exits. The watcher is process 1 in there, and reaps; where the program is to be
/// that, the watcher has the same root and mounts, and is not to be seen among the processes. The end of process 1 ends
/// everything else in there.
///
/// Reports CLINUX_STAGE_READY and waits for a byte on `channel[1]` first: the control group that the watcher is in by then
/// is the top of those that the sandbox sees. A program that is process 1 has its number reported in the same way, as
/// index, and waits for another byte. Returns the watcher or -1 with errno.
pid_t clinux_start_sandbox(const struct clinux_sandbox *sandbox, const int channel[2], int ending);

/// Starts another program among a running sandbox's: in its root, among its processes, on the caller's network. Of
/// `sandbox` neither root, steps, host name nor network are looked at.
///
/// A process that goes there first reports CLINUX_STAGE_READY and waits for a byte on `channel[1]`, reports
/// CLINUX_STAGE_READY with the program's number as index, and exits with 0; the program waits for another byte. Both are
/// children of the caller. The end of the sandbox's process 1 is the program's; the program's own ends nothing else.
/// `first` is a pidfd of process 1. Returns the process that goes first, or -1 with errno.
pid_t clinux_join_sandbox(const struct clinux_sandbox *sandbox, int first, const int channel[2]);

/// Gives the calling thread a mount namespace of its own, in which `root`, a mount of the caller's, is its root and the steps
/// were taken. There is no way back. Returns 0, or -1 with what failed in `report`.
int clinux_enter_root(
    const char *root, const struct clinux_step *steps, size_t count, struct clinux_report *report);

#endif
