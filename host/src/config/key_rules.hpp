// What a key's name and values must be. Pure; used by Configuration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/key.hpp"

namespace calixo::host {

// Why the name is not of the form area.name, in lower case with digits and underscores; empty:
// fine.
std::string name_fault(std::string_view name);

// Why the value can't be the key's, and what can; empty: fine. Never quotes a secret's value.
std::string value_fault(const Key& key, std::string_view value);

// "a whole number from 0 to 65535", for messages and the reference.
std::string values_text(const Key& key);

// The whole text as a number; nullopt: it is none.
std::optional<std::int64_t> to_integer(std::string_view text);
std::optional<double> to_real(std::string_view text);  // finite

// A bound without needless decimals: "65535", "0.5".
std::string number_text(double number);

// Whether the pattern has a "*" segment, and whether such a pattern stands for the name.
bool is_pattern(std::string_view name);
bool matches_pattern(std::string_view pattern, std::string_view name);

}  // namespace calixo::host
