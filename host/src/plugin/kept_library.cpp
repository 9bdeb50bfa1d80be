#include "plugin/kept_library.hpp"

#include <deque>

namespace calixo::host {

const boost::dll::shared_library* open_for_good(const std::string& file,
                                                boost::system::error_code& failure) {
  // Never destroyed: the destructor of a shared_library would close it.
  static auto& kept = *new std::deque<boost::dll::shared_library>;
  namespace dll = boost::dll;
  dll::shared_library& library = kept.emplace_back();
  library.load(file, failure, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  return failure ? nullptr : &library;
}

}  // namespace calixo::host
