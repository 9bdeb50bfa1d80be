// Tags of bodies; see the header. The hash only has to tell versions of one resource apart; it
// defends against nothing.
#include "http/entity_tag.hpp"

#include <cstring>

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

constexpr std::uint64_t kPrimeA = 0x9E3779B97F4A7C15u;
constexpr std::uint64_t kPrimeB = 0xD6E8FEB86659FD93u;

// Both halves of the 128-bit product folded together.
std::uint64_t fold(std::uint64_t left, std::uint64_t right) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(left) * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load(const char* bytes, std::size_t size) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, size);
  return word;
}

struct Hash {
  std::uint64_t high, low;
};

Hash hash(std::string_view body) {
  Hash state{kPrimeA ^ body.size(), kPrimeB + body.size()};
  while (body.size() >= 16) {
    const std::uint64_t first = load(body.data(), 8), second = load(body.data() + 8, 8);
    state.high = fold(state.high ^ first, kPrimeB ^ second);
    state.low = fold(state.low + second, kPrimeA ^ first) + first;
    body.remove_prefix(16);
  }
  const std::size_t head = body.size() < 8 ? body.size() : 8;
  const std::uint64_t first = load(body.data(), head);
  const std::uint64_t second = load(body.data() + head, body.size() - head);
  state.high = fold(state.high ^ first, kPrimeB ^ second);
  state.low = fold(state.low + second, kPrimeA ^ first) + first;
  return {fold(state.high ^ kPrimeA, state.low ^ kPrimeB), fold(state.low, kPrimeA) ^ state.high};
}

void append_hex(std::string& out, std::uint64_t word) {
  for (int shift = 60; shift >= 0; shift -= 4)
    out.push_back("0123456789abcdef"[(word >> shift) & 15]);
}

std::string_view without_weakness(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

}  // namespace

std::string entity_tag(std::string_view body, ContentCoding coding) {
  const Hash digest = hash(body);
  std::string tag;
  tag.reserve(40);
  tag.push_back('"');
  append_hex(tag, digest.high);
  append_hex(tag, digest.low);
  if (coding != ContentCoding::identity) tag.append("-").append(coding_name(coding));
  tag.push_back('"');
  return tag;
}

bool names_entity_tag(const RequestHead& head, std::string_view tag) {
  if (head.find(HeaderId::if_none_match) == nullptr) return false;
  for (const HeaderField& field : head.fields) {
    if (field.id != HeaderId::if_none_match) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::string_view named = ascii::cut(rest, ',');
      if (named == "*" || without_weakness(named) == without_weakness(tag)) return true;
    }
  }
  return false;
}

}  // namespace calixo::host
