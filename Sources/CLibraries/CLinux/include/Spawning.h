/// What starting child processes needs beyond Glibc's Swift overlay.
#ifndef CLINUX_SPAWNING_H
#define CLINUX_SPAWNING_H

#include <spawn.h>

/// pipe2(2) with O_CLOEXEC; returns 0 or -1 with errno.
int clinux_pipe(int ends[2]);

/// posix_spawn_file_actions_addchdir_np(3); returns 0 or an error number.
int clinux_spawn_addchdir(posix_spawn_file_actions_t *actions, const char *path);

/// posix_spawn_file_actions_addclosefrom_np(3); returns 0 or an error number.
int clinux_spawn_addclosefrom(posix_spawn_file_actions_t *actions, int lowest);

/// prctl(PR_SET_PDEATHSIG, SIGKILL): this process dies with the thread that started it.
int clinux_die_with_parent(void);

/// prctl(PR_SET_CHILD_SUBREAPER, 1): descendants of this process that lose their parent become its children.
int clinux_adopt_strays(void);

/// pidfd_open(2): a descriptor that stays this process's when its number has become another's. Returns it or -1 with errno.
int clinux_open_process(int number);

/// pidfd_send_signal(2) with SIGKILL: ends the process of such a descriptor. Returns 0 or -1 with errno.
int clinux_kill_process(int process);

/// sigabbrev_np(3): a signal's name without SIG; NULL for a number that is no signal's.
const char *clinux_signal_name(int number);

#endif
