#ifndef CLINUX_CLOCK_H
#define CLINUX_CLOCK_H

/// adjtimex(2), read only: 1 where a time service keeps the clock, 0 where none does, -1 where the kernel does not say.
int clinux_clock_is_kept(void);

#endif
