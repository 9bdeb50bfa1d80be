// Content negotiation; see the header.
#include "http/negotiation.hpp"

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

// One element of a list: its value and its weight in thousandths (RFC 9110, section 12.4.2).
struct Weighted {
  std::string_view value;
  int weight = 1000;
};

int parse_weight(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int weight = (text[0] - '0') * 1000;
  int unit = 100;
  for (std::size_t i = 2; i < text.size() && unit > 0; ++i, unit /= 10) {
    if (!ascii::is_digit(text[i])) return 0;
    weight += (text[i] - '0') * unit;
  }
  return weight > 1000 ? 1000 : weight;
}

Weighted parse_element(std::string_view element) {
  Weighted parsed;
  parsed.value = ascii::cut(element, ';');
  while (!element.empty()) {
    std::string_view parameter = ascii::cut(element, ';');
    const std::string_view name = ascii::cut(parameter, '=');
    if (ascii::equals_ignoring_case(name, "q")) parsed.weight = parse_weight(parameter);
  }
  return parsed;
}

template <class Visit>
void for_each_element(const RequestHead& head, HeaderId id, Visit visit) {
  if (head.find(id) == nullptr) return;
  for (const HeaderField& field : head.fields) {
    if (field.id != id) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::string_view element = ascii::cut(rest, ',');
      if (!element.empty()) visit(parse_element(element));
    }
  }
}

// 0: no match, 1: */*, 2: type/*, 3: exact. The most specific range decides.
int range_precision(std::string_view range, std::string_view media_type) {
  if (range == "*/*" || range == "*") return 1;
  if (range.size() > 2 && range.ends_with("/*")) {
    const std::string_view type = range.substr(0, range.size() - 1);
    return ascii::equals_ignoring_case(media_type.substr(0, type.size()), type) ? 2 : 0;
  }
  return ascii::equals_ignoring_case(range, media_type) ? 3 : 0;
}

std::string_view without_parameters(std::string_view content_type) {
  return ascii::cut(content_type, ';');
}

}  // namespace

bool accepts(const RequestHead& head, std::string_view media_type) {
  const std::string_view wanted = without_parameters(media_type);
  const HeaderField* field = head.find(HeaderId::accept);
  if (field == nullptr || wanted.empty() || wanted.find('*') != std::string_view::npos) return true;
  if (field->value == "*/*") return true;  // what most clients send
  int precision = 0, weight = 0;
  bool any = false;
  for_each_element(head, HeaderId::accept, [&](const Weighted& range) {
    any = true;
    const int found = range_precision(range.value, wanted);
    if (found > precision || (found == precision && found > 0 && range.weight > weight)) {
      precision = found;
      weight = range.weight;
    }
  });
  return !any || weight > 0;
}

ContentCoding choose_coding(const RequestHead& head) {
  int brotli = -1, gzip = -1, others = -1, identity = -1;
  for_each_element(head, HeaderId::accept_encoding, [&](const Weighted& coding) {
    if (ascii::equals_ignoring_case(coding.value, "br")) brotli = coding.weight;
    if (ascii::equals_ignoring_case(coding.value, "gzip") ||
        ascii::equals_ignoring_case(coding.value, "x-gzip")) {
      gzip = coding.weight;
    }
    if (ascii::equals_ignoring_case(coding.value, "identity")) identity = coding.weight;
    if (coding.value == "*") others = coding.weight;
  });
  if (brotli < 0) brotli = others;
  if (gzip < 0) gzip = others;
  const int best = brotli >= gzip ? brotli : gzip;
  if (best <= 0 || best < identity) return ContentCoding::identity;
  return brotli >= gzip ? ContentCoding::brotli : ContentCoding::gzip;
}

std::string_view choose_language(const RequestHead& head) {
  std::string_view best = "es";
  int best_weight = 0;
  for_each_element(head, HeaderId::accept_language, [&](const Weighted& range) {
    const std::string_view primary = range.value.substr(0, range.value.find('-'));
    for (const std::string_view language : {std::string_view("es"), std::string_view("en")}) {
      if (range.weight > best_weight && ascii::equals_ignoring_case(primary, language)) {
        best = language;
        best_weight = range.weight;
      }
    }
  });
  return best;
}

bool is_media_type(std::string_view content_type, std::string_view wanted) {
  if (wanted.empty()) return true;
  return range_precision(without_parameters(wanted), without_parameters(content_type)) > 0;
}

bool is_compressible(std::string_view content_type) {
  const std::string_view type = without_parameters(content_type);
  if (type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml")) return true;
  return type == "application/json" || type == "application/javascript" ||
         type == "application/xml" || type == "application/wasm";
}

std::string_view coding_name(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::gzip:
      return "gzip";
    case ContentCoding::brotli:
      return "br";
    case ContentCoding::identity:
      break;
  }
  return "identity";
}

}  // namespace calixo::host
