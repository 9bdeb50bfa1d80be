/* What the kept plugins of 1.0 owe each other, whatever compiler built them. */
#ifndef KEPT_H
#define KEPT_H

#include <calixo/abi/base.h>

/* Service of the one in plain C. */
#define KEPT_SUM_ID "kept_1_0.sum/1"
typedef struct kept_sum_v1 {
  int64_t (*add)(int64_t left, int64_t right);
} kept_sum_v1;

/* Extension point of the one in plain C; the others greet. */
#define KEPT_GREETER_ID "kept_1_0.greeter/1"
typedef struct kept_greeter_v1 {
  int32_t (*letters)(void);
} kept_greeter_v1;

#endif
