#include "plugin/sealed_answer.hpp"

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include <memory>
#include <stdexcept>

namespace calixo::host {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::string_view kPurpose = "calixo idempotency answer 1";

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void require(bool holds) {
  if (!holds) throw std::runtime_error("OpenSSL refused to seal an answer");
}

void append_number(std::string& text, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(number >> shift);
}
void append_text(std::string& text, std::string_view part) {
  append_number(text, static_cast<std::uint32_t>(part.size()));
  text += part;
}

// Reads what was appended; is_whole turns false where the bytes end early.
struct Reader {
  std::string_view rest;
  bool is_whole = true;

  std::uint32_t number() {
    if (rest.size() < 4) return is_whole = false, 0;
    std::uint32_t number = 0;
    for (int i = 0; i < 4; ++i) number = number << 8 | static_cast<std::uint8_t>(rest[i]);
    rest.remove_prefix(4);
    return number;
  }
  std::string text() {
    const std::uint32_t size = number();
    if (rest.size() < size) return is_whole = false, std::string();
    std::string part(rest.substr(0, size));
    rest.remove_prefix(size);
    return part;
  }
};

std::string packed(const KeptAnswer& answer) {
  std::string text;
  append_number(text, answer.status);
  append_text(text, answer.content_type);
  append_text(text, answer.body);
  append_number(text, static_cast<std::uint32_t>(answer.headers.size()));
  for (const auto& [name, value] : answer.headers) {
    append_text(text, name);
    append_text(text, value);
  }
  return text;
}

std::optional<KeptAnswer> unpacked(std::string_view text) {
  Reader reader{text};
  KeptAnswer answer;
  answer.status = static_cast<std::uint16_t>(reader.number());
  answer.content_type = reader.text();
  answer.body = reader.text();
  for (std::uint32_t left = reader.number(); left > 0 && reader.is_whole; --left) {
    std::string name = reader.text();
    answer.headers.emplace_back(std::move(name), reader.text());
  }
  if (!reader.is_whole) return std::nullopt;
  return answer;
}

Digest encryption_key(std::string_view key, const Digest& fingerprint) {
  Digest derived{};
  std::size_t size = derived.size();
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr), &EVP_PKEY_CTX_free);
  require(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
          EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) == 1 &&
          EVP_PKEY_CTX_set1_hkdf_salt(context.get(), fingerprint.data(),
                                      static_cast<int>(fingerprint.size())) == 1 &&
          EVP_PKEY_CTX_set1_hkdf_key(context.get(), bytes(key), static_cast<int>(key.size())) ==
              1 &&
          EVP_PKEY_CTX_add1_hkdf_info(context.get(), bytes(kPurpose),
                                      static_cast<int>(kPurpose.size())) == 1 &&
          EVP_PKEY_derive(context.get(), derived.data(), &size) == 1);
  return derived;
}

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
Cipher new_cipher() { return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free}; }

}  // namespace

Digest digest_of(const std::vector<std::string_view>& parts) {
  std::string text;
  for (const std::string_view part : parts) append_text(text, part);
  Digest digest{};
  unsigned int size = 0;
  require(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return digest;
}

std::string seal(const KeptAnswer& answer, std::string_view key, const Digest& fingerprint) {
  const Digest secret = encryption_key(key, fingerprint);
  const std::string plain = packed(answer);
  std::string nonce(kNonceBytes, '\0');
  std::string tag(kTagBytes, '\0');
  std::string hidden(plain.size(), '\0');
  int size = 0;
  int rest = 0;
  const Cipher cipher = new_cipher();
  require(cipher != nullptr && RAND_bytes(bytes(nonce), kNonceBytes) == 1 &&
          EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, secret.data(),
                             bytes(nonce)) == 1 &&
          EVP_EncryptUpdate(cipher.get(), bytes(hidden), &size, bytes(plain),
                            static_cast<int>(plain.size())) == 1 &&
          EVP_EncryptFinal_ex(cipher.get(), bytes(hidden) + size, &rest) == 1 &&
          EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1);
  return nonce + tag + hidden;
}

std::optional<KeptAnswer> unseal(std::string_view sealed, std::string_view key,
                                 const Digest& fingerprint) {
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const Digest secret = encryption_key(key, fingerprint);
  std::string tag(sealed.substr(kNonceBytes, kTagBytes));
  const std::string_view hidden = sealed.substr(kNonceBytes + kTagBytes);
  std::string plain(hidden.size(), '\0');
  int size = 0;
  int rest = 0;
  const Cipher cipher = new_cipher();
  require(cipher != nullptr);
  const bool is_genuine =
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, secret.data(), bytes(sealed)) ==
          1 &&
      EVP_DecryptUpdate(cipher.get(), bytes(plain), &size, bytes(hidden),
                        static_cast<int>(hidden.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), bytes(plain) + size, &rest) == 1;
  if (!is_genuine) return std::nullopt;
  return unpacked(plain);
}

}  // namespace calixo::host
