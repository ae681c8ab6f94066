import { createHash } from "node:crypto";
import { Redis, type RedisOptions } from "ioredis";

/** Redis for those who count in it: scripts that run there and are atomic. */
export interface RedisScripts {
  /** @throws within a second when Redis does not answer. */
  run(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  close(): void;
}

const ANSWER_WITHIN_MS = 1_000;

/** @param url redis:// or rediss://, with user, password and database number if any. */
export function openRedisScripts(url: string, onError: (error: unknown) => void): RedisScripts {
  const redis = new Redis({
    ...redisOptions(url),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_WITHIN_MS,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  redis.on("error", onError);
  const digests = new Map<string, string>();
  return {
    async run(script, keys, args) {
      const digest = digests.get(script) ?? createHash("sha1").update(script).digest("hex");
      digests.set(script, digest);
      try {
        return await redis.evalsha(digest, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
        return redis.eval(script, keys.length, ...keys, ...args);
      }
    },
    close: () => redis.disconnect(),
  };
}

export function redisOptions(url: string): RedisOptions {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 6379 : Number(port),
    db: Number(pathname.slice(1)),
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === "rediss:" ? { tls: {} } : {}),
  };
}
