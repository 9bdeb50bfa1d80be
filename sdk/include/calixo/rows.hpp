// What a statement answered: rows by column name, as values or as described structs.
// Not thread-safe. Views of text live as long as the Rows they came from.
#pragma once

#include <calixo/detail/abi.hpp>
#include <calixo/detail/sql_values.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo {

class Rows;

// One row. Good as long as its Rows. [any-thread]
class Row {
 public:
  // Made by Rows.
  Row(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}

  // The column's value. Throws std::logic_error where there is no such column, where it is NULL and
  // T is no std::optional, or where its text is no T (a json column reads into described structs,
  // maps and Json; an array into std::vector; std::string_view is good as long as the Rows).
  template <class T>
  T get(std::string_view column) const;
  // Whether the column is NULL; throws std::logic_error where there is none.
  bool is_null(std::string_view column) const;
  // Into a described struct, by member name (or the name its rule gives). A column may be missing
  // or NULL where the member is optional.
  template <detail::Described T>
  T as() const;

 private:
  const Rows* rows_;
  std::size_t index_;
};

// All rows of one answer; released when it goes.
class Rows {
 public:
  Rows() = default;
  // Made by Database.
  Rows(const calixo_db_v1* db, calixo_result* result) : db_(db), result_(result) {}
  // The other is empty afterwards.
  Rows(Rows&& other) noexcept : db_(other.db_), result_(std::exchange(other.result_, nullptr)) {}
  // Swaps the two.
  Rows& operator=(Rows&& other) noexcept {
    std::swap(db_, other.db_);
    std::swap(result_, other.result_);
    return *this;
  }
  ~Rows() {
    if (result_ != nullptr) db_->release(result_);
  }

  // How many rows came.
  std::size_t size() const { return result_ == nullptr ? 0 : db_->row_count(result_); }
  // Whether none came.
  bool empty() const { return size() == 0; }
  // How many rows the statement wrote.
  std::int64_t affected() const { return result_ == nullptr ? 0 : db_->affected_rows(result_); }

  // Throws std::out_of_range past the last.
  Row operator[](std::size_t index) const {
    if (index >= size()) throw std::out_of_range("no row " + std::to_string(index));
    return Row(*this, index);
  }

  // Every row as a described struct.
  template <detail::Described T>
  std::vector<T> as() const;
  // The first row as a described struct; nothing where there is none.
  template <detail::Described T>
  std::optional<T> first() const {
    if (empty()) return std::nullopt;
    return (*this)[0].template as<T>();
  }

  // For range-for over Row values.
  class Iterator {
   public:
    // Made by begin() and end().
    Iterator(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
    // The row it stands at.
    Row operator*() const { return Row(*rows_, index_); }
    // The next row.
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    // The same place.
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Rows* rows_;
    std::size_t index_;
  };
  // The first row.
  Iterator begin() const { return {*this, 0}; }
  // Past the last row.
  Iterator end() const { return {*this, size()}; }

  // The place of a column; kNoColumn where there is none.
  static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);
  // By its name, as the statement gives it.
  std::size_t column(std::string_view name) const {
    const std::size_t count = result_ == nullptr ? 0 : db_->column_count(result_);
    for (std::size_t i = 0; i < count; ++i) {
      if (detail::view(db_->column_name(result_, i)) == name) return i;
    }
    return kNoColumn;
  }
  // The text of a value; {nullptr, 0} where it is NULL.
  calixo_str value(std::size_t row, std::size_t column) const {
    return db_->value(result_, row, column);
  }

 private:
  const calixo_db_v1* db_ = nullptr;
  calixo_result* result_ = nullptr;
};

namespace detail {

template <class T>
T value_of(calixo_str text, std::string_view column) {
  if constexpr (Optional<T>) {
    if (text.data == nullptr) return std::nullopt;
    return value_of<typename T::value_type>(text, column);
  } else if constexpr (std::same_as<T, Json>) {
    Json value;
    if (text.data != nullptr) read_sql(view(text), value, column);
    return value;
  } else {
    if (text.data == nullptr) misfit(column, "allowed to be NULL");
    if constexpr (std::same_as<T, std::string_view>)
      return view(text);
    else {
      T value{};
      read_sql(view(text), value, column);
      return value;
    }
  }
}

// Fills described structs from rows; the columns' places are looked up once.
template <Described T>
class RowMapper {
 public:
  explicit RowMapper(const Rows& rows) : rows_(rows) {
    for (std::size_t i = 0; i < kMemberCount<T>; ++i) {
      const Field& field = shape_.fields[i];
      columns_[i] = rows.column(field.name);
      if (columns_[i] == Rows::kNoColumn && field.is_required) {
        throw std::logic_error("the statement has no column " + std::string(field.name));
      }
    }
  }
  T map(std::size_t row) const {
    T value{};
    [&]<std::size_t... I>(std::index_sequence<I...>) { (map_member<I>(row, value), ...); }
    (std::make_index_sequence<kMemberCount<T>>());
    return value;
  }

 private:
  template <std::size_t I>
  void map_member(std::size_t row, T& into) const {
    using Value = MemberType<T, I>;
    if (columns_[I] == Rows::kNoColumn) return;
    const Field& field = shape_.fields[I];
    const calixo_str text = rows_.value(row, columns_[I]);
    if (text.data == nullptr && !field.is_required) return;
    into.*MemberAt<T, I>::pointer = value_of<Value>(text, field.name);
  }

  const Rows& rows_;
  const Shape<T>& shape_ = shape<T>();
  std::array<std::size_t, kMemberCount<T> + 1> columns_{};
};

}  // namespace detail

template <class T>
T Row::get(std::string_view column) const {
  const std::size_t at = rows_->column(column);
  if (at == Rows::kNoColumn) {
    throw std::logic_error("the statement has no column " + std::string(column));
  }
  return detail::value_of<T>(rows_->value(index_, at), column);
}

inline bool Row::is_null(std::string_view column) const {
  return !get<std::optional<std::string_view>>(column);
}

template <detail::Described T>
T Row::as() const {
  return detail::RowMapper<T>(*rows_).map(index_);
}

template <detail::Described T>
std::vector<T> Rows::as() const {
  const detail::RowMapper<T> mapper(*this);
  std::vector<T> all;
  all.reserve(size());
  for (std::size_t row = 0; row < size(); ++row) all.push_back(mapper.map(row));
  return all;
}

}  // namespace calixo
