-- Gives a lease back, if it is still one's own.
-- KEYS[1] the lease   ARGV[1] holder
-- answer  1 released | 0 it was not ours
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
