-- Counts a request in a window that begins with its first one.
-- KEYS[1] the count   ARGV[1] length of the window, milliseconds
-- answer  {requests of the window, this one included, milliseconds until its end}
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return { count, left }
