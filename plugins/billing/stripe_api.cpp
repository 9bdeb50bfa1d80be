#include "billing/stripe_api.hpp"

#include <algorithm>

#include "billing/stripe_object.hpp"

namespace calixo::billing {
namespace {

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

}  // namespace

StripeApi::StripeApi(Plugin& plugin, const Settings& settings)
    : settings_(settings), http_(plugin) {}

Json StripeApi::get(std::string_view path) const {
  HttpRequest request;
  request.url = settings_.api_base.get() + std::string(path);
  request.headers = {{"Authorization", "Bearer " + settings_.api_key.get()}};
  return read_answer(http_.send(request));
}

bool is_stripe_id(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

}  // namespace calixo::billing
