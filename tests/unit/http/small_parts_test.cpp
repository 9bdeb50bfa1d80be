#include <gtest/gtest.h>

#include "http/compression.hpp"
#include "http/cors_policy.hpp"
#include "http/date_cache.hpp"
#include "http/percent.hpp"
#include "http/problems.hpp"
#include "http/request_ids.hpp"
#include "http/token_cache.hpp"

namespace calixo::host {
namespace {

std::shared_ptr<const Principal> principal(std::int64_t expires_at_s = 0) {
  auto made = std::make_shared<Principal>();
  made->expires_at_s = expires_at_s;
  return made;
}

TEST(TokenCache, ForgetsTheLeastRecentlyUsedFirst) {
  TokenCache cache({2, 1'000'000, 5});
  cache.add("a", principal(), 100);
  cache.add("b", principal(), 100);
  EXPECT_NE(cache.find("a", 100), nullptr);
  cache.add("c", principal(), 100);
  EXPECT_NE(cache.find("a", 100), nullptr);
  EXPECT_EQ(cache.find("b", 100), nullptr);
  EXPECT_EQ(cache.size(), 2u);
}

TEST(TokenCache, HonoursExpiryAndAge) {
  TokenCache cache({10, 1'000'000, 5});
  cache.add("short", principal(103), 100);
  cache.add("long", principal(1'000), 100);
  EXPECT_NE(cache.find("short", 102), nullptr);
  EXPECT_EQ(cache.find("short", 103), nullptr);
  EXPECT_NE(cache.find("long", 104), nullptr);
  EXPECT_EQ(cache.find("long", 105), nullptr);
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(TokenCache, StaysWithinItsBytes) {
  TokenCache cache({1'000, 10'000, 5});
  for (int i = 0; i < 100; ++i)
    cache.add(std::string(500, 'x') + std::to_string(i), principal(), 1);
  EXPECT_LE(cache.bytes(), 10'000u);
  EXPECT_GT(cache.size(), 5u);
  cache.add(std::string(20'000, 'y'), principal(), 1);
  EXPECT_EQ(cache.find(std::string(20'000, 'y'), 1), nullptr);
}

std::shared_ptr<const Principal> caller(const std::string& user, const std::string& session) {
  auto made = std::make_shared<Principal>();
  made->user_id = user;
  made->session_id = session;
  return made;
}

TEST(TokenCache, ForgetsWhomItIsToldToForget) {
  PrincipalChanges changes;
  changes.forget("before it was made");
  TokenCache cache({10, 1'000'000, 5}, &changes);
  cache.add("ana 1", caller("ana", "1"), 100);
  cache.add("ana 2", caller("ana", "2"), 100);
  cache.add("eva 3", caller("eva", "3"), 100);
  cache.add("service", caller("", ""), 100);
  changes.forget("2");
  EXPECT_EQ(cache.find("ana 2", 100), nullptr);
  EXPECT_NE(cache.find("ana 1", 100), nullptr);
  changes.forget("ana");
  EXPECT_EQ(cache.find("ana 1", 100), nullptr);
  EXPECT_NE(cache.find("eva 3", 100), nullptr);
  EXPECT_EQ(cache.size(), 2u);
  changes.forget_all();
  EXPECT_EQ(cache.find("service", 100), nullptr);
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(TokenCache, ForgetsEverythingWhereItMissedTooMuch) {
  PrincipalChanges changes;
  TokenCache cache({10, 1'000'000, 5}, &changes);
  cache.add("ana", caller("ana", "1"), 100);
  for (int i = 0; i < 10'000; ++i) changes.forget(std::to_string(i + 10));
  EXPECT_EQ(cache.find("ana", 100), nullptr);
  cache.add("ana", caller("ana", "1"), 100);
  EXPECT_NE(cache.find("ana", 100), nullptr);
}

TEST(PrincipalChanges, TellEachChangeOnce) {
  PrincipalChanges changes;
  changes.forget("a");
  const std::uint64_t seen = changes.epoch();
  changes.forget("b");
  changes.forget("c");
  const auto news = changes.since(seen);
  EXPECT_FALSE(news.is_all);
  EXPECT_EQ(news.ids, (std::vector<std::string>{"b", "c"}));
  EXPECT_TRUE(changes.since(news.epoch).ids.empty());
  changes.forget_all();
  EXPECT_TRUE(changes.since(news.epoch).is_all);
  EXPECT_FALSE(changes.since(changes.epoch()).is_all);
}

TEST(Problems, AreDocumentsInTheCallersLanguage) {
  Problem problem;
  problem.http_status = 404;
  problem.code = "not_found";
  EXPECT_EQ(problem_document(problem, "en", "id-1"),
            R"({"type":"about:blank","title":"Not Found","status":404,"code":"not_found",)"
            R"("message":"There is nothing at this address.","request_id":"id-1","errors":[]})");
  EXPECT_NE(problem_document(problem, "es", "id").find("No existe nada"), std::string::npos);
}

TEST(Problems, EscapeWhatTheyQuote) {
  Problem problem;
  problem.message = "a\"b\\c\nd";
  problem.errors_json = R"([{"field":"x"}])";
  const std::string document = problem_document(problem, "en", "id");
  EXPECT_NE(document.find(R"("message":"a\"b\\c\u000ad")"), std::string::npos);
  EXPECT_NE(document.find(R"("errors":[{"field":"x"}])"), std::string::npos);
}

TEST(Problems, FallBackToEnglishThenToTheCode) {
  ProblemCatalogue& catalogue = ProblemCatalogue::instance();
  catalogue.add("only_english_here", "en", "text");
  EXPECT_EQ(catalogue.text("only_english_here", "es"), "text");
  EXPECT_EQ(catalogue.text("nobody_knows", "es"), "nobody_knows");
}

TEST(Problems, HaveEveryServerCodeInBothLanguages) {
  for (const char* code : {"malformed_request",
                           "head_too_large",
                           "body_too_large",
                           "uri_too_long",
                           "not_found",
                           "method_not_allowed",
                           "not_implemented",
                           "not_acceptable",
                           "unsupported_media_type",
                           "authentication_required",
                           "invalid_token",
                           "token_expired",
                           "forbidden",
                           "overloaded",
                           "unavailable",
                           "deadline_exceeded",
                           "request_timeout",
                           "internal",
                           "validation_failed",
                           "malformed_json",
                           "expectation_failed",
                           "http_version_not_supported"}) {
    const ProblemCatalogue& catalogue = ProblemCatalogue::instance();
    EXPECT_NE(catalogue.text(code, "es"), code);
    EXPECT_NE(catalogue.text(code, "en"), code);
    EXPECT_NE(catalogue.text(code, "en"), catalogue.text(code, "es"));
  }
}

TEST(CorsPolicy, AdmitsExactOriginsOrAll) {
  const CorsPolicy exact({"https://a.example"}), any({"*"}), none({});
  EXPECT_TRUE(exact.admits("https://a.example"));
  EXPECT_FALSE(exact.admits("https://a.example.evil"));
  EXPECT_FALSE(exact.admits("http://a.example"));
  EXPECT_TRUE(any.admits("https://b"));
  EXPECT_FALSE(none.admits("https://b"));
  std::string fields;
  none.append_fields(fields, "https://b");
  EXPECT_EQ(fields, "");
}

TEST(CorsPolicy, EchoesOnlyHeaderNames) {
  const CorsPolicy any({"*"});
  std::string fields;
  any.append_preflight_fields(fields, "GET", "apikey, x y");
  EXPECT_EQ(fields.find("Access-Control-Allow-Headers"), std::string::npos);
}

TEST(RequestIds, AreDistinctAndWellFormed) {
  RequestIds ids;
  std::string first, second;
  ids.generate(first);
  ids.generate(second);
  EXPECT_NE(first, second);
  EXPECT_TRUE(RequestIds::is_well_formed(first));
  EXPECT_FALSE(RequestIds::is_well_formed(""));
  EXPECT_FALSE(RequestIds::is_well_formed("a b"));
  EXPECT_FALSE(RequestIds::is_well_formed("a\"b"));
  EXPECT_FALSE(RequestIds::is_well_formed(std::string(65, 'a')));
}

TEST(DateCache, WritesTheFieldsForm) {
  DateCache cache;
  const std::string text(cache.text(MonotonicClock::now()));
  ASSERT_EQ(text.size(), 29u);
  EXPECT_EQ(text.substr(3, 2), ", ");
  EXPECT_EQ(text.substr(25), " GMT");
}

TEST(Percent, KnowsWellFormedUtf8) {
  EXPECT_TRUE(is_valid_utf8("a\xC3\xB1\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82"}) {
    EXPECT_FALSE(is_valid_utf8(bad));
  }
}

TEST(Compression, MakesTextSmaller) {
  const std::string text(10'000, 'a');
  EXPECT_LT(compress(text, ContentCoding::gzip).size(), 200u);
  EXPECT_LT(compress(text, ContentCoding::brotli).size(), 200u);
  EXPECT_FALSE(compress("", ContentCoding::gzip).empty());
}

}  // namespace
}  // namespace calixo::host
