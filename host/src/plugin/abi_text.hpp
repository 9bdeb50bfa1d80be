// Views between the ABI's bytes and C++'s.
#pragma once

#include <calixo/abi/base.h>

#include <string>
#include <string_view>

namespace calixo::host {

inline std::string_view view(calixo_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}
inline std::string copy(calixo_str text) { return std::string(view(text)); }
inline calixo_str to_abi(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace calixo::host
