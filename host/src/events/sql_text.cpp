#include "events/sql_text.hpp"

#include "log/utf8.hpp"

namespace calixo::host {

std::string stored_text(std::string_view text, std::size_t bytes_max) {
  std::string stored;
  while (!text.empty()) {
    const log::Character next = log::first_character(text);
    if (stored.size() + next.size > bytes_max) break;
    if (next.code == log::kInvalid || next.code == 0) {
      stored += '?';
    } else {
      stored += text.substr(0, next.size);
    }
    text.remove_prefix(next.size);
  }
  return stored;
}

}  // namespace calixo::host
