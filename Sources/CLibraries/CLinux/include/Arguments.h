/// The words that the process was started with.
#ifndef CLINUX_ARGUMENTS_H
#define CLINUX_ARGUMENTS_H

/// As execve(2) got them, ended by NULL; NULL where the C library said nothing. They live as long as the process.
char **clinux_arguments(void);

#endif
