import { z } from "zod";
import type { AdminAnswer, AskAdmin } from "../../shopify/ask-admin.server.ts";
import { MORE_OF_REFUND, REFUNDS } from "../../shopify/operations.ts";
import type { Facts } from "../facts.ts";
import { refundFacts, refundLineNode, refundNode, transactionNode, type Reading } from "./node-facts.ts";
import { type PageInfo, pageOf } from "./page.ts";

const contents = z.object({
  transactions: pageOf(transactionNode),
  refundLineItems: pageOf(refundLineNode),
});
const refundsShape = z.object({ nodes: z.array(refundNode.extend(contents.shape).nullish()) });
const moreShape = z.object({ node: contents.nullish() });

export type RefundsAnswer =
  | {
      outcome: "answered";
      facts: Pick<Facts, "refundTransactions" | "refundLines">;
      /** Refunds that exist no more. */
      skipped: { count: number; reason: string | null };
      restMs: number;
    }
  | Extract<AdminAnswer<never>, { outcome: "later" | "refused" }>;

/** Reads whole refunds by their numeric ids, however many lines they have. */
export async function askRefunds(
  ask: AskAdmin,
  refundIds: readonly string[],
  reading: Reading,
): Promise<RefundsAnswer> {
  const ids = refundIds.map((id) => `gid://shopify/Refund/${id}`);
  const answer = await ask(REFUNDS, { ids }, refundsShape);
  if (answer.outcome !== "answered") return answer;
  const facts: Pick<Facts, "refundTransactions" | "refundLines"> = { refundTransactions: [], refundLines: [] };
  let gone = 0;
  for (const node of answer.data.nodes) {
    if (!node) {
      gone += 1;
      continue;
    }
    const rest = await askRest(ask, node.id, node);
    if (rest.outcome !== "whole") return rest;
    const { refundTransactions, refundLines } = refundFacts(node, rest.transactions, rest.lines, reading);
    facts.refundTransactions.push(...refundTransactions);
    facts.refundLines.push(...refundLines);
  }
  const reason = gone > 0 ? "A refund exists no more." : null;
  return { outcome: "answered", facts, skipped: { count: gone, reason }, restMs: answer.restMs };
}

async function askRest(ask: AskAdmin, id: string, first: z.infer<typeof contents>) {
  const transactions = [...first.transactions.nodes];
  const lines = [...first.refundLineItems.nodes];
  let page = first;
  while (page.transactions.pageInfo.hasNextPage || page.refundLineItems.pageInfo.hasNextPage) {
    const after = {
      transactions: page.transactions.pageInfo.endCursor ?? null,
      lines: page.refundLineItems.pageInfo.endCursor ?? null,
    };
    const answer = await ask(MORE_OF_REFUND, { id: `gid://shopify/Refund/${id}`, ...after }, moreShape);
    if (answer.outcome !== "answered") return answer;
    if (!answer.data.node) break;
    const more = answer.data.node;
    // The connection that was at its end gives its end again: nothing after its last cursor.
    transactions.push(...more.transactions.nodes);
    lines.push(...more.refundLineItems.nodes);
    page = {
      transactions: { ...more.transactions, pageInfo: endOf(more.transactions, page.transactions) },
      refundLineItems: { ...more.refundLineItems, pageInfo: endOf(more.refundLineItems, page.refundLineItems) },
    };
  }
  return { outcome: "whole" as const, transactions, lines };
}

/** An empty page has no cursor; the last one known stays the place to go on from. */
function endOf(next: { pageInfo: PageInfo }, before: { pageInfo: PageInfo }): PageInfo {
  return { hasNextPage: next.pageInfo.hasNextPage, endCursor: next.pageInfo.endCursor ?? before.pageInfo.endCursor };
}
