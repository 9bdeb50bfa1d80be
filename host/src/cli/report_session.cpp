#include "cli/report_session.hpp"

#include <Poco/Data/PostgreSQL/Connector.h>
#include <Poco/Data/RecordSet.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/NumberParser.h>
#include <libpq-fe.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <utility>

namespace calixo::host {
namespace {

constexpr const char* kConnectTimeoutS = "10";

using ConnectionOptions = std::vector<std::pair<PQconninfoOption, std::string>>;

// libpq's own reading of the string, so that all that it takes is taken here.
ConnectionOptions parse(const std::string& url) {
  char* fault = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(url.c_str(), &fault), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> owned_fault(fault, &PQfreemem);
  // libpq's text may quote the string, and so a password.
  if (!options) throw ReportError("the database's URL is malformed; correct database.url");
  ConnectionOptions given;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr || *option->val == '\0') continue;
    given.emplace_back(*option, option->val);
  }
  return given;
}

// Variables that libpq reads, set for the length of a connection's opening.
class ScopedEnvironment {
 public:
  ScopedEnvironment() = default;
  ~ScopedEnvironment() {
    for (const auto& [name, before] : before_) {
      // NOLINTBEGIN(concurrency-mt-unsafe): the caller has one thread
      if (before) {
        ::setenv(name.c_str(), before->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
      // NOLINTEND(concurrency-mt-unsafe)
    }
  }
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

  void set(const char* name, const std::string& value) {
    // NOLINTBEGIN(concurrency-mt-unsafe): the caller has one thread
    const char* const before = std::getenv(name);
    before_.emplace_back(name, before ? std::optional<std::string>(before) : std::nullopt);
    ::setenv(name, value.c_str(), 1);
    // NOLINTEND(concurrency-mt-unsafe)
  }

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

std::string escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '\'' || c == '\t' || c == '\n' || c == '\r') text += '\\';
    text += c;
  }
  return text;
}

// Poco 1.11 splits its connection string at each blank, quoted or not: values with blanks go
// through libpq's variables.
std::string poco_connection_string(const ConnectionOptions& options, ScopedEnvironment& variables) {
  std::string text = std::string("connect_timeout=") + kConnectTimeoutS;
  for (const auto& [option, value] : options) {
    if (value.find(' ') == std::string::npos) {
      text += std::string(" ") + option.keyword + "=" + escaped(value);
    } else if (option.envvar != nullptr) {
      variables.set(option.envvar, value);
    } else {
      throw ReportError(std::string("the database's URL has a blank in ") + option.keyword +
                        ", which reports can't use; write it without");
    }
  }
  return text;
}

std::string without_password(std::string text, const ConnectionOptions& options) {
  for (const auto& [option, value] : options) {
    if (std::string_view(option.keyword) != "password") continue;
    for (std::size_t at; (at = text.find(value)) != std::string::npos;) {
      text.replace(at, value.size(), "***");
      if (value == "***") break;
    }
  }
  return text;
}

using Types = std::vector<Poco::Data::MetaColumn::ColumnDataType>;

Cell to_cell(const Poco::Data::RecordSet& rows, std::size_t column, std::size_t row,
             Poco::Data::MetaColumn::ColumnDataType type) {
  using Poco::Data::MetaColumn;
  if (rows.isNull(column, row)) return {};
  const auto text = rows.value(column, row).convert<std::string>();
  switch (type) {
    case MetaColumn::FDT_BOOL:
      return text == "true";
    case MetaColumn::FDT_INT16:
    case MetaColumn::FDT_INT32:
    case MetaColumn::FDT_INT64:
      return std::int64_t(Poco::NumberParser::parse64(text));
    case MetaColumn::FDT_FLOAT:
    case MetaColumn::FDT_DOUBLE:
      return std::strtod(text.c_str(), nullptr);  // also PostgreSQL's NaN and Infinity
    default:
      return text;
  }
}

