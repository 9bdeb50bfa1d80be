// One request and its answer, as handlers see them: what the plugin interface calixo.exchange/1 and
// calixo.stream/1 stand on. Lives on the loop of its connection; alive until the handler returned
// and the answer is sent (or the parked stream is released).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "http/principal.hpp"
#include "http/route.hpp"

namespace calixo::host {

enum class StreamStatus { ok, cancelled, limit, would_block, conflict, invalid };

// A streamed answer that outlived its handler. Reference counted by shared_ptr.
class ParkedStream {
 public:
  class Events {
   public:
    virtual void on_writable() = 0;  // room again after would_block. [loop]
    virtual void on_closed() = 0;    // once. [loop]

   protected:
    ~Events() = default;
  };
  virtual ~ParkedStream() = default;
  virtual StreamStatus send(std::string_view bytes) = 0;  // all or none. [any-thread]
  virtual void close() = 0;                               // [any-thread]
  virtual void forget() = 0;  // no event comes after this returned. [any-thread]
};

class Exchange {
 public:
  virtual ~Exchange() = default;

  // Reading. Views live as long as the exchange.
  virtual const Route& route() const = 0;
  virtual std::string_view method() const = 0;
  virtual std::string_view path() const = 0;          // decoded, without the query
  virtual std::string_view query_string() const = 0;  // raw
  virtual std::string_view path_parameter(std::string_view name) const = 0;
  virtual const std::string_view* header(std::string_view name) const = 0;  // first; nullptr: none
  virtual std::string_view body() const = 0;
  virtual std::string_view request_id() const = 0;
  virtual std::string_view client_address() const = 0;
  virtual std::string_view base_url() const = 0;
  virtual std::string_view language() const = 0;  // "es" or "en"
  virtual const Principal& principal() const = 0;
  virtual bool is_cancelled() const = 0;

  // Answering, once. false: answered already, or a value with control bytes.
  virtual bool set_header(std::string_view name, std::string_view value) = 0;
  virtual bool add_header(std::string_view name, std::string_view value) = 0;
  virtual bool respond(std::uint16_t status, std::string_view content_type,
                       std::string_view body) = 0;
  virtual bool fail(const Problem& problem) = 0;  // renders by the route's renderer or RFC 9457
  virtual bool is_answered() const = 0;

  // An answer in one piece, before it is sent.
  struct WholeAnswer {
    std::uint16_t status;
    std::string_view content_type;
    std::string_view body;
    std::span<const std::pair<std::string, std::string>> headers;
  };
  virtual std::optional<WholeAnswer> whole_answer() const = 0;  // nothing where there is none
  // Nobody will see it, nor the headers set so far: the request can be answered again.
  virtual void take_back_answer() = 0;

  // Streaming.
  virtual StreamStatus read(std::span<char> buffer, std::size_t& size) = 0;  // [fiber, suspends]
  virtual StreamStatus begin(std::uint16_t status, std::string_view content_type,
                             std::int64_t content_length) = 0;
  virtual StreamStatus write(std::string_view bytes) = 0;  // [fiber, suspends]
  virtual StreamStatus end() = 0;
  virtual StreamStatus park(ParkedStream::Events& events,
                            std::shared_ptr<ParkedStream>& stream) = 0;
};

}  // namespace calixo::host
