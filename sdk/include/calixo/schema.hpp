// JSON Schema (2020-12) of bindable types, from the same members and rules that the binding reads.
// [startup]
#pragma once

#include <calixo/detail/write_json.hpp>
#include <calixo/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace calixo {

// What a schema is for: a request's fields may be left out where they have a default, an answer's
// are always there, a query's parameters know no null.
enum class SchemaOf { request, response, query };

namespace detail {

// "Store" of "calixo::shop::Store", as the compiler spells the type.
template <class T>
constexpr std::string_view type_name() {
  constexpr std::string_view kFunction = __PRETTY_FUNCTION__;
  constexpr std::size_t kAt = kFunction.find("T = ") + 4;
  constexpr std::size_t kEnd = kFunction.find_first_of(";]", kAt);
  constexpr std::string_view kWhole = kFunction.substr(kAt, kEnd - kAt);
  constexpr std::size_t kColon = kWhole.rfind(':');
  return kColon == std::string_view::npos ? kWhole : kWhole.substr(kColon + 1);
}

class SchemaWriter {
 public:
  explicit SchemaWriter(SchemaOf purpose) : purpose_(purpose) {}

  template <Bindable T>
  void write(const Rule& rule, Place place = Place::field) {
    if constexpr (Optional<T>) return write_optional<typename T::value_type>(rule, place);
    open();
    words<T>(rule, place, false);
    close();
  }

  template <class T>
  void write_page() {
    out_ += R"({"type":"object","properties":{"items":{"type":"array","items":)";
    write<T>(kNoRule);
    out_ += R"(},"next":{"type":["string","null"],)"
            R"("description":"Cursor of the next page; null on the last"}},)"
            R"("required":["items","next"]})";
  }

  std::string take() { return std::move(out_); }

 private:
  void open() { out_ += '{'; }
  void close() {
    if (out_.back() == ',')
      out_.back() = '}';
    else
      out_ += '}';
  }
  // A member: its name, then its text, already JSON.
  void raw(std::string_view name, std::string_view json) {
    out_.append("\"").append(name).append("\":").append(json) += ',';
  }
  void text(std::string_view name, std::string_view value) {
    std::string json;
    append_text(json, value);
    raw(name, json);
  }
  void type(std::string_view name, bool is_nullable) {
    raw("type",
        is_nullable ? "[\"" + std::string(name) + "\",\"null\"]" : "\"" + std::string(name) + "\"");
  }

  template <Bindable T>
  void write_optional(const Rule& rule, Place place) {
    const bool is_nullable = purpose_ != SchemaOf::query;
    if constexpr (std::same_as<T, Json> || Optional<T>) {
      write<T>(rule, place);
    } else if constexpr (Described<T> || Map<T>) {
      if (!is_nullable) return write<T>(rule, place);
      out_ += R"({"anyOf":[)";
      write<T>(rule, place);
      out_ += R"(,{"type":"null"}]})";
    } else {
      open();
      words<T>(rule, place, is_nullable);
      close();
    }
  }

  template <Bindable T>
  void words(const Rule& rule, Place place, bool is_nullable) {
    if constexpr (std::same_as<T, Json>) {
      return;
    } else if constexpr (std::same_as<T, bool>) {
      type("boolean", is_nullable);
    } else if constexpr (Integer<T>) {
      type("integer", is_nullable);
      text("format", sizeof(T) == 8 ? "int64" : "int32");
      Rule bounds = rule;
      if (std::is_unsigned_v<T>) bounds.min = std::max(bounds.min, 0.0L);
      write_bounds(bounds);
    } else if constexpr (std::floating_point<T>) {
      type("number", is_nullable);
      text("format", "double");
      write_bounds(rule);
    } else if constexpr (List<T>) {
      write_list<T>(rule, is_nullable);
    } else if constexpr (Map<T>) {
      type("object", false);
      out_ += "\"additionalProperties\":";
      write<typename T::mapped_type>(rule, Place::item);
      out_ += ',';
    } else if constexpr (Described<T>) {
      write_object<T>();
    } else {
      write_text<T>(rule, place, is_nullable);
    }
  }

  void write_bounds(const Rule& rule) {
    std::string bound;
    if (!std::isinf(rule.min)) {
      append_bound(bound, rule.min);
      raw("minimum", bound);
    }
    if (!std::isinf(rule.max)) {
      bound.clear();
      append_bound(bound, rule.max);
      raw("maximum", bound);
    }
  }

