-- Reads some fields of several hashes.
-- KEYS    the hashes
-- ARGV    names of fields
-- answer  for each hash a list of values, false for those that it does not have
local found = {}
for i, key in ipairs(KEYS) do
  found[i] = redis.call('HMGET', key, unpack(ARGV))
end
return found
