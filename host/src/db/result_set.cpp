#include <libpq-fe.h>

#include <charconv>
#include <utility>

#include "db/database.hpp"

namespace calixo::host {
namespace {

std::string_view error_field(const PGresult* result, int field) {
  const char* text = result == nullptr ? nullptr : PQresultErrorField(result, field);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace

ResultSet::ResultSet(ResultSet&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}

ResultSet& ResultSet::operator=(ResultSet&& other) noexcept {
  if (this != &other) {
    PQclear(result_);
    result_ = std::exchange(other.result_, nullptr);
  }
  return *this;
}

ResultSet::~ResultSet() { PQclear(result_); }

std::size_t ResultSet::row_count() const { return static_cast<std::size_t>(PQntuples(result_)); }

std::size_t ResultSet::column_count() const { return static_cast<std::size_t>(PQnfields(result_)); }

std::string_view ResultSet::column_name(std::size_t column) const {
  const char* name = PQfname(result_, static_cast<int>(column));
  return name == nullptr ? std::string_view() : std::string_view(name);
}

std::optional<std::string_view> ResultSet::value(std::size_t row, std::size_t column) const {
  if (row >= row_count() || column >= column_count()) return std::nullopt;
  const int at_row = static_cast<int>(row);
  const int at_column = static_cast<int>(column);
  if (PQgetisnull(result_, at_row, at_column) != 0) return std::nullopt;
  return std::string_view(PQgetvalue(result_, at_row, at_column),
                          static_cast<std::size_t>(PQgetlength(result_, at_row, at_column)));
}

std::int64_t ResultSet::affected_rows() const {
  if (result_ == nullptr) return 0;
  const std::string_view text = PQcmdTuples(result_);
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

bool ResultSet::failed() const {
  return result_ != nullptr && PQresultStatus(result_) == PGRES_FATAL_ERROR;
}

std::string_view ResultSet::sqlstate() const { return error_field(result_, PG_DIAG_SQLSTATE); }

std::string_view ResultSet::error_message() const {
  return error_field(result_, PG_DIAG_MESSAGE_PRIMARY);
}

std::string_view ResultSet::constraint() const {
  return error_field(result_, PG_DIAG_CONSTRAINT_NAME);
}

std::string_view ResultSet::detail() const { return error_field(result_, PG_DIAG_MESSAGE_DETAIL); }

}  // namespace calixo::host