  void write_lengths(std::size_t min, std::size_t max, std::string_view min_name,
                     std::string_view max_name) {
    if (min != 0) raw(min_name, std::to_string(min));
    if (max != std::numeric_limits<std::size_t>::max()) raw(max_name, std::to_string(max));
  }

  template <List T>
  void write_list(const Rule& rule, bool is_nullable) {
    type("array", is_nullable);
    write_lengths(rule.length_min, rule.length_max, "minItems", "maxItems");
    out_ += "\"items\":";
    write<typename T::value_type>(rule, Place::item);
    out_ += ',';
  }

  template <class Choices>
  void write_choices(const Choices& choices, bool is_nullable) {
    std::string list = "[";
    for (const auto& choice : choices) {
      append_text(list, choice);
      list += ',';
    }
    if (is_nullable) list += "null,";
    list.back() = ']';
    raw("enum", list);
  }

  template <class T>
  void write_text(const Rule& rule, Place place, bool is_nullable) {
    type("string", is_nullable);
    if constexpr (Enumeration<T>) {
      write_choices(EnumNames<T>::kNames, is_nullable);
    } else if constexpr (std::same_as<T, Timestamp>) {
      text("format", "date-time");
    } else if constexpr (std::same_as<T, Uuid>) {
      text("format", "uuid");
    } else {
      const bool is_item = place == Place::item;
      write_lengths(is_item ? rule.each_length_min : rule.length_min,
                    is_item ? rule.each_length_max : rule.length_max, "minLength", "maxLength");
      if (!rule.choices.empty()) write_choices(rule.choices, is_nullable);
      if (rule.format != Format::none) text("format", format_name(rule.format));
    }
  }

  static std::string_view format_name(Format format) {
    switch (format) {
      case Format::email:
        return "email";
      case Format::url:
        return "uri";
      case Format::uuid:
        return "uuid";
      case Format::date:
        return "date";
      default:
        return "date-time";
    }
  }

  template <Described T>
  void write_object() {
    const Shape<T>& of = shape<T>();
    const std::string_view title =
        of.rules.title().empty() ? type_name<T>() : std::string_view(of.rules.title());
    type("object", false);
    text("title", title);
    // A struct that holds itself: the inner one is any object.
    const void* const id = &of;
    if (std::find(open_.begin(), open_.end(), id) != open_.end()) return;
    open_.push_back(id);
    if (!of.rules.description().empty()) text("description", of.rules.description());
    out_ += "\"properties\":{";
    std::string required;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (write_property<T, I>(of.fields[I], required), ...);
    }
    (std::make_index_sequence<kMemberCount<T>>());
    close();
    out_ += ',';
    if (!required.empty()) {
      required.back() = ']';
      raw("required", "[" + required);
    }
    if (of.rules.is_closed() && purpose_ != SchemaOf::response)
      raw("additionalProperties", "false");
    open_.pop_back();
  }

  template <Described T, std::size_t I>
  void write_property(const Field& field, std::string& required) {
    using Value = MemberType<T, I>;
    out_ += field.key;
    write<Value>(*field.rule);
    annotate<T, I>(field);
    out_ += ',';
    const bool is_listed =
        purpose_ == SchemaOf::response ? !field.rule->omits_empty : field.is_required;
    if (is_listed) required.append(field.key, 0, field.key.size() - 1) += ',';
  }

  // Adds description and default to the schema just written.
  template <Described T, std::size_t I>
  void annotate(const Field& field) {
    out_.pop_back();
    if (out_.back() != '{') out_ += ',';
    if (!field.rule->description.empty()) text("description", field.rule->description);
    if constexpr (!Optional<MemberType<T, I>> && !Described<MemberType<T, I>>) {
      if (purpose_ != SchemaOf::response && !field.is_required) {
        const auto made = std::make_unique<T>();
        out_ += "\"default\":";
        write_json(out_, made.get()->*MemberAt<T, I>::pointer);
        out_ += ',';
      }
    }
    close();
  }

  SchemaOf purpose_;
  std::string out_;
  std::vector<const void*> open_;
};

}  // namespace detail

// The schema as JSON text. Structs stand inline, with their name as "title".
template <detail::Bindable T>
std::string json_schema(SchemaOf purpose) {
  detail::SchemaWriter writer(purpose);
  writer.write<T>(detail::kNoRule);
  return writer.take();
}

}  // namespace calixo
