#define _GNU_SOURCE
#include "include/Sandbox.h"

#include "ChildReports.h"
#include "SystemCallFilter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// Whether a step's failure says that this root has no place for it.
static int is_absent(int error) {
    return error == ENOENT || error == ENOTDIR || error == ELOOP || error == EROFS;
}

static int attach(int tree, const char *target) {
    return (int)syscall(
        SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS);
}

static int open_tree_of(const char *source, unsigned flags) {
    return (int)syscall(SYS_open_tree, AT_FDCWD, source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
}

/// With all that is mounted below: a part alone would show what the machine has hidden under a mount, and the kernel gives
/// none in a user namespace. The flags are added to those that each mount has, which must stay.
static int open_source(const struct clinux_step *step) {
    int tree = open_tree_of(step->source, AT_RECURSIVE);
    if (tree < 0) return -1;
    // MS_RDONLY, MS_NOSUID and MS_NODEV have the same numbers here.
    struct mount_attr attributes = {.attr_set = step->flags};
    if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) == 0)
        return tree;
    int error = errno;
    close(tree);
    errno = error;
    return -1;
}

static int rebind(const char *source, const char *target) {
    int tree = open_tree_of(source, 0);
    if (tree < 0) return -1;
    int result = attach(tree, target);
    int error = errno;
    close(tree);
    errno = error;
    return result;
}

/// What is there already is not opened: an overlay would copy it, and a named pipe would wait.
static int make_file(const char *target) {
    return mknod(target, S_IFREG | 0644, 0) != 0 && errno != EEXIST ? -1 : 0;
}

static int take_step(const struct clinux_step *step, int tree) {
    switch (step->kind) {
    case CLINUX_STEP_DIRECTORY: return mkdir(step->target, 0755) != 0 && errno != EEXIST ? -1 : 0;
    case CLINUX_STEP_FILE: return make_file(step->target);
    case CLINUX_STEP_LINK: return symlink(step->source, step->target);
    case CLINUX_STEP_MOUNT: return mount(step->source, step->target, step->type, step->flags, step->options);
    case CLINUX_STEP_BIND: return attach(tree, step->target);
    case CLINUX_STEP_REBIND: return rebind(step->source, step->target);
    case CLINUX_STEP_RESTRICT: return mount(NULL, step->target, NULL, MS_REMOUNT | MS_BIND | step->flags, NULL);
    default: errno = EINVAL; return -1;
    }
}

/// Opens what comes from outside, before the root is changed. Returns the step whose source could not be had, or -1.
static int open_sources(const struct clinux_step *steps, size_t count, int trees[]) {
    for (size_t at = 0; at < count; at++) trees[at] = -1;
    for (size_t at = 0; at < count; at++) {
        if (steps[at].kind != CLINUX_STEP_BIND) continue;
        trees[at] = open_source(&steps[at]);
        if (trees[at] < 0) return (int)at;
    }
    return -1;
}

/// Takes the steps. Returns the one that failed, or -1.
static int take_steps(const struct clinux_step *steps, size_t count, const int trees[]) {
    for (size_t at = 0; at < count; at++)
        if (take_step(&steps[at], trees[at]) != 0 && !(steps[at].optional && is_absent(errno))) return (int)at;
    return -1;
}

static int told(struct clinux_report *report, int stage, int index) {
    *report = (struct clinux_report){.stage = stage, .index = index, .error = errno};
    return -1;
}

static int enter(int directory) {
    return fchdir(directory) == 0 ? chroot(".") : -1;
}

