import { GraphQLError } from "graphql";

/** A node, or anything else that fields are asked of, under the names of the schema. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a connection field holds. */
export class Connection {
  readonly nodes: readonly Fields[];
  readonly #holds: Filter;

  /** @param holds whether a node is among those that the arguments ask for */
  constructor(nodes: readonly Fields[], holds: Filter = () => true) {
    this.nodes = nodes;
    this.#holds = holds;
  }

  askedFor(given: Fields): Connection {
    return new Connection(this.nodes.filter((node) => this.#holds(given, node)));
  }
}

type Filter = (given: Fields, node: Fields) => boolean;

interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  reverse?: boolean | null;
}

const MOST_AT_ONCE = 250;

/** One page of a connection. Cursors are offsets; only forward paging is held. */
export function pageOf({ nodes }: Connection, { first, last, after, reverse }: PageArguments): Fields {
  if (first === undefined || first === null || last) throw new GraphQLError("you must provide `first`");
  if (first > MOST_AT_ONCE) throw new GraphQLError(`first cannot exceed ${MOST_AT_ONCE}`);
  const ordered = reverse === true ? nodes.toReversed() : nodes;
  const start = after ? offsetOf(after) + 1 : 0;
  const shown = ordered.slice(start, start + first);
  const cursorAt = (index: number): string => Buffer.from(`offset:${start + index}`).toString("base64url");
  return {
    nodes: shown,
    edges: shown.map((node, index) => ({ cursor: cursorAt(index), node })),
    pageInfo: {
      hasNextPage: start + shown.length < ordered.length,
      hasPreviousPage: start > 0,
      startCursor: shown.length > 0 ? cursorAt(0) : null,
      endCursor: shown.length > 0 ? cursorAt(shown.length - 1) : null,
    },
  };
}

function offsetOf(cursor: string): number {
  const [, offset] = /^offset:(\d+)$/.exec(Buffer.from(cursor, "base64url").toString("utf8")) ?? [];
  if (offset === undefined) throw new GraphQLError("Invalid cursor for current pagination sort.");
  return Number(offset);
}
