// Libraries stay mapped to the end of the process, whatever becomes of the plugin in them: a
// thread, a thread_local's destructor or a pointer that somebody kept may lead into them at any
// time. This is the one place that holds one, and it never lets go.
#pragma once

#include <boost/dll/shared_library.hpp>
#include <string>
#include <system_error>

namespace calixo::host {

// RTLD_NOW | RTLD_LOCAL: a missing symbol shows here, not in the middle of a request. nullptr where
// it can't be opened; then `failure` says why. [startup]
const boost::dll::shared_library* open_for_good(const std::string& file,
                                                boost::system::error_code& failure);

}  // namespace calixo::host
