// The process behind the `boringssl` kind: attempts one after the other, one JSON line each.
//
// TLS runs over memory buffers and the socket is ours, so that the program can leave at any stage.

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "boringssl_wire.h"

static X509_STORE *anchors;
static int refused;

static const char *bundle(void) {
  int own = technique_is("anchors") || technique_is("store-anchors");
  return job(own ? "anchors" : "trust", "");
}

static int is_pinned(X509 *certificate) {
  uint8_t *der = NULL, digest[SHA256_DIGEST_LENGTH], text[64];
  int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  SHA256(der, (size_t)size, digest);
  OPENSSL_free(der);
  EVP_EncodeBlock(text, digest, sizeof digest);
  return !strcmp((char *)text, job("pin", ""));
}

static int chain_has_pin(STACK_OF(X509) * chain) {
  for (size_t i = 0; i < sk_X509_num(chain); i++) {
    if (is_pinned(sk_X509_value(chain, i))) {
      return 1;
    }
  }
  return 0;
}

// As Conscrypt's: asks a trust manager, and leaves *alert alone, which makes it 46 for every reason.
static enum ssl_verify_result_t verify(SSL *ssl, uint8_t *alert) {
  (void)alert;
  if (technique_is("trust-all")) {
    return ssl_verify_ok;
  }
  STACK_OF(X509) *served = SSL_get_peer_full_cert_chain(ssl);
  X509_STORE_CTX *check = X509_STORE_CTX_new();
  X509_STORE_CTX_init(check, anchors, sk_X509_value(served, 0), served);
  X509_STORE_CTX_set_default(check, "ssl_server");
  int good = !technique_is("refuses") && X509_verify_cert(check) == 1;
  if (good && technique_is("pin")) {
    good = chain_has_pin(X509_STORE_CTX_get0_chain(check));
  }
  X509_STORE_CTX_free(check);
  refused = !good;
  return good ? ssl_verify_ok : ssl_verify_invalid;
}

static SSL *new_tls(SSL_CTX *context) {
  if (!strcmp(job("tls", "any"), "1.2")) {
    SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  }
  if (!strcmp(job("tls", "any"), "1.3")) {
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  }
  int by_store = !strncmp(job("technique", ""), "store", 5);
  if (by_store) {
    SSL_CTX_load_verify_locations(context, bundle(), NULL);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
  } else {
    SSL_CTX_set_custom_verify(context, SSL_VERIFY_PEER, verify);
  }
  SSL *ssl = SSL_new(context);
  const char *alpn = job("alpn", "");
  if (!strcmp(alpn, "h2")) {
    SSL_set_alpn_protos(ssl, (const uint8_t *)"\x02h2\x08http/1.1", 12);
  } else if (*alpn) {
    SSL_set_alpn_protos(ssl, (const uint8_t *)"\x08http/1.1", 9);
  }
  const char *host = job("host", ""), *sni = job("sni", host);
  if (strcmp(sni, "-")) {
    SSL_set_tlsext_host_name(ssl, sni);
  }
  if (by_store) {
    X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), host, strlen(host));
  }
  SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  // An empty buffer means "later", not "the end".
  BIO_set_mem_eof_return(SSL_get_rbio(ssl), -1);
  SSL_set_connect_state(ssl);
  return ssl;
}

static void flush(SSL *ssl, int fd) {
  char data[16384];
  int size;
  while ((size = BIO_read(SSL_get_wbio(ssl), data, sizeof data)) > 0) {
    send(fd, data, (size_t)size, MSG_NOSIGNAL);
  }
}

// More bytes from the peer into the TLS engine; 0 at the end of the stream or of the patience.
static int feed(SSL *ssl, int fd) {
  char data[16384];
  ssize_t size = recv(fd, data, sizeof data, 0);
  return size > 0 && BIO_write(SSL_get_rbio(ssl), data, (int)size) == size;
}

// If the technique is to leave at this stage, do so and say so.
static int leaves_at(const char *stage, int fd) {
  const char *technique = job("technique", "");
  if (strlen(technique) < 5 || technique[3] != '-' || strcmp(technique + 4, stage)) {
    return 0;
  }
  if (!strncmp(technique, "fin", 3)) {
    leave_with_fin(fd);
  } else if (!strncmp(technique, "rst", 3)) {
    leave_with_rst(fd);
  } else {
    return 0;
  }
  say("failed", stage, "left, as planned");
  return 1;
}

static int shake_hands(SSL *ssl, int fd) {
  for (;;) {
    ERR_clear_error();
    int result = SSL_do_handshake(ssl);
    int error = SSL_get_error(ssl, result);
    flush(ssl, fd);  // an alert, too
    if (result == 1) {
      return 1;
    }
    if (error != SSL_ERROR_WANT_READ) {
      refused |= ERR_GET_REASON(ERR_peek_error()) == SSL_R_CERTIFICATE_VERIFY_FAILED;
      const char *why = ERR_reason_error_string(ERR_peek_error());
      say(refused ? "refused" : "failed", "handshake", why ? why : "?");
      leave_with_fin(fd);
      return 0;
    }
    if (leaves_at("hello", fd)) {
      return 0;
    }
    if (!feed(ssl, fd)) {
      say("failed", "handshake", "closed or timed out");
      close(fd);
      return 0;
    }
    if (leaves_at("flight", fd)) {
      return 0;
    }
  }
}

