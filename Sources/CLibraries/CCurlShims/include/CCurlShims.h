/// The few functions of libcurl that bake calls. The library, and the 25 that it brings, is loaded with the first handle:
/// a bake that asks no server does not pay for them. Its variadic calls are one function for each type of argument.
#ifndef CCURLSHIMS_H
#define CCURLSHIMS_H

#include <curl/curl.h>

/// Receives bytes; returns how many it took, fewer to end the transfer. The type of CURLOPT_WRITEFUNCTION.
typedef size_t (*ccurl_receiver)(char *bytes, size_t size, size_t count, void *context);

/// curl_easy_init(3). NULL where memory is short, or the library cannot be loaded: `ccurl_missing` tells. Every other
/// function here needs a handle first.
CURL *ccurl_open(void);

/// Why the library cannot be loaded, dlerror(3); NULL where it is.
const char *ccurl_missing(void);

/// curl_easy_cleanup(3).
void ccurl_close(CURL *handle);

/// curl_easy_perform(3).
CURLcode ccurl_perform(CURL *handle);

/// curl_easy_strerror(3).
const char *ccurl_explain(CURLcode code);

/// curl_slist_append(3).
struct curl_slist *ccurl_append(struct curl_slist *list, const char *text);

/// curl_slist_free_all(3).
void ccurl_free(struct curl_slist *list);

/// curl_easy_setopt(3) with a number.
CURLcode ccurl_set_number(CURL *handle, CURLoption option, long value);

/// curl_easy_setopt(3) with a text that libcurl copies.
CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value);

/// curl_easy_setopt(3) with bytes that libcurl copies, for the options ending in _BLOB.
CURLcode ccurl_set_bytes(CURL *handle, CURLoption option, const void *bytes, size_t count);

/// curl_easy_setopt(3) with a list, which must live as long as the handle uses it.
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);

/// curl_easy_setopt(3) with a function and what it is called with.
CURLcode ccurl_set_receiver(
    CURL *handle, CURLoption function_option, ccurl_receiver function, CURLoption context_option, void *context);

/// The status of the last answer, CURLINFO_RESPONSE_CODE; 0 where there was none.
long ccurl_status(CURL *handle);

/// Where the last answer sends the asker, CURLINFO_REDIRECT_URL; NULL where it does not. It lives as long as the handle.
const char *ccurl_redirect(CURL *handle);

#endif
