-- Completes one attempt a request, none twice: ATTEMPTS names a file of "token attempt" lines.
local done_lines = {}
local count, next_line = 0, 0

function init(args)
  for line in io.lines(os.getenv("ATTEMPTS")) do
    count = count + 1
    local token, attempt = line:match("^(%S+) (%d+)$")
    local body = '{"user_challenge_id":' .. attempt .. '}'
    done_lines[count] = wrk.format("POST", wrk.path, {
      ["Host"] = "127.0.0.1", ["Content-Type"] = "application/json",
      ["Authorization"] = "Bearer " .. token, ["Content-Length"] = #body}, body)
  end
end

function request()
  next_line = next_line + 1
  if next_line > count then next_line = count end -- refused from here on, which fails the row
  return done_lines[next_line]
end

done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"duration_us":%d,"failed":%d,"bad_status":%d,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration, errors.connect + errors.read + errors.write + errors.timeout,
    errors.status, latency:percentile(50), latency:percentile(99)))
end