static int read_tls(SSL *ssl, int fd, uint8_t *data, int room) {
  for (;;) {
    int size = SSL_read(ssl, data, room);
    if (size > 0) {
      return size;
    }
    if (SSL_get_error(ssl, size) != SSL_ERROR_WANT_READ || !feed(ssl, fd)) {
      return 0;
    }
  }
}

static void write_tls(SSL *ssl, int fd, const void *data, size_t size) {
  SSL_write(ssl, data, (int)size);
  flush(ssl, fd);
}

static void ask_http1(SSL *ssl, int fd) {
  char text[1024];
  int size = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n",
                      job("path", "/"), job("host", ""));
  write_tls(ssl, fd, text, (size_t)size);
  size = read_tls(ssl, fd, (uint8_t *)text, 12);
  text[size] = 0;
  say(size == 12 ? "response" : "failed", size == 12 ? "response" : "request", size ? text : "no answer");
}

static const char PREFACE[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

static void ask_http2(SSL *ssl, int fd) {
  uint8_t frame[512], answer[4096];
  const char *path = job("path", "/"), *host = job("host", "");
  // GET, https, then path and authority as literals over static names.
  size_t size = 9;
  frame[size++] = 0x82;
  frame[size++] = 0x87;
  frame[size++] = 0x04;
  frame[size++] = (uint8_t)strlen(path);
  size += (size_t)sprintf((char *)frame + size, "%s", path);
  frame[size++] = 0x01;
  frame[size++] = (uint8_t)strlen(host);
  size += (size_t)sprintf((char *)frame + size, "%s", host);
  // A HEADERS frame that ends headers and stream, on stream 1.
  uint8_t head[9] = {0, 0, (uint8_t)(size - 9), 1, 5, 0, 0, 0, 1};
  memcpy(frame, head, 9);
  write_tls(ssl, fd, PREFACE, sizeof PREFACE - 1);
  write_tls(ssl, fd, frame, size);
  int length = 0, at = 0, more;
  while (length < (int)sizeof answer && (more = read_tls(ssl, fd, answer + length, (int)sizeof answer - length))) {
    length += more;
    while (length - at >= 9) {
      int payload = answer[at] << 16 | answer[at + 1] << 8 | answer[at + 2];
      if (answer[at + 3] == 1) {
        say("response", "response", "HTTP/2 answer");
        return;
      }
      at += 9 + payload;
    }
  }
  say("failed", "request", "no answer");
}

static void say_goodbye(SSL *ssl, int fd) {
  SSL_shutdown(ssl);
  flush(ssl, fd);
  leave_with_fin(fd);
}

static void after_handshake(SSL *ssl, int fd) {
  if (leaves_at("finished", fd)) {
    return;
  }
  if (technique_is("alert")) {
    SSL_send_fatal_alert(ssl, SSL_AD_CERTIFICATE_UNKNOWN);
    flush(ssl, fd);
    leave_with_fin(fd);
    say("refused", "check", "alert 46 after the handshake");
    return;
  }
  if (technique_is("idle") || technique_is("preface")) {
    if (technique_is("preface")) {
      write_tls(ssl, fd, PREFACE, sizeof PREFACE - 1);
    }
    wait_seconds(job_seconds("hold_s"));
    leave_with_fin(fd);
    say("failed", "idle", "closed without a request, as planned");
    return;
  }
  if (technique_is("post") && !chain_has_pin(SSL_get_peer_full_cert_chain(ssl))) {
    say_goodbye(ssl, fd);
    say("refused", "check", "no pin matches");
    return;
  }
  const uint8_t *protocol = NULL;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl, &protocol, &length);
  (length == 2 ? ask_http2 : ask_http1)(ssl, fd);
  say_goodbye(ssl, fd);
}

static void attempt(void) {
  refused = 0;
  int fd = open_socket();
  int status = fd < 0 ? 0 : open_tunnel(fd);
  if (status != 200) {
    char text[64];
    snprintf(text, sizeof text, "HTTP %d to CONNECT", status);
    say("failed", "proxy", text);
    close(fd);
    return;
  }
  if (leaves_at("connect", fd)) {
    return;
  }
  // A context for each attempt: no session of one is offered in the next.
  SSL_CTX *context = SSL_CTX_new(TLS_method());
  SSL *ssl = new_tls(context);
  if (shake_hands(ssl, fd)) {
    after_handshake(ssl, fd);
  }
  SSL_free(ssl);
  SSL_CTX_free(context);
}

int main(int count, char **values) {
  arg_count = count;
  arg_values = values;
  anchors = X509_STORE_new();
  if (X509_STORE_load_locations(anchors, bundle(), NULL) != 1) {
    fprintf(stderr, "cannot read %s\n", bundle());
    return 1;
  }
  int attempts = atoi(job("attempts", "1"));
  for (int number = 0; number < attempts; number++) {
    if (number) {
      wait_seconds(job_seconds("pause_s"));
    }
    attempt();
  }
  return 0;
}
