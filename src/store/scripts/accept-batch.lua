-- Accepts a batch: its record and all names that its members hold, or nothing. What nobody sees before there is a record
-- (its items, who waits, their client ids) was written before, to be forgotten; it stays with this.
-- KEYS[1] batch   [2] its items   [3] its members that wait   [4] their client ids
--     [5] names of objects -> holder   [6] names of systems that a batch holds -> batch-index   [7] batches of the tenant
--     [8] open batches   [9] tenants   [10] systems of the tenant   [11] its pending jobs   [12] everybody's
--     [13] the request's key; absent where it has none
-- ARGV[1] fields of the batch, as a JSON list   [2] id   [3] tenant/id   [4] tenant   [5] channel
--     [6] field of the request's key and its value, as a JSON list; or ''
--     [7] JSON list of how many members KEYS[10] to [12] may have; false: any number
--     [8] JSON list of the index of each member   [9] of its name   [10] of its job
--     [11] JSON list of the names of all objects   [12] of their holders
-- answer  {0} accepted | {1} the key is used | {2, index ...} these members' names are held by others
--     | {3, object name, holder ...} these names of objects are | {4, n, used} KEYS[9 + n] has no room
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

if KEYS[13] then
  local key = cjson.decode(ARGV[6])
  if redis.call('HEXISTS', KEYS[13], key[1]) == 1 then return { 1 } end
end

local indexes, names, jobs = cjson.decode(ARGV[8]), cjson.decode(ARGV[9]), cjson.decode(ARGV[10])
for n, limit in ipairs(cjson.decode(ARGV[7])) do
  local used = redis.call('SCARD', KEYS[9 + n])
  if limit and used + #names > limit then return { 4, tostring(n), tostring(used) } end
end

-- Systems that are not ended, and names that batches hold.
local taken = { 2 }
eachSlice(names, function(from, to)
  local held = redis.call('SMISMEMBER', KEYS[10], unpack(names, from, to))
  for i = from, to do
    if held[i - from + 1] == 1 then taken[#taken + 1] = indexes[i] end
  end
end)
if #taken > 1 then return taken end

local objects, holders = cjson.decode(ARGV[11]), cjson.decode(ARGV[12])
taken = { 3 }
eachSlice(objects, function(from, to)
  local held = redis.call('HMGET', KEYS[5], unpack(objects, from, to))
  for i = from, to do
    local holder = held[i - from + 1]
    if holder then
      taken[#taken + 1] = objects[i]
      taken[#taken + 1] = holder
    end
  end
end)
if #taken > 1 then return taken end

redis.call('HSET', KEYS[1], unpack(cjson.decode(ARGV[1])))
for part = 2, 4 do redis.call('PERSIST', KEYS[part]) end
setAll(KEYS[5], objects, holders)
setAll(KEYS[6], names, jobs)
eachSlice(names, function(from, to)
  redis.call('SADD', KEYS[10], unpack(names, from, to))
  redis.call('SADD', KEYS[11], unpack(jobs, from, to))
  redis.call('SADD', KEYS[12], unpack(jobs, from, to))
end)
redis.call('ZADD', KEYS[7], 0, ARGV[2])
redis.call('ZADD', KEYS[8], 0, ARGV[3])
redis.call('SADD', KEYS[9], ARGV[4])
if KEYS[13] then redis.call('HSET', KEYS[13], unpack(cjson.decode(ARGV[6]))) end
redis.call('PUBLISH', ARGV[5], ARGV[2])
return { 0 }
