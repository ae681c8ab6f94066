import { PGlite } from "@electric-sql/pglite";

/** The process that makes the files of an embedded database in the folder of its first argument, and ends. */
const [, , folder] = process.argv;
if (folder === undefined) throw new Error("Say in which folder.");
const db = await PGlite.create({ dataDir: folder });
await db.close();
