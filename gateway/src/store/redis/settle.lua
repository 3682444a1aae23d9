#!lua flags=allow-oom
-- Ends a turn. The first end of an order stands; whoever lost the turn changes nothing else.
local turn, last, over, lost, keep = unpack(ARGV)
local found = redis.call('HMGET', KEYS[1], 'owner', 'over', 'last', 'turn')
if not found[1] then return {'gone', ''} end
if found[2] then return {'other', found[3]} end
local current = found[4] == turn
if not current and over == '0' then return {'other', found[3] or last} end
redis.call('HSET', KEYS[1], 'last', last)
if current then redis.call('HSET', KEYS[1], 'leased', 0, 'lost', lost) end
if over == '1' then
  redis.call('HSET', KEYS[1], 'over', 1)
  redis.call('PEXPIRE', KEYS[1], keep)
end
return {'kept', ''}
