import { posix } from "node:path";
import ts from "typescript";

/** Path from the root of the repository, with slashes, to text. */
export type Tree = Readonly<Record<string, string>>;

/** A place where a rule does not hold, by the beginning of its path, for stores with the function's name, and why. */
export interface Exception {
  readonly rule: Rule;
  readonly at: string;
  readonly why: string;
}

export type Rule = "order" | "database" | "shop first" | "environment" | "vendor" | "pure";

/** The order of app/README.md: a folder may import its own files and those of lines above it. */
const ORDER = [
  ["texts"],
  ["platform"],
  ["shopify"],
  ["ingest"],
  ["profile"],
  ["segment"],
  ["sync", "recommendation"],
  ["content"],
  ["privacy"],
  ["jobs"],
  ["components"],
  ["routes", "app"],
];
/** Each with the files that may know it. */
const REDIS_LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  bull: ["app/jobs/bull-queue.server.ts"],
  ioredis: ["app/jobs/bull-queue.server.ts", "app/platform/redis.server.ts"],
};
const DATABASE_LIBRARIES = ["pg", "@prisma/client", "@prisma/adapter-pg"];
const DATABASE_CALLS = /^(query|\$queryRaw\w*|\$executeRaw\w*)$/;
const HANDLE_TYPES = ["Sql", "Db"];
const HANDLE_NAMES = ["sql", "tx", "db", "prisma"];
const SHOP_NAMES = ["shop", "shopId", "shopDomain"];
const VENDORS = ["klaviyo", "mailchimp"];
const DRAWERS = [
  "util",
  "utils",
  "helper",
  "helpers",
  "service",
  "services",
  "manager",
  "managers",
  "common",
  "lib",
  "misc",
];

