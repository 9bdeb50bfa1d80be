// Which peers may speak for others, and for whom they speak. Built at start. [any-thread]
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/request_head.hpp"

namespace calixo::host {

class TrustedProxies {
 public:
  // Addresses or CIDR blocks. Throws std::invalid_argument naming the entry that is neither.
  explicit TrustedProxies(const std::vector<std::string>& blocks);

  bool empty() const { return blocks_.empty(); }
  bool trusts(std::string_view address) const;

  // The rightmost address of X-Forwarded-For that is not a trusted proxy's; the peer itself where
  // it is not trusted or forwards for nobody. A view of head or of peer.
  std::string_view client_address(std::string_view peer, const RequestHead& head) const;
  // The scheme and authority that the outermost proxy was asked for; empty where it says nothing
  // valid. Only for a trusted peer.
  std::string_view forwarded_proto(const RequestHead& head) const;
  std::string_view forwarded_host(const RequestHead& head) const;

 private:
  using Address = std::array<std::uint8_t, 16>;  // IPv4 mapped into IPv6
  struct Block {
    Address address;
    unsigned prefix_bits;
  };
  static bool parse(std::string_view text, Address& address);
  static bool parse_block(std::string_view text, Block& block);

  std::vector<Block> blocks_;
};

}  // namespace calixo::host
