// What a plugin asks of others' tables against what plugins.<id>.grants allows. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/registrations.hpp"

namespace calixo::host {

// "users:select(email,id), user_challenges:select". nullopt: not of that form; `fault` says where.
// The reasons of what is answered are empty.
std::optional<std::vector<RegisteredGrant>> parse_grants(std::string_view text, std::string& fault);

// "users:select(email,id)": as the configuration has it.
std::string grant_text(const RegisteredGrant& grant);

// Those asked for that nothing allowed covers. A whole table covers each of its columns.
std::vector<RegisteredGrant> missing_grants(const std::vector<RegisteredGrant>& asked,
                                            const std::vector<RegisteredGrant>& allowed);

// Why the plugin does not start, with its own reasons and the line that would allow it; empty: it
// may have what it asks for. `allowed` is the value of plugins.<id>.grants. Its own tables need
// none.
std::string grants_refusal(const std::string& plugin, const std::vector<RegisteredGrant>& asked,
                           const std::vector<std::string>& own_tables, std::string_view allowed);

}  // namespace calixo::host
