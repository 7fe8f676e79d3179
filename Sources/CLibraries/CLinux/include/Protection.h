/// Protection of the machine's files from a program of the machine.
#ifndef CLINUX_PROTECTION_H
#define CLINUX_PROTECTION_H

/// Gives the calling thread, and what it starts from now on, a mount namespace in which everything but the directory
/// `except` can only be read. Only inside a user namespace. Returns 0 or -1 with errno.
int clinux_protect_machine(const char *except);

#endif
