// The digest by which the ledger knows a migration file again.
#pragma once

#include <string>
#include <string_view>

namespace calixo::host {

std::string sha256_hex(std::string_view text);

}  // namespace calixo::host
