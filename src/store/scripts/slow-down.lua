-- Halves the rate of a bucket, at most once a second: refusals come in swarms. Empties it, and grants nothing for a while.
-- KEYS[1] the bucket (see take-tokens)   ARGV first rate, lowest rate, milliseconds
-- answer  the rate, per second
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'rate', 'halved', 'till')
local rate = tonumber(bucket[1]) or tonumber(ARGV[1])
if now - (tonumber(bucket[2]) or 0) >= 1 then
  rate = math.max(tonumber(ARGV[2]), rate / 2)
  redis.call('HSET', KEYS[1], 'halved', tostring(now))
end
local till = math.max(tonumber(bucket[3]) or 0, now + tonumber(ARGV[3]) / 1000)
redis.call('HSET', KEYS[1], 'tokens', '0', 'rate', tostring(rate), 'at', tostring(now), 'till', tostring(till))
redis.call('EXPIRE', KEYS[1], 3600)
return tostring(rate)
