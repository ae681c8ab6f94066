import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { RedisScripts } from "../../platform/redis.server.ts";
import { RetryLater } from "../retry-classes.ts";
import {
  type Limiter,
  type Limits,
  PRIORITIES,
  patienceOf,
  type Priority,
  RESET_WITHIN_MS,
  type Said,
  WAIT_FOR_OTHERS_MS,
  windowsOf,
} from "./limiter.ts";

export interface RedisLimitsOptions {
  redis: RedisScripts;
  /** Counts while Redis does not answer: then each process knows its own calls only, and the vendor's 429s the rest. */
  local: Limits;
  /** Start of every key; processes with the same prefix share their limits. */
  prefix?: string;
  /** Of everybody, however urgent. */
  patienceMs?: number;
}

/** Longer than a call to a vendor can take: from then on a call counts as ended whose process died. */
const LEASE_MS = 40_000;
const SHORTEST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 500;

/** Limits that all processes share: counted in Redis, by Redis' clock, in one script a call. The rules are those of the local limits. */
export function createRedisLimits(options: RedisLimitsOptions): Limits {
  const { redis, local, prefix = "muster:limits" } = options;
  return {
    of(account, name, allowance): Limiter {
      const windows = windowsOf(allowance);
      // The braces put all keys of one limit in one slot of a Redis Cluster.
      const base = `{${prefix}:${account}:${name}}`;
      const keys = ["ended", "running", "waiting", "seen", "state"].map((part) => `${base}:${part}`);
      const figures = [allowance.perMinute ?? 0, ...windows.flatMap(({ calls, ms }) => [calls, ms])];
      const atHome = local.of(account, name, allowance);

      async function takeTurn(id: string, priority: Priority): Promise<void> {
        const since = performance.now();
        const { patienceMs = patienceOf(priority) } = options;
        for (;;) {
          const wait = Number(await redis.run(TAKE, keys, [id, PRIORITIES.indexOf(priority), LEASE_MS, ...figures]));
          if (wait === 0) return;
          const known = wait === WAIT_FOR_OTHERS_MS ? 0 : wait;
          if (performance.now() - since + known > patienceMs) {
            await redis.run(LEAVE, keys, [id]);
            throw new RetryLater("Waiting for the rate limit", Math.ceil(wait));
          }
          await pause(Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, known || SHORTEST_WAIT_MS * 4)));
        }
      }

      return {
        async run(priority, work) {
          const id = randomUUID();
          try {
            await takeTurn(id, priority);
          } catch (error) {
            if (error instanceof RetryLater) throw error;
            return atHome.run(priority, work);
          }
          const heard = { holdMs: 0, left: -1, resetMs: 0 };
          const said: Said = {
            hold: (ms) => void (heard.holdMs = Math.ceil(ms)),
            left: (calls, resetMs) => void Object.assign(heard, { left: calls, resetMs: Math.ceil(resetMs) }),
          };
          try {
            return await work(said);
          } finally {
            // Its lease ends it, should Redis be away now.
            await redis.run(FINISH, keys, [id, heard.holdMs, heard.left, heard.resetMs, LEASE_MS]).catch(() => {});
          }
        },
        async available() {
          try {
            return Number(await redis.run(AVAILABLE, keys, figures));
          } catch {
            return atHome.available();
          }
        },
      };
    },
  };
}

/**
 * `ended`: calls by the time of their answer. `running`: by the end of their lease. `waiting`: by urgency, then time. `seen`: when
 * each of them last asked. `state`: what the vendor said (of the window that ends between `from` and `until`), and the last start.
 */
const OPEN = `
local ended, running, waiting, seen, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function said(name) return tonumber(redis.call("HGET", state, name) or "0") end

local function settle(longest)
  for _, id in ipairs(redis.call("ZRANGEBYSCORE", running, "-inf", now)) do
    redis.call("ZADD", ended, redis.call("ZSCORE", running, id), id)
    redis.call("ZREM", running, id)
  end
  redis.call("ZREMRANGEBYSCORE", ended, "-inf", now - longest)
end

local function longest(from)
  local most = 0
  for at = from, #ARGV, 2 do most = math.max(most, tonumber(ARGV[at + 1])) end
  return most
end
`;

