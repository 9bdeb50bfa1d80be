#include "ledger_command.hpp"

#include <string>
#include <vector>

#include "ledger_check.hpp"

namespace calixo::store {
namespace {

constexpr int kExitFaults = 1;
constexpr int kExitUsage = 64;  // EX_USAGE of sysexits.h

std::string report(const LedgerFindings& findings) {
  std::string text;
  for (const LedgerFault& fault : findings.faults) {
    text += fault.check + ": " + fault.what + " " + fault.detail + "\n";
  }
  text += findings.is_balanced ? "The ledger is balanced: " : "The ledger is NOT balanced: ";
  return text + std::to_string(findings.postings) + " postings, " +
         std::to_string(findings.accounts) + " accounts with " + std::to_string(findings.held) +
         " in all, " + std::to_string(findings.purchases) + " purchases.\n";
}

int run(Plugin& plugin, const std::vector<std::string>& arguments, Output& out) {
  const bool is_json = arguments == std::vector<std::string>{"--json"};
  if (!arguments.empty() && !is_json) {
    out.write("unknown word '" + arguments.front() + "'\nusage: calixo doctor ledger [--json]\n");
    return kExitUsage;
  }
  // One moment for all checks, however much is bought meanwhile.
  const LedgerFindings findings =
      plugin.service_transaction([](Transaction& tx) { return check_ledger(tx); },
                                 {.isolation = Isolation::repeatable_read, .is_read_only = true});
  out.write(is_json ? to_json(findings) + "\n" : report(findings));
  return findings.is_balanced ? 0 : kExitFaults;
}

}  // namespace

void register_ledger_command(Plugin& plugin) {
  plugin.command("doctor ledger",
                 "proves that every transfer sums to zero and every balance is its postings",
                 "[--json]", [&plugin](const std::vector<std::string>& arguments, Output& out) {
                   return run(plugin, arguments, out);
                 });
}

}  // namespace calixo::store
