/* Words of the generated layouts: compiling one compares sizes, offsets and values with those that
 * were published; running one compares the ids.
 *
 * LP64, little-endian. x86_64 and aarch64 lay these structs out alike: both align naturally, and no
 * member is of a type that they treat differently. */
#ifndef CALIXO_TESTS_ABI_LAYOUT_H
#define CALIXO_TESTS_ABI_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

_Static_assert(sizeof(void*) == 8 && sizeof(size_t) == 8 && sizeof(void (*)(void)) == 8,
               "the contract is for LP64");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the contract is little-endian");

#define SIZE(type, size, alignment)                                   \
  _Static_assert(sizeof(type) == size && _Alignof(type) == alignment, \
                 #type " was published with " #size " bytes, aligned to " #alignment)
#define MEMBER(type, member, offset, size)                                               \
  _Static_assert(offsetof(type, member) == offset && sizeof(((type*)0)->member) == size, \
                 #type "." #member " was published at " #offset " with " #size " bytes")
#define VALUE(name, value) \
  _Static_assert((long long)name == value, #name " was published as " #value)

#if __STDC_HOSTED__
#include <stdio.h>
#include <string.h>
#define IDS_BEGIN  \
  int main(void) { \
    int wrong = 0;
#define ID(name, text)                                         \
  if (strcmp(name, text) != 0) {                               \
    printf(#name " is %s, was published as " text "\n", name); \
    wrong = 1;                                                 \
  }
#define IDS_END \
  return wrong; \
  }
#else
#define IDS_BEGIN
#define ID(name, text)
#define IDS_END
#endif

#endif
