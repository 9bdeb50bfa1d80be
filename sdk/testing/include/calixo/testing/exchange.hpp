// A request made by a test, and the answer its handler gave.
// Values; used by one test.
#pragma once

#include <calixo/abi/exchange.h>

#include <calixo/json.hpp>
#include <calixo/reply.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::testing {

using Headers = std::vector<std::pair<std::string, std::string>>;  // names and values, in order

// The first of that name, any case.
inline std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  const auto same = [&](const auto& header) {
    return std::equal(
        header.first.begin(), header.first.end(), name.begin(), name.end(),
        [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  };
  const auto found = std::find_if(headers.begin(), headers.end(), same);
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

// Who calls; anonymous where nothing else is said.
struct Caller {
  // UUID text, or empty: nobody.
  std::string user_id = {};
  Roles roles = Role::anonymous;  // all that are held
  // UUID text, or empty.
  std::string session_id = {};
  std::string claims_json = R"({"role":"anon"})";  // what policies would see

  // Somebody who has signed in.
  static Caller user(std::string id, Roles roles = Role::user) {
    Caller caller{id, roles, "", ""};
    caller.claims_json = R"({"role":"authenticated","sub":")" + id + "\"}";
    return caller;
  }
};

// What the test sends.
struct Request {
  // GET, POST and so on.
  std::string method = "GET";
  std::string path = {};        // decoded, without the query
  std::string query = {};       // raw, without '?'
  std::string body = {};        // as it is sent
  Caller caller = {};           // who calls
  Headers headers = {};         // beside those the fake host reads from the other members
  std::string language = "en";  // "es" or "en"
  std::string request_id = "test-request";    // for context.request_id()
  std::string client_address = "127.0.0.1";   // for context.client_address()
  std::string base_url = "http://127.0.0.1";  // for context.base_url()
  bool is_cancelled = false;                  // for context.is_cancelled()
};

// What the handler answered.
struct Response {
  int status = 0;                   // 0: the handler gave no answer
  Headers headers;                  // that the handler set
  std::string content_type;         // media type of the body
  std::string body;                 // as it was sent
  std::string problem_code;         // of a problem answered by the host's shape or the route's own
  std::uint32_t retry_after_s = 0;  // 0: no Retry-After

  // Whether the handler answered at all.
  bool has_answer() const { return status != 0; }
  // The body, parsed; throws Problem where it is no JSON.
  Json json() const { return parse_json<Json>(body); }
  // The first header of that name, any case.
  std::optional<std::string_view> header(std::string_view name) const {
    return find_header(headers, name);
  }
};

}  // namespace calixo::testing

namespace calixo::testing::detail {

struct Route;

// What stands behind a calixo_exchange while a handler runs.
struct Exchange {
  const Request* request = nullptr;
  const Route* route = nullptr;
  std::map<std::string, std::string, std::less<>> path_parameters;
  calixo_principal principal{};
  Response response;
  bool is_answered = false;
  std::size_t body_read = 0;  // of a streamed body

  calixo_exchange* handle() { return reinterpret_cast<calixo_exchange*>(this); }
  static Exchange& of(const calixo_exchange* handle) {
    return *const_cast<Exchange*>(reinterpret_cast<const Exchange*>(handle));
  }
};

}  // namespace calixo::testing::detail
