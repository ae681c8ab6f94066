import { countLists } from "../../app/recommendation/lists-store.server.ts";
import { reconcileAudience } from "../../app/sync/reconcile.server.ts";
import { audienceStates } from "../../app/sync/sync-store.server.ts";
import { readFigures } from "./figures.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { judge } from "./judge.ts";
import type { DemoOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import type { Delivered, Sandbox } from "./sandbox-process.ts";
import { settle, settleErrands } from "./settle.ts";
import type { DemoApp } from "./start-app.ts";
import { stateHash } from "./state-hash.ts";

export interface CheckInput {
  app: DemoApp;
  sandbox: Sandbox;
  options: DemoOptions;
  progress: Progress;
  delivered: Delivered;
  /** performance.now() at the first delivery. */
  startedAt: number;
}

const MOST_REPAIRS = 5;

/** Waits until all is settled, reads every audience back and draws up the figures of the JSON line. */
export async function check({ app, sandbox, options, progress, delivered, startedAt }: CheckInput) {
  const { muster, shop } = app;
  const audiences = await proveAudiences(app, progress);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  await settle(app, progress, "everything");
  const { dead, money, refundedUnits, ...figures } = await readFigures(muster.db, shop.id, shop.domain);
  const { books } = delivered;
  const duplicates = (await muster.metrics.deliveries.get()).values.find(
    ({ labels }) => labels.outcome === "duplicate",
  );
  const judged = options.faults ? await judgeRun(app, sandbox, delivered, progress) : null;
  const equal = audiences.every(({ equal }) => equal) && audiences.length > 0;
  const ok = equal && books.failed === 0 && dead === 0 && (judged?.ok ?? true);
  return {
    ok,
    webhooks: { sent: books.sent, acked: books.acked, duplicates: duplicates?.value ?? 0, dead },
    ...figures,
    audiences,
    recommendations: await countLists(muster.db, shop.id),
    latencyMs: await latency(app),
    seconds,
    ...(delivered.summary.kind === "replay" && {
      asOf: delivered.asOf,
      money,
      refundedUnits,
      unmatchedUnits: delivered.summary.unmatchedUnits,
      skippedInvoices: delivered.summary.skippedInvoices,
    }),
    stateHash: await stateHash(muster.db, shop.id),
    ...(judged && { ledger: judged.ledger }),
  };
}

interface Proof {
  destination: string;
  segment: string;
  members: number;
  audience: number;
  exceptions: Record<string, number>;
  equal: boolean;
}

/** Reads every audience back from its service; what differs is mended and read again. */
async function proveAudiences(app: DemoApp, progress: Progress): Promise<Proof[]> {
  for (let attempt = 0; ; attempt += 1) {
    await settle(app, progress, "audiences");
    const proofs = await readAudiences(app);
    if (proofs.every(({ equal }) => equal) || attempt === MOST_REPAIRS) return proofs;
    progress.say("An audience differed and is being mended.");
    await app.muster.queue.ring("sweep", {}, { key: "sweep" });
  }
}

async function readAudiences({ muster, shop }: DemoApp): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const { audienceId, kind, segmentName } of await audienceStates(muster.db, shop.id)) {
    const result = await reconcileAudience({
      db: muster.db,
      shop: shop.id,
      audienceId,
      destinations: muster.destinations,
      now: () => new Date(),
      repair: true,
    });
    const report =
      result.outcome === "read" ? result.report : { members: 0, audience: 0, exceptions: {}, equal: false };
    const { members, audience, exceptions, equal } = report;
    proofs.push({ destination: kind, segment: segmentName, members, audience, exceptions, equal });
  }
  return proofs;
}

async function latency({ muster }: DemoApp) {
  const measured = await muster.metrics.latency();
  const round = (value: number): number => Math.round(value * 10) / 10;
  return Object.fromEntries(
    Object.entries(measured).map(([name, quantiles]) => [
      name,
      { p50: round(quantiles?.p50 ?? 0), p99: round(quantiles?.p99 ?? 0) },
    ]),
  );
}

/** The vendors' own books, added up, and what follows from them; each verdict is said in a line too. */
async function judgeRun(app: DemoApp, sandbox: Sandbox, delivered: Delivered, progress: Progress) {
  await settleErrands(app);
  const evidence = await gatherEvidence(app, sandbox, delivered);
  const verdicts = Object.entries(judge(evidence));
  for (const [name, { ok, words }] of verdicts) progress.say(`${ok ? "holds" : "FAILS"}  ${name}: ${words}`);
  const books = Object.values(evidence.books);
  const sum = (name: "consentRaised" | "overLimit" | "duplicateEffects" | "requests"): number =>
    books.reduce((total, ledger) => total + ledger[name], 0);
  const requests = sum("requests");
  const injected: Record<string, number> = {};
  for (const { injectedFaults } of books)
    for (const [kind, count] of Object.entries(injectedFaults)) injected[kind] = (injected[kind] ?? 0) + count;
  return {
    ok: verdicts.every(([, { ok }]) => ok),
    ledger: {
      verdicts: Object.fromEntries(verdicts.map(([name, { ok }]) => [name, ok])),
      consentRaised: sum("consentRaised"),
      overLimitShare: requests === 0 ? 0 : sum("overLimit") / requests,
      duplicateEffects: sum("duplicateEffects"),
      requests,
      injected,
    },
  };
}
