// Where a person may be sent: nothing but what the operator allows.
#include "redirects.hpp"

#include <gtest/gtest.h>

namespace calixo::auth {
namespace {

const RedirectRules kRules{
    "https://app.calixo.test/home",
    {"https://*.preview.calixo.test/**", "calixo://callback", "http://127.0.0.1:5173/auth/*"}};

std::string redirect(const std::string& wanted) { return allowed_redirect(kRules, wanted); }

TEST(Redirects, AllowTheSiteAndWhatMatchesAPattern) {
  for (const std::string url :
       {"https://app.calixo.test", "https://app.calixo.test/a/b?c=d#e",
        "https://pr-7.preview.calixo.test/a/b", "calixo://callback",
        "http://127.0.0.1:5173/auth/done", "http://127.0.0.1:5173/auth/done#x"}) {
    EXPECT_EQ(redirect(url), url);
  }
}

TEST(Redirects, LeadToTheSiteInsteadOfElsewhere) {
  for (const std::string url :
       {"", "/relative", "https://evil.test", "https://app.calixo.test.evil.test/",
        "https://app.calixo.test@evil.test/", "https://app.calixo.test:444/",
        "http://app.calixo.test/", "https://a.b.preview.calixo.test/",
        "https://evil.test/.preview.calixo.test/", "calixo://callback/more",
        "javascript://app.calixo.test/%0aalert(1)", "https://app.calixo.test\\@evil.test/",
        "https://app.calixo.test/\r\nX: y", "http://127.0.0.1:5173/auth/a/b", "//evil.test"}) {
    EXPECT_EQ(redirect(url), kRules.site_url) << url;
  }
}

TEST(Redirects, RefuseAnEndlessOne) {
  EXPECT_EQ(redirect("https://app.calixo.test/" + std::string(2048, 'a')), kRules.site_url);
}

TEST(Redirects, CarryParametersInQueryOrFragment) {
  EXPECT_EQ(with_query("https://a.test/?b=c#d", "code", "x y&"),
            "https://a.test/?b=c&code=x%20y%26#d");
  EXPECT_EQ(with_query("https://a.test/", "code", "1"), "https://a.test/?code=1");
  EXPECT_EQ(with_fragment("https://a.test/#d", "e=f"), "https://a.test/#e=f");
}

TEST(CommaSeparated, TrimsAndLeavesOutEmptyParts) {
  EXPECT_EQ(comma_separated(" a, ,b ,"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(comma_separated("").empty());
}

}  // namespace
}  // namespace calixo::auth
