#include "stripe_api.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "stripe_object.hpp"

namespace calixo::billing {
namespace {

constexpr std::chrono::seconds kTimeout{8};
constexpr int kAttemptsMax = 3;
constexpr std::uint32_t kPauseMs = 100;
constexpr int kNotFound = 404, kTooManyRequests = 429, kServerFault = 500;

Json read_answer(const HttpAnswer& answer) {
  Json body;
  try {
    body = parse_json<Json>(answer.body());
  } catch (const Problem&) {
    throw StripeRefusal(answer.status(), "no_json");
  }
  if (answer.is_success()) return body;
  throw StripeRefusal(answer.status(),
                      text_at(body, {"error", "code"})
                          .value_or(text_at(body, {"error", "type"}).value_or("unknown")));
}

// The second before that of an HTTP date, in which nothing happens any more; 0 where it is none.
std::int64_t second_before(std::string_view date) {
  std::tm parts{};
  const std::string text(date);
  if (strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) return 0;
  return std::max<std::int64_t>(timegm(&parts) - 1, 0);
}

}  // namespace

StripeApi::StripeApi(Plugin& plugin, const Settings& settings)
    : host_(plugin.host()), settings_(settings), http_(plugin) {}

StripeAnswer StripeApi::get(std::string_view path) const {
  HttpRequest request;
  const HttpAnswer answer = send(request, path);
  return {read_answer(answer), second_before(answer.header("Date").value_or(""))};
}

// Other 404s mean that the request was misled, as by a proxy: they say nothing of the thing.
StripeAnswer StripeApi::find(std::string_view path) const {
  HttpRequest request;
  const HttpAnswer answer = send(request, path);
  StripeAnswer found{nullptr, second_before(answer.header("Date").value_or(""))};
  try {
    found.body = read_answer(answer);
  } catch (const StripeRefusal& refusal) {
    if (refusal.status() != kNotFound || refusal.code() != "resource_missing") throw;
  }
  return found;
}

Json StripeApi::remove(std::string_view path) const {
  HttpRequest request;
  request.method = "DELETE";
  return read_answer(send(request, path));
}

Json StripeApi::post(std::string_view path, const Form& form,
                     const std::string& idempotency_key) const {
  HttpRequest request;
  request.method = "POST";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Idempotency-Key", idempotency_key}};
  request.body = encoded(form);
  request.is_repeatable = true;  // by its key
  return read_answer(send(request, path));
}

// Lost connections are the client's to repeat; these answers only say "later".
HttpAnswer StripeApi::send(HttpRequest& request, std::string_view path) const {
  request.url = settings_.api_base.get() + std::string(path);
  request.timeout = kTimeout;
  request.headers.emplace_back("Authorization", "Bearer " + settings_.api_key.get());
  for (int attempt = 1;; ++attempt) {
    HttpAnswer answer = http_.send(request);
    const bool is_later = answer.status() == kTooManyRequests || answer.status() >= kServerFault;
    if (!is_later || attempt == kAttemptsMax) return answer;
    const auto pause_ms = kPauseMs << attempt;
    detail::throw_unless_ok(
        detail::suspending([&] { return host_.runtime->sleep(host_.handle, pause_ms); }),
        "wait for Stripe");
  }
}

bool is_stripe_id(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

}  // namespace calixo::billing
