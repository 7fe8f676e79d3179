// Answers every HTTP request with the time, in UTC. Port 8080; ends at SIGTERM.
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// Process 1 has no default actions: without a handler SIGTERM would do nothing.
static void leave(int signal) {
    (void)signal;
    _exit(0);
}

static int listener(unsigned short port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int on = 1, server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server < 0) fail("socket");
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
    if (listen(server, 16) < 0) fail("listen");
    return server;
}

// Reads up to the empty line that ends a request's head; what does not fit is no request of ours.
static int has_read_head(int client) {
    char head[4096];
    size_t length = 0;
    while (length < sizeof head - 1) {
        ssize_t count = read(client, head + length, sizeof head - 1 - length);
        if (count <= 0) return 0;
        length += (size_t)count;
        head[length] = 0;
        if (strstr(head, "\r\n\r\n")) return 1;
    }
    return 0;
}

static void answer(int client) {
    char now[32];
    time_t seconds = time(NULL);
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
    dprintf(client, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nIt is %s\n", now);
}

int main(void) {
    signal(SIGTERM, leave);
    signal(SIGPIPE, SIG_IGN);
    int server = listener(8080);
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client < 0) continue;
        struct timeval patience = {.tv_sec = 2};
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (has_read_head(client)) answer(client);
        close(client);
    }
}
