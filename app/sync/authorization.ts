import type { Tokens } from "./destination.ts";
import { PauseConnection } from "./retry-classes.ts";

/** What proves to a platform who calls: the value of the Authorization header. */
export interface Authorization {
  current(): Promise<string>;
  /** Another one after the platform did not accept this; null: there is none. */
  renew(refused: string): Promise<string | null>;
}

/** Makes a call, and once more with another proof where the first was not accepted. */
export async function authorized<Answer>(
  authorization: Authorization,
  given: string,
  call: (proof: string) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call(given);
  } catch (error) {
    if (!(error instanceof PauseConnection) || error.status !== 401) throw error;
    const another = await authorization.renew(given);
    if (another === null) throw error;
    return call(another);
  }
}

/** A key, or access that does not run out. */
export function lasting(header: string): Authorization {
  return { current: async () => header, renew: async () => null };
}

/** Access is renewed before it runs out in the midst of a call. */
const SPARE_MS = 60_000;

/**
 * Access for an hour or so that is renewed when it runs out, or when it is refused before.
 * @param renew others' calls meanwhile wait for the one that is under way
 */
export function expiring(tokens: Tokens, renew: (stale: Tokens) => Promise<Tokens>, now: () => Date): Authorization {
  let held = tokens;
  let renewing: Promise<Tokens> | null = null;
  const header = (): string => `Bearer ${held.access}`;
  const another = async (): Promise<void> => {
    renewing ??= renew(held).finally(() => {
      renewing = null;
    });
    held = await renewing;
  };
  return {
    async current() {
      if (held.expiresAt.getTime() - now().getTime() < SPARE_MS) await another();
      return header();
    },
    async renew(refused) {
      if (refused === header()) await another();
      return header();
    },
  };
}
