-- Takes an event out of the outbox, and writes what it is delivered by; once, whoever else has read it too.
-- KEYS[1] outbox   KEYS[2] pending deliveries by time
-- KEYS[3...] for each delivery: its record, the list of its endpoint
-- ARGV[1] id of the outbox's entry
-- ARGV[2] JSON [{ id, record (JSON text), body, dueAt, oldest }]; members of the list below `oldest` are forgotten
-- answer  1 taken | 0 somebody else has taken it
if redis.call('XDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
for i, one in ipairs(cjson.decode(ARGV[2])) do
  local record, list = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
  redis.call('HSET', record, 'revision', '1', 'record', one.record, 'body', one.body)
  redis.call('ZREMRANGEBYLEX', list, '-', '(' .. one.oldest)
  redis.call('ZADD', list, 0, one.id)
  redis.call('ZADD', KEYS[2], one.dueAt, one.id)
end
return 1
