#include "factors/qr_code.hpp"

#include <qrencode.h>

#include <memory>
#include <stdexcept>

namespace calixo::auth {
namespace {

constexpr int kQuietZone = 4;  // modules around the code, as ISO/IEC 18004 wants them

struct CodeDeleter {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

std::string qr_code_svg(const std::string& text) {
  const std::unique_ptr<QRcode, CodeDeleter> code(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
  if (!code) throw std::runtime_error("a text is too long for a QR code");
  const std::string side = std::to_string(code->width + 2 * kQuietZone);
  std::string path;
  for (int y = 0; y < code->width; ++y) {
    const unsigned char* row = code->data + static_cast<std::ptrdiff_t>(y) * code->width;
    for (int x = 0; x < code->width; ++x) {
      const int start = x;
      while (x < code->width && (row[x] & 1) != 0) ++x;
      if (x == start) continue;
      const std::string length = std::to_string(x - start);
      path += "M" + std::to_string(start + kQuietZone) + " " + std::to_string(y + kQuietZone) +
              "h" + length + "v1h-" + length + "z";
    }
  }
  // Colours by name: clients put this behind "data:image/svg+xml;utf-8," without escaping a '#'.
  return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + side + " " + side +
         R"(" shape-rendering="crispEdges"><rect width=")" + side + R"(" height=")" + side +
         R"(" fill="white"/><path fill="black" d=")" + path + R"("/></svg>)";
}

}  // namespace calixo::auth
