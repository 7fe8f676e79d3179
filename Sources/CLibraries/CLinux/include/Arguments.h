/// The words and variables that the process was started with.
#ifndef CLINUX_ARGUMENTS_H
#define CLINUX_ARGUMENTS_H

/// As execve(2) got them, ended by NULL; NULL where the C library said nothing. They live as long as the process.
char **clinux_arguments(void);

/// The variables as they are now, ended by NULL; NULL where there are none.
char **clinux_environment(void);

#endif
