-- Delivers each line of the file that EVENTS names, "signature body", once. BURST, the number of connections, lets it
-- end when all are delivered, else it ends by the clock.
local burst = tonumber(os.getenv("BURST"))
local lines = {}
local count, next_line, answered = 0, 0, 0

function init(args)
  for line in io.lines(os.getenv("EVENTS")) do
    local signature, body = line:match("^(%S+) (.+)$")
    count = count + 1
    lines[count] = wrk.format("POST", wrk.path, {
      ["Host"] = "127.0.0.1", ["Content-Type"] = "application/json; charset=utf-8",
      ["Stripe-Signature"] = signature, ["Content-Length"] = #body}, body)
  end
  if burst then
    response = function()
      answered = answered + 1
      if answered >= count + burst then os.exit(0) end -- stopping the thread would leave wrk waiting for the clock
    end
  end
end

local unsigned = "POST /unsigned HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"

function request()
  next_line = next_line + 1
  if burst and next_line > count then next_line = count end -- again, until each connection has its answer
  return lines[next_line] or unsigned -- refused from here on, which fails the row
end

done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"duration_us":%d,"failed":%d,"bad_status":%d,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration, errors.connect + errors.read + errors.write + errors.timeout,
    errors.status, latency:percentile(50), latency:percentile(99)))
end