// As a subquery: without the semicolons at its end, and whatever comment ends it.
std::string subquery(std::string_view sql) {
  const std::size_t last = sql.find_last_not_of("; \t\r\n");
  return "(" + std::string(sql.substr(0, last + 1)) + "\n) as report";
}

// Poco 1.11 answers an empty text for a uuid and cuts times to seconds, so every column is read as
// PostgreSQL's text. Columns are named by place: a query may have two of one name.
std::string as_texts(std::string_view sql, std::size_t columns) {
  std::string wanted, names;
  for (std::size_t i = 0; i < columns; ++i) {
    const std::string name = "c" + std::to_string(i);
    wanted += (i == 0 ? "report." : ", report.") + name + "::text";
    names += (i == 0 ? "" : ", ") + name;
  }
  return "select " + wanted + " from " + subquery(sql) + "(" + names + ")";
}

void run(Poco::Data::Statement& statement, const std::string& sql,
         const std::vector<std::string>& parameters) {
  statement << sql;
  for (const std::string& parameter : parameters) {
    statement.addBind(Poco::Data::Keywords::useRef(parameter));
  }
  statement.execute();
}

// Throws where no connection can be had. Poco 1.11 never frees a connection that failed, so it must
// not come to that there.
void must_connect(const std::string& url, const ConnectionOptions& options) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()),
                                                                &PQfinish);
  if (PQstatus(connection.get()) == CONNECTION_OK) return;
  std::string reason = PQerrorMessage(connection.get());
  reason.erase(reason.find_last_not_of(" \n") + 1);
  throw ReportError("no connection to the database: " + without_password(reason, options));
}

}  // namespace

struct ReportSession::Impl {
  ConnectionOptions options;
  std::unique_ptr<Poco::Data::Session> session;
};

ReportSession::ReportSession(const std::string& url) : impl_(std::make_unique<Impl>()) {
  static std::once_flag registered;
  std::call_once(registered, [] { Poco::Data::PostgreSQL::Connector::registerConnector(); });
  impl_->options = parse(url);
  must_connect(url, impl_->options);
  ScopedEnvironment variables;
  try {
    impl_->session = std::make_unique<Poco::Data::Session>(
        Poco::Data::PostgreSQL::Connector::KEY, poco_connection_string(impl_->options, variables));
  } catch (const Poco::Exception& error) {
    throw ReportError("no connection to the database: " +
                      without_password(error.displayText(), impl_->options));
  }
}

ReportSession::~ReportSession() = default;

Table ReportSession::query(std::string_view sql, const std::vector<std::string>& parameters) {
  try {
    Poco::Data::Statement described(*impl_->session);
    run(described, "select * from " + subquery(sql) + " limit 0", parameters);
    const Poco::Data::RecordSet description(described);
    Table table;
    Types types;
    for (std::size_t i = 0; i < description.columnCount(); ++i) {
      table.columns.push_back({description.columnName(i)});
      types.push_back(description.columnType(i));
    }
    Poco::Data::Statement asked(*impl_->session);
    run(asked, as_texts(sql, types.size()), parameters);
    const Poco::Data::RecordSet rows(asked);
    for (std::size_t row = 0; row < rows.rowCount(); ++row) {
      std::vector<Cell>& cells = table.rows.emplace_back();
      for (std::size_t i = 0; i < types.size(); ++i) {
        cells.push_back(to_cell(rows, i, row, types[i]));
      }
    }
    return table;
  } catch (const Poco::Exception& error) {
    throw ReportError(without_password(error.displayText(), impl_->options));
  }
}

void ReportSession::execute(std::string_view sql, const std::vector<std::string>& parameters) {
  try {
    Poco::Data::Statement statement(*impl_->session);
    run(statement, std::string(sql), parameters);
  } catch (const Poco::Exception& error) {
    throw ReportError(without_password(error.displayText(), impl_->options));
  }
}

}  // namespace calixo::host
