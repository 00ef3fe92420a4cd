-- SPDX-License-Identifier: MIT
-- wrk's part of make bench: the checkout call, a new idempotency key each time, figures as one JSON line.
-- Environment: BENCH_BODY (file), BENCH_KEY (API key).

local file = assert(io.open(os.getenv("BENCH_BODY"), "rb"))
local body = file:read("*a")
file:close()

local seed = string.format("%x%x", os.time(), math.floor(os.clock() * 1e9))
local count = 0
local headers = {
	["Authorization"] = "Bearer " .. os.getenv("BENCH_KEY"),
	["Content-Type"] = "application/json",
}

function request()
	count = count + 1
	headers["Idempotency-Key"] = seed .. "-" .. count
	return wrk.format("POST", nil, headers, body)
end

function done(summary, latency)
	local errors = summary.errors
	io.write(string.format(
		'\n{"requests": %d, "us": %d, "p50": %d, "p99": %d, "max": %d, "refused": %d, "broken": %d}\n',
		summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
		errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
