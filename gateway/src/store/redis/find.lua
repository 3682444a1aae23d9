#!lua flags=no-writes
-- Looks an order of this owner up: its record, its age, and whether it is over.
local found = redis.call('HMGET', KEYS[1], 'owner', 'order', 'started', 'over')
if found[1] ~= ARGV[1] then return {'', 0, 0} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return {found[2], math.max(0, now - found[3]), found[4] and 1 or 0}
