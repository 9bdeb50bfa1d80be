// Request ids; see the header.
#include "http/request_ids.hpp"

#include <algorithm>
#include <random>

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kClientBytesMax = 64;

}  // namespace

RequestIds::RequestIds() {
  std::random_device device;
  for (std::uint64_t& word : state_) {
    word = (static_cast<std::uint64_t>(device()) << 32) | device();
  }
}

// A counter through a mixing permutation: distinct for 2^64 calls, spread over all bits.
std::uint64_t RequestIds::next() {
  std::uint64_t mixed = state_[0] += 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 31) ^ state_[1]) * 0xD6E8FEB86659FD93u;
  mixed = (mixed ^ (mixed >> 29)) * 0xA24BAED4963EE407u;
  return mixed ^ (mixed >> 32);
}

void RequestIds::generate(std::string& id) {
  id.resize(32);
  std::size_t at = 0;
  for (int half = 0; half < 2; ++half) {
    std::uint64_t word = next();
    for (int digit = 0; digit < 16; ++digit, word >>= 4) id[at++] = "0123456789abcdef"[word & 15];
  }
}

bool RequestIds::is_well_formed(std::string_view id) {
  return !id.empty() && id.size() <= kClientBytesMax &&
         std::all_of(id.begin(), id.end(), [](char byte) {
           const char folded = ascii::lower(byte);
           return ascii::is_digit(byte) || (folded >= 'a' && folded <= 'z') || byte == '-' ||
                  byte == '_' || byte == '.' || byte == ':';
         });
}

}  // namespace calixo::host
