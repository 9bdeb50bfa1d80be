// Any bytes, as a body and as a query string: the binding throws nothing but Problem, what it reads
// is written and read again unchanged, and it takes no text that a second JSON parser refuses.
#include <calixo/json.hpp>
#include <calixo/query.hpp>

#include <boost/json/parse.hpp>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace {

enum class Kind { daily, focus };
BOOST_DESCRIBE_ENUM(Kind, daily, focus)

struct Node {
  std::optional<std::int64_t> i;
  std::optional<std::uint8_t> u;
  std::optional<double> d;
  std::optional<std::string> s;
  std::optional<bool> b;
  std::optional<Kind> k;
  std::optional<calixo::Timestamp> t;
  std::optional<calixo::Uuid> id;
  std::vector<Node> n;
  std::map<std::string, std::int32_t> m;
  std::optional<std::vector<double>> l;
  calixo::Json j;
};
BOOST_DESCRIBE_STRUCT(Node, (), (i, u, d, s, b, k, t, id, n, m, l, j))
CALIXO_RULES(Node) {
  rules.at<&Node::n>().optional();
  rules.at<&Node::m>().optional().length(0, 8);
  rules.at<&Node::j>().optional();
  rules.at<&Node::i>().range(-1000, 1000000);
  rules.at<&Node::s>().length(0, 40);
}

struct Query {
  std::optional<std::int64_t> i;
  std::optional<std::string> s;
  std::optional<std::vector<double>> l;
  std::optional<Kind> k;
  bool b = false;
};
BOOST_DESCRIBE_STRUCT(Query, (), (i, s, l, k, b))

void hold(bool condition) {
  if (!condition) std::abort();
}

template <class T>
std::optional<T> parsed(std::string_view text) {
  try {
    return calixo::parse_json<T>(text, "es");
  } catch (const calixo::Problem& problem) {
    hold(problem.http_status() == 400 || problem.http_status() == 422);
    hold(problem.errors().size() <= calixo::detail::FieldErrors::kCountMax);
    return std::nullopt;
  }
}

template <class T>
void hold_fixed_point(std::string_view text) {
  const std::optional<T> first = parsed<T>(text);
  if (!first) return;
  const std::string once = calixo::to_json(*first);
  const std::optional<T> second = parsed<T>(once);
  hold(second.has_value());
  hold(calixo::to_json(*second) == once);
}

// What the reader takes as JSON, another parser takes as well.
void hold_agreement(std::string_view text) {
  try {
    calixo::detail::JsonReader reader(text);
    reader.skip();
    reader.finish();
  } catch (const calixo::detail::MalformedJson&) {
    return;
  }
  boost::json::error_code error;
  boost::json::parse({text.data(), text.size()}, error);
  hold(!error || error == boost::json::error::exponent_overflow);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  hold_fixed_point<Node>(text);
  hold_fixed_point<calixo::Json>(text);
  hold_agreement(text);
  try {
    calixo::parse_query<Query>(text);
  } catch (const calixo::Problem& problem) {
    hold(problem.http_status() == 422);
  }
  return 0;
}
