// The one translation unit of Boost.JSON in a library or program that uses the SDK.
#include <boost/json/src.hpp>
