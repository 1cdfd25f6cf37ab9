// The job, the socket and the printed line of boringssl_client.c: all that is not TLS.

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int arg_count;
static char **arg_values;

// The value of `name=value` among the arguments.
static const char *job(const char *name, const char *otherwise) {
  size_t length = strlen(name);
  for (int i = 1; i < arg_count; i++) {
    if (!strncmp(arg_values[i], name, length) && arg_values[i][length] == '=') {
      return arg_values[i] + length + 1;
    }
  }
  return otherwise;
}

static double job_seconds(const char *name) { return atof(job(name, "0")); }

static int technique_is(const char *name) { return !strcmp(job("technique", "none"), name); }

static void say(const char *result, const char *stage, const char *detail) {
  printf("{\"result\": \"%s\", \"stage\": \"%s\", \"detail\": \"%s\"}\n", result, stage, detail);
  fflush(stdout);
}

static void wait_seconds(double seconds) { usleep((useconds_t)(seconds * 1e6)); }

// A socket to the proxy with the read time-out of the job, or -1.
static int open_socket(void) {
  char address[64];
  snprintf(address, sizeof address, "%s", job("proxy", ""));
  char *colon = strrchr(address, ':');
  if (!colon) {
    return -1;
  }
  *colon = 0;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1))};
  inet_pton(AF_INET, address, &to.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  double timeout = job_seconds("timeout_s");
  struct timeval limit = {.tv_sec = (time_t)timeout, .tv_usec = (long)(timeout * 1e6) % 1000000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, (struct sockaddr *)&to, sizeof to)) {
    close(fd);
    return -1;
  }
  return fd;
}

// Ask for the tunnel; the status of the proxy's answer, or 0.
static int open_tunnel(int fd) {
  char text[1024];
  const char *host = job("host", ""), *port = job("port", "443");
  int size = snprintf(text, sizeof text, "CONNECT %s:%s HTTP/1.1\r\nHost: %s:%s\r\n\r\n", host, port, host, port);
  if (send(fd, text, (size_t)size, MSG_NOSIGNAL) != size) {
    return 0;
  }
  int length = 0;
  // Byte by byte: whatever follows the blank line belongs to the server.
  while (length < (int)sizeof text - 1 && recv(fd, text + length, 1, 0) == 1) {
    text[++length] = 0;
    if (length > 4 && !strcmp(text + length - 4, "\r\n\r\n")) {
      return atoi(text + 9);
    }
  }
  return 0;
}

// Leave with a FIN: what is unread is drained first, for Linux answers close() with a RST otherwise.
static void leave_with_fin(int fd) {
  char drain[4096];
  struct timeval limit = {.tv_sec = 1};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  shutdown(fd, SHUT_WR);
  while (recv(fd, drain, sizeof drain, 0) > 0) {
  }
  close(fd);
}

static void leave_with_rst(int fd) {
  struct linger now = {.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(fd);
}
