// Names requests: the client's own X-Request-Id where it is short and plain, else 128 random bits.
// Not thread-safe: every loop owns one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace calixo::host {

class RequestIds {
 public:
  RequestIds();
  // Writes 32 hexadecimal digits. Unguessable they are not, and need not be.
  void generate(std::string& id);
  static bool is_well_formed(std::string_view id);

 private:
  std::uint64_t next();
  std::uint64_t state_[2];
};

}  // namespace calixo::host
