#define _GNU_SOURCE
#include "include/Namespaces.h"

#include "ChildReports.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_raise_loopback(void) {
    int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return -1;
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int result = ioctl(probe, SIOCSIFFLAGS, &request);
    int error = errno;
    close(probe);
    errno = error;
    return result;
}

/// Raw calls: glibc's versions tell the other threads, which the child does not have. The other groups stay: a store may be
/// reached through one of them. A sandbox has none but its own.
static void become_root(int channel) {
    if (syscall(SYS_setresgid, 0, 0, 0) != 0) clinux_fail(channel, CLINUX_STAGE_IDENTITY, 0);
    if (syscall(SYS_setresuid, 0, 0, 0) != 0) clinux_fail(channel, CLINUX_STAGE_IDENTITY, 1);
}

static void arrange(int channel, int own_network) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) clinux_fail(channel, CLINUX_STAGE_PROPAGATION, 0);
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
        clinux_fail(channel, CLINUX_STAGE_PROC, 0);
    // Programs of the machine that build roots here must not learn its name.
    if (sethostname("bake", 4) != 0) clinux_fail(channel, CLINUX_STAGE_HOSTNAME, 0);
    if (own_network && clinux_raise_loopback() != 0) clinux_fail(channel, CLINUX_STAGE_LOOPBACK, 0);
}

/// Returns the channel's new number.
static int place_descriptors(int channel, const struct clinux_program *program) {
    int moved[program->descriptor_count + 1], above = 3;
    for (size_t at = 0; at < program->descriptor_count; at++)
        if (program->descriptors[at][1] >= above) above = program->descriptors[at][1] + 1;
    // Out of the way of the targets first, whatever the numbers were.
    int report = fcntl(channel, F_DUPFD_CLOEXEC, above);
    if (report < 0) clinux_fail(channel, CLINUX_STAGE_DESCRIPTORS, -1);
    for (size_t at = 0; at < program->descriptor_count; at++) {
        moved[at] = fcntl(program->descriptors[at][0], F_DUPFD_CLOEXEC, above);
        if (moved[at] < 0) clinux_fail(report, CLINUX_STAGE_DESCRIPTORS, (int)at);
    }
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) clinux_fail(report, CLINUX_STAGE_DESCRIPTORS, 0);
    for (int number = 0; number < 3; number++)
        if (dup2(null, number) < 0) clinux_fail(report, CLINUX_STAGE_DESCRIPTORS, 0);
    for (size_t at = 0; at < program->descriptor_count; at++)
        if (dup2(moved[at], program->descriptors[at][1]) < 0) clinux_fail(report, CLINUX_STAGE_DESCRIPTORS, (int)at);
    return report;
}

pid_t clinux_start_in_namespaces(const struct clinux_program *program, int own_network, const int channel[2]) {
    uint64_t flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
    pid_t child = clinux_clone(flags | (own_network ? CLONE_NEWNET : 0));
    if (child != 0) return child;
    close(channel[0]);
    int report = channel[1];
    clinux_await_release(report);
    become_root(report);
    // After the change of user, which would clear it.
    clinux_tie_to_parent(report);
    arrange(report, own_network);
    report = place_descriptors(report, program);
    clinux_reset_signals();
    execve(program->path, program->arguments, program->environment);
    clinux_fail(report, CLINUX_STAGE_EXECUTE, 0);
}
