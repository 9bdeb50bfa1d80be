// calixo.exchange/1 over http's Exchange.
#include <calixo/abi/exchange.h>

#include "http/exchange.hpp"
#include "log/log.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/exchange_handle.hpp"
#include "plugin/plugin_instance.hpp"

using calixo::host::Exchange;
using calixo::host::to_abi;

calixo_exchange::calixo_exchange(Exchange& of)
    : exchange(of), principal{sizeof(calixo_principal),           of.principal().roles,
                              to_abi(of.principal().user_id),     to_abi(of.principal().session_id),
                              to_abi(of.principal().claims_json), of.principal().expires_at_s} {}

namespace calixo::host {
namespace {

// Reads one text; absent without an exchange.
template <class Read>
calixo_str reading(const calixo_exchange* handle, Read read) {
  if (handle == nullptr) return {nullptr, 0};
  return to_abi(read(handle->exchange));
}

calixo_str method(const calixo_exchange* handle) {
  return reading(handle, [](const Exchange& from) { return from.method(); });
}
calixo_str path(const calixo_exchange* handle) {
  return reading(handle, [](const Exchange& from) { return from.path(); });
}
calixo_str query_string(const calixo_exchange* handle) {
  return reading(handle, [](const Exchange& from) { return from.query_string(); });
}
calixo_str path_parameter(const calixo_exchange* handle, calixo_str name) {
  return reading(handle, [&](const Exchange& from) { return from.path_parameter(view(name)); });
}
calixo_str header(const calixo_exchange* handle, calixo_str name) {
  if (handle == nullptr) return {nullptr, 0};
  const std::string_view* value = handle->exchange.header(view(name));
  if (value == nullptr) return {nullptr, 0};
  return {value->data() != nullptr ? value->data() : "", value->size()};
}
calixo_str body(const calixo_exchange* handle) {
  return reading(handle, [](const Exchange& from) { return from.body(); });
}
calixo_str request_id(const calixo_exchange* handle) {
  return reading(handle, [](const Exchange& from) { return from.request_id(); });
}
calixo_str client_address(const calixo_exchange* handle) {
  return reading(handle, [](const Exchange& from) { return from.client_address(); });
}
calixo_str base_url(const calixo_exchange* handle) {
  return reading(handle, [](const Exchange& from) { return from.base_url(); });
}
calixo_str language(const calixo_exchange* handle) {
  return reading(handle, [](const Exchange& from) { return from.language(); });
}
const calixo_principal* principal(const calixo_exchange* handle) {
  return handle == nullptr ? nullptr : &handle->principal;
}
std::int32_t is_cancelled(const calixo_exchange* handle) {
  return handle != nullptr && handle->exchange.is_cancelled() ? 1 : 0;
}

calixo_status set_header(calixo_exchange* handle, calixo_str name, calixo_str value) {
  if (handle == nullptr) return CALIXO_INVALID;
  return handle->exchange.set_header(view(name), view(value)) ? CALIXO_OK : CALIXO_INVALID;
}
calixo_status add_header(calixo_exchange* handle, calixo_str name, calixo_str value) {
  if (handle == nullptr) return CALIXO_INVALID;
  return handle->exchange.add_header(view(name), view(value)) ? CALIXO_OK : CALIXO_INVALID;
}
// The first answer stands.
calixo_status refuse_second(const calixo_exchange& handle) {
  log::warn("second answer refused", {{"route", handle.exchange.route().label},
                                      {"request_id", handle.exchange.request_id()}});
  return CALIXO_CONFLICT;
}

calixo_status respond(calixo_exchange* handle, std::uint16_t status, calixo_str content_type,
                      calixo_str bytes) {
  if (handle == nullptr) return CALIXO_INVALID;
  if (handle->exchange.is_answered()) return refuse_second(*handle);
  if (handle->exchange.respond(status, view(content_type), view(bytes))) return CALIXO_OK;
  return handle->exchange.is_answered() ? CALIXO_LIMIT : CALIXO_INVALID;  // it is too large
}

calixo_status fail(calixo_exchange* handle, const calixo_problem* wanted) {
  if (handle == nullptr || wanted == nullptr) return CALIXO_INVALID;
  if (handle->exchange.is_answered()) return refuse_second(*handle);
  if (wanted->struct_size < sizeof(calixo_problem) || wanted->http_status < 400 ||
      wanted->http_status > 599) {
    return CALIXO_INVALID;
  }
  Problem problem;
  problem.http_status = wanted->http_status;
  problem.code = copy(wanted->code);
  problem.message = copy(wanted->message);
  problem.errors_json = copy(wanted->errors_json);
  problem.retry_after_s = wanted->retry_after_s;
  return handle->exchange.fail(problem) ? CALIXO_OK : CALIXO_INVALID;
}

}  // namespace

const void* exchange_interface() {
  static constexpr calixo_exchange_v1 kTable{
      &method,     &path,       &query_string, &path_parameter,
      &header,     &body,       &request_id,   &client_address,
      &base_url,   &language,   &principal,    &is_cancelled,
      &set_header, &add_header, &respond,      &fail};
  return &kTable;
}

}  // namespace calixo::host
