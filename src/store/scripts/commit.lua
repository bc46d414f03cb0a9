-- Compare and set over several keys: writes everything, or nothing.
-- KEYS    every key that a guard or a write names
-- ARGV[1] JSON { guards: [[key index, field, expected | false] | [key index, at most]], writes: [[command, key index | 0, argument ...]] }
--         a guard compares a hash's field; false: the field must be absent. Or it says how many members a set may have.
--         Key index 0: the command takes no key (PUBLISH).
-- answer  {0} written | {i, actual} guard i (from 1) does not hold; actual is the field's value or false, or the number
--         of members
local tx = cjson.decode(ARGV[1])
for i, guard in ipairs(tx.guards) do
  local actual
  if guard[3] == nil then
    actual = redis.call('SCARD', KEYS[guard[1]])
    if actual > guard[2] then return { i, actual } end
  else
    actual = redis.call('HGET', KEYS[guard[1]], guard[2])
    if actual ~= guard[3] then return { i, actual } end
  end
end
for _, write in ipairs(tx.writes) do
  local args = {}
  for i = 3, #write do args[#args + 1] = write[i] end
  if write[2] == 0 then
    redis.call(write[1], unpack(args))
  else
    redis.call(write[1], KEYS[write[2]], unpack(args))
  end
end
return { 0 }
