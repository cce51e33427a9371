/* content_cmd: the subcommand `venule content`. Main thread. Rule: 0 all is well, 1 the content is refused, 2 wrong use. */
#ifndef CONTENT_CMD_H
#define CONTENT_CMD_H

int cli_content(int argc, char **argv); /* argv[0] is "content" */

#endif
