/* "calixo.coupons/1": promotional codes, as the plugin that keeps them offers them to those that
 * sell something, by calixo.services/1. */
#ifndef CALIXO_ABI_COUPONS_H
#define CALIXO_ABI_COUPONS_H

#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_COUPONS_ID "calixo.coupons/1" /* for registry.offer and registry.need */

/* What is to be redeemed. Views are the caller's, until the call returns. */
typedef struct calixo_redemption {
  uint32_t struct_size;
  calixo_str user_id;  /* who buys: UUID text */
  calixo_str code;     /* as the person wrote it, in any case */
  calixo_str sold_by;  /* what kind of sale: "store" */
  calixo_str sold_for; /* which sale: "purchase:17"; 1 to 255 bytes */
} calixo_redemption;

/* What came of it. A later owner may say a number that is not in this list: nothing is redeemed
 * then. */
enum {
  CALIXO_COUPON_REDEEMED = 0,
  CALIXO_COUPON_NOT_FOUND = 1,
  CALIXO_COUPON_EXPIRED = 2,   /* or retired */
  CALIXO_COUPON_EXHAUSTED = 3, /* redeemed as often as it may be, by all */
  CALIXO_COUPON_USED = 4,      /* redeemed as often as it may be, by this person */
  CALIXO_COUPON_NOT_FOR_THIS = 5,
  CALIXO_COUPON_GUESSED = 6 /* too many codes that do not exist, by this person */
};

/* Constant, owned by the coupons' plugin. */
typedef struct calixo_coupons_v1 {
  uint32_t struct_size;
  void* user; /* handed to all */
  /* Redeems in the caller's transaction, with its commit or never; the same sale twice counts once.
   * The coupon's row is locked until the transaction ends: take locks that others take before
   * theirs of a coupon before this call. *outcome is one of the above; *discount_percent is 1 to
   * 100 where it is redeemed, else 0. CALIXO_INVALID for a malformed redemption, CALIXO_SQL_ERROR
   * where a statement failed and the transaction can only be rolled back. tx is neither committed
   * nor rolled back. [fiber, suspends] */
  calixo_status (*redeem)(void* user, calixo_tx* tx, const calixo_redemption* redemption,
                          int32_t* outcome, int32_t* discount_percent);
} calixo_coupons_v1;

#ifdef __cplusplus
}
#endif
#endif
