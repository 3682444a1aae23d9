#!lua
-- Keeps an order that was started. Refused when there is no memory left.
local owner, order, request, age, keep = unpack(ARGV)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'owner', owner, 'order', order, 'request', request,
  'started', string.format('%.0f', now - age))
redis.call('PEXPIRE', KEYS[1], keep)
return 1
