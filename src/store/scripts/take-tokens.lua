-- Takes tokens out of a bucket that fills by its own rate, which grows slowly.
-- KEYS[1] the bucket: tokens, rate (per second), at (when both were so), till (nothing is granted before)
-- ARGV    wanted, reserve (0 to 1 of the burst, stays in the bucket), burst, first rate, highest rate, growth (per second²)
-- answer  {granted, milliseconds after which to ask again}
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local wanted, reserve, burst = tonumber(ARGV[1]), tonumber(ARGV[2]) * tonumber(ARGV[3]), tonumber(ARGV[3])
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'rate', 'at', 'till')
local past = math.max(0, now - (tonumber(bucket[3]) or now))
local rate = math.min(tonumber(ARGV[5]), (tonumber(bucket[2]) or tonumber(ARGV[4])) + tonumber(ARGV[6]) * past)
local tokens = math.min(burst, (tonumber(bucket[1]) or burst) + rate * past)
local pause = (tonumber(bucket[4]) or 0) - now
local granted, wait = 0, 0
if pause > 0 then
  wait = pause
else
  granted = math.max(0, math.min(wanted, math.floor(tokens - reserve)))
  tokens = tokens - granted
  if granted == 0 then wait = (reserve + 1 - tokens) / rate end
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'rate', tostring(rate), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], 3600)
return { granted, math.ceil(wait * 1000) }
