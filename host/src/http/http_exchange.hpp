// One request and its answer on the server's side: what the connection fills in, what the handler
// reads and writes. Between the handler's start and end only the handler's thread touches it,
// except for `cancelled`.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/exchange.hpp"
#include "http/request_head.hpp"
#include "http/router.hpp"
#include "runtime/deadline.hpp"

namespace calixo::host {

class Connection;
struct ServerContext;

class HttpExchange final : public Exchange {
 public:
  explicit HttpExchange(ServerContext& server) : server_(server) { request.head.clear(); }

  struct Request {
    std::string head_bytes;
    RequestHead head;
    std::string body;
    RouteMatch match;
    std::string id;
    std::string path;  // decoded
    std::string_view client_address;
    std::shared_ptr<const Principal> principal;
    MonotonicClock::time_point started{};
    MonotonicClock::time_point deadline = MonotonicClock::time_point::max();
  } request;

  enum class AnswerState : std::uint8_t { none, whole, streaming, parked, ended };
  struct Answer {
    AnswerState state = AnswerState::none;
    std::uint16_t status = 0;
    std::string content_type;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string own_fields;  // lines that the server adds itself: Allow, CORS preflight
  } answer;

  std::atomic<bool> cancelled{false};

  // Ready for the next request of any connection; keeps small buffers.
  void reset();
  void attach(Connection* connection) { connection_ = connection; }
  bool has_route() const { return request.match.route != nullptr; }
  // The answer of a request that ends before its handler, or whose handler gave none.
  void refuse(std::uint16_t status, std::string_view code, std::uint32_t retry_after_s = 0);

  // Exchange.
  const Route& route() const override;
  std::string_view method() const override { return request.head.method; }
  std::string_view path() const override { return request.path; }
  std::string_view query_string() const override { return request.head.query_string; }
  std::string_view path_parameter(std::string_view name) const override;
  const std::string_view* header(std::string_view name) const override;
  std::string_view body() const override;
  std::string_view request_id() const override { return request.id; }
  std::string_view client_address() const override { return request.client_address; }
  std::string_view base_url() const override;
  std::string_view language() const override;
  const Principal& principal() const override;
  bool is_cancelled() const override;
  bool set_header(std::string_view name, std::string_view value) override;
  bool add_header(std::string_view name, std::string_view value) override;
  bool respond(std::uint16_t status, std::string_view content_type, std::string_view body) override;
  bool fail(const Problem& problem) override;
  bool is_answered() const override { return answer.state != AnswerState::none; }
  std::optional<WholeAnswer> whole_answer() const override;
  void take_back_answer() override;
  StreamStatus read(std::span<char> buffer, std::size_t& size) override;
  StreamStatus begin(std::uint16_t status, std::string_view content_type,
                     std::int64_t content_length) override;
  StreamStatus write(std::string_view bytes) override;
  StreamStatus end() override;
  StreamStatus park(ParkedStream::Events& events, std::shared_ptr<ParkedStream>& stream) override;

 private:
  bool set_answer(std::uint16_t status, std::string_view content_type);
  void add_problem_fields(const Problem& problem);
  template <class Action>
  StreamStatus on_loop(const Action& action);
  StreamStatus write_part(std::string_view bytes);
  StreamStatus wait_for_room();

  ServerContext& server_;
  Connection* connection_ = nullptr;
  bool is_rendering_ = false;
  mutable std::string base_url_;
  mutable std::string_view language_;
};

}  // namespace calixo::host
