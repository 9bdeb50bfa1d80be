// The query of every call that sends a mail. A value. [any-thread]
#pragma once

#include <calixo/rules.hpp>

#include <optional>
#include <string>

namespace calixo::auth {

struct RedirectQuery {
  std::optional<std::string> redirect_to;
};
BOOST_DESCRIBE_STRUCT(RedirectQuery, (), (redirect_to))
CALIXO_RULES(RedirectQuery) {
  rules.at<&RedirectQuery::redirect_to>().describe("Where the link of the mail leads back to");
}

}  // namespace calixo::auth
