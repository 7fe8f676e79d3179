// The functions of libcrypto.so.3 that bake calls for keys and for the digests that specs name: every command needs SHA-256, which is
// linked in (see Clibcrypto), and few need more. Loading the library was a tenth of a short command.
#include "CLazyLibraries.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <openssl/pem.h>

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

static struct lazy_library library = {.name = "libcrypto.so." TEXT(OPENSSL_SHLIB_VERSION)};

#define FORWARD(type, name, parameters, arguments) LAZY_FUNCTION(library, type, name, parameters, arguments)

FORWARD(int, BIO_free, (BIO *a), (a))
FORWARD(BIO *, BIO_new, (const BIO_METHOD *a), (a))
FORWARD(int, BIO_read, (BIO *a, void *b, int c), (a, b, c))
FORWARD(const BIO_METHOD *, BIO_s_mem, (void), ())
FORWARD(int, BIO_write, (BIO *a, const void *b, int c), (a, b, c))
FORWARD(void, ERR_clear_error, (void), ())
FORWARD(int, EVP_Digest,
    (const void *a, size_t b, unsigned char *c, unsigned int *d, const EVP_MD *e, ENGINE *f),
    (a, b, c, d, e, f))
FORWARD(int, EVP_DigestFinal_ex, (EVP_MD_CTX *a, unsigned char *b, unsigned int *c), (a, b, c))
FORWARD(int, EVP_DigestInit_ex, (EVP_MD_CTX *a, const EVP_MD *b, ENGINE *c), (a, b, c))
FORWARD(int, EVP_DigestSign,
    (EVP_MD_CTX *a, unsigned char *b, size_t *c, const unsigned char *d, size_t e),
    (a, b, c, d, e))
FORWARD(int, EVP_DigestSignInit,
    (EVP_MD_CTX *a, EVP_PKEY_CTX **b, const EVP_MD *c, ENGINE *d, EVP_PKEY *e),
    (a, b, c, d, e))
FORWARD(int, EVP_DigestUpdate, (EVP_MD_CTX *a, const void *b, size_t c), (a, b, c))
FORWARD(int, EVP_DigestVerify,
    (EVP_MD_CTX *a, const unsigned char *b, size_t c, const unsigned char *d, size_t e),
    (a, b, c, d, e))
FORWARD(int, EVP_DigestVerifyInit,
    (EVP_MD_CTX *a, EVP_PKEY_CTX **b, const EVP_MD *c, ENGINE *d, EVP_PKEY *e),
    (a, b, c, d, e))
FORWARD(void, EVP_MD_CTX_free, (EVP_MD_CTX *a), (a))
FORWARD(EVP_MD_CTX *, EVP_MD_CTX_new, (void), ())
FORWARD(void, EVP_PKEY_CTX_free, (EVP_PKEY_CTX *a), (a))
FORWARD(EVP_PKEY_CTX *, EVP_PKEY_CTX_new_id, (int a, ENGINE *b), (a, b))
FORWARD(void, EVP_PKEY_free, (EVP_PKEY *a), (a))
FORWARD(int, EVP_PKEY_get_id, (const EVP_PKEY *a), (a))
FORWARD(int, EVP_PKEY_get_raw_private_key, (const EVP_PKEY *a, unsigned char *b, size_t *c), (a, b, c))
FORWARD(int, EVP_PKEY_get_raw_public_key, (const EVP_PKEY *a, unsigned char *b, size_t *c), (a, b, c))
FORWARD(int, EVP_PKEY_keygen, (EVP_PKEY_CTX *a, EVP_PKEY **b), (a, b))
FORWARD(int, EVP_PKEY_keygen_init, (EVP_PKEY_CTX *a), (a))
FORWARD(EVP_PKEY *, EVP_PKEY_new_raw_private_key,
    (int a, ENGINE *b, const unsigned char *c, size_t d),
    (a, b, c, d))
FORWARD(EVP_PKEY *, EVP_PKEY_new_raw_public_key,
    (int a, ENGINE *b, const unsigned char *c, size_t d),
    (a, b, c, d))
FORWARD(unsigned char *, EVP_Q_mac,
    (OSSL_LIB_CTX *a, const char *b, const char *c, const char *d, const OSSL_PARAM *e, const void *f, size_t g,
     const unsigned char *h, size_t i, unsigned char *j, size_t k, size_t *l),
    (a, b, c, d, e, f, g, h, i, j, k, l))
FORWARD(const EVP_MD *, EVP_md5, (void), ())
FORWARD(const EVP_MD *, EVP_sha1, (void), ())
FORWARD(const EVP_MD *, EVP_sha256, (void), ())
FORWARD(const EVP_MD *, EVP_sha512, (void), ())
FORWARD(EVP_PKEY *, PEM_read_bio_PUBKEY, (BIO *a, EVP_PKEY **b, pem_password_cb *c, void *d), (a, b, c, d))
FORWARD(EVP_PKEY *, PEM_read_bio_PrivateKey, (BIO *a, EVP_PKEY **b, pem_password_cb *c, void *d), (a, b, c, d))
FORWARD(int, PEM_write_bio_PKCS8PrivateKey,
    (BIO *a, const EVP_PKEY *b, const EVP_CIPHER *c, const char *d, int e, pem_password_cb *f, void *g),
    (a, b, c, d, e, f, g))
FORWARD(int, PEM_write_bio_PUBKEY, (BIO *a, const EVP_PKEY *b), (a, b))
