// A move-only void() that keeps captures of up to 48 bytes inline, so that posting and spawning
// allocate nothing. Moving one is as thread-safe as moving what it captures.
#pragma once

#include <cstddef>
#include <functional>
#include <new>
#include <type_traits>
#include <utility>

namespace calixo::host {

class Task {
 public:
  Task() = default;
  Task(std::nullptr_t) {}

  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, Task> &&
           std::is_invocable_v<std::decay_t<Callable>&>) Task(Callable&& callable) {
    using Held = std::decay_t<Callable>;
    if constexpr (std::is_constructible_v<bool, const Held&> && !std::is_empty_v<Held>) {
      if (!static_cast<bool>(callable)) return;  // an empty function makes an empty task
    }
    if constexpr (fits<Held>) {
      ::new (static_cast<void*>(buffer_)) Held(std::forward<Callable>(callable));
      operations_ = &kInline<Held>;
    } else {
      ::new (static_cast<void*>(buffer_)) Held*(new Held(std::forward<Callable>(callable)));
      operations_ = &kAllocated<Held>;
    }
  }

  Task(Task&& other) noexcept { take(other); }
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~Task() { reset(); }

  explicit operator bool() const { return operations_ != nullptr; }

  // Must not be empty.
  void operator()() const { operations_->call(buffer_); }

 private:
  static constexpr std::size_t kInlineBytes = 48;

  struct Operations {
    void (*call)(void* held);
    void (*relocate)(void* from, void* to);
    void (*destroy)(void* held);
  };

  template <class Held>
  static constexpr bool fits =
      sizeof(Held) <= kInlineBytes &&
      alignof(Held) <= alignof(std::max_align_t) && std::is_nothrow_move_constructible_v<Held>;

  template <class Held>
  static constexpr Operations kInline{[](void* held) { std::invoke(*static_cast<Held*>(held)); },
                                      [](void* from, void* to) {
                                        ::new (to) Held(std::move(*static_cast<Held*>(from)));
                                        static_cast<Held*>(from)->~Held();
                                      },
                                      [](void* held) { static_cast<Held*>(held)->~Held(); }};

  template <class Held>
  static constexpr Operations kAllocated{
      [](void* held) { std::invoke(**static_cast<Held**>(held)); },
      [](void* from, void* to) { ::new (to) Held*(*static_cast<Held**>(from)); },
      [](void* held) { delete *static_cast<Held**>(held); }};

  void take(Task& other) noexcept {
    if (other.operations_ == nullptr) return;
    other.operations_->relocate(other.buffer_, buffer_);
    operations_ = std::exchange(other.operations_, nullptr);
  }
  void reset() noexcept {
    if (operations_ != nullptr) std::exchange(operations_, nullptr)->destroy(buffer_);
  }

  const Operations* operations_ = nullptr;
  alignas(std::max_align_t) mutable std::byte buffer_[kInlineBytes];
};

}  // namespace calixo::host
