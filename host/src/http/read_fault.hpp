// Why a request cannot be read: the status and stable code of its one answer, after which the
// connection closes.
#pragma once

#include <cstdint>

namespace calixo::host {

struct ReadFault {
  std::uint16_t http_status = 0;  // 0: no fault
  const char* code = "";

  explicit operator bool() const { return http_status != 0; }
};

inline constexpr ReadFault kMalformed{400, "malformed_request"};
inline constexpr ReadFault kUriTooLong{414, "uri_too_long"};
inline constexpr ReadFault kHeadTooLarge{431, "head_too_large"};
// 400: 505 would be allowed, but says that the fault is the server's, and alarms count it as such.
inline constexpr ReadFault kVersionNotSupported{400, "http_version_not_supported"};

}  // namespace calixo::host
