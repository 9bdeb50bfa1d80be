#include "db/remote_call.hpp"

#include <atomic>
#include <memory>
#include <utility>

namespace calixo::host {
namespace {

struct Call {
  Call(std::function<DbStatus()> to_do, Completion::Handle when_done)
      : work(std::move(to_do)), done(std::move(when_done)) {}
  std::function<DbStatus()> work;
  Completion::Handle done;
  std::atomic<DbStatus> status{DbStatus::unavailable};
};

std::size_t bytes_of(std::span<const Statement> statements) {
  std::size_t bytes = 0;
  for (const Statement& statement : statements) {
    bytes += statement.sql.size();
    for (const auto& parameter : statement.parameters) bytes += parameter ? parameter->size() : 0;
  }
  return bytes;
}

}  // namespace

DbStatus call_remotely(LoopDatabase& target, std::function<DbStatus()> work) {
  Completion completion;
  auto call = std::make_shared<Call>(std::move(work), completion.handle());
  target.loop().post([call, loop = &target.loop()] {
    const auto body = [call] {
      call->status = call->work();
      call->done.complete();
    };
    if (loop->spawn(body) != nullptr) return;
    call->status = DbStatus::overloaded;
    call->done.complete();
  });
  // Longer than the work's own deadline: its answer tells more. A loop that ended never answers.
  const WaitStatus waited = completion.wait(Deadline::in(target.statement_deadline() * 2));
  if (waited == WaitStatus::ready) return call->status;
  return waited == WaitStatus::timed_out ? DbStatus::timed_out : DbStatus::cancelled;
}

RemoteRun::RemoteRun(const StatementContext& context, std::span<const Statement> statements)
    : context_(context) {
  text_.reserve(bytes_of(statements));  // never grows: views point into it
  const auto keep = [this](std::string_view view) {
    const std::size_t at = text_.size();
    text_.append(view);
    return std::string_view(text_).substr(at, view.size());
  };
  std::size_t parameter_count = 0;
  for (const Statement& statement : statements) parameter_count += statement.parameters.size();
  parameters_.reserve(parameter_count);
  statements_.reserve(statements.size());
  for (const Statement& statement : statements) {
    const std::size_t first = parameters_.size();
    for (const auto& parameter : statement.parameters) {
      parameters_.push_back(parameter ? std::optional(keep(*parameter)) : std::nullopt);
    }
    statements_.push_back(
        {keep(statement.sql), {parameters_.data() + first, statement.parameters.size()}});
  }
}

}  // namespace calixo::host
