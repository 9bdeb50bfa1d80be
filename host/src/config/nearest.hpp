// Near misses: which known word somebody meant by an unknown one. Pure; callable from anywhere.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::host {

// Insertions, deletions, replacements and swaps of neighbours between the two, in bytes.
std::size_t edit_distance(std::string_view from, std::string_view to);

// The candidate with the fewest edits from word, the first of equals; empty where none is near
// enough to be what was meant.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace calixo::host
