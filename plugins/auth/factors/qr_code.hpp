// A text as a QR code in SVG. A pure function. [any-thread]
#pragma once

#include <string>

namespace calixo::auth {

// Throws std::runtime_error where the text is too long for one.
std::string qr_code_svg(const std::string& text);

}  // namespace calixo::auth
