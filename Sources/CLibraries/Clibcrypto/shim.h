// SHA256_Update, which OpenSSL 3 has and calls deprecated: see DigestHasher.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
