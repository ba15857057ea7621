-- KEYS[1] the counter; ARGV now, interval, tolerance (microseconds). Answers allowed, remaining, wait.
local now, interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local stored = tonumber(redis.call('GET', KEYS[1]) or now)
local owed_from = math.min(math.max(stored, now), now + tolerance)
local refilled_at = owed_from + interval
local owed = refilled_at - now
if owed > tolerance then
  return {0, 0, owed - tolerance}
end
redis.call('SET', KEYS[1], string.format('%.0f', refilled_at), 'PX', math.ceil(owed / 1000))
return {1, math.floor((tolerance - owed) / interval), 0}