interface Import {
  /** A path in the tree for a relative import, else the package's name. */
  readonly target: string;
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  readonly file: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** Every broken rule as a sentence, and every exception that nothing needs any more. */
export function brokenRules(tree: Tree, exceptions: readonly Exception[] = []): string[] {
  const needed = new Set<Exception>();
  const isExcepted = (rule: Rule, place: string): boolean => {
    const found = exceptions.find((exception) => exception.rule === rule && place.startsWith(exception.at));
    if (found !== undefined) needed.add(found);
    return found !== undefined;
  };
  const broken = Object.entries(tree).flatMap(([path, text]) => {
    const source = read(path, text);
    return [
      ...checkImports(source, isExcepted),
      ...checkPlaces(source),
      ...(path.startsWith("app/") ? checkApp(source, isExcepted) : []),
    ];
  });
  const idle = exceptions.filter((exception) => !needed.has(exception));
  return [...broken, ...idle.map(({ rule, at }) => `the exception "${rule}" for ${at} is not needed any more`)];
}

type IsExcepted = (rule: Rule, place: string) => boolean;

function checkImports({ path, imports }: Source, isExcepted: IsExcepted): string[] {
  return imports.flatMap(({ target, typeOnly }) => {
    const because = (reason: string): string[] => [`${path} imports ${target}: ${reason}`];
    if (path.startsWith("app/")) {
      if (target.startsWith("test/")) return because("the app knows nothing of its tests");
      const library = Object.keys(REDIS_LIBRARIES).find((name) => isOf(name, target));
      if (library !== undefined && !REDIS_LIBRARIES[library]?.includes(path)) {
        return because(`only ${REDIS_LIBRARIES[library]?.join(" and ")} may know ${library}`);
      }
      const forward = lookAhead(path, target);
      if (forward !== undefined && !isExcepted("order", path)) return because(forward);
      if (!typeOnly && isPure(path) && isServer(target) && !isExcepted("pure", path)) {
        return because("a module without the suffix .server has no effects and may take only types from one with it");
      }
    }
    if (path.startsWith("test/sandbox/")) {
      if (target.startsWith("app/")) return because("the sandbox knows nothing of the app");
      const isOutside =
        target.startsWith("test/") && !target.startsWith("test/sandbox/") && !target.startsWith("test/contracts/");
      if (isOutside && !path.includes(".test."))
        return because("the sandbox uses only its own files and the contracts");
    }
    return [];
  });
}

/** Why an import goes against the order of the folders; undefined if it does not. */
function lookAhead(path: string, target: string): string | undefined {
  const from = layerOf(path);
  const to = layerOf(target);
  if (from === undefined || to === undefined || from === to) return undefined;
  if (rankOf(to) > rankOf(from)) return `${from} may not look forward to ${to}`;
  if (rankOf(to) === rankOf(from) && rankOf(to) !== ORDER.length - 1) return `${from} and ${to} may not see each other`;
  return undefined;
}

function layerOf(path: string): string | undefined {
  const [app, folder, ...rest] = path.split("/");
  if (app !== "app") return undefined;
  return rest.length === 0 ? "app" : folder;
}

function rankOf(layer: string): number {
  return ORDER.findIndex((layers) => layers.includes(layer));
}

/** Names of files and folders, and files that only hand on what others export. */
function checkPlaces({ path, file }: Source): string[] {
  const broken: string[] = [];
  const layer = layerOf(path);
  if (layer !== undefined && rankOf(layer) < 0)
    broken.push(`${path} lies in app/${layer}, which has no place in the order`);
  const names = path.split("/");
  const drawer = names.find((name, index) =>
    DRAWERS.includes(index === names.length - 1 ? (path.startsWith("app/") ? (name.split(".")[0] ?? "") : "") : name),
  );
  if (drawer !== undefined)
    broken.push(`${path}: ${drawer.split(".")[0] ?? drawer} says nothing; name it after what it is`);
  const statements = file.statements.filter((statement) => !ts.isImportDeclaration(statement));
  const handedOn = statements.filter((statement) => ts.isExportDeclaration(statement));
  if (handedOn.length > 0 && handedOn.length === statements.length) {
    broken.push(`${path} only hands on what other files export: import from those`);
  }
  return broken;
}

function checkApp(source: Source, isExcepted: IsExcepted): string[] {
  const { path, file } = source;
  const broken = new Set<string>();
  const isStore = path.endsWith("-store.server.ts");
  const touchesDatabase = source.imports.some(
    ({ target, typeOnly }) => !typeOnly && DATABASE_LIBRARIES.some((name) => isOf(name, target)),
  );
  const reports = {
    database: `${path} queries the database: only *-store.server.ts files do`,
    environment: `${path} reads process.env: only app/platform/env.server.ts does`,
    vendor: (word: string) => `${path} says ${word}: only app/sync/${word}/ knows that vendor's words`,
  };
  const report = (rule: Rule, sentence: string): void => {
    if (!broken.has(sentence) && !isExcepted(rule, path)) broken.add(sentence);
  };
  const mayTouch = isStore || path.startsWith("app/platform/");
  if (touchesDatabase && !mayTouch) report("database", reports.database);

  walk(file, (node) => {
    if (!mayTouch && isDatabaseCall(node)) report("database", reports.database);
    if (isEnvironment(node)) report("environment", reports.environment);
    const word = vendorIn(node);
    if (word !== undefined && !path.startsWith(`app/sync/${word}/`)) report("vendor", reports.vendor(word));
  });
  const named = VENDORS.find(
    (vendor) => path.toLowerCase().includes(vendor) && !path.startsWith(`app/sync/${vendor}/`),
  );
  if (named !== undefined) report("vendor", reports.vendor(named));

  const isPage = path.startsWith("app/routes/app.");
  if (isPage && exportedFunctions(file).some(({ name }) => name === "action") && !declares(file, "clientAction")) {
    broken.add(`${path} has an action and no clientAction: an error would take the place of what was written`);
  }

  const shopless = isStore ? exportedFunctions(file).filter(({ node }) => !takesShopFirst(node)) : [];
  for (const { name } of shopless) {
    if (!isExcepted("shop first", `${path} ${name}`)) {
      broken.add(`${path}: ${name} has to take (sql, shop, …), so that no query forgets whose rows it means`);
    }
  }
  return [...broken];
}

function isDatabaseCall(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "prisma")
    return true;
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    DATABASE_CALLS.test(node.expression.name.text)
  );
}

