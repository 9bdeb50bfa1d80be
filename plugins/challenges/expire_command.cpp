#include "expire_command.hpp"

#include <string>
#include <vector>

namespace calixo::challenges {
namespace {

constexpr std::int64_t kBatch = 500;
constexpr int kExitUsage = 64;  // EX_USAGE of sysexits.h

int run(AttemptsService& attempts, const std::vector<std::string>& arguments, Output& out) {
  const bool is_json = arguments == std::vector<std::string>{"--json"};
  if (!arguments.empty() && !is_json) {
    out.write("unknown word '" + arguments.front() +
              "'\nusage: calixo challenges expire [--json]\n");
    return kExitUsage;
  }
  std::int64_t ended = 0;
  while (const std::int64_t some = attempts.expire_due(kBatch)) ended += some;
  out.write(is_json ? "{\"ended\":" + std::to_string(ended) + "}\n"
                    : std::to_string(ended) + " attempts were past their time and have ended.\n");
  return 0;
}

}  // namespace

void register_expire_command(Plugin& plugin, AttemptsService& attempts) {
  plugin.command("challenges expire", "Ends the attempts that are past their time", "[--json]",
                 [&attempts](const std::vector<std::string>& arguments, Output& out) {
                   return run(attempts, arguments, out);
                 });
}

}  // namespace calixo::challenges
