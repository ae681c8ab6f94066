import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
const SHELL = join(REPOSITORY, "build/shell");

/**
 * Builds the app's shell (root, layout, entry, authentication) around two pages that exist for the tests only, so that its tests do
 * not hang on what the real pages need. Nothing is done when the last build was made from the same files.
 * @returns the directory that holds `server/` and `client/`.
 */
export async function buildShell(): Promise<string> {
  const files = await shellFiles();
  const fingerprint = await fingerprintOf(Object.values(files));
  const output = join(SHELL, "build");
  if ((await readFile(join(SHELL, "fingerprint"), "utf8").catch(() => "")) === fingerprint) return output;

  await rm(SHELL, { recursive: true, force: true });
  for (const [to, from] of Object.entries(files)) {
    await mkdir(dirname(join(SHELL, to)), { recursive: true });
    await copyFile(from, join(SHELL, to));
  }
  const remix = join(REPOSITORY, "node_modules/@remix-run/dev/dist/cli.js");
  await promisify(execFile)(process.execPath, [remix, "vite:build"], {
    cwd: SHELL,
    env: { ...process.env, NODE_ENV: "production" },
  });
  await writeFile(join(SHELL, "fingerprint"), fingerprint);
  return output;
}

/** Where each file goes under the shell's own directory, and where it comes from. */
async function shellFiles(): Promise<Record<string, string>> {
  const routes = await readdir(join(REPOSITORY, "app/routes"));
  const pages = fileURLToPath(new URL("./pages/", import.meta.url));
  const texts = (await readdir(join(REPOSITORY, "app/texts"), { recursive: true }))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("app/texts", name));
  const isShell = (name: string) => ["_index.tsx", "app.tsx", "app.$.tsx"].includes(name) || name.startsWith("auth.");
  return {
    "package.json": join(REPOSITORY, "package.json"),
    "vite.config.ts": join(REPOSITORY, "vite.config.ts"),
    "app/root.tsx": join(REPOSITORY, "app/root.tsx"),
    "app/entry.server.tsx": join(REPOSITORY, "app/entry.server.tsx"),
    "app/entry.client.tsx": join(REPOSITORY, "app/entry.client.tsx"),
    // What the layout shows around a page that failed.
    "app/components/admin-page.tsx": join(REPOSITORY, "app/components/admin-page.tsx"),
    "app/components/page-skeleton.tsx": join(REPOSITORY, "app/components/page-skeleton.tsx"),
    "app/components/reach.ts": join(REPOSITORY, "app/components/reach.ts"),
    ...Object.fromEntries(texts.map((path) => [path, join(REPOSITORY, path)])),
    ...Object.fromEntries(
      routes.filter(isShell).map((name) => [`app/routes/${name}`, join(REPOSITORY, "app/routes", name)]),
    ),
    ...Object.fromEntries((await readdir(pages)).map((name) => [`app/routes/${name}`, join(pages, name)])),
  };
}

async function fingerprintOf(files: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(file).update(await readFile(file));
  return hash.digest("hex");
}
