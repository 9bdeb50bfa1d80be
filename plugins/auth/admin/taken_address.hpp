// A taken address as the problem that administrators are told.
#pragma once

#include <calixo/plugin.hpp>

#include <utility>

#include "account_store.hpp"

namespace calixo::auth {

// What run() gives; problem 422 email_exists where the database says that the address is taken.
template <class Run>
auto or_email_exists(Run&& run) {
  try {
    return std::forward<Run>(run)();
  } catch (const DbError& error) {
    if (error.is_unique_violation() && error.constraint() == kEmailConstraint) {
      throw Problem(422, "email_exists");
    }
    throw;
  }
}

}  // namespace calixo::auth
