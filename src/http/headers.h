/* Response headers, and a response in libmicrohttpd's form. */
#ifndef TK_HTTP_HEADERS_H
#define TK_HTTP_HEADERS_H

#include "http/request.h"

struct MHD_Response;

/* A response over the answer's body, which it keeps by reference. NULL when memory is gone. */
struct MHD_Response *tk_http_response_make(const TkHttpResponse *answer);
/* The answer's own headers and those that every response carries. */
void tk_http_headers_add(struct MHD_Response *response, const TkHttpResponse *answer);

#endif
