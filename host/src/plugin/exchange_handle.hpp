// What a calixo_exchange is on the host's side: the exchange, and the views the ABI asks for.
// Lives on the stack of the fiber or worker thread that runs the handler.
#pragma once

#include <calixo/abi/exchange.h>

#include "http/exchange.hpp"

struct calixo_exchange {
  explicit calixo_exchange(calixo::host::Exchange& of);

  calixo::host::Exchange& exchange;
  calixo_principal principal;
};
