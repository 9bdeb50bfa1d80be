// Second factors: enrolled, challenged, verified and removed. A session that has shown one counts
// as aal2 from then on.
//
// Codes are guessed at most five times a challenge and fifteen times in five minutes a factor,
// however many challenges are opened.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "session_service.hpp"

namespace calixo::auth {

struct EnrollRequest {
  std::string factor_type;
  std::optional<std::string> friendly_name;
  std::optional<std::string> issuer;
};
BOOST_DESCRIBE_STRUCT(EnrollRequest, (), (factor_type, friendly_name, issuer))

struct TotpSecret {
  std::string qr_code;  // SVG
  std::string secret;   // base32
  std::string uri;
};
BOOST_DESCRIBE_STRUCT(TotpSecret, (), (qr_code, secret, uri))

struct Enrolled {
  std::string id;
  std::string type;
  std::optional<std::string> friendly_name;
  TotpSecret totp;
};
BOOST_DESCRIBE_STRUCT(Enrolled, (), (id, type, friendly_name, totp))

struct Challenged {
  std::string id;
  std::string type;
  std::int64_t expires_at = 0;  // seconds since 1970
};
BOOST_DESCRIBE_STRUCT(Challenged, (), (id, type, expires_at))

struct FactorProof {
  std::string challenge_id;
  std::string code;
};
BOOST_DESCRIBE_STRUCT(FactorProof, (), (challenge_id, code))

class FactorService {
 public:
  explicit FactorService(const SessionService& sessions) : sessions_(sessions) {}

  // All as the caller, whose session has to be open: Problem 403 session_not_found.

  // Problems: 400 validation_failed; 403 insufficient_aal; 422 too_many_enrolled_mfa_factors,
  // mfa_factor_name_conflict. [fiber, suspends]
  Enrolled enroll(Context& context, const EnrollRequest& wanted) const;

  // Problems: 404 mfa_factor_not_found; 429 over_request_rate_limit. [fiber, suspends]
  Challenged challenge(Context& context, const std::string& factor_id) const;

  // The caller's session, now aal2, with another refresh token. The account's first verification
  // ends its other sessions that are aal1. Problems: 404 mfa_factor_not_found; 422
  // mfa_challenge_expired, mfa_verification_failed; 429 over_request_rate_limit.
  // [fiber, suspends]
  Session verify(Context& context, const std::string& factor_id, const FactorProof& given) const;

  // Sessions drop to aal1 with the last verified one. Problems: 404 mfa_factor_not_found; 422
  // insufficient_aal. [fiber, suspends]
  void remove(Context& context, const std::string& factor_id) const;

 private:
  const SessionService& sessions_;
};

}  // namespace calixo::auth
