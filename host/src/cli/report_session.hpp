// A database session for operators' reports: synchronous and tabular, by Poco::Data. Not for
// requests, whose statements go through db/.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cli/table.hpp"

namespace calixo::host {

// What went wrong, in PostgreSQL's words; never holds the URL's password.
class ReportError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ReportSession {
 public:
  // Any connection string that libpq takes, URL or key=value. Throws ReportError. Called while the
  // process has one thread: values with blanks pass through the environment.
  explicit ReportSession(const std::string& url);
  ~ReportSession();

  // Runs one SELECT (or WITH, VALUES); parameters stand at $1, $2 ... as text. Columns have the
  // query's names; whole numbers, numbers (numeric as double) and booleans keep their kind, all
  // else comes as PostgreSQL's text. Throws ReportError.
  Table query(std::string_view sql, const std::vector<std::string>& parameters = {});
  // Runs one statement that answers no rows. Throws ReportError.
  void execute(std::string_view sql, const std::vector<std::string>& parameters = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
