import { createServer } from "node:http";
import { createDoor } from "../../../app/ingest/door.server.ts";
import { openDatabase } from "../../../app/platform/db.server.ts";
import { createLog } from "../../../app/platform/log.server.ts";
import { createMetrics } from "../../../app/platform/metrics.server.ts";
import { serve, type ServerSettings } from "./serve.ts";

/** Muster's own front door, as app/server.ts puts it in front of everything else. */
await serve(async ({ databaseUrl, secret }: ServerSettings) => {
  const db = await openDatabase({ url: databaseUrl, dataDir: ".muster", onError: () => {} });
  const door = createDoor({
    sql: db.door,
    secrets: [secret],
    log: createLog("warn"),
    metrics: createMetrics(),
    onRecorded: () => {},
  });
  return createServer(door);
});
