#!lua flags=allow-oom
-- Gives the turn to ask BankID to one at a time, and not before its time. A clock that was set back holds nobody up.
local owner, pace, lease = unpack(ARGV)
local found = redis.call('HMGET', KEYS[1],
  'owner', 'order', 'started', 'last', 'over', 'turn', 'asked', 'leased', 'lost', 'request')
if found[1] ~= owner then return {'unknown', '', 0, '', '', 0, 0} end
local order, last, over, turn, lost = found[2], found[4] or '', found[5], tonumber(found[6] or 0), found[9]
local asked, leased = tonumber(found[7] or 0), tonumber(found[8] or 0)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local age = math.max(0, now - found[3])

local function known(state) return {state, order, age, last, '', 0, 0} end
if over then return known('known') end
if leased > 0 then
  if now >= asked and now < leased then return known('elsewhere') end
  -- Whoever had the turn is gone without a word, and the answer may be with it.
  lost = '1'
elseif last ~= '' and now >= asked and now < asked + pace then
  return known('known')
end
turn = turn + 1
redis.call('HSET', KEYS[1], 'turn', turn, 'asked', string.format('%.0f', now),
  'leased', string.format('%.0f', now + lease), 'lost', lost or '')
return {'due', order, age, last, found[10], turn, lost == '1' and 1 or 0}
