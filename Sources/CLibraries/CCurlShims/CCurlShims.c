#include "CCurlShims.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// curl.h makes macros of these two, which check the types of arguments.
#undef curl_easy_setopt
#undef curl_easy_getinfo

/// Where the library's functions lie.
static struct {
    __typeof__(&curl_easy_init) init;
    __typeof__(&curl_easy_cleanup) cleanup;
    __typeof__(&curl_easy_perform) perform;
    __typeof__(&curl_easy_strerror) strerror;
    __typeof__(&curl_easy_setopt) setopt;
    __typeof__(&curl_easy_getinfo) getinfo;
    __typeof__(&curl_slist_append) append;
    __typeof__(&curl_slist_free_all) free_all;
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char missing[256];

static void load(void) {
    const struct {
        const char *name;
        void *place;
    } functions[] = {
        {"curl_easy_init", &curl.init},         {"curl_easy_cleanup", &curl.cleanup},
        {"curl_easy_perform", &curl.perform},   {"curl_easy_strerror", &curl.strerror},
        {"curl_easy_setopt", &curl.setopt},     {"curl_easy_getinfo", &curl.getinfo},
        {"curl_slist_append", &curl.append},    {"curl_slist_free_all", &curl.free_all},
    };
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    for (size_t number = 0; library && number < sizeof functions / sizeof functions[0]; number++) {
        void *function = dlsym(library, functions[number].name);
        // A pointer to a function is written as one to data, as dlsym(3) itself shows.
        *(void **)functions[number].place = function;
        if (!function) library = NULL;
    }
    if (!library) snprintf(missing, sizeof missing, "%s", dlerror());
}

const char *ccurl_missing(void) {
    pthread_once(&once, load);
    return missing[0] ? missing : NULL;
}

CURL *ccurl_open(void) { return ccurl_missing() ? NULL : curl.init(); }

void ccurl_close(CURL *handle) { curl.cleanup(handle); }

CURLcode ccurl_perform(CURL *handle) { return curl.perform(handle); }

const char *ccurl_explain(CURLcode code) { return curl.strerror(code); }

struct curl_slist *ccurl_append(struct curl_slist *list, const char *text) { return curl.append(list, text); }

void ccurl_free(struct curl_slist *list) { curl.free_all(list); }

CURLcode ccurl_set_number(CURL *handle, CURLoption option, long value) { return curl.setopt(handle, option, value); }

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl.setopt(handle, option, value);
}

CURLcode ccurl_set_bytes(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
    return curl.setopt(handle, option, &blob);
}

CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl.setopt(handle, option, value);
}

CURLcode ccurl_set_receiver(
    CURL *handle, CURLoption function_option, ccurl_receiver function, CURLoption context_option, void *context) {
    CURLcode code = curl.setopt(handle, function_option, function);
    return code == CURLE_OK ? curl.setopt(handle, context_option, context) : code;
}

long ccurl_status(CURL *handle) {
    long status = 0;
    return curl.getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}

const char *ccurl_redirect(CURL *handle) {
    char *address = NULL;
    return curl.getinfo(handle, CURLINFO_REDIRECT_URL, &address) == CURLE_OK ? address : NULL;
}
