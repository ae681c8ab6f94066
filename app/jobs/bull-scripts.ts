/**
 * What bull 4 has no call for, as scripts that run inside Redis and are atomic there. They know bull's keys: the lists
 * `wait` and `paused`, the set `delayed` scored by due time × 4096, and a hash per job whose `:lock` exists from the
 * moment a worker has read the payload until the run has ended. `again` is ours: job id to "due:payload".
 *
 * A job's hash is gone when its last run ends (`removeOnComplete`, `removeOnFail`). A ring therefore either sees the
 * hash and leaves a note in `again`, which `settle` finds after the hash has gone, or sees none and adds a job.
 */
const ADD = `
local wait, paused, metaPaused, delayed, counter, again = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local prefix, id, opts, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local job = prefix .. id

local function push()
  redis.call("LPUSH", redis.call("EXISTS", metaPaused) == 1 and paused or wait, id)
end

local function delay(due)
  local turn = redis.call("INCR", counter) % 4096
  redis.call("ZADD", delayed, string.format("%.0f", due * 4096 + turn), id)
  redis.call("PUBLISH", delayed, string.format("%.0f", due))
end

local function add(payload, due)
  redis.call("HSET", job, "name", "__default__", "data", payload, "opts", opts, "timestamp", now,
    "delay", math.max(0, due - now), "priority", 0)
  if due > now then delay(due) else push() end
end

local function note()
  local due, payload = string.match(redis.call("HGET", again, id) or "", "^(%d+):(.*)$")
  return tonumber(due), payload
end
`;

/** KEYS wait, paused, meta-paused, delayed, id, again. ARGV prefix, id, opts, now, due, payload. */
const RING = `${ADD}
local due, payload = tonumber(ARGV[5]), ARGV[6]

if redis.call("EXISTS", job) == 0 then
  redis.call("HDEL", again, id)
  add(payload, due)
  return
end

if redis.call("EXISTS", job .. ":lock") == 1 then
  redis.call("HSET", again, id, string.format("%.0f:", math.min(due, note() or due)) .. payload)
  return
end

redis.call("HDEL", again, id)
redis.call("HSET", job, "data", payload)
local score = redis.call("ZSCORE", delayed, id)
local retries = tonumber(redis.call("HGET", job, "attemptsMade") or 0)
if score and retries == 0 and due * 4096 < tonumber(score) then
  redis.call("ZREM", delayed, id)
  if due > now then delay(due) else push() end
end
`;

/** After a run: adds the one more run that a ring during it asked for. KEYS as RING, ARGV prefix, id, opts, now. */
const SETTLE = `${ADD}
local due, payload = note()
if due and redis.call("EXISTS", job) == 0 then
  redis.call("HDEL", again, id)
  add(payload, due)
end
`;

/** Before a retry: the payload of a ring that came during the failed run, which the retry now answers. KEYS again, ARGV id. */
const TAKE = `
local _, payload = string.match(redis.call("HGET", KEYS[1], ARGV[1]) or "", "^(%d+):(.*)$")
redis.call("HDEL", KEYS[1], ARGV[1])
return payload
`;

/** Jobs running, due, or promised by a note. KEYS wait, active, delayed, again. ARGV now. */
const BUSY = `
return redis.call("LLEN", KEYS[1]) + redis.call("LLEN", KEYS[2])
  + redis.call("ZCOUNT", KEYS[3], "-inf", string.format("%.0f", tonumber(ARGV[1]) * 4096)) + redis.call("HLEN", KEYS[4])
`;

export const bullScripts = {
  musterRing: { numberOfKeys: 6, lua: RING },
  musterSettle: { numberOfKeys: 6, lua: SETTLE },
  musterTake: { numberOfKeys: 1, lua: TAKE },
  musterBusy: { numberOfKeys: 4, lua: BUSY },
};

type Arguments = (string | number)[];

/** What a connection made with `bullScripts` has besides Redis's own commands. */
export interface BullScripts {
  musterRing(...keysAndArguments: Arguments): Promise<null>;
  musterSettle(...keysAndArguments: Arguments): Promise<null>;
  musterTake(...keysAndArguments: Arguments): Promise<string | null>;
  musterBusy(...keysAndArguments: Arguments): Promise<number>;
}
