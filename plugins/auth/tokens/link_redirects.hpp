// A mail's link, and where it leads on to with what its client reads there. Pure functions.
// [any-thread]
#pragma once

#include <string>
#include <string_view>

#include "session_service.hpp"

namespace calixo::auth {

// What a person follows to show that a mail reached them. type: of the wire format.
std::string verification_link(std::string_view base_url, std::string_view token,
                              std::string_view type, std::string_view redirect_to);

// The session as the target's fragment, which browsers send to nobody.
std::string session_redirect(const std::string& target, const Session& session,
                             std::string_view type);

// A failure as the fragment; for clients that wait for a code, in the query as well.
std::string failure_redirect(const std::string& target, std::string_view code,
                             std::string_view description, bool is_pkce);

// That the other address is still to be confirmed, likewise.
std::string half_done_redirect(const std::string& target, std::string_view message, bool is_pkce);

}  // namespace calixo::auth
