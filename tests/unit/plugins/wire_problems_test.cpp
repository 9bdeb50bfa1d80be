// Failures in the shapes that Supabase Auth's clients parse.
#include "wire_problems.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>

namespace calixo::auth {
namespace {

std::string version_sent;

calixo_str header(const calixo_exchange*, calixo_str name) {
  const std::string_view wanted(name.data, name.size);
  if (wanted != "X-Supabase-Api-Version" || version_sent.empty()) return {nullptr, 0};
  return {version_sent.data(), version_sent.size()};
}

Reply rendered(const std::string& version, const ProblemView& problem) {
  version_sent = version;
  calixo_exchange_v1 api{};
  api.header = header;
  return render_wire_problem(RequestView(api, nullptr), problem);
}

std::string header_of(const Reply& reply, std::string_view name) {
  const auto at = std::find_if(reply.headers.begin(), reply.headers.end(),
                               [&](const auto& pair) { return pair.first == name; });
  return at == reply.headers.end() ? "" : at->second;
}

const ProblemView kRefusal{400, "invalid_credentials", "No.", "", 0};

TEST(WireProblem, IsCodedTextForClientsOfThe2024Version) {
  const Reply reply = rendered("2024-01-01", kRefusal);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(boost::json::parse(reply.body),
            boost::json::parse(R"({"code":"invalid_credentials","message":"No."})"));
  EXPECT_EQ(header_of(reply, "X-Supabase-Api-Version"), "2024-01-01");
  EXPECT_EQ(header_of(reply, "x-sb-error-code"), "invalid_credentials");
}

TEST(WireProblem, IsNumberedForOlderClients) {
  for (const char* version : {"", "2023-12-31", "nonsense", "9"}) {
    const Reply reply = rendered(version, kRefusal);
    EXPECT_EQ(boost::json::parse(reply.body),
              boost::json::parse(R"({"code":400,"error_code":"invalid_credentials","msg":"No."})"));
    EXPECT_EQ(header_of(reply, "X-Supabase-Api-Version"), "");
  }
}

TEST(WireProblem, SaysWhyAPasswordIsWeak) {
  const Reply reply = rendered(
      "2024-01-01",
      {422, "weak_password", "Weak.", R"([{"field":"password","code":"length","message":""}])", 0});
  EXPECT_EQ(boost::json::parse(reply.body).at("weak_password"),
            boost::json::parse(R"({"reasons":["length"]})"));
}

TEST(WireProblem, NamesTheFieldThatDoesNotFit) {
  const Reply reply = rendered("2024-01-01", {422, "validation_failed", "Wrong.",
                                              R"([{"field":"email","message":"No text."}])", 0});
  EXPECT_EQ(boost::json::parse(reply.body).at("message"), "Wrong. email: No text.");
}

TEST(WireProblem, SurvivesErrorsThatAreNoList) {
  for (const char* errors : {"", "{", "{}", "[1]", R"([{"field":1}])"}) {
    EXPECT_EQ(rendered("2024-01-01", {422, "weak_password", "", errors, 0}).status, 422);
  }
}

}  // namespace
}  // namespace calixo::auth
