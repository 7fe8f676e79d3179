#define _GNU_SOURCE
#include "include/Preforking.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/// Room for a control message with as many descriptors as there may be, aligned as its header is.
union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int) * CLINUX_SENT_DESCRIPTORS_MAX)];
};

pid_t clinux_fork(void) {
    return fork();
}

void clinux_begin_anew(const char *name) {
    for (char **variable = environ; variable && *variable; variable++)
        explicit_bzero(*variable, strlen(*variable));
    clearenv();
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_NAME, name);
}

int clinux_close_from(int lowest) {
    return close_range((unsigned)lowest, ~0U, 0);
}

int clinux_send_descriptors(int socket, const void *bytes, size_t size, const int *descriptors, size_t count) {
    if (count == 0 || count > CLINUX_SENT_DESCRIPTORS_MAX) {
        errno = EINVAL;
        return -1;
    }
    union control control = {0};
    struct iovec piece = {.iov_base = (void *)bytes, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(sizeof(int) * count)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * count);
    return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

ssize_t clinux_receive_descriptors(
    int socket, void *bytes, size_t size, int descriptors[CLINUX_SENT_DESCRIPTORS_MAX], size_t *count) {
    union control control = {0};
    struct iovec piece = {.iov_base = bytes, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    *count = 0;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received < 0) return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
        *count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(descriptors, CMSG_DATA(header), sizeof(int) * *count);
    }
    if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
        errno = EMSGSIZE;
        return -1;
    }
    return received;
}
