import type { Facts, Version } from "../facts.ts";

/** app/uninstalled. The shop is the delivery's header: the body's domains are null. */
export function appUninstalled(_payload: unknown, version: Version): Partial<Facts> {
  return { uninstalls: [version.triggeredAt] };
}
