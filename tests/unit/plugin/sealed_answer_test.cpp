// Answers kept under an Idempotency-Key, as the database holds them.
#include "plugin/sealed_answer.hpp"

#include <gmock/gmock.h>

#include "plugin/bytea.hpp"

namespace calixo::host::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Digest kRequest = digest_of({"user", "POST", "/buy", "", "{}"});
const KeptAnswer kAnswer{201, "application/json", R"({"id":7})", {{"Location", "/7"}, {"A", ""}}};

TEST(SealedAnswer, ComesBackByItsKeyAndRequest) {
  const auto answer = unseal(seal(kAnswer, "key", kRequest), "key", kRequest);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->content_type, "application/json");
  EXPECT_EQ(answer->body, kAnswer.body);
  EXPECT_EQ(answer->headers, kAnswer.headers);
}

TEST(SealedAnswer, IsNoiseToAnybodyElse) {
  const std::string sealed = seal(kAnswer, "key", kRequest);
  EXPECT_THAT(sealed, Not(HasSubstr("id")));
  EXPECT_FALSE(unseal(sealed, "kex", kRequest));
  EXPECT_FALSE(unseal(sealed, "key", digest_of({"user", "POST", "/buy", "", "{ }"})));
}

TEST(SealedAnswer, IsNeverTheSameTwice) {
  EXPECT_NE(seal(kAnswer, "key", kRequest), seal(kAnswer, "key", kRequest));
}

TEST(SealedAnswer, DamagedIsNone) {
  const std::string sealed = seal(kAnswer, "key", kRequest);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] ^= 1;
    EXPECT_FALSE(unseal(damaged, "key", kRequest)) << i;
    EXPECT_FALSE(unseal(std::string_view(sealed).substr(0, i), "key", kRequest)) << i;
  }
}

TEST(SealedAnswer, DigestTellsWhereItsPartsEnd) {
  EXPECT_NE(digest_of({"ab", "c"}), digest_of({"a", "bc"}));
  EXPECT_NE(digest_of({"ab"}), digest_of({"ab", ""}));
}

TEST(Bytea, IsReadAsItWasWritten) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const std::string text = bytea_text(bytes);
  EXPECT_EQ(text.substr(0, 6), "\\x0001");
  EXPECT_EQ(bytes_of_hex(std::string_view(text).substr(2)), bytes);
}

}  // namespace
}  // namespace calixo::host::test
