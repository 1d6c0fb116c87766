/* Functions that invite overruns, hidden state or local time. Using one is a compile error.
 * Included last by base.h, so that system headers have been read before. */
#ifndef TK_BANNED_H
#define TK_BANNED_H

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison gmtime localtime ctime asctime mktime
#pragma GCC poison atoi atol atoll atof

#endif
