#include "reconcile_command.hpp"

#include <string>
#include <vector>

namespace calixo::billing {
namespace {

using Words = std::vector<std::string>;

constexpr int kExitUsage = 64;  // EX_USAGE of sysexits.h
constexpr const char* kUsage = "[--repair] [--after SUBSCRIPTION | --ours-after SUBSCRIPTION]";

struct Options {
  bool is_mending = false;
  std::optional<std::string> after;       // in Stripe's list
  std::optional<std::string> ours_after;  // that one is through already
};

std::optional<Options> options_of(const Words& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool has_id = i + 1 < words.size() && is_stripe_id(words[i + 1]);
    if (words[i] == "--repair") {
      options.is_mending = true;
    } else if (words[i] == "--after" && has_id) {
      options.after = words[++i];
    } else if (words[i] == "--ours-after" && has_id) {
      options.ours_after = words[++i];
    } else {
      return std::nullopt;
    }
  }
  if (options.after && options.ours_after) return std::nullopt;
  return options;
}

std::string status_or_unknown(const std::string& status) {
  return status.empty() ? "unknown" : status;
}

// Tells what comes page by page, and counts it.
class Report {
 public:
  explicit Report(Output& out) : out_(out) {}

  // The line after a page is where to go on if this ends before its time.
  void add(const Compared& page, const char* go_on) {
    compared_ += page.count;
    for (const Difference& found : page.differences) {
      out_.line(found.subscription_id + ": " + status_or_unknown(found.ours) + " here, " +
                status_or_unknown(found.stripes) + " at Stripe" +
                (found.is_mended ? "; repaired" : ""));
      left_ += found.is_mended ? 0 : 1;
    }
    if (!page.next) return;
    out_.line("compared " + std::to_string(compared_) + "; go on by " + go_on + ' ' + *page.next);
  }

  int end() {
    out_.line("compared " + std::to_string(compared_) + " subscriptions; " + std::to_string(left_) +
              " differ");
    return left_ == 0 ? 0 : 1;
  }

 private:
  Output& out_;
  std::int64_t compared_ = 0, left_ = 0;
};

void compare_stripes(const ReconcileService& reconcile, std::optional<std::string> after,
                     Reconciliation& run, Report& report) {
  do {
    const Compared page = reconcile.compare_page(after, run);
    report.add(page, "--after");
    after = page.next;
  } while (after);
}

void compare_ours(const ReconcileService& reconcile, std::optional<std::string> after,
                  Reconciliation& run, Report& report) {
  do {
    const Compared page = reconcile.compare_own_page(after.value_or(""), run);
    report.add(page, "--ours-after");
    after = page.next;
  } while (after);
}

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
  Reconciliation run;
  run.is_mending = options->is_mending;
  Report report(out);
  if (!options->ours_after) compare_stripes(reconcile, options->after, run, report);
  compare_ours(reconcile, options->ours_after, run, report);
  if (run.is_mending && !run.is_our_account) {
    out.line(
        "Stripe knows none of ours: is billing.stripe.api_key of this account? "
        "Nothing was ended");
  }
  return report.end();
}

}  // namespace

void register_reconcile_command(Plugin& plugin, const ReconcileService& reconcile) {
  plugin.command(
      "billing reconcile", "Compares subscriptions with Stripe's, both ways, and repairs them",
      kUsage, [&reconcile](const Words& words, Output& out) { return run(reconcile, words, out); });
}

}  // namespace calixo::billing
