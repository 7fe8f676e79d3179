/// What both kinds of children share between clone3 and exec. System calls only.
#ifndef CLINUX_CHILD_REPORTS_H
#define CLINUX_CHILD_REPORTS_H

#include "include/Namespaces.h"

/// clone3(2) like fork, with these flags: new namespaces, CLONE_PARENT; every signal is blocked in the child.
pid_t clinux_clone(uint64_t flags);

/// Sends errno and ends the process.
_Noreturn void clinux_fail(int channel, int stage, int index);

/// Asks for SIGKILL at the parent thread's end, reports CLINUX_STAGE_READY and waits for the byte to go on.
/// The answer proves that the parent still lived after the request: its end cannot be missed.
void clinux_tie_to_parent(int channel);

/// Waits for a byte; ends the process where the parent is gone.
void clinux_await_release(int channel);

/// Gives every signal its default action and blocks none.
void clinux_reset_signals(void);

#endif
