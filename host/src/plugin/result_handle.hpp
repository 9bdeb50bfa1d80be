// What a calixo_result is on the host's side, and the database room's answers as the ABI's.
#pragma once

#include <calixo/abi/db.h>

#include "db/database.hpp"

struct calixo_result {
  calixo::host::ResultSet set;
};

namespace calixo::host {

inline calixo_status to_status(DbStatus status) {
  switch (status) {
    case DbStatus::ok:
      return CALIXO_OK;
    case DbStatus::sql_error:
      return CALIXO_SQL_ERROR;
    case DbStatus::unavailable:
      return CALIXO_UNAVAILABLE;
    case DbStatus::timed_out:
      return CALIXO_TIMEOUT;
    case DbStatus::cancelled:
      return CALIXO_CANCELLED;
    case DbStatus::overloaded:
      return CALIXO_LIMIT;
  }
  return CALIXO_INTERNAL;
}

}  // namespace calixo::host
