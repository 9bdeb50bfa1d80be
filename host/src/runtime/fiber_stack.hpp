// The memory a fiber runs on: committed page by page as it is touched, with a guard below.
#pragma once

#include <cstddef>

namespace calixo::host {

class FiberStack {
 public:
  // Wide enough that a frame with a large buffer doesn't leap over it into the neighbour.
  static constexpr std::size_t kGuardBytes = 64 * 1024;

  FiberStack() = default;
  ~FiberStack();
  FiberStack(const FiberStack&) = delete;
  FiberStack& operator=(const FiberStack&) = delete;

  // False where the system has no more mappings or memory. Once.
  bool map(std::size_t bytes);

  // Gives back what lies more than keep_bytes below the top. Nothing may be stored there.
  void trim(std::size_t keep_bytes);

  void* top() const { return static_cast<std::byte*>(bottom_) + bytes_; }
  void* bottom() const { return bottom_; }
  std::size_t bytes() const { return bytes_; }
  bool guards(const void* address) const;

 private:
  void* bottom_ = nullptr;  // lowest usable byte, above the guard
  std::size_t bytes_ = 0;
};

}  // namespace calixo::host
