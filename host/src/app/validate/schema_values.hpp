// Values for a JSON Schema (the words that the SDK writes), right or wrong in one way. Pure: the
// same random engine gives the same values on every machine.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace calixo::host {

// SplitMix64 (Steele, Lea, Flood 2014): small, and its whole state is the seed.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
  bool one_in(std::uint64_t count) { return below(count) == 0; }

 private:
  std::uint64_t state_;
};

// A value that the schema allows.
boost::json::value valid_value(const boost::json::value& schema, Chance& chance);
// At or just beyond a bound the schema has, or a value at which programs are known to fail.
boost::json::value boundary_value(const boost::json::value& schema, Chance& chance);
// A value of some other type.
boost::json::value foreign_value(Chance& chance);

// Where `value` is not what the schema says: "items[0].id: not an integer"; empty: it is.
std::string mismatch(const boost::json::value& schema, const boost::json::value& value,
                     const std::string& path = {});

}  // namespace calixo::host
