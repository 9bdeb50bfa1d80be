#include "runtime/fiber_stack.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include "runtime/sanitizers.hpp"

namespace calixo::host {
namespace {

std::size_t whole_pages(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

}  // namespace

FiberStack::~FiberStack() {
  if (bottom_ == nullptr) return;
  sanitizers::forget_stack(bottom_, bytes_);
  ::munmap(static_cast<std::byte*>(bottom_) - kGuardBytes, bytes_ + kGuardBytes);
}

bool FiberStack::map(std::size_t bytes) {
  const std::size_t usable = whole_pages(bytes);
  void* const base = ::mmap(nullptr, usable + kGuardBytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (base == MAP_FAILED) return false;
  if (::mprotect(base, kGuardBytes, PROT_NONE) != 0) {
    ::munmap(base, usable + kGuardBytes);
    return false;
  }
  bottom_ = static_cast<std::byte*>(base) + kGuardBytes;
  bytes_ = usable;
  return true;
}

void FiberStack::trim(std::size_t keep_bytes) {
  const std::size_t kept = whole_pages(keep_bytes);
  if (kept < bytes_) ::madvise(bottom_, bytes_ - kept, MADV_DONTNEED);
}

bool FiberStack::guards(const void* address) const {
  const auto* const at = static_cast<const std::byte*>(address);
  const auto* const end = static_cast<const std::byte*>(bottom_);
  return end != nullptr && at >= end - kGuardBytes && at < end;
}

}  // namespace calixo::host
