// What the client accepts: media types, content codings, languages, by quality (RFC 9110, 12.5).
// Pure functions. [any-thread]
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/request_head.hpp"

namespace calixo::host {

enum class ContentCoding : std::uint8_t { identity, gzip, brotli };

// Whether the Accept fields admit the media type; without any they admit all.
bool accepts(const RequestHead& head, std::string_view media_type);

// The best coding the client takes; brotli before gzip where it values them alike.
ContentCoding choose_coding(const RequestHead& head);

// "es" or "en". Spanish where the client says nothing about either.
std::string_view choose_language(const RequestHead& head);

// Whether a Content-Type, parameters aside, is the wanted type ("application/json", "image/*").
bool is_media_type(std::string_view content_type, std::string_view wanted);

// Text formats, which compression makes much smaller.
bool is_compressible(std::string_view content_type);

std::string_view coding_name(ContentCoding coding);  // "gzip", "br"

}  // namespace calixo::host