/// The steps are taken before the old root is put over the new one, where `..` would lead into it, and before it goes: the
/// kernel mounts a new /proc only where a whole one is already in sight.
static int change_root(
    int old_root, int root, const struct clinux_step *steps, size_t count, const int trees[],
    struct clinux_report *report) {
    if (enter(root) != 0) return told(report, CLINUX_STAGE_PIVOT, 0);
    int failed = take_steps(steps, count, trees);
    if (failed >= 0) return told(report, CLINUX_STAGE_MOUNT, failed);
    if (enter(old_root) != 0 || fchdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0)
        return told(report, CLINUX_STAGE_PIVOT, 1);
    if (fchdir(old_root) != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
        return told(report, CLINUX_STAGE_PIVOT, 2);
    return 0;
}

/// Changes the root and takes the steps.
static int furnish_root(
    const char *root, const struct clinux_step *steps, size_t count, struct clinux_report *report) {
    int trees[count + 1], result, failed = open_sources(steps, count, trees);
    int old_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int new_root = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (failed >= 0) result = told(report, CLINUX_STAGE_SOURCE, failed);
    else if (old_root < 0 || new_root < 0) result = told(report, CLINUX_STAGE_PIVOT, 0);
    else result = change_root(old_root, new_root, steps, count, trees, report);
    for (size_t at = 0; at < count; at++)
        if (trees[at] >= 0) close(trees[at]);
    close(old_root);
    close(new_root);
    return result;
}

static void furnish(int channel, const struct clinux_sandbox *sandbox) {
    struct clinux_report report;
    if (furnish_root(sandbox->root, sandbox->steps, sandbox->step_count, &report) == 0) return;
    errno = report.error;
    clinux_fail(channel, report.stage, report.index);
}

int clinux_enter_root(
    const char *root, const struct clinux_step *steps, size_t count, struct clinux_report *report) {
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return told(report, CLINUX_STAGE_PROPAGATION, 0);
    return furnish_root(root, steps, count, report);
}

/// Leaves 0, 1, 2, the channel as 3 and, where there is one, the ending as 4.
static void keep_descriptors(const struct clinux_sandbox *sandbox, int *channel, int *ending) {
    int moved[5] = {sandbox->streams[0], sandbox->streams[1], sandbox->streams[2], *channel, ending ? *ending : -1};
    int count = ending ? 5 : 4;
    for (int at = 0; at < count; at++) {
        // Out of the way of the targets first, whatever the numbers were.
        moved[at] = fcntl(moved[at], F_DUPFD_CLOEXEC, 64);
        if (moved[at] < 0) clinux_fail(*channel, CLINUX_STAGE_DESCRIPTORS, at);
    }
    for (int at = 0; at < count; at++)
        if (dup3(moved[at], at, at < 3 ? 0 : O_CLOEXEC) < 0) clinux_fail(moved[3], CLINUX_STAGE_DESCRIPTORS, at);
    *channel = 3;
    if (ending) *ending = 4;
    if (syscall(SYS_close_range, count, ~0U, 0) != 0) clinux_fail(*channel, CLINUX_STAGE_DESCRIPTORS, count);
}

static void limit_resources(int channel, const struct clinux_sandbox *sandbox) {
    for (size_t at = 0; at < sandbox->limit_count; at++) {
        struct rlimit limit;
        const struct clinux_limit *wanted = &sandbox->limits[at];
        if (getrlimit(wanted->resource, &limit) != 0) clinux_fail(channel, CLINUX_STAGE_LIMITS, (int)at);
        if (wanted->hard < limit.rlim_max) limit.rlim_max = wanted->hard;
        limit.rlim_cur = wanted->soft < limit.rlim_max ? wanted->soft : limit.rlim_max;
        if (setrlimit(wanted->resource, &limit) != 0) clinux_fail(channel, CLINUX_STAGE_LIMITS, (int)at);
    }
}

/// Drops what must not come back by exec, then takes the user, then keeps no more than the rest.
static void reduce(int channel, const struct clinux_sandbox *sandbox) {
    for (int capability = 0; capability < 64; capability++) {
        if (sandbox->capabilities >> capability & 1) continue;
        // EINVAL: this kernel has no more of them.
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EINVAL)
            clinux_fail(channel, CLINUX_STAGE_CAPABILITIES, capability);
    }
    if (syscall(SYS_setgroups, sandbox->group_count, sandbox->groups) != 0)
        clinux_fail(channel, CLINUX_STAGE_IDENTITY, 2);
    if (syscall(SYS_setresgid, sandbox->group, sandbox->group, sandbox->group) != 0)
        clinux_fail(channel, CLINUX_STAGE_IDENTITY, 0);
    if (syscall(SYS_setresuid, sandbox->user, sandbox->user, sandbox->user) != 0)
        clinux_fail(channel, CLINUX_STAGE_IDENTITY, 1);
    uint64_t kept = sandbox->user == 0 ? sandbox->capabilities : 0;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {.effective = (uint32_t)kept, .permitted = (uint32_t)kept},
        {.effective = (uint32_t)(kept >> 32), .permitted = (uint32_t)(kept >> 32)},
    };
    if (syscall(SYS_capset, &header, data) != 0) clinux_fail(channel, CLINUX_STAGE_CAPABILITIES, 64);
}

/// execve over the candidates, as execvp(3) does: the first that is there, but one that may not be run is passed over.
static void execute(int channel, const struct clinux_sandbox *sandbox) {
    int denied = 0;
    errno = ENOENT;
    for (size_t at = 0; sandbox->candidates[at]; at++) {
        execve(sandbox->candidates[at], sandbox->arguments, sandbox->environment);
        if (errno == EACCES) denied = 1;
        else if (errno != ENOENT && errno != ENOTDIR) break;
    }
    if (denied) errno = EACCES;
    clinux_fail(channel, CLINUX_STAGE_EXECUTE, 0);
}

