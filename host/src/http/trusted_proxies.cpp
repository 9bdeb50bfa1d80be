// Addresses, blocks and the forwarding fields; see the header.
#include "http/trusted_proxies.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <stdexcept>

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

constexpr unsigned kMappedBits = 96;  // ::ffff:0:0/96 holds the IPv4 addresses

// The last element of the last field of that kind: what the nearest proxy added.
std::string_view rightmost(const RequestHead& head, HeaderId id) {
  std::string_view last;
  if (head.find(id) == nullptr) return last;
  for (const HeaderField& field : head.fields) {
    if (field.id == id) last = field.value;
  }
  const std::size_t comma = last.rfind(',');
  return ascii::trimmed(comma == std::string_view::npos ? last : last.substr(comma + 1));
}

// "[::1]:443" and "10.0.0.1:80" without port and brackets.
std::string_view bare_address(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
    return text.substr(0, colon);
  }
  return text;
}

}  // namespace

bool TrustedProxies::parse(std::string_view text, Address& address) {
  char terminated[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof terminated) return false;
  std::memcpy(terminated, text.data(), text.size());
  terminated[text.size()] = '\0';
  if (inet_pton(AF_INET6, terminated, address.data()) == 1) return true;
  address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return inet_pton(AF_INET, terminated, address.data() + 12) == 1;
}

bool TrustedProxies::parse_block(std::string_view text, Block& block) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  if (!parse(address, block.address)) return false;
  block.prefix_bits = 128;
  if (slash == std::string_view::npos) return true;
  const std::string_view bits = text.substr(slash + 1);
  const auto [end, error] =
      std::from_chars(bits.data(), bits.data() + bits.size(), block.prefix_bits);
  if (bits.empty() || error != std::errc() || end != bits.data() + bits.size()) return false;
  if (address.find(':') == std::string_view::npos) block.prefix_bits += kMappedBits;
  return block.prefix_bits <= 128;
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& blocks) {
  for (const std::string& text : blocks) {
    Block block{};
    if (!parse_block(text, block)) {
      throw std::invalid_argument("http.trusted_proxies: '" + text +
                                  "' is neither an address nor a block such as 10.0.0.0/8");
    }
    blocks_.push_back(block);
  }
}

bool TrustedProxies::trusts(std::string_view text) const {
  Address address;
  if (blocks_.empty() || !parse(text, address)) return false;
  for (const Block& block : blocks_) {
    const std::size_t whole = block.prefix_bits / 8;
    const unsigned rest = block.prefix_bits % 8;
    if (std::memcmp(address.data(), block.address.data(), whole) != 0) continue;
    if (rest == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
    if ((address[whole] & mask) == (block.address[whole] & mask)) return true;
  }
  return false;
}

std::string_view TrustedProxies::client_address(std::string_view peer,
                                                const RequestHead& head) const {
  if (head.find(HeaderId::x_forwarded_for) == nullptr || !trusts(peer)) return peer;
  std::string_view client = peer;
  for (std::size_t i = head.fields.size(); i-- > 0;) {
    if (head.fields[i].id != HeaderId::x_forwarded_for) continue;
    std::string_view rest = head.fields[i].value;
    while (!rest.empty()) {
      const std::size_t comma = rest.rfind(',');
      const std::string_view last = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
      const std::string_view named = bare_address(ascii::trimmed(last));
      Address parsed;
      if (!parse(named, parsed)) return client;  // beyond this nothing is believed
      client = named;
      if (!trusts(named)) return client;
    }
  }
  return client;
}

std::string_view TrustedProxies::forwarded_proto(const RequestHead& head) const {
  const std::string_view proto = rightmost(head, HeaderId::x_forwarded_proto);
  if (ascii::equals_ignoring_case(proto, "https")) return "https";
  return ascii::equals_ignoring_case(proto, "http") ? std::string_view("http") : std::string_view{};
}

std::string_view TrustedProxies::forwarded_host(const RequestHead& head) const {
  const std::string_view host = rightmost(head, HeaderId::x_forwarded_host);
  return is_valid_authority(host) ? host : std::string_view{};
}

}  // namespace calixo::host
