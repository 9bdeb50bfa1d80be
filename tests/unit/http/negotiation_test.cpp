#include "http/negotiation.hpp"

#include <gtest/gtest.h>

#include "http/entity_tag.hpp"
#include "http/trusted_proxies.hpp"

namespace calixo::host {
namespace {

// A head with the given field lines; keeps the bytes that its views point into.
struct Head {
  explicit Head(const std::string& fields)
      : bytes("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n") {
    EXPECT_FALSE(parse_head(bytes, head));
  }
  std::string bytes;
  RequestHead head;
};

bool accepts(const std::string& fields, std::string_view type) {
  return host::accepts(Head(fields).head, type);
}

TEST(Accept, AdmitsByTheMostSpecificRange) {
  EXPECT_TRUE(accepts("", "application/json"));
  EXPECT_TRUE(accepts("Accept: */*\r\n", "application/json"));
  EXPECT_TRUE(accepts("Accept: APPLICATION/JSON\r\n", "application/json; charset=utf-8"));
  EXPECT_TRUE(accepts("Accept: text/html\r\nAccept: application/*\r\n", "application/json"));
  EXPECT_FALSE(accepts("Accept: text/html\r\n", "application/json"));
  EXPECT_FALSE(accepts("Accept: */*, application/json;q=0\r\n", "application/json"));
  EXPECT_TRUE(accepts("Accept: */*;q=0, application/json;q=0.1\r\n", "application/json"));
  EXPECT_FALSE(accepts("Accept: application/json;q=0.000\r\n", "application/json"));
}

ContentCoding coding(const std::string& value) {
  const Head head("Accept-Encoding: " + value + "\r\n");
  return choose_coding(head.head);
}

TEST(AcceptEncoding, ChoosesByWeight) {
  EXPECT_EQ(coding("gzip, deflate, br"), ContentCoding::brotli);
  EXPECT_EQ(coding("gzip;q=1, br;q=0.9"), ContentCoding::gzip);
  EXPECT_EQ(coding("br;q=0, gzip;q=0"), ContentCoding::identity);
  EXPECT_EQ(coding("*"), ContentCoding::brotli);
  EXPECT_EQ(coding("*;q=0.5, br;q=0"), ContentCoding::gzip);
  EXPECT_EQ(coding("identity, gzip;q=0.5"), ContentCoding::identity);
  EXPECT_EQ(coding("deflate"), ContentCoding::identity);
  EXPECT_EQ(coding("gzip;q=x"), ContentCoding::identity);
  EXPECT_EQ(choose_coding(Head("").head), ContentCoding::identity);
}

TEST(AcceptLanguage, ChoosesBetweenSpanishAndEnglish) {
  const auto chosen = [](const std::string& value) {
    return choose_language(Head("Accept-Language: " + value + "\r\n").head);
  };
  EXPECT_EQ(chosen("en"), "en");
  EXPECT_EQ(chosen("en-US,en;q=0.9,es;q=0.8"), "en");
  EXPECT_EQ(chosen("es-MX,en;q=0.9"), "es");
  EXPECT_EQ(chosen("fr, en;q=0.1"), "en");
  EXPECT_EQ(chosen("fr"), "es");
  EXPECT_EQ(chosen("en;q=0"), "es");
}

TEST(MediaType, ComparesWithoutParametersAndCase) {
  EXPECT_TRUE(is_media_type("Application/JSON; charset=utf-8", "application/json"));
  EXPECT_TRUE(is_media_type("image/png", "image/*"));
  EXPECT_TRUE(is_media_type("image/png", "*/*"));
  EXPECT_FALSE(is_media_type("", "application/json"));
  EXPECT_FALSE(is_media_type("application/jsonx", "application/json"));
}

TEST(EntityTag, DiffersByBodyAndCoding) {
  const std::string tag = entity_tag("abc", ContentCoding::identity);
  EXPECT_EQ(tag, entity_tag("abc", ContentCoding::identity));
  EXPECT_NE(tag, entity_tag("abd", ContentCoding::identity));
  EXPECT_NE(tag, entity_tag("abc", ContentCoding::gzip));
  EXPECT_NE(entity_tag("", ContentCoding::identity),
            entity_tag(std::string(1, '\0'), ContentCoding::identity));
  EXPECT_NE(entity_tag(std::string(16, 'a'), ContentCoding::identity),
            entity_tag(std::string(32, 'a'), ContentCoding::identity));
}

TEST(EntityTag, IsNamedWeaklyOrByAStar) {
  const auto names = [](const std::string& value) {
    return names_entity_tag(Head("If-None-Match: " + value + "\r\n").head, "\"a\"");
  };
  EXPECT_TRUE(names("\"a\""));
  EXPECT_TRUE(names("W/\"a\""));
  EXPECT_TRUE(names("\"b\", \"a\""));
  EXPECT_TRUE(names("*"));
  EXPECT_FALSE(names("\"b\""));
  EXPECT_FALSE(names("a"));
}

TEST(TrustedProxies, SpeakForTheRightmostAddressThatIsNotTheirs) {
  const TrustedProxies proxies({"10.0.0.0/8", "::1", "192.168.1.7"});
  const auto client = [&](const std::string& fields) {
    const Head head(fields);
    return std::string(proxies.client_address("10.1.2.3", head.head));
  };
  EXPECT_EQ(client(""), "10.1.2.3");
  EXPECT_EQ(client("X-Forwarded-For: 1.1.1.1\r\n"), "1.1.1.1");
  EXPECT_EQ(client("X-Forwarded-For: 6.6.6.6, 1.1.1.1, 10.9.9.9\r\n"), "1.1.1.1");
  EXPECT_EQ(client("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.1.1.1\r\n"), "1.1.1.1");
  EXPECT_EQ(client("X-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n"), "10.0.0.1");
  EXPECT_EQ(client("X-Forwarded-For: 1.1.1.1, nonsense\r\n"), "10.1.2.3");
  EXPECT_EQ(client("X-Forwarded-For: [2001:db8::1]:443\r\n"), "2001:db8::1");
  EXPECT_EQ(client("X-Forwarded-For: 1.1.1.1:5555\r\n"), "1.1.1.1");
  const Head head("X-Forwarded-For: 1.1.1.1\r\n");
  EXPECT_EQ(proxies.client_address("11.0.0.1", head.head), "11.0.0.1");
}

TEST(TrustedProxies, AreAddressesAndBlocks) {
  const TrustedProxies proxies({"10.128.0.0/9", "2001:db8::/33", "1.2.3.4"});
  EXPECT_TRUE(proxies.trusts("10.200.0.1"));
  EXPECT_FALSE(proxies.trusts("10.1.0.1"));
  EXPECT_TRUE(proxies.trusts("2001:db8:7fff::1"));
  EXPECT_FALSE(proxies.trusts("2001:db8:8000::1"));
  EXPECT_TRUE(proxies.trusts("::ffff:1.2.3.4"));
  EXPECT_FALSE(proxies.trusts(""));
  for (const char* bad : {"", "a", "1.2.3", "1.2.3.4/33", "::/129", "1.2.3.4/", "1.2.3.4/x"}) {
    EXPECT_THROW(TrustedProxies({bad}), std::invalid_argument) << bad;
  }
}

}  // namespace
}  // namespace calixo::host
