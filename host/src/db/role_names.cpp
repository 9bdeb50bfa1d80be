#include <cctype>
#include <string>

#include "db/migrator.hpp"
#include "db/sha256.hpp"

namespace calixo::host {
namespace {

// PostgreSQL cuts names at 63 bytes; "calixo_" and "_owner" take 13.
constexpr std::size_t kWordBytesMax = 50;
constexpr std::size_t kHashDigits = 8;

std::string role_word(std::string_view plugin) {
  std::string word;
  for (const char c : plugin) {
    word +=
        c == '.' || c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (word.size() <= kWordBytesMax) return word;
  return word.substr(0, kWordBytesMax - kHashDigits - 1) + "_" +
         sha256_hex(plugin).substr(0, kHashDigits);
}

}  // namespace

std::string runtime_role(std::string_view plugin) {
  return plugin == "host" ? "calixo_host_runtime" : "calixo_" + role_word(plugin);
}

std::string owner_role(std::string_view plugin) {
  return plugin == "host" ? std::string() : "calixo_" + role_word(plugin) + "_owner";
}

}  // namespace calixo::host
