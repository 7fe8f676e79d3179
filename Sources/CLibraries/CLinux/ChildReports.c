#define _GNU_SOURCE
#include "ChildReports.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_channel(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

int clinux_receive_report(int channel, struct clinux_report *report) {
    for (;;) {
        ssize_t count = recv(channel, report, sizeof *report, 0);
        if (count == (ssize_t)sizeof *report) return 1;
        // A child that was killed with our byte unread resets the connection: an end like any other.
        if (count == 0 || (count < 0 && errno == ECONNRESET)) return 0;
        if (count < 0 && errno == EINTR) continue;
        if (count > 0) errno = EPROTO;
        return -1;
    }
}

int clinux_release(int channel) {
    for (;;) {
        if (send(channel, "", 1, MSG_NOSIGNAL) == 1) return 0;
        if (errno != EINTR) return -1;
    }
}

pid_t clinux_clone(uint64_t flags) {
    // A child of the parent inherits the signal.
    struct clone_args arguments = {.flags = flags, .exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD};
    sigset_t all, before;
    sigfillset(&all);
    // No handler of ours may run in the child, and none in between.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    int error = errno;
    if (child != 0) pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return child;
}

void clinux_fail(int channel, int stage, int index) {
    struct clinux_report report = {.stage = stage, .index = index, .error = errno};
    send(channel, &report, sizeof report, MSG_NOSIGNAL);
    _exit(127);
}

void clinux_await_release(int channel) {
    char byte;
    ssize_t count;
    do count = recv(channel, &byte, 1, 0);
    while (count < 0 && errno == EINTR);
    if (count != 1) _exit(127);
}

void clinux_tie_to_parent(int channel) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) clinux_fail(channel, CLINUX_STAGE_PARENT_DEATH, 0);
    struct clinux_report ready = {.stage = CLINUX_STAGE_READY};
    if (send(channel, &ready, sizeof ready, MSG_NOSIGNAL) < 0) _exit(127);
    clinux_await_release(channel);
}

void clinux_reset_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
