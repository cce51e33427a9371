/* content_cmd_parts: the parts of `venule content` with files of their own. Main thread. Rule: a secret key is read or
 * written in its own file and nowhere else, and is wiped after use; replay writes nothing. */
#ifndef CONTENT_CMD_PARTS_H
#define CONTENT_CMD_PARTS_H

int cli_content_sign(int argc, char **argv);   /* argv[1] is keygen or sign */
int cli_content_replay(int argc, char **argv); /* argv[1] is replay */

#endif
