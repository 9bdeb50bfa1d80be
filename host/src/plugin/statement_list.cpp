#include "plugin/statement_list.hpp"

#include "http/exchange.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/exchange_handle.hpp"
#include "plugin/plugin_instance.hpp"

namespace calixo::host {
namespace {

constexpr std::string_view kAnonymousClaims = R"({"role":"anon"})";
constexpr std::size_t kParametersMax = 1000;

}  // namespace

StatementContext caller_of(const calixo_exchange* exchange) {
  if (exchange == nullptr) return {{}, kAnonymousClaims};
  const Principal& principal = exchange->exchange.principal();
  return {{}, principal.claims_json, principal.user_id};
}

StatementContext as_plugin(const calixo_host* host, std::uint32_t as,
                           const StatementContext& caller_context) {
  const std::string_view role = PluginInstance::of(host).database_role;
  if (as == CALIXO_DB_AS_SERVICE) return service_context(role);
  StatementContext context = caller_context;
  context.role = role;
  return context;
}

calixo_status StatementList::assign(const calixo_statement* statements, std::size_t count) {
  std::size_t parameter_count = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (statements[i].parameter_count > kParametersMax) return CALIXO_LIMIT;
    if (statements[i].parameter_count > 0 && statements[i].parameters == nullptr) {
      return CALIXO_INVALID;
    }
    parameter_count += statements[i].parameter_count;
  }
  parameters_.reserve(parameter_count);  // spans below point into it
  list_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) append(statements[i]);
  return CALIXO_OK;
}

void StatementList::append(const calixo_statement& statement) {
  const std::size_t first = parameters_.size();
  for (std::size_t i = 0; i < statement.parameter_count; ++i) {
    const calixo_str& value = statement.parameters[i];
    if (value.data == nullptr) {
      parameters_.emplace_back(std::nullopt);
    } else {
      parameters_.emplace_back(view(value));
    }
  }
  list_.push_back({view(statement.sql), {parameters_.data() + first, statement.parameter_count}});
}

}  // namespace calixo::host
