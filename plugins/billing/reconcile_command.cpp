#include "reconcile_command.hpp"

#include <string>
#include <vector>

namespace calixo::billing {
namespace {

using Words = std::vector<std::string>;

constexpr int kExitUsage = 64;  // EX_USAGE of sysexits.h
constexpr const char* kUsage = "[--repair] [--after SUBSCRIPTION]";

struct Options {
  bool is_mending = false;
  std::optional<std::string> after;
};

std::optional<Options> options_of(const Words& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--repair") {
      options.is_mending = true;
    } else if (words[i] == "--after" && i + 1 < words.size() && is_stripe_id(words[i + 1])) {
      options.after = words[++i];
    } else {
      return std::nullopt;
    }
  }
  return options;
}

void tell(const Difference& found, Output& out) {
  out.line(found.subscription_id + ": " + (found.ours.empty() ? "unknown" : found.ours) +
           " here, " + found.stripes + " at Stripe" + (found.is_mended ? "; repaired" : ""));
}

// The line after each page is where to go on if this ends before its time.
int run(const ReconcileService& reconcile, const Words& words, Output& out) {
  const auto options = options_of(words);
  if (!options) {
    out.line(std::string("usage: calixo billing reconcile ") + kUsage);
    return kExitUsage;
  }
  if (!reconcile.is_configured()) {
    out.line("billing.stripe.api_key is not set: Stripe can't be asked");
    return 1;
  }
  std::int64_t compared = 0, left = 0;
  std::optional<std::string> after = options->after;
  do {
    const Compared page = reconcile.compare_page(after, options->is_mending);
    compared += page.count;
    for (const Difference& found : page.differences) {
      tell(found, out);
      left += found.is_mended ? 0 : 1;
    }
    after = page.next;
    if (after) out.line("compared " + std::to_string(compared) + "; go on by --after " + *after);
  } while (after);
  out.line("compared " + std::to_string(compared) + " subscriptions; " + std::to_string(left) +
           " differ");
  return left == 0 ? 0 : 1;
}

}  // namespace

void register_reconcile_command(Plugin& plugin, const ReconcileService& reconcile) {
  plugin.command(
      "billing reconcile", "Compares subscriptions with Stripe's, and repairs them", kUsage,
      [&reconcile](const Words& words, Output& out) { return run(reconcile, words, out); });
}

}  // namespace calixo::billing
