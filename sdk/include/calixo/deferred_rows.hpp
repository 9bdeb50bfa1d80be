// Rows of one statement, given one by one, that run at once: for services that are called for each
// of many people in one transaction.
//
//   DeferredRows rows_(plugin);                                   // in describe
//   rows_.add(tx.handle(), "insert into walks select * from unnest($1::uuid[], $2::integer[])",
//             id, steps);
//
// Part of the SDK that not every host has: a plugin that includes it needs calixo.deferred_rows/1.
#pragma once

#include <calixo/abi/deferred_rows.h>
#include <calixo/detail/failures.hpp>
#include <calixo/plugin.hpp>

#include <array>
#include <string_view>

namespace calixo {

// Adds rows to transactions, its caller's or its own. A small value: copy it.
class DeferredRows {
 public:
  // [startup]
  explicit DeferredRows(Plugin& plugin) : host_(&plugin.host()) {
    detail::find_interface(host_->handle, CALIXO_DEFERRED_ROWS_ID, table_);
  }

  // Runs as the plugin itself before tx's next statement, or before its commit, with the other rows
  // of this sql that were added since the last one: each parameter is an array of theirs, so that
  // an argument is a single value. What the database says against them is the failure of that
  // statement or commit. Throws HostFailure where too many wait. [fiber]
  template <class... Arguments>
  void add(calixo_tx* tx, std::string_view sql, const Arguments&... arguments) const {
    static_assert(sizeof...(Arguments) > 0, "a row has values");
    add_row(tx, sql, detail::SqlParameter(arguments)...);
  }

 private:
  template <class... Parameters>
  void add_row(calixo_tx* tx, std::string_view sql, const Parameters&... parameters) const {
    const std::array<calixo_str, sizeof...(Parameters)> views{parameters.view()...};
    const calixo_statement row{detail::to_abi(sql), views.data(), sizeof...(Parameters)};
    detail::throw_unless_ok(table_->run_row_later(host_->handle, tx, CALIXO_DB_AS_SERVICE, &row),
                            "add a row to a transaction");
  }

  const detail::Host* host_;
  const calixo_deferred_rows_v1* table_ = nullptr;
};

}  // namespace calixo
