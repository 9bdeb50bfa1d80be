// Other servers, as a test plays them for the plugin.
// Used by one test.
#pragma once

#include <calixo/abi/http_client.h>

#include <calixo/testing/exchange.hpp>

#include <functional>
#include <string>
#include <vector>

namespace calixo::testing {

// A request that the plugin sent.
struct SentRequest {
  // GET, POST and so on.
  std::string method;
  std::string url;             // as it was given
  Headers headers;             // in order
  std::string body;            // as it was given
  bool is_repeatable = false;  // CALIXO_HTTP_REPEATABLE
};

// What is answered to it.
struct PlayedAnswer {
  // Of HTTP.
  int status = 200;
  Headers headers = {};               // in order
  std::string body = {};              // whole
  calixo_status outcome = CALIXO_OK;  // anything else: there was no answer
};

// The servers, and what was asked of them.
struct FakeHttp {
  // Plays the servers; without it nobody is there (CALIXO_UNAVAILABLE).
  std::function<PlayedAnswer(const SentRequest&)> on_request;
  std::vector<SentRequest> sent;  // in order
  int answers_held = 0;           // that the plugin has not released
};

}  // namespace calixo::testing
