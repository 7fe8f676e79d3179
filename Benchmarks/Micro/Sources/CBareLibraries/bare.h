#include <libdeflate.h>
#include <openssl/evp.h>