_Noreturn static void become_program(int channel, const struct clinux_sandbox *sandbox) {
    if (setsid() < 0 || (sandbox->terminal && ioctl(0, TIOCSCTTY, 0) != 0))
        clinux_fail(channel, CLINUX_STAGE_TERMINAL, 0);
    limit_resources(channel, sandbox);
    reduce(channel, sandbox);
    // Only now: a change of user clears it.
    if (sandbox->program_is_first && prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        clinux_fail(channel, CLINUX_STAGE_PARENT_DEATH, 0);
    if (chdir(sandbox->directory) != 0) clinux_fail(channel, CLINUX_STAGE_DIRECTORY, 0);
    if (clinux_filter_system_calls() != 0) clinux_fail(channel, CLINUX_STAGE_FILTER, 0);
    clinux_reset_signals();
    execute(channel, sandbox);
    _exit(127);
}

/// The program as process 1. The root is furnished here, because a new /proc shows the processes of whoever mounts it; the
/// watcher, which shares the mounts, has its root changed with this one's.
_Noreturn static void become_first(int channel, const struct clinux_sandbox *sandbox) {
    clinux_await_release(channel);
    furnish(channel, sandbox);
    become_program(channel, sandbox);
}

/// Starts the program; where it is to be process 1, tells its number.
static pid_t start_program(int channel, const struct clinux_sandbox *sandbox) {
    pid_t program = clinux_clone(sandbox->program_is_first ? CLONE_NEWPID : 0);
    if (program < 0) clinux_fail(channel, CLINUX_STAGE_FORK, 0);
    if (program == 0 && sandbox->program_is_first) become_first(channel, sandbox);
    if (program == 0) become_program(channel, sandbox);
    struct clinux_report started = {.stage = CLINUX_STAGE_READY, .index = program};
    // Nobody listens any more: the program waits for a byte that never comes, and ends.
    if (sandbox->program_is_first) send(channel, &started, sizeof started, MSG_NOSIGNAL);
    return program;
}

/// The watcher: forwards signals, reaps, and ends with the program.
_Noreturn static void watch(pid_t program, int ending) {
    sigset_t all;
    sigfillset(&all);
    for (;;) {
        int status, number = sigwaitinfo(&all, NULL);
        if (number > 0 && number != SIGCHLD) kill(program, number);
        for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
            if (ended != program) continue;
            ssize_t written = write(ending, &status, sizeof status);
            _exit(written == sizeof status ? 0 : 1);
        }
    }
}

pid_t clinux_start_sandbox(const struct clinux_sandbox *sandbox, const int channel[2], int ending) {
    uint64_t flags = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | (sandbox->own_network ? CLONE_NEWNET : 0);
    pid_t child = clinux_clone(flags | (sandbox->program_is_first ? 0 : CLONE_NEWPID));
    if (child != 0) return child;
    close(channel[0]);
    int report = channel[1];
    clinux_tie_to_parent(report);
    umask(022);
    // Only now: the caller has put this process into the group that becomes the top of what it sees. EINVAL: this
    // kernel has no groups.
    if (syscall(SYS_unshare, CLONE_NEWCGROUP) != 0 && errno != EINVAL) clinux_fail(report, CLINUX_STAGE_GROUP, 0);
    // Other processes in there are user 0 too: they must not look into this one.
    prctl(PR_SET_DUMPABLE, 0);
    size_t length = 0;
    while (sandbox->hostname[length]) length++;
    if (sethostname(sandbox->hostname, length) != 0) clinux_fail(report, CLINUX_STAGE_HOSTNAME, 0);
    if (sandbox->own_network && clinux_raise_loopback() != 0) clinux_fail(report, CLINUX_STAGE_LOOPBACK, 0);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) clinux_fail(report, CLINUX_STAGE_PROPAGATION, 0);
    if (!sandbox->program_is_first) furnish(report, sandbox);
    // A directory from outside would stay in use.
    else if (chdir("/") != 0) clinux_fail(report, CLINUX_STAGE_DIRECTORY, 0);
    keep_descriptors(sandbox, &report, &ending);
    // Ignored by whoever started bake, it would make the kernel reap and tell nothing. Before the program starts: setting
    // it drops a pending one, and a program may end at once.
    signal(SIGCHLD, SIG_DFL);
    pid_t program = start_program(report, sandbox);
    close(report);
    for (int stream = 0; stream < 3; stream++) close(stream);
    watch(program, ending);
}

/// The namespaces of a sandbox but the network, which is the caller's. EINVAL: this kernel has no groups.
static int enter_namespaces(int first) {
    int namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    long result = syscall(SYS_setns, first, namespaces | CLONE_NEWCGROUP);
    if (result != 0 && errno == EINVAL) result = syscall(SYS_setns, first, namespaces);
    return (int)result;
}

pid_t clinux_join_sandbox(const struct clinux_sandbox *sandbox, int first, const int channel[2]) {
    pid_t child = clinux_clone(0);
    if (child != 0) return child;
    close(channel[0]);
    int report = channel[1];
    // Before anybody in there can see it, or the program until its exec: it still has the caller's memory.
    prctl(PR_SET_DUMPABLE, 0);
    clinux_tie_to_parent(report);
    umask(022);
    if (enter_namespaces(first) != 0) clinux_fail(report, CLINUX_STAGE_JOIN, 0);
    keep_descriptors(sandbox, &report, NULL);
    // Only a child is among the sandbox's processes. It is the caller's, which waits for it.
    pid_t program = clinux_clone(CLONE_PARENT);
    if (program < 0) clinux_fail(report, CLINUX_STAGE_FORK, 0);
    if (program == 0) {
        clinux_await_release(report);
        become_program(report, sandbox);
    }
    struct clinux_report joined = {.stage = CLINUX_STAGE_READY, .index = program};
    _exit(send(report, &joined, sizeof joined, MSG_NOSIGNAL) == sizeof joined ? 0 : 127);
}
