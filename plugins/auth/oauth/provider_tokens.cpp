#include "oauth/provider_tokens.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Cipher new_cipher() { return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free}; }

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Of its own purpose: what else is made of the code is no key of this.
std::string key_of(std::string_view code) { return hmac_sha256(code, "calixo provider tokens"); }

std::string encrypted(std::string_view text, const std::string& key, const std::string& nonce) {
  std::string hidden(text.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int size = 0;
  const Cipher cipher = new_cipher();
  const bool is_done =
      cipher &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                         bytes_of(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), bytes_of(hidden), &size, bytes_of(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), bytes_of(hidden) + size, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  if (!is_done) throw std::runtime_error("encryption failed");
  return hidden + tag;
}

std::optional<std::string> decrypted(std::string_view hidden, std::string tag,
                                     const std::string& key, std::string_view nonce) {
  std::string text(hidden.size(), '\0');
  int size = 0;
  const Cipher cipher = new_cipher();
  const bool is_genuine =
      cipher &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                         bytes_of(nonce)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), bytes_of(text), &size, bytes_of(hidden),
                        static_cast<int>(hidden.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), bytes_of(text) + size, &size) == 1;
  if (!is_genuine) return std::nullopt;
  return text;
}

}  // namespace

std::optional<std::string> sealed(const ProviderTokens& tokens, std::string_view code) {
  if (!tokens.access_token && !tokens.refresh_token) return std::nullopt;
  const std::string text = to_json(tokens);
  if (text.size() > kProviderTokensBytesMax) return std::nullopt;
  const std::string nonce = random_bytes(kNonceBytes);
  return nonce + encrypted(text, key_of(code), nonce);
}

ProviderTokens unsealed(std::string_view bytes, std::string_view code) {
  if (bytes.size() <= kNonceBytes + kTagBytes) return {};
  const std::string_view nonce = bytes.substr(0, kNonceBytes);
  const std::string_view tag = bytes.substr(bytes.size() - kTagBytes);
  const std::string_view hidden = bytes.substr(kNonceBytes, bytes.size() - kNonceBytes - kTagBytes);
  const auto text = decrypted(hidden, std::string(tag), key_of(code), nonce);
  return text ? parse_json<ProviderTokens>(*text) : ProviderTokens{};
}

}  // namespace calixo::auth
