// Feeds the HTTP reader arbitrary streams. What must hold for every one of them:
// the reading does not depend on where the stream is cut, and what passes is strict.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/ascii.hpp"
#include "http/entity_tag.hpp"
#include "http/negotiation.hpp"
#include "http/request_reader.hpp"
#include "http/router.hpp"

using namespace calixo::host;

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

void check_head(const std::string& bytes, const RequestHead& head) {
  require(ascii::is_token(head.method), "a method is a token");
  require(ascii::all(head.target, ascii::kTarget), "a target has no odd byte");
  require(bytes.find('\0') == std::string::npos, "no NUL passes");
  const bool is_path = head.form == TargetForm::authority
                           ? head.path.empty()
                           : head.path == "*" || head.path.starts_with('/');
  require(is_path, "a path starts with a slash");
  for (const HeaderField& field : head.fields) {
    require(ascii::is_token(field.name), "a name is a token");
    require(ascii::all(field.value, ascii::kFieldValue), "a value has no control byte");
    require(ascii::trimmed(field.value) == field.value, "a value is trimmed");
  }
  require(head.framing != BodyFraming::chunked || head.find(HeaderId::content_length) == nullptr,
          "a chunked body has no length");
  accepts(head, "application/json");
  choose_coding(head);
  choose_language(head);
  names_entity_tag(head, "\"a\"");
}

// A text that says all there is to a reading. pieces: the size of the next one, from the input.
template <class NextSize>
std::string read(std::string_view stream, NextSize next_size) {
  static const Router* const router = [] {
    auto* made = new Router;
    for (const char* path : {"/a", "/a/{x:int}", "/{y}/b", "/{rest:path}"}) {
      Route route;
      route.method = "GET";
      route.path = path;
      made->add(std::move(route));
    }
    return made;
  }();
  RequestReader reader(HeadScanner::Limits{512, 128});
  std::string reading, kept, head_bytes;
  RequestHead head;
  head.clear();
  while (!stream.empty()) {
    const std::size_t size = std::min<std::size_t>(next_size(), stream.size());
    kept.append(stream.substr(0, size));
    stream.remove_prefix(size);
    std::string_view input = kept, piece;
    for (bool goes_on = true; goes_on;) {
      switch (reader.next(input, head_bytes, head, piece)) {
        case RequestReader::Event::head:
          check_head(head_bytes, head);
          router->match(head.method, head.path);
          reading.append("H").append(head_bytes);
          break;
        case RequestReader::Event::body:
          reading.append(piece);
          break;
        case RequestReader::Event::end:
          reading.append("E");
          break;
        case RequestReader::Event::need_more:
          goes_on = false;
          break;
        case RequestReader::Event::fault:
          return reading.append("F").append(std::to_string(reader.fault().http_status));
      }
    }
    kept = std::string(input);
  }
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  const std::string whole = read(stream, [&] { return stream.size(); });
  require(read(stream, [] { return std::size_t{1}; }) == whole, "byte by byte reads the same");
  std::size_t at = 0;
  const std::string cut = read(stream, [&] { return 1 + (data[at++ % size] & 31u); });
  require(cut == whole, "any cut reads the same");
  return 0;
}
