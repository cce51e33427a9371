/* utf8: what is one valid character of UTF-8, asked in one place by the readers and the writer.
 *
 * Any thread; no state. Rule: overlong forms, surrogates and code points over U+10FFFF are not characters.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the valid character at s (1-4), or 0 if the n bytes there do not begin with one. */
size_t utf8_char_len(const char *s, size_t n);
/* Writes code point cp (not a surrogate, at most U+10FFFF) and returns its bytes. */
size_t utf8_encode(uint32_t cp, char out[4]);

#endif
