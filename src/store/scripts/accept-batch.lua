-- Accepts a batch: its record and all names that its members hold, or nothing. What nobody sees before there is a record
-- (its items, who waits, their client ids) was written before, to be forgotten; it stays with this.
-- KEYS[1] batch   [2] its items   [3] its members that wait   [4] their client ids
--     [5] names of systems that a batch holds -> batch-index   [6] batches of the tenant   [7] open batches
--     [8] tenants   [9] systems of the tenant   [10] its pending jobs   [11] everybody's
--     [12] how many batches were accepted
--     then of each namespace: names of objects -> holder; last the request's key; absent where it has none
-- ARGV[1] fields of the batch, as a JSON list   [2] id   [3] tenant/id   [4] tenant   [5] channel
--     [6] field of the request's key and its value, as a JSON list; or ''
--     [7] JSON list of how many members KEYS[9] to [11] may have; false: any number
--     [8] JSON list of the index of each member   [9] of its name   [10] of its job
--     [11] JSON list of the names of all objects of each namespace   [12] of their holders
--     [13] what KEYS[12] must be; or ''
-- answer  {0} accepted | {1} the key is used | {2, index ...} these members' names are held by others
--     | {3, number of the namespace from 0, object name, holder ...} these names of objects are
--     | {4, n, used} KEYS[8 + n] has no room | {5} another batch was accepted meanwhile
-- Work is done in slices: a command takes some 8,000 arguments at most.
local SLICE = 2000

local function eachSlice(list, use)
  for from = 1, #list, SLICE do
    use(from, math.min(#list, from + SLICE - 1))
  end
end

local function setAll(key, fields, values)
  eachSlice(fields, function(from, to)
    local pairs = {}
    for i = from, to do
      pairs[#pairs + 1] = fields[i]
      pairs[#pairs + 1] = values[i]
    end
    redis.call('HSET', key, unpack(pairs))
  end)
end

local FIXED = 12
local objects, holders = cjson.decode(ARGV[11]), cjson.decode(ARGV[12])
local requestKey = KEYS[FIXED + #objects + 1]
if requestKey then
  local key = cjson.decode(ARGV[6])
  if redis.call('HEXISTS', requestKey, key[1]) == 1 then return { 1 } end
end

if ARGV[13] ~= '' and (redis.call('GET', KEYS[12]) or '0') ~= ARGV[13] then return { 5 } end

local indexes, names, jobs = cjson.decode(ARGV[8]), cjson.decode(ARGV[9]), cjson.decode(ARGV[10])
for n, limit in ipairs(cjson.decode(ARGV[7])) do
  local used = redis.call('SCARD', KEYS[8 + n])
  if limit and used + #names > limit then return { 4, tostring(n), tostring(used) } end
end

-- Systems that are not ended, and names that batches hold.
local taken = { 2 }
eachSlice(names, function(from, to)
  local held = redis.call('SMISMEMBER', KEYS[9], unpack(names, from, to))
  for i = from, to do
    if held[i - from + 1] == 1 then taken[#taken + 1] = indexes[i] end
  end
end)
if #taken > 1 then return taken end

taken = { 3 }
for n, list in ipairs(objects) do
  eachSlice(list, function(from, to)
    local held = redis.call('HMGET', KEYS[FIXED + n], unpack(list, from, to))
    for i = from, to do
      local holder = held[i - from + 1]
      if holder then
        taken[#taken + 1] = tostring(n - 1)
        taken[#taken + 1] = list[i]
        taken[#taken + 1] = holder
      end
    end
  end)
end
if #taken > 1 then return taken end

redis.call('HSET', KEYS[1], unpack(cjson.decode(ARGV[1])))
for part = 2, 4 do redis.call('PERSIST', KEYS[part]) end
for n, list in ipairs(objects) do setAll(KEYS[FIXED + n], list, holders[n]) end
setAll(KEYS[5], names, jobs)
eachSlice(names, function(from, to)
  redis.call('SADD', KEYS[9], unpack(names, from, to))
  redis.call('SADD', KEYS[10], unpack(jobs, from, to))
  redis.call('SADD', KEYS[11], unpack(jobs, from, to))
end)
redis.call('ZADD', KEYS[6], 0, ARGV[2])
redis.call('ZADD', KEYS[7], 0, ARGV[3])
redis.call('SADD', KEYS[8], ARGV[4])
if requestKey then redis.call('HSET', requestKey, unpack(cjson.decode(ARGV[6]))) end
redis.call('INCR', KEYS[12])
redis.call('PUBLISH', ARGV[5], ARGV[2])
return { 0 }
