-- Compare and set over several keys: writes everything, or nothing.
-- KEYS    every key that a guard or a write names
-- ARGV[1] JSON { guards: [[key index, field, expected | false] | [key index, at most]], writes: [[command, key index | 0, argument ...]] }
--         a guard compares a hash's field; false: the field must be absent. Or it says how many members a set may have.
--         Key index 0: the command takes no key (PUBLISH). Besides the commands of Redis there are those below, whose key
--         is that of a batch: its other keys follow from it, and stand in the same slot of a cluster.
-- answer  {0} written | {i, actual} guard i (from 1) does not hold; actual is the field's value or false, or the number
--         of members

local parts = { '', ':items', ':states', ':waiting', ':changed', ':stops', ':clients', ':jobs' }

-- A batch is kept while it is not done, and while something of it runs; then as long as its jobs.
local function keep(batch, retention)
  local fields = redis.call('HMGET', batch, 'finishedAt', 'alive', 'stopping', 'forgotten')
  local isOver = fields[1] and tonumber(fields[2]) <= 0 and tonumber(fields[3]) <= 0
  if isOver and not fields[4] then
    redis.call('HSET', batch, 'forgotten', '1')
    for _, part in ipairs(parts) do redis.call('PEXPIRE', batch .. part, retention) end
    local key = redis.call('HGET', batch, 'requestKey')
    if key and key ~= '' then redis.call('PEXPIRE', key, retention) end
  elseif fields[4] and not isOver then
    redis.call('HDEL', batch, 'forgotten')
    for _, part in ipairs(parts) do redis.call('PERSIST', batch .. part) end
    local key = redis.call('HGET', batch, 'requestKey')
    if key and key ~= '' then redis.call('PERSIST', key) end
  end
end

local batchCommands = {
  -- A member goes from one count to another. What is counted is the difference, so that the order of transitions of
  -- different members does not matter.
  -- args: index, status, job, change of `active`, now, open batches, tenant/id, channel, id, retention
  BATCHMOVE = function(batch, index, status, job, active, now, open, holder, channel, id, retention)
    if redis.call('EXISTS', batch) == 0 then return end
    local was = redis.call('HGET', batch .. ':states', index)
    local from = was and string.match(was, '^%a+') or 'queued'
    redis.call('HSET', batch .. ':states', index, status .. ' ' .. job .. ' ' .. now)
    if active ~= '0' then redis.call('HINCRBY', batch, 'active', active) end
    if from ~= status then
      redis.call('HINCRBY', batch, from, -1)
      redis.call('HINCRBY', batch, status, 1)
    end
    local revision = redis.call('HINCRBY', batch, 'revision', 1)
    redis.call('ZADD', batch .. ':changed', revision, index)
    if status == 'succeeded' then redis.call('HSET', batch, 'lastStartedAt', now) end
    if (status == 'queued' or status == 'running') and redis.call('HDEL', batch, 'finishedAt') == 1 then
      redis.call('HINCRBY', batch, 'round', 1)
    end
    redis.call('ZADD', open, 0, holder)
    redis.call('PUBLISH', channel, id)
    keep(batch, retention)
  end,
  -- All its members are done.
  -- args: now, channel, id, retention
  BATCHEND = function(batch, now, channel, id, retention)
    redis.call('HSET', batch, 'finishedAt', now)
    redis.call('HINCRBY', batch, 'revision', 1)
    redis.call('PUBLISH', channel, id)
    keep(batch, retention)
  end,
  -- Counts what is not told by the states of members.
  -- args: field, change, channel, id, retention
  BATCHCOUNT = function(batch, field, change, channel, id, retention)
    if redis.call('EXISTS', batch) == 0 then return end
    redis.call('HINCRBY', batch, field, change)
    -- Nobody is shown how many are alive.
    if field ~= 'alive' then redis.call('HINCRBY', batch, 'revision', 1) end
    redis.call('PUBLISH', channel, id)
    keep(batch, retention)
  end,
}

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
  if batchCommands[write[1]] then
    batchCommands[write[1]](KEYS[write[2]], unpack(args))
  elseif write[2] == 0 then
    redis.call(write[1], unpack(args))
  else
    redis.call(write[1], KEYS[write[2]], unpack(args))
  end
end
return { 0 }
