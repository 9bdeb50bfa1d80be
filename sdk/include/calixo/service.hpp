// What plugins owe each other: interface tables of function pointers, found by id.
#pragma once

#include <string>

namespace calixo {

// Whether the plugin starts where nobody offers a service.
enum class Need { required, optional };

namespace detail {
struct NeedRecord {
  std::string id;
  bool is_required = true;
  const void* table = nullptr;  // from start on
};
}  // namespace detail

// A service asked for by id. A small value: copy it.
template <class Table>
class Needed {
 public:
  Needed() = default;
  // Made by Plugin::need().
  explicit Needed(const detail::NeedRecord& record) : record_(&record) {}
  // The table; nullptr before start, and where an optional service has no owner. [any-thread]
  const Table* get() const {
    return record_ == nullptr ? nullptr : static_cast<const Table*>(record_->table);
  }
  // Whether the table is there.
  explicit operator bool() const { return get() != nullptr; }
  // The table's members; only where it is there.
  const Table* operator->() const { return get(); }

 private:
  const detail::NeedRecord* record_ = nullptr;
};

}  // namespace calixo
