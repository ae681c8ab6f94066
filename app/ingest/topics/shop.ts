import { z } from "zod";
import type { Facts, Version } from "../facts.ts";
import { instant, label } from "../payload.ts";

/** app/uninstalled. The shop is the delivery's header: the body's domains are null. */
export function appUninstalled(_payload: unknown, version: Version): Partial<Facts> {
  return { uninstalls: [version.triggeredAt] };
}

const scopesChange = z.object({ current: z.array(label), updated_at: instant });

/** app/scopes_update: what the merchant grants from now on. */
export function scopesChanged(payload: unknown): Partial<Facts> {
  const { current, updated_at } = scopesChange.parse(payload);
  return { grantedScopes: [{ scopes: current, at: updated_at }] };
}
