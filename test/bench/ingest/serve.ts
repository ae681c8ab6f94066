import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface ServerSettings {
  databaseUrl: string;
  secret: string;
}

/** Starts a measured server in this process with the settings in its first argument, and tells its parent the port. */
export async function serve(create: (settings: ServerSettings) => Promise<Server>): Promise<void> {
  const server = await create(JSON.parse(process.argv[2] ?? "{}") as ServerSettings);
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
}
