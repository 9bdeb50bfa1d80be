// Requests to other servers.
//
//   const calixo::HttpClient http(plugin);                       // while the plugin is described
//   const calixo::HttpAnswer answer = http.get("https://api.example/things");
#pragma once

#include <calixo/abi/http_client.h>

#include <calixo/detail/abi.hpp>
#include <calixo/exception_state.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo {

// What is sent. Zeros stand for the host's defaults.
struct HttpRequest {
  // GET, POST and so on.
  std::string method = "GET";
  // http:// or https://, escaped.
  std::string url;
  // Beside Host and Content-Length, which are the host's.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;                              // as it is sent
  bool is_repeatable = false;                    // although it is a POST or PATCH
  std::chrono::milliseconds connect_timeout{0};  // 5 s by default
  std::chrono::milliseconds timeout{0};          // of all attempts; outbound.timeout_ms by default
  std::uint32_t attempts_max = 0;                // 3 by default, where it may be repeated
  std::uint32_t redirects_max = 0;               // followed by GET and HEAD
  std::uint64_t answer_bytes_max = 0;            // 1 MiB by default
};

// What was answered: views into it live as long as it.
class HttpAnswer {
 public:
  // Made by HttpClient.
  HttpAnswer(const calixo_http_client_v1& client, calixo_http_answer* answer)
      : client_(&client), answer_(answer, client.release) {}

  // 200 to 599.
  int status() const { return client_->status(answer_.get()); }
  // Whether the status is one of success.
  bool is_success() const { return status() >= 200 && status() < 300; }
  // The first header of that name, any case.
  std::optional<std::string_view> header(std::string_view name) const {
    const calixo_str value = client_->header(answer_.get(), detail::to_abi(name));
    if (value.data == nullptr) return std::nullopt;
    return detail::view(value);
  }
  // Whole, as it came.
  std::string_view body() const { return detail::view(client_->body(answer_.get())); }

 private:
  const calixo_http_client_v1* client_;
  std::unique_ptr<calixo_http_answer, void (*)(calixo_http_answer*)> answer_;
};

// Sends requests as one plugin. A small value: copy it.
class HttpClient {
 public:
  // `from`: a Plugin, or what else has a host(). Throws std::runtime_error where this host has no
  // such client. [any-thread]
  template <class Source>
  requires requires(const Source& source) { source.host().handle; }
  explicit HttpClient(const Source& from) : handle_(from.host().handle) {
    detail::find_interface(handle_, CALIXO_HTTP_CLIENT_ID, client_);
  }

  // Whatever status comes back is an answer. Throws HostFailure where none came:
  // CALIXO_UNAVAILABLE, CALIXO_TIMEOUT, CALIXO_LIMIT, CALIXO_CANCELLED, or CALIXO_INVALID. [fiber,
  // suspends]
  HttpAnswer send(const HttpRequest& request) const {
    std::vector<calixo_http_header> headers;
    for (const auto& [name, value] : request.headers) {
      headers.push_back({detail::to_abi(name), detail::to_abi(value)});
    }
    calixo_http_request wanted{};
    wanted.struct_size = sizeof wanted;
    wanted.flags = request.is_repeatable ? std::uint32_t{CALIXO_HTTP_REPEATABLE} : 0;
    wanted.method = detail::to_abi(request.method);
    wanted.url = detail::to_abi(request.url);
    wanted.headers = headers.data();
    wanted.header_count = headers.size();
    wanted.body = detail::to_abi(request.body);
    wanted.connect_timeout_ms = static_cast<std::uint32_t>(request.connect_timeout.count());
    wanted.timeout_ms = static_cast<std::uint32_t>(request.timeout.count());
    wanted.attempts_max = request.attempts_max;
    wanted.redirects_max = request.redirects_max;
    wanted.answer_bytes_max = request.answer_bytes_max;
    calixo_http_answer* answer = nullptr;
    detail::throw_unless_ok(
        detail::suspending([&] { return client_->send(handle_, &wanted, &answer); }),
        "send a request");
    return HttpAnswer(*client_, answer);
  }
  // A GET that follows three redirects. [fiber, suspends]
  HttpAnswer get(std::string_view url) const {
    HttpRequest request;
    request.url = url;
    request.redirects_max = 3;
    return send(request);
  }

 private:
  const calixo_host* handle_;
  const calixo_http_client_v1* client_ = nullptr;
};

}  // namespace calixo
