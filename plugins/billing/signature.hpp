// The signature of Stripe's deliveries: "t=1700000000,v1=<hex>[,v1=<hex>]", each v1 the HMAC-SHA256
// of "<t>.<body>" keyed by a secret as a whole. Pure functions. [any-thread]
// Source: https://docs.stripe.com/webhooks, "Verify webhook signatures manually".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::billing {

enum class SignatureFault { none, malformed, too_old, too_new, mismatch };
// For the operator's log; whoever sent it is not told.
std::string_view name_of(SignatureFault fault);

struct SignatureRules {
  std::vector<std::string> secrets;  // any of them may have signed; none: nothing passes
  std::int64_t now_s = 0;            // Unix seconds
  std::int64_t tolerance_s = 300;    // either way, inclusive
};

// Whether one of the header's v1 is the body's, by one of the secrets. Other schemes are ignored.
// Takes as long for a signature that is almost right as for any other.
SignatureFault check_signature(std::string_view header, std::string_view body,
                               const SignatureRules& rules);

// Secrets from "whsec_a, whsec_b": without blanks and empty ones.
std::vector<std::string> split_secrets(std::string_view text);

}  // namespace calixo::billing
