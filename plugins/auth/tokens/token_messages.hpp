// What the stable codes of one-time tokens and their mails say to people.
#pragma once

#include <calixo/plugin.hpp>

#include <string>
#include <string_view>

namespace calixo::auth {

// [startup]
void register_token_messages(Plugin& plugin);

// The text of a code that a link may end with, for the page that it leads to.
std::string link_failure_text(std::string_view code, std::string_view language);
std::string half_done_text(std::string_view language);

}  // namespace calixo::auth
