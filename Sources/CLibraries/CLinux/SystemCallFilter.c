#define _GNU_SOURCE
#include "SystemCallFilter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#error "the filter of system calls is written for x86-64 and arm64"
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE(number) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##number, 0, 1), RETURN(SECCOMP_RET_ERRNO | EPERM)
#define ABSENT(number) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##number, 0, 1), RETURN(SECCOMP_RET_ERRNO | ENOSYS)
/// A flag in the first argument that is refused; the number is loaded again afterwards.
#define REFUSE_FLAG(number, flag)                                            \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##number, 0, 4), LOAD(args[0]),  \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (flag), 0, 1),                  \
        RETURN(SECCOMP_RET_ERRNO | EPERM), LOAD(nr)

static struct sock_filter filter[] = {
    // Another architecture's numbers mean other calls: none are taken.
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE, 1, 0),
    RETURN(SECCOMP_RET_ERRNO | ENOSYS),
    LOAD(nr),
#if defined(__x86_64__)
    // x32 uses the same architecture with this bit.
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x40000000, 0, 1),
    RETURN(SECCOMP_RET_ERRNO | ENOSYS),
#endif
    // A namespace of one's own would bring back every capability inside it. clone3 hides its flags behind a pointer;
    // the C library falls back to clone where it is absent.
    REFUSE_FLAG(unshare, CLONE_NEWUSER),
    REFUSE_FLAG(clone, CLONE_NEWUSER),
    ABSENT(clone3),
    REFUSE(setns),
    // Keys belong to the user, not to a namespace.
    REFUSE(add_key),
    REFUSE(request_key),
    REFUSE(keyctl),
    // Programs and events in the kernel.
    REFUSE(bpf),
    REFUSE(perf_event_open),
    REFUSE(userfaultfd),
    REFUSE(kexec_load),
    REFUSE(kexec_file_load),
    REFUSE(init_module),
    REFUSE(finit_module),
    REFUSE(delete_module),
    REFUSE(open_by_handle_at),
    ABSENT(io_uring_setup),
    ABSENT(io_uring_enter),
    ABSENT(io_uring_register),
    RETURN(SECCOMP_RET_ALLOW),
};

int clinux_filter_system_calls(void) {
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
