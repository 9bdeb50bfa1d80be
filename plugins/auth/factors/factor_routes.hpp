// Second factors in the wire format of Supabase Auth.
#pragma once

#include <calixo/plugin.hpp>

#include "factors/factor_service.hpp"

namespace calixo::auth {

struct FactorId {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(FactorId, (), (id))

class FactorRoutes {
 public:
  FactorRoutes(Plugin& plugin, const FactorService& factors);

 private:
  Reply enroll(Context& context, const EnrollRequest& wanted) const;
  Challenged challenge(Context& context) const;
  Reply verify(Context& context, const FactorProof& given) const;
  FactorId remove(Context& context) const;

  const FactorService& factors_;
};

}  // namespace calixo::auth
