/// What a process needs that was copied beforehand and gets its work later.
#ifndef CLINUX_PREFORKING_H
#define CLINUX_PREFORKING_H

#include <stddef.h>
#include <sys/types.h>

/// How many descriptors one message may carry.
#define CLINUX_SENT_DESCRIPTORS_MAX 16

/// fork(2), which Swift hides because it is unsafe with threads: only for a process that has started none.
pid_t clinux_fork(void);

/// Makes a copied process one that posix_spawn(3) could have started: no variable of its environment is left in its memory, every
/// signal does what it does by default and none is blocked, and its name in `ps` is `name`.
void clinux_begin_anew(const char *name);

/// Closes every descriptor from `lowest` on. Returns 0 or -1 with errno.
int clinux_close_from(int lowest);

/// Sends a message with descriptors over a socket. Returns 0 or -1 with errno.
int clinux_send_descriptors(int socket, const void *bytes, size_t size, const int *descriptors, size_t count);

/// Receives such a message; the descriptors are closed on exec.
/// @param count how many came.
/// @return how many bytes came, 0 at the end, -1 with errno; EMSGSIZE where not everything fitted.
ssize_t clinux_receive_descriptors(
    int socket, void *bytes, size_t size, int descriptors[CLINUX_SENT_DESCRIPTORS_MAX], size_t *count);

#endif
