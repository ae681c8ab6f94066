import { createMuster } from "./muster.server.ts";
import { systemClock } from "./platform/clock.ts";
import { readSettings } from "./platform/env.server.ts";

const settings = readSettings();
if (!settings.DATABASE_URL || !settings.REDIS_URL) {
  throw new Error(
    "A worker of its own needs DATABASE_URL and REDIS_URL, so that it meets the web process. README.md says how.",
  );
}
const muster = await createMuster(settings, systemClock);
muster.startWork();
muster.log.info("Muster's worker is running");
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void muster.close().then(() => process.exit(0)));
}
