#include "app/validate/check_report.hpp"

#include <unistd.h>

#include <boost/json.hpp>

namespace calixo::host {

namespace json = boost::json;

void CheckReport::send(const json::value& line) {
  const std::string text = json::serialize(line) + "\n";
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t size = ::write(descriptor_, rest.data(), rest.size());
    if (size <= 0) ::_exit(kExitAbandoned);  // the command has gone
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
}

void CheckReport::begin_case(std::string_view subject, std::string_view detail) {
  send({{"case", subject}, {"detail", detail}});
}

void CheckReport::finding(const CheckFinding& finding) {
  send({{"finding", finding.cause},
        {"subject", finding.subject},
        {"way_out", finding.way_out},
        {"warning", finding.is_warning}});
}

void CheckReport::summary(std::string_view text) { send({{"summary", text}}); }

void CheckReport::fact(std::string_view name, json::value value) {
  json::object line;
  line["fact"] = name;
  line["value"] = std::move(value);
  send(line);
}

void CheckReport::end() { send({{"end", true}}); }

void CheckReport::abandon() { ::_exit(kExitAbandoned); }

namespace {

std::string text_of(const json::object& line, std::string_view name) {
  const json::value* value = line.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

void CheckTold::take(std::string_view text) {
  boost::system::error_code fault;
  const json::value parsed = json::parse(text, fault);
  if (fault || !parsed.is_object()) return;
  const json::object& line = parsed.get_object();
  if (line.contains("case")) {
    subject = text_of(line, "case");
    detail = text_of(line, "detail");
  } else if (line.contains("finding")) {
    const json::value* warning = line.if_contains("warning");
    findings.push_back({text_of(line, "subject"), text_of(line, "finding"),
                        text_of(line, "way_out"),
                        warning != nullptr && warning->is_bool() && warning->get_bool()});
  } else if (line.contains("summary")) {
    summary = text_of(line, "summary");
  } else if (line.contains("fact") && line.contains("value")) {
    facts[text_of(line, "fact")] = line.at("value");
  } else if (line.contains("end")) {
    has_ended = true;
  }
}

}  // namespace calixo::host
