// How often something was asked for, counted over all nodes: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>

namespace calixo::auth {

struct Count {
  std::int64_t hits = 0;   // within the window, this one included
  double resets_in_s = 0;  // when the window ends
};
BOOST_DESCRIBE_STRUCT(Count, (), (hits, resets_in_s))

// key: in bytea's text form.
Count count_hit(Database& service, const std::string& key, std::int64_t window_s);
void take_back_hit(Database& service, const std::string& key);
void forget_hits(Database& service, const std::string& key);
void forget_ended_windows(Database& service);

}  // namespace calixo::auth
