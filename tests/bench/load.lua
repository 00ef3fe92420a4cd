-- SPDX-License-Identifier: MIT
-- wrk's part of make bench: the checkout call, figures as one JSON line.
-- Environment: BENCH_BODY (file), BENCH_KEY (API key), BENCH_IDEMPOTENCY (set: a new key for each call).

local file = assert(io.open(os.getenv("BENCH_BODY"), "rb"))
local body = file:read("*a")
file:close()

wrk.method = "POST"
wrk.body = body
wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_KEY")
wrk.headers["Content-Type"] = "application/json"

if os.getenv("BENCH_IDEMPOTENCY") then
	local seed = string.format("%x%x", os.time(), math.floor(os.clock() * 1e9))
	local count = 0

	function request()
		count = count + 1
		wrk.headers["Idempotency-Key"] = seed .. "-" .. count
		return wrk.format()
	end
end

function done(summary, latency)
	local errors = summary.errors
	io.write(string.format(
		'\n{"requests": %d, "us": %d, "p50": %d, "p99": %d, "max": %d, "refused": %d, "broken": %d}\n',
		summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
		errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
