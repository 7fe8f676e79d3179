/* measure REPORT PROGRAM [ARGUMENT…]: runs a program and writes what it took to REPORT, as one line:
 * wall seconds, CPU seconds (user and system, of all processes that it started), peak resident KiB of the largest.
 *
 * A small process of its own, because the peak that wait4(2) reports begins at the size of whoever forked. As a
 * subreaper (prctl(2)) it also counts what a daemonising child leaves behind. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int count, char **words) {
    if (count < 3) return 2;
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    double start = now();
    pid_t child = fork();
    if (child < 0) return 3;
    if (child == 0) {
        execvp(words[2], words + 2);
        _exit(127);
    }
    int status = 0, other = 0;
    waitpid(child, &status, 0);
    double wall = now() - start;
    while (wait(&other) > 0) {}
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    FILE *report = fopen(words[1], "w");
    if (!report) return 3;
    fprintf(report, "%.6f %.6f %ld\n", wall, seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
    if (fclose(report) != 0) return 3;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
