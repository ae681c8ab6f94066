// The first thing every npm command runs, under whatever Node (20 or newer) the machine has, with built-ins only: it
// prepares what is missing (packages, the generated database client, the built admin UI) and then hands over to Node 24.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");

/** Prisma would download its schema engine, which nothing here uses; any file that exists keeps it from that. */
const withoutEngine = { PRISMA_SCHEMA_ENGINE_BINARY: fileURLToPath(import.meta.url) };

/** `ui`: needs the built admin UI. `tools`: needs the development packages. `node`: how the command is started. */
const commands = {
  demo: { ui: true, tools: true, production: true, node: ["test/demo/main.ts"] },
  start: { ui: true, tools: false, production: true, node: ["--env-file-if-exists=.env", "app/server.ts"] },
  worker: { ui: false, tools: false, production: true, node: ["--env-file-if-exists=.env", "app/worker.server.ts"] },
  test: { ui: false, tools: true, node: ["test/run.ts"] },
  long: { ui: false, tools: true, node: ["test/run.ts"], env: { MUSTER_LONG: "1" } },
  bench: { ui: false, tools: true, production: true, node: ["test/bench/main.ts"] },
  dev: { ui: false, tools: true, node: () => [binOf("@shopify/cli", "shopify"), "app", "dev"] },
  build: { ui: true, tools: true },
};

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  fail(`usage: npm run <command> [-- arguments], with one of the commands ${Object.keys(commands).join(", ")}`);
}
if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Muster needs Node 20 or newer to start (it then brings its own); this is ${process.version}.`);
}
await prepare(command);
if (command.node === undefined) process.exit(0);
handOver(command);

async function prepare({ ui, tools }) {
  if (!missing({ ui, tools }).any) return;
  const unlock = await lock();
  try {
    const { packages, client, build } = missing({ ui, tools });
    if (packages) installPackages();
    const startedAt = performance.now();
    const prepared = [];
    if (packages || client) prepared.push(generateClient());
    if (ui && (packages || build)) prepared.push(buildUi());
    if (prepared.length > 0) say(`prepared in ${secondsSince(startedAt)} s: ${prepared.join(", ")}`);
  } finally {
    unlock();
  }
}

function missing({ ui, tools }) {
  const packages = !isInstalled(tools);
  const client = !isStamped("client", join(root, "prisma/client/client.ts"), clientSources());
  const build = ui && !isStamped("ui", join(root, "build/server/index.js"), uiSources());
  return { packages, client, build, any: packages || client || build };
}

/**
 * Whether node_modules is what package-lock.json says. npm writes .package-lock.json there after everything else, so an
 * interrupted installation has none. Packages for other platforms may be missing, and in production those for development.
 */
function isInstalled(tools) {
  const installed = readJson(join(modules, ".package-lock.json"))?.packages;
  if (installed === undefined || !existsSync(nodePath())) return false;
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  const isPackage = (path) => path.includes("node_modules/") && !wanted[path]?.link && !installed[path]?.link;
  const isSame = (path) => {
    const { version, integrity, optional, devOptional, dev } = wanted[path];
    const found = installed[path];
    if (found === undefined) return optional === true || (!tools && (dev === true || devOptional === true));
    return found.version === version && found.integrity === integrity;
  };
  return (
    Object.keys(wanted).filter(isPackage).every(isSame) &&
    Object.keys(installed)
      .filter(isPackage)
      .every((path) => path in wanted)
  );
}

function installPackages() {
  const startedAt = performance.now();
  say("installing packages (npm ci), which can take a minute or two …");
  rmSync(join(modules, ".package-lock.json"), { force: true });
  // npm and the packages' own scripts run on the machine's Node: the one in node_modules is about to be replaced.
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.startsWith(modules));
  const npm = spawnSync("npm", ["ci", "--include=dev", "--ignore-scripts=false", "--loglevel=error"], {
    cwd: root,
    env: { ...process.env, PATH: path.join(delimiter), ...withoutEngine },
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (npm.error !== undefined) fail(`npm could not be started: ${npm.error.message}`);
  if (npm.status !== 0) fail(`npm ci failed; the next start tries again`, npm.status ?? 1);
  const version = spawnSync(nodePath(), ["--version"], { encoding: "utf8" });
  if (!version.stdout?.startsWith("v24.")) {
    rmSync(join(modules, ".package-lock.json"), { force: true });
    fail(`the package "node" brought no working Node 24 to ${nodePath()}; the next start tries again`);
  }
  say(`installed in ${secondsSince(startedAt)} s`);
}

function generateClient() {
  run([binOf("prisma", "prisma"), "generate"], withoutEngine);
  stamp("client", clientSources());
  return "database client";
}

function buildUi() {
  run([binOf("@remix-run/dev", "remix"), "vite:build"], { NODE_ENV: "production" });
  stamp("ui", uiSources());
  return "admin UI";
}

/** Shows the output of a step only if it fails. */
function run(nodeArguments, env) {
  const step = spawnSync(nodePath(), nodeArguments, { cwd: root, env: environment(env), encoding: "utf8" });
  if (step.status === 0) return;
  process.stderr.write(`${step.stdout ?? ""}${step.stderr ?? ""}`);
  fail(`failed: ${relative(root, nodeArguments[0])} ${nodeArguments.slice(1).join(" ")}`, step.status ?? 1);
}

function handOver({ node, env, production }) {
  const nodeArguments = typeof node === "function" ? node() : node;
  const child = spawn(nodePath(), [...nodeArguments, ...args], {
    cwd: root,
    stdio: "inherit",
    env: environment({ ...(production && { NODE_ENV: process.env.NODE_ENV ?? "production" }), ...env }),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the child by itself; a second SIGINT would mean "at once".
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  if (process.env.npm_lifecycle_event !== undefined) endWithParent(child);
  child.on("error", (error) => fail(`Node 24 could not be started: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** A signal to npm ends npm and the shell between it and this process, and goes no further. */
function endWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, 500);
}

/** One preparation at a time: two commands started together wait for each other. Returns what ends it. */
async function lock() {
  const file = join(root, ".muster", "preparing");
  mkdirSync(dirname(file), { recursive: true });
  for (let waited = false; !claim(file); waited = true) {
    if (!waited) say("waiting for another command that is preparing …");
    await sleep(200);
  }
  const unlock = () => rmSync(file, { force: true });
  process.on("exit", unlock);
  return () => {
    process.off("exit", unlock);
    unlock();
  };
}

function claim(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isAbandoned(file)) return false;
    rmSync(file, { force: true });
    return claim(file);
  }
}

function isAbandoned(file) {
  const written = statSync(file, { throwIfNoEntry: false });
  if (written === undefined) return false;
  const pid = Number(readText(file));
  // An empty file is one being written: its owner's id follows at once.
  if (!(pid > 0)) return Date.now() - written.mtimeMs > 5_000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

// A stamp is the hash of what a result was made from. Stamps lie in node_modules and go with it when packages change.

function isStamped(what, result, sources) {
  return existsSync(result) && readText(stampFile(what)) === hashOf(sources);
}

function stamp(what, sources) {
  mkdirSync(dirname(stampFile(what)), { recursive: true });
  writeFileSync(stampFile(what), hashOf(sources));
}

function stampFile(what) {
  return join(modules, ".cache", "muster", what);
}

function clientSources() {
  return ["prisma/schema.prisma", "prisma.config.ts", "package-lock.json"].map((file) => join(root, file));
}

function uiSources() {
  return ["app", "vite.config.ts", "tsconfig.json", "package-lock.json"].map((path) => join(root, path));
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap(filesIn)) {
    hash
      .update(`${relative(root, file).split(sep).join("/")}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)]));
}

function nodePath() {
  return join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");
}

function binOf(packageName, bin) {
  const { bin: bins } = readJson(join(modules, packageName, "package.json"));
  return resolve(modules, packageName, typeof bins === "string" ? bins : bins[bin]);
}

function environment(more) {
  return { ...process.env, PATH: `${join(modules, ".bin")}${delimiter}${process.env.PATH ?? ""}`, ...more };
}

/** Undefined for a file that is missing or was cut off while it was written. */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function secondsSince(startedAt) {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}

/** On standard error: standard output belongs to the command, whose last line may be JSON. */
function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line, code = 1) {
  say(line);
  process.exit(code);
}
