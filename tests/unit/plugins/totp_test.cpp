// Codes of authenticator applications: as the standards' own examples have them, and good once.
#include "factors/totp.hpp"

#include <gtest/gtest.h>

#include "factors/qr_code.hpp"

namespace calixo::auth {
namespace {

const std::string kSecret = "12345678901234567890";  // of RFC 6238, appendix B

TEST(Totp, MakesTheCodesOfTheStandard) {
  EXPECT_EQ(totp_code(kSecret, totp_step(59)), "287082");
  EXPECT_EQ(totp_code(kSecret, totp_step(1111111109)), "081804");
  EXPECT_EQ(totp_code(kSecret, totp_step(2000000000)), "279037");
  EXPECT_EQ(totp_code(kSecret, totp_step(20000000000)), "353130");
}

TEST(Totp, TakesOneStepToEitherSide) {
  const std::int64_t now_s = 1'800'000'000;
  const std::int64_t now = totp_step(now_s);
  for (int offset = -3; offset <= 3; ++offset) {
    const auto step = matching_step(kSecret, totp_code(kSecret, now + offset), now_s, 0);
    EXPECT_EQ(step.has_value(), offset >= -1 && offset <= 1) << offset;
  }
}

TEST(Totp, TakesNoStepTwiceNorAnEarlierOne) {
  const std::int64_t now_s = 1'800'000'000;
  const std::int64_t now = totp_step(now_s);
  EXPECT_FALSE(matching_step(kSecret, totp_code(kSecret, now), now_s, now));
  EXPECT_FALSE(matching_step(kSecret, totp_code(kSecret, now - 1), now_s, now));
  EXPECT_EQ(matching_step(kSecret, totp_code(kSecret, now + 1), now_s, now), now + 1);
}

TEST(Totp, WritesSecretsAsPeopleTypeThem) {
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");  // RFC 4648, section 10, without padding
  EXPECT_EQ(base32("f"), "MY");
  EXPECT_EQ(base32(""), "");
}

TEST(Totp, EscapesWhatStandsInItsAddress) {
  EXPECT_EQ(otpauth_uri("A&B", "ana@example.org", "MY"),
            "otpauth://totp/A%26B:ana%40example.org?algorithm=SHA1&digits=6&issuer=A%26B&period=30"
            "&secret=MY");
}

TEST(QrCode, IsOnePathWithoutAFragmentSign) {
  const std::string svg = qr_code_svg("otpauth://totp/x");
  EXPECT_TRUE(svg.starts_with("<svg "));
  EXPECT_TRUE(svg.ends_with("</svg>"));
  EXPECT_EQ(svg.find('#'), std::string::npos);
  EXPECT_NE(svg, qr_code_svg("otpauth://totp/y"));
  EXPECT_THROW(qr_code_svg(std::string(5000, 'x')), std::runtime_error);
}

}  // namespace
}  // namespace calixo::auth
