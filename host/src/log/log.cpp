#include "log/log.hpp"

#include <poll.h>
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "log/line.hpp"

namespace calixo::host::log {
namespace {

// Writes whole lines to a descriptor. On spdlog's thread, which alone may wait for a slow reader.
class DescriptorSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}

  static void write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
      if (count > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno == EAGAIN) {  // shared with somebody who made it non-blocking
        pollfd waiting{descriptor, POLLOUT, 0};
        ::poll(&waiting, 1, -1);
      } else if (errno != EINTR) {
        return;  // nobody is left to tell
      }
    }
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line(message.payload.data(), message.payload.size());
    line += '\n';
    write_all(descriptor_, line);
  }
  void flush_() override {}

 private:
  int descriptor_;
};

// How lines look; fixed between start and stop.
struct Look {
  int descriptor = STDERR_FILENO;
  bool is_json = false;
  bool has_colours = false;

  std::string format(const Line& line) const {
    return is_json ? json_line(line) : text_line(line, has_colours);
  }
};

Look look_of(const Options& options) {
  const bool is_terminal = ::isatty(options.descriptor) == 1;
  Look look;
  look.descriptor = options.descriptor;
  look.is_json = options.format == "json" || (options.format != "text" && !is_terminal);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
  look.has_colours = !look.is_json && is_terminal && std::getenv("NO_COLOR") == nullptr;
  return look;
}

// Created by start, gone after stop; writers hold the lock shared for the length of one call.
struct Running {
  Look look;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

struct Log {
  std::atomic<Level> level{Level::info};
  std::shared_mutex mutex;  // guards running; never held across a suspension
  std::unique_ptr<Running> running;
  std::atomic<std::uint64_t> dropped_before{0};  // by earlier starts
};

// Never destroyed: threads may write while the process ends.
Log& the_log() {
  static Log* const log = new Log;
  return *log;
}

void write_now(const Look& look, const Line& line) {
  DescriptorSink::write_all(look.descriptor, look.format(line) + '\n');
}

}  // namespace

void start(const Options& options) {
  stop();
  auto running = std::make_unique<Running>();
  running->look = look_of(options);
  running->pool = std::make_shared<spdlog::details::thread_pool>(options.queue_length_max, 1);
  running->logger = std::make_shared<spdlog::async_logger>(
      "calixo", std::make_shared<DescriptorSink>(options.descriptor), running->pool,
      spdlog::async_overflow_policy::overrun_oldest);
  running->logger->set_level(spdlog::level::trace);  // is_enabled decides
  the_log().level = options.level;
  const std::unique_lock lock(the_log().mutex);
  the_log().running = std::move(running);
}

void stop() {
  std::unique_ptr<Running> ended;
  {
    const std::unique_lock lock(the_log().mutex);
    ended = std::move(the_log().running);
  }
  if (!ended) return;
  const std::uint64_t dropped = ended->pool->overrun_counter();
  the_log().dropped_before += dropped;
  const Look look = ended->look;
  ended.reset();  // the pool's end writes what is queued
  if (dropped == 0) return;
  const Field count("count", dropped);
  write_now(look,
            {std::chrono::system_clock::now(), Level::warn, "log lines dropped", {&count, 1}});
}

bool is_enabled(Level level) { return level >= the_log().level.load(std::memory_order_relaxed); }

void write(Level level, std::string_view event, std::span<const Field> fields) {
  const Line line{std::chrono::system_clock::now(), level, event, fields};
  Log& log = the_log();
  const std::shared_lock lock(log.mutex);
  if (log.running) {
    log.running->logger->log(spdlog::level::info, log.running->look.format(line));
  } else {
    write_now(look_of({}), line);
  }
}

std::uint64_t dropped_count() {
  Log& log = the_log();
  const std::shared_lock lock(log.mutex);
  const std::uint64_t present = log.running ? log.running->pool->overrun_counter() : 0;
  return log.dropped_before + present;
}

}  // namespace calixo::host::log