/** ARGV id, rank, lease, calls a minute or 0, then calls and ms of each window. Answers 0 when taken, else ms to wait. */
const TAKE = `${OPEN}
local id, rank, lease, perMinute = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local keep = longest(5)
settle(keep)

if not redis.call("ZSCORE", waiting, id) then
  redis.call("ZADD", waiting, string.format("%.0f", rank * 1e13 + now), id)
end
redis.call("HSET", seen, id, now)
local ahead = 0
local rankNow = redis.call("ZRANK", waiting, id)
if rankNow > 0 then
  for _, other in ipairs(redis.call("ZRANGE", waiting, 0, rankNow - 1)) do
    if now - tonumber(redis.call("HGET", seen, other) or "0") > 3000 then
      redis.call("ZREM", waiting, other)
      redis.call("HDEL", seen, other)
    else
      ahead = ahead + 1
    end
  end
end

local under = redis.call("ZCARD", running)
local wait = 0
local function later(ms) wait = math.max(wait, ms) end
later(said("held") - now)
if said("until") > now and said("left") - ahead <= 0 then later(said("until") - now) end
local forOthers = false
for at = 5, #ARGV, 2 do
  local calls, ms = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local free = calls - under - ahead
  if free <= 0 then
    forOthers = true
  elseif ms > 0 then
    local blocking = redis.call("ZRANGE", ended, -free, -free, "WITHSCORES")
    if blocking[2] and redis.call("ZCARD", ended) >= free then later(tonumber(blocking[2]) + ms - now) end
  end
end
if perMinute > 0 then
  local counted = redis.call("ZCOUNT", ended, "(" .. string.format("%.0f", now - 60000), "+inf")
  local left = perMinute - under - counted
  if counted > 0 and left * 5 < perMinute then
    local oldest = redis.call("ZRANGE", ended, -counted, -counted, "WITHSCORES")
    local pace = (tonumber(oldest[2]) + 60000 - now) / (math.max(0, left) + 1)
    later(said("started") + pace * (ahead + 1) - now)
  end
end
if wait <= 0 and forOthers then wait = ${WAIT_FOR_OTHERS_MS} end
if wait > 0 then
  redis.call("PEXPIRE", waiting, 60000)
  redis.call("PEXPIRE", seen, 60000)
  return math.ceil(wait)
end

redis.call("ZREM", waiting, id)
redis.call("HDEL", seen, id)
redis.call("ZADD", running, now + lease, id)
redis.call("HSET", state, "started", now)
if said("until") > now then redis.call("HINCRBY", state, "left", -1) end
redis.call("PEXPIRE", running, keep + lease + 60000)
redis.call("PEXPIRE", ended, keep + lease + 60000)
redis.call("PEXPIRE", state, keep + lease + 900000)
return 0
`;

/** ARGV id, ms to hold or 0, calls left or -1, ms to the reset, lease. */
const FINISH = `${OPEN}
local id, hold, left, reset, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local started = (tonumber(redis.call("ZSCORE", running, id) or "") or now) - lease
redis.call("ZREM", running, id)
redis.call("ZADD", ended, now, id)
if hold > 0 then redis.call("HSET", state, "held", math.max(said("held"), now + hold)) end
if left >= 0 then
  left = left - redis.call("ZCARD", running)
  local from, to = started + reset - ${RESET_WITHIN_MS}, now + reset + ${RESET_WITHIN_MS}
  if from > said("until") then
    redis.call("HSET", state, "left", left, "from", from, "until", to)
  elseif to >= said("from") then
    redis.call("HSET", state, "left", math.min(left, said("left")),
      "from", math.max(from, said("from")), "until", math.min(to, said("until")))
  end
end
return 0
`;

/** ARGV id. */
const LEAVE = `
redis.call("ZREM", KEYS[3], ARGV[1])
redis.call("HDEL", KEYS[4], ARGV[1])
return 0
`;

/** ARGV calls a minute or 0, then calls and ms of each window. */
const AVAILABLE = `${OPEN}
settle(longest(2))
if said("held") > now then return 0 end
local free = 1e9
if said("until") > now then free = said("left") end
for at = 2, #ARGV, 2 do
  local since = string.format("%.0f", now - tonumber(ARGV[at + 1]))
  local counted = redis.call("ZCOUNT", ended, "(" .. since, "+inf")
  free = math.min(free, tonumber(ARGV[at]) - redis.call("ZCARD", running) - counted)
end
return math.max(0, free - redis.call("ZCARD", waiting))
`;
