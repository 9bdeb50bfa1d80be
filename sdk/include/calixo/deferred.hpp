// Statements that need no answer, without a round trip of their own.
//
//   Deferred deferred_(plugin);                                   // in describe
//   deferred_.execute(tx.handle(), "insert into walks values ($1)", id);
//
// Part of the SDK that not every host has: a plugin that includes it needs calixo.deferred/1.
#pragma once

#include <calixo/abi/deferred.h>
#include <calixo/detail/failures.hpp>
#include <calixo/plugin.hpp>

#include <array>
#include <string_view>

namespace calixo {

// Adds statements to transactions, its caller's or its own. A small value: copy it.
class Deferred {
 public:
  // [startup]
  explicit Deferred(Plugin& plugin) : host_(&plugin.host()) {
    detail::find_interface(host_->handle, CALIXO_DEFERRED_ID, table_);
  }

  // Runs as the plugin itself before tx's next statement, or before its commit; what the database
  // says against it is that one's DbError. Throws HostFailure where too many wait. [fiber]
  template <class... Arguments>
  void execute(calixo_tx* tx, std::string_view sql, const Arguments&... arguments) const {
    add(tx, sql, detail::SqlParameter(arguments)...);
  }

 private:
  template <class... Parameters>
  void add(calixo_tx* tx, std::string_view sql, const Parameters&... parameters) const {
    const std::array<calixo_str, sizeof...(Parameters) + 1> views{parameters.view()...};
    const calixo_statement statement{detail::to_abi(sql), views.data(), sizeof...(Parameters)};
    detail::throw_unless_ok(
        table_->run_later(host_->handle, tx, CALIXO_DB_AS_SERVICE, &statement, 1),
        "add a statement to a transaction");
  }

  const detail::Host* host_;
  const calixo_deferred_v1* table_ = nullptr;
};

}  // namespace calixo
