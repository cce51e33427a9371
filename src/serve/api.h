/* api: the handlers behind the route table (api.c). HTTP threads. */
#ifndef SERVE_API_H
#define SERVE_API_H

#include "serve/server.h"

void api_command(struct http_req *q, struct http_resp *r); /* POST /api/command/NAME: command_http.c */
void api_print_label(struct http_req *q, struct http_resp *r); /* print_http.c: GET /api/print/label/BAG.pdf */
void api_fhir(struct http_req *q, struct http_resp *r);    /* GET /fhir/R4/…: fhir_http.c */
void api_view(struct http_req *q, struct http_resp *r);    /* GET /api/view/NAME: view_http.c */

#endif
