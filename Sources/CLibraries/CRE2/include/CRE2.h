/// Regular expressions in RE2's syntax, matched in time linear in the text. <re2/re2.h> behind a C interface.
#ifndef CRE2_H
#define CRE2_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled expression.
typedef struct cre2_expression cre2_expression;

/// Compiles an expression that may use at most `max_memory` bytes. Returns null where it is malformed or too large, and
/// writes why to `error` (null-terminated, cut off at `error_capacity`).
cre2_expression *cre2_compile(
    const void *pattern, int64_t length, int64_t max_memory, char *error, int64_t error_capacity);

/// Whether the expression matches anywhere in the text.
int cre2_matches(const cre2_expression *expression, const void *text, int64_t length);

/// How many groups the expression has.
int cre2_groups(const cre2_expression *expression);

/// The number of the group of that name; 0 where there is none.
int cre2_group(const cre2_expression *expression, const void *name, int64_t length);

/// Looks for the first match from `start` on. Writes where it and its groups begin and end to `bounds`, two numbers each,
/// -1 for a group that took no part. Returns 0 where there is no match. `bounds` has room for `count` pairs.
int cre2_find(
    const cre2_expression *expression, const void *text, int64_t length, int64_t start, int64_t *bounds, int64_t count);

/// Frees an expression; null is fine.
void cre2_free(cre2_expression *expression);

#ifdef __cplusplus
}
#endif

#endif
