import { z } from "zod";
import type { Crypto } from "../../platform/crypto.server.ts";
import type { ShopId } from "../../shopify/shop-id.ts";

const secrets = z.object({
  /** The unguessable part of the address. */
  token: z.string(),
  /** What the platform signs with, where it signs. */
  secret: z.string(),
});
export type HookSecrets = z.infer<typeof secrets>;

/** @throws when they were sealed with a key that is not configured any more. */
export function openSecrets(
  crypto: Pick<Crypto, "open">,
  shop: ShopId,
  hook: { destinationId: number; secrets: Buffer },
): HookSecrets {
  const opened: unknown = JSON.parse(
    crypto.open(hook.secrets, secretsPlace(shop, hook.destinationId)).toString("utf8"),
  );
  return secrets.parse(opened);
}

function secretsPlace(shop: ShopId, destinationId: number): string {
  return `destination_hooks|secrets|${shop}|${destinationId}`;
}

/** What of them is stored: sealed, and the mark by which a call is known. */
export function sealSecrets(
  crypto: Pick<Crypto, "seal" | "marks">,
  shop: ShopId,
  destinationId: number,
  chosen: HookSecrets,
): { mark: Buffer; secrets: Buffer } {
  return {
    mark: crypto.marks(`hook ${chosen.token}`)[0],
    secrets: crypto.seal(JSON.stringify(chosen), secretsPlace(shop, destinationId)),
  };
}
