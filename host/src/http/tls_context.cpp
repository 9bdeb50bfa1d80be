// TLS by Poco::Net::Context; see the header.
#include "http/tls_context.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/NetSSL.h>
#include <openssl/ssl.h>

#include <csignal>
#include <cstring>
#include <stdexcept>

namespace calixo::host {
namespace {

// Forward secrecy and authenticated encryption only; TLS 1.3's suites are all of that kind.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

Poco::Net::Context::Params parameters(const std::string& certificate_file,
                                      const std::string& private_key_file) {
  Poco::Net::Context::Params params;
  params.certificateFile = certificate_file;
  params.privateKeyFile = private_key_file;
  params.verificationMode = Poco::Net::Context::VERIFY_NONE;  // clients show no certificate
  params.loadDefaultCAs = false;
  params.cipherList = kCiphers;
  return params;
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* selected = nullptr;
  const int found =
      SSL_select_next_proto(&selected, chosen_size, kHttp11, sizeof kHttp11, offered, offered_size);
  *chosen = selected;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

struct TlsContext::Impl {
  Poco::Net::Context::Ptr context;
};

TlsContext::TlsContext(const std::string& certificate_file, const std::string& private_key_file)
    : impl_(std::make_unique<Impl>()) {
  // OpenSSL's socket BIO writes without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  Poco::Net::initializeSSL();
  try {
    impl_->context = new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE,
                                            parameters(certificate_file, private_key_file));
  } catch (const Poco::Exception& failure) {
    throw std::runtime_error("http.tls_certificate_file " + certificate_file +
                             ", http.tls_private_key_file " + private_key_file + ": " +
                             failure.displayText());
  }
  impl_->context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
  SSL_CTX* const native = impl_->context->sslContext();
  SSL_CTX_set_mode(native, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                               SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
}

TlsContext::~TlsContext() = default;

ssl_ctx_st* TlsContext::native() const { return impl_->context->sslContext(); }

}  // namespace calixo::host
