// zlib and brotli at settings that answer quickly; see the header.
#include "http/compression.hpp"

#include <brotli/encode.h>
#include <zlib.h>

namespace calixo::host {
namespace {

constexpr int kGzipLevel = 5;
constexpr int kGzipWindowBits = 15 + 16;  // +16: the gzip wrapper
constexpr int kBrotliQuality = 4;         // above it the time grows faster than the gain
constexpr int kBrotliWindowBits = 18;

std::string gzip(std::string_view body) {
  z_stream stream{};
  if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return {};
  }
  std::string out(deflateBound(&stream, static_cast<uLong>(body.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(result == Z_STREAM_END ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

std::string brotli(std::string_view body) {
  std::size_t size = BrotliEncoderMaxCompressedSize(body.size());
  std::string out(size, '\0');
  const bool done =
      BrotliEncoderCompress(kBrotliQuality, kBrotliWindowBits, BROTLI_MODE_TEXT, body.size(),
                            reinterpret_cast<const std::uint8_t*>(body.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(done == BROTLI_TRUE ? size : 0);
  return out;
}

}  // namespace

std::string compress(std::string_view body, ContentCoding coding) {
  switch (coding) {
    case ContentCoding::gzip:
      return gzip(body);
    case ContentCoding::brotli:
      return brotli(body);
    case ContentCoding::identity:
      break;
  }
  return {};
}

}  // namespace calixo::host
