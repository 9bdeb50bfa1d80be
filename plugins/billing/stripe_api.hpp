// Stripe's API: form-encoded requests, JSON answers. A request waits for the other server, so it is
// never made inside a transaction.
// Source: https://docs.stripe.com/api.
#pragma once

#include <calixo/http_client.hpp>
#include <calixo/plugin.hpp>

#include <string>
#include <string_view>

#include "form.hpp"
#include "settings.hpp"

namespace calixo::billing {

// An answer that was none of success; what() names the status and Stripe's code, nothing else.
class StripeRefusal : public std::runtime_error {
 public:
  StripeRefusal(int status, const std::string& code)
      : std::runtime_error("Stripe answered " + std::to_string(status) + " " + code),
        status_(status),
        code_(code) {}
  int status() const { return status_; }
  const std::string& code() const { return code_; }

 private:
  int status_;
  std::string code_;
};

struct StripeAnswer {
  Json body;
  std::int64_t as_of_s = 0;  // by Stripe's clock: what is told of earlier seconds is in it
};

class StripeApi {
 public:
  StripeApi(Plugin& plugin, const Settings& settings);

  // Whether there is a key to ask with.
  bool is_configured() const { return !settings_.api_key.get().empty(); }
  // "/v1/subscriptions/sub_1". Throws StripeRefusal, and HostFailure where no answer came.
  // [fiber, suspends]
  StripeAnswer get(std::string_view path) const;
  // The same; the body is null where Stripe says that there is no such thing.
  // [fiber, suspends]
  StripeAnswer find(std::string_view path) const;
  // A DELETE. Throws as get. [fiber, suspends]
  Json remove(std::string_view path) const;
  // What was asked with one key is done once. Throws as get. [fiber, suspends]
  Json post(std::string_view path, const Form& form, const std::string& idempotency_key) const;

 private:
  HttpAnswer send(HttpRequest& request, std::string_view path) const;

  const detail::Host& host_;
  const Settings& settings_;
  HttpClient http_;
};

// Whether it can stand in a path: Stripe's ids are letters, digits and '_'.
bool is_stripe_id(std::string_view text);

}  // namespace calixo::billing
