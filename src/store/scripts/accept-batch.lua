-- Accepts a batch: its record, its members in chunks, and all names that they hold; or nothing.
-- KEYS[1] batch   [2] its items (chunk -> JSON)   [3] its members that wait   [4] their client ids
--     [5] names of objects -> holder   [6] names of systems that a batch holds -> batch-index   [7] batches of the tenant
--     [8] open batches   [9] tenants   [10] systems of the tenant   [11] its pending jobs   [12] everybody's
--     [13] the request's key; absent where it has none
-- ARGV[1] fields of the batch, as a JSON list   [2] id   [3] tenant/id   [4] tenant   [5] channel
--     [6] prefix of the keys of systems   [7] field of the request's key and its value, as a JSON list; or ''
--     [8] JSON list of how many members KEYS[10] to [12] may have; false: any number
--     [9] JSON list of index, name, client id ('' where it has none) of each member
--     [10] JSON list of name and holder of each object   [11...] chunks, each after its number
-- answer  {0} accepted | {1} the key is used | {2, index ...} these members' names are held by others
--     | {3, object name, holder ...} these names of objects are | {4, n, used} KEYS[9 + n] has no room
-- Work is done in slices: a command takes some 8,000 arguments at most.
local SLICE = 2000

local function eachSlice(list, width, use)
  local step = width * math.floor(SLICE / width)
  for from = 1, #list, step do
    use(from, math.min(#list, from + step - 1))
  end
end

if KEYS[13] then
  local key = cjson.decode(ARGV[7])
  if redis.call('HEXISTS', KEYS[13], key[1]) == 1 then return { 1 } end
end

local members = cjson.decode(ARGV[9])
for n, limit in ipairs(cjson.decode(ARGV[8])) do
  local used = redis.call('SCARD', KEYS[9 + n])
  if limit and used + #members / 3 > limit then return { 4, tostring(n), tostring(used) } end
end

local names = {}
for i = 2, #members, 3 do names[#names + 1] = members[i] end
local taken = { 2 }
eachSlice(names, 1, function(from, to)
  local held = redis.call('HMGET', KEYS[6], unpack(names, from, to))
  for i = from, to do
    -- A system without an end is kept for ever.
    if held[i - from + 1] or redis.call('PTTL', ARGV[6] .. names[i]) == -1 then
      taken[#taken + 1] = members[3 * i - 2]
    end
  end
end)
if #taken > 1 then return taken end

local objects = cjson.decode(ARGV[10])
local objectNames = {}
for i = 1, #objects, 2 do objectNames[#objectNames + 1] = objects[i] end
taken = { 3 }
eachSlice(objectNames, 1, function(from, to)
  local held = redis.call('HMGET', KEYS[5], unpack(objectNames, from, to))
  for i = from, to do
    local holder = held[i - from + 1]
    if holder then
      taken[#taken + 1] = objectNames[i]
      taken[#taken + 1] = holder
    end
  end
end)
if #taken > 1 then return taken end

redis.call('HSET', KEYS[1], unpack(cjson.decode(ARGV[1])))
for i = 11, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
eachSlice(objects, 2, function(from, to) redis.call('HSET', KEYS[5], unpack(objects, from, to)) end)
eachSlice(members, 3, function(from, to)
  local waiting, reserved, clients, systems, jobs = {}, {}, {}, {}, {}
  for i = from, to, 3 do
    waiting[#waiting + 1] = members[i]
    waiting[#waiting + 1] = members[i]
    reserved[#reserved + 1] = members[i + 1]
    reserved[#reserved + 1] = ARGV[2] .. '-' .. members[i]
    systems[#systems + 1] = members[i + 1]
    jobs[#jobs + 1] = ARGV[2] .. '-' .. members[i]
    if members[i + 2] ~= '' then
      clients[#clients + 1] = members[i + 2]
      clients[#clients + 1] = members[i]
    end
  end
  redis.call('ZADD', KEYS[3], unpack(waiting))
  redis.call('HSET', KEYS[6], unpack(reserved))
  redis.call('SADD', KEYS[10], unpack(systems))
  redis.call('SADD', KEYS[11], unpack(jobs))
  redis.call('SADD', KEYS[12], unpack(jobs))
  if #clients > 0 then redis.call('HSET', KEYS[4], unpack(clients)) end
end)
redis.call('ZADD', KEYS[7], 0, ARGV[2])
redis.call('ZADD', KEYS[8], 0, ARGV[3])
redis.call('SADD', KEYS[9], ARGV[4])
if KEYS[13] then redis.call('HSET', KEYS[13], unpack(cjson.decode(ARGV[7]))) end
redis.call('PUBLISH', ARGV[5], ARGV[2])
return { 0 }
