/* content_sign_cmd: the two parts of `venule content` that touch keys. Main thread. Rule: a secret key is read or
 * written in its own file and nowhere else, and is wiped after use. */
#ifndef CONTENT_SIGN_CMD_H
#define CONTENT_SIGN_CMD_H

int cli_content_sign(int argc, char **argv); /* argv[1] is keygen or sign */

#endif
