// Both sides of a call from one plugin's code into another's: no exception crosses.
// [fiber], all of it.
#pragma once

#include <calixo/detail/failures.hpp>
#include <calixo/log.hpp>
#include <calixo/transaction.hpp>

#include <exception>
#include <utility>

namespace calixo::detail {

// The caller's side: HostFailure unless ok. A statement of the service that failed has cost the
// transaction: DbError, so that it is run again, a bounded number of times.
inline void throw_unless_served(calixo_status status, const char* operation) {
  if (status == CALIXO_SQL_ERROR) {
    throw DbError(status, "40001", std::string("a service failed in its statement: ") + operation);
  }
  throw_unless_ok(status, operation);
}

// The service's side: runs body(Database&), which works in the caller's transaction as the service,
// and answers its status; what it throws is logged.
template <class Body>
calixo_status serve(const Host& host, calixo_tx* tx, const char* operation, Body&& body) noexcept {
  try {
    Database db({&host, nullptr, tx, CALIXO_DB_AS_SERVICE});
    return std::forward<Body>(body)(db);
  } catch (const HostFailure& failure) {
    return failure.status();
  } catch (const DbError& error) {
    Log(host).warn("service failed", {{"operation", operation}, {"reason", error.what()}});
    return error.status();
  } catch (const std::exception& exception) {
    Log(host).error("service failed", {{"operation", operation}, {"reason", exception.what()}});
    return CALIXO_INTERNAL;
  } catch (...) {
    return CALIXO_INTERNAL;
  }
}

}  // namespace calixo::detail
