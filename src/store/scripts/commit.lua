-- Compare and set over several keys: writes everything, or nothing.
-- KEYS    every key that a guard or a write names
-- ARGV    how many guards; four of each: key index, kind, field, value;
--         then of each write: command, key index | 0, how many arguments, the arguments
--         Kinds: `is` (a hash's field has the value), `absent` (the field is not there), `atMost` (a set has so many
--         members), `exists` (the key is there), `value` (a text has the value). Key index 0: the command takes no key (PUBLISH). Besides the commands of Redis there are those
--         below, whose key is that of a batch: its other keys follow from it, and stand in the same slot of a cluster.
--         Plain arguments, no JSON: to escape, send and decode the records once more took most of the script's time.
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

local at = 2
for i = 1, tonumber(ARGV[1]) do
  local key, kind, field, value = KEYS[tonumber(ARGV[at])], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  if kind == 'atMost' then
    local members = redis.call('SCARD', key)
    if members > tonumber(value) then return { i, members } end
  elseif kind == 'exists' then
    if redis.call('EXISTS', key) == 0 then return { i, false } end
  elseif kind == 'value' then
    local actual = redis.call('GET', key)
    if actual ~= value then return { i, actual } end
  else
    local actual = redis.call('HGET', key, field)
    if actual ~= (kind == 'is' and value) then return { i, actual } end
  end
  at = at + 4
end
while at <= #ARGV do
  local command, key, last = ARGV[at], tonumber(ARGV[at + 1]), at + 2 + tonumber(ARGV[at + 2])
  if batchCommands[command] then
    batchCommands[command](KEYS[key], unpack(ARGV, at + 3, last))
  elseif key == 0 then
    redis.call(command, unpack(ARGV, at + 3, last))
  else
    redis.call(command, KEYS[key], unpack(ARGV, at + 3, last))
  end
  at = last + 1
end
return { 0 }
