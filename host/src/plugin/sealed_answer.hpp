// What an answer kept under an Idempotency-Key looks like in the database: by itself, noise. The
// key it is encrypted under is made of the client's Idempotency-Key and its request, and kept
// nowhere.
// [any-thread], all of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::host {

// Bytes of a SHA-256 digest.
using Digest = std::array<std::uint8_t, 32>;

// Of the parts and where each ends.
Digest digest_of(const std::vector<std::string_view>& parts);

struct KeptAnswer {
  std::uint16_t status = 0;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// AES-256-GCM under HKDF-SHA256 of the client's key, salted by the request's fingerprint. Throws
// std::runtime_error where OpenSSL fails.
std::string seal(const KeptAnswer& answer, std::string_view key, const Digest& fingerprint);
// Nothing where the bytes are none that seal() made of this key and request.
std::optional<KeptAnswer> unseal(std::string_view sealed, std::string_view key,
                                 const Digest& fingerprint);

}  // namespace calixo::host
