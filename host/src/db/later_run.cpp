#include "db/later_run.hpp"

#include <optional>

#include "db/array_text.hpp"

namespace calixo::host {

LaterRows::LaterRows(const StatementContext& context, const Statement& first)
    : context_(context), sql_(first.sql), columns_(first.parameters.size()) {
  add(first);
}

bool LaterRows::takes(const StatementContext& context, const Statement& row) const {
  return sql_ == row.sql && columns_.size() == row.parameters.size() && context_.view() == context;
}

bool LaterRows::add(const Statement& row) {
  if (size_ >= kMax) return false;
  for (std::size_t i = 0; i < columns_.size(); ++i) append_element(columns_[i], row.parameters[i]);
  ++size_;
  return true;
}

std::unique_ptr<LaterRun> LaterRows::to_run() const {
  std::vector<std::string> arrays;
  for (const std::string& column : columns_) arrays.push_back(column + "}");
  const std::vector<std::optional<std::string_view>> parameters(arrays.begin(), arrays.end());
  const Statement whole{sql_, parameters};
  return std::make_unique<LaterRun>(context_.view(), std::span(&whole, 1));
}

}  // namespace calixo::host
