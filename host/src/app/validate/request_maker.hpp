// Requests for a route from its pattern and its schemas. Pure: the same chance, the same request.
#pragma once

#include <array>
#include <string_view>

#include "app/validate/bench.hpp"
#include "app/validate/schema_values.hpp"

namespace calixo::host {

enum class InputKind { valid, boundary, wrong_type, noise, huge, deep };
inline constexpr std::array kInputKinds{InputKind::valid,      InputKind::boundary,
                                        InputKind::wrong_type, InputKind::noise,
                                        InputKind::huge,       InputKind::deep};
std::string_view to_text(InputKind kind);

BenchRequest make_request(const RegisteredRoute& route, InputKind kind, Chance& chance);

}  // namespace calixo::host
