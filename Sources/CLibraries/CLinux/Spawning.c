#define _GNU_SOURCE
#include "Spawning.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int clinux_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

int clinux_spawn_addchdir(posix_spawn_file_actions_t *actions, const char *path) {
    return posix_spawn_file_actions_addchdir_np(actions, path);
}

int clinux_spawn_addclosefrom(posix_spawn_file_actions_t *actions, int lowest) {
    return posix_spawn_file_actions_addclosefrom_np(actions, lowest);
}

int clinux_die_with_parent(void) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL);
}

int clinux_adopt_strays(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

int clinux_open_process(int number) {
    return (int)syscall(SYS_pidfd_open, number, 0);
}

int clinux_kill_process(int process) {
    return (int)syscall(SYS_pidfd_send_signal, process, SIGKILL, NULL, 0);
}

const char *clinux_signal_name(int number) {
    return sigabbrev_np(number);
}
