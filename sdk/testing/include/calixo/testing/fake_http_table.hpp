// The fake host's calixo.http_client/1.
// Used by one test.
#pragma once

#include <calixo/testing/fake_interfaces.hpp>

namespace calixo::testing {

// What stands behind a calixo_http_answer.
struct HeldAnswer {
  PlayedAnswer answer;  // as the test played it
  int* held;            // counts those not released

  // Of a handle that the table made.
  static HeldAnswer& of(const calixo_http_answer* handle) {
    return *const_cast<HeldAnswer*>(reinterpret_cast<const HeldAnswer*>(handle));
  }
};

inline const calixo_http_client_v1* Tables::http_client() {
  using calixo::detail::to_abi;
  static const calixo_http_client_v1 kTable{
      [](const calixo_host* host, const calixo_http_request* wanted, calixo_http_answer** answer) {
        *answer = nullptr;
        of(host).suspend();
        FakeHttp& http = of(host).http;
        SentRequest& sent = http.sent.emplace_back();
        sent = {text_of(wanted->method),
                text_of(wanted->url),
                {},
                text_of(wanted->body),
                (wanted->flags & CALIXO_HTTP_REPEATABLE) != 0};
        for (std::size_t i = 0; i < wanted->header_count; ++i) {
          sent.headers.emplace_back(text_of(wanted->headers[i].name),
                                    text_of(wanted->headers[i].value));
        }
        if (!http.on_request) return calixo_status{CALIXO_UNAVAILABLE};
        PlayedAnswer played = http.on_request(SentRequest(sent));
        if (played.outcome != CALIXO_OK) return played.outcome;
        ++http.answers_held;
        *answer = reinterpret_cast<calixo_http_answer*>(
            new HeldAnswer{std::move(played), &http.answers_held});
        return calixo_status{CALIXO_OK};
      },
      [](const calixo_http_answer* answer) {
        return static_cast<std::uint16_t>(HeldAnswer::of(answer).answer.status);
      },
      [](const calixo_http_answer* answer, calixo_str name) {
        const auto value =
            find_header(HeldAnswer::of(answer).answer.headers, calixo::detail::view(name));
        return value ? to_abi(*value) : calixo_str{nullptr, 0};
      },
      [](const calixo_http_answer* answer) { return to_abi(HeldAnswer::of(answer).answer.body); },
      [](calixo_http_answer* answer) {
        if (answer == nullptr) return;
        --*HeldAnswer::of(answer).held;
        delete &HeldAnswer::of(answer);
      }};
  return &kTable;
}

}  // namespace calixo::testing