function isEnvironment(node: ts.Node): boolean {
  const isProcess = (other: ts.Node | undefined): boolean =>
    other !== undefined && ts.isIdentifier(other) && other.text === "process";
  if (ts.isPropertyAccessExpression(node)) return isProcess(node.expression) && node.name.text === "env";
  if (ts.isVariableDeclaration(node)) {
    return isProcess(node.initializer) && ts.isObjectBindingPattern(node.name) && hasName(node.name.elements, "env");
  }
  if (!ts.isImportDeclaration(node) || !/^(node:)?process$/.test((node.moduleSpecifier as ts.StringLiteral).text))
    return false;
  const bindings = node.importClause?.namedBindings;
  return bindings !== undefined && ts.isNamedImports(bindings) && hasName(bindings.elements, "env");
}

function hasName(elements: readonly (ts.BindingElement | ts.ImportSpecifier)[], name: string): boolean {
  return elements.some((element) =>
    [element.name, element.propertyName].some((id) => id !== undefined && isNamed(id, name)),
  );
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

/** The vendor that an identifier mentions or that a string is; a sentence shown to people may name anyone. */
function vendorIn(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) return VENDORS.find((vendor) => node.text.toLowerCase().includes(vendor));
  if (ts.isStringLiteralLike(node)) {
    return VENDORS.find((vendor) => new RegExp(`^${vendor}$|/${vendor}/`, "i").test(node.text));
  }
  return undefined;
}

type FunctionNode = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression;

function exportedFunctions(file: ts.SourceFile): { name: string; node: FunctionNode }[] {
  return file.statements.flatMap((statement): { name: string; node: FunctionNode }[] => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (isExported !== true) return [];
    if (ts.isFunctionDeclaration(statement)) return [{ name: statement.name?.text ?? "default", node: statement }];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
        ? [{ name: name.getText(file), node: initializer }]
        : [],
    );
  });
}

function declares(file: ts.SourceFile, name: string): boolean {
  return file.statements.some(
    (statement) =>
      ts.isVariableStatement(statement) &&
      statement.declarationList.declarations.some((one) => isNamed(one.name, name)),
  );
}

/** True as well for a function that has no handle on the database at all. */
function takesShopFirst(node: FunctionNode): boolean {
  const [handle, shop] = node.parameters;
  const type = handle?.type;
  if (type !== undefined && ts.isTypeReferenceNode(type) && HANDLE_TYPES.some((name) => isNamed(type.typeName, name))) {
    return shop !== undefined && SHOP_NAMES.some((name) => isNamed(shop.name, name));
  }
  let usesHandle = false;
  walk(node, (inner) => {
    if (HANDLE_NAMES.some((name) => isNamed(inner, name)) || HANDLE_TYPES.some((name) => isNamed(inner, name)))
      usesHandle = true;
  });
  return !usesHandle;
}

function isServer(path: string): boolean {
  return /\.server\.tsx?$/.test(path);
}

/** Routes are cut in two by Remix, which takes the server's half out of what browsers get. */
function isPure(path: string): boolean {
  return /\.tsx?$/.test(path) && !isServer(path) && !path.startsWith("app/routes/");
}

function isOf(packageName: string, target: string): boolean {
  return target === packageName || target.startsWith(`${packageName}/`);
}

function read(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false);
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const target = specifier.text.startsWith(".") ? posix.join(posix.dirname(path), specifier.text) : specifier.text;
    imports.push({ target, typeOnly });
  };
  walk(file, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
  });
  return { path, file, imports };
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  const named = namedBindings !== undefined && ts.isNamedImports(namedBindings) ? namedBindings.elements : undefined;
  return name === undefined && named !== undefined && named.length > 0 && named.every((element) => element.isTypeOnly);
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}
