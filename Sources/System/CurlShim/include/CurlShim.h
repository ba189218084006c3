#ifndef POSTERN_CURL_SHIM_H
#define POSTERN_CURL_SHIM_H

#include <curl/curl.h>
#include <stddef.h>

// Swift cannot call variadic functions: one typed function per kind of argument.

/// Called by libcurl to hand over or to ask for bytes.
typedef size_t (*curlshim_io)(char *bytes, size_t size, size_t count, void *user);

CURLcode curlshim_set_long(CURL *handle, CURLoption option, long value);
CURLcode curlshim_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode curlshim_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode curlshim_set_pointer(CURL *handle, CURLoption option, const void *value);
CURLcode curlshim_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode curlshim_set_io(CURL *handle, CURLoption option, curlshim_io function);
CURLcode curlshim_set_progress(CURL *handle, curl_xferinfo_callback function);
CURLcode curlshim_set_prerequest(CURL *handle, curl_prereq_callback function);

CURLcode curlshim_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode curlshim_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);
CURLcode curlshim_get_string(CURL *handle, CURLINFO info, const char **value);
CURLcode curlshim_get_pointer(CURL *handle, CURLINFO info, void **value);

CURLMcode curlshim_multi_set_long(CURLM *multi, CURLMoption option, long value);

/// The finished transfer of a message, or NULL for a message of another kind.
CURL *curlshim_finished(const CURLMsg *message, CURLcode *result);

#endif
