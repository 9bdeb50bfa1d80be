// The server's TLS settings, certificate and key: Poco's Context, TLS 1.2 and 1.3. [any-thread]
// once made.
#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace calixo::host {

class TlsContext {
 public:
  // Throws std::runtime_error naming the file that can't be used and why.
  TlsContext(const std::string& certificate_file, const std::string& private_key_file);
  ~TlsContext();

  ssl_ctx_st* native() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
