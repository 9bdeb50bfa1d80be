// What a provider sends people back with, in a query or in a form. A value. [any-thread]
#pragma once

#include <calixo/rules.hpp>

#include <optional>
#include <string>

namespace calixo::auth {

struct CallbackQuery {
  std::optional<std::string> state;
  std::optional<std::string> code;
  std::optional<std::string> error;
  std::optional<std::string> error_description;
  std::optional<std::string> user;
};
BOOST_DESCRIBE_STRUCT(CallbackQuery, (), (state, code, error, error_description, user))
CALIXO_RULES(CallbackQuery) {
  rules.at<&CallbackQuery::user>().describe("Apple's, as JSON, at a person's first visit alone");
}

}  // namespace calixo::auth
