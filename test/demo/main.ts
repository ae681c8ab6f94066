import { readOptions, usage, type DemoOptions } from "./options.ts";

let options: DemoOptions;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exit(2);
}
// The Shopify library reads its environment when it is imported, so everything that imports the app comes after this line.
const { runDemo } = await import("./run-demo.ts");
process.exit(await runDemo(options));
