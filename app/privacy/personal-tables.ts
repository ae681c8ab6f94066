/** The places of a person's keys in a statement ("$2"); each is a list. */
export interface Keys {
  customers: string;
  orders: string;
  emails: string;
  phones: string;
  tokens: string;
  clients: string;
  externals: string;
}

/** How a person is found in a table, and what becomes of it. */
export interface PersonalRows {
  /** The condition under which a row is the person's. */
  rows(keys: Keys): string;
  /** Whole rows, or what of them is overwritten. */
  erase: "delete" | { set: string | ((keys: Keys) => string) };
  /** What the rows are called in an export; null where another entry shows them. */
  title: string | null;
}

/** One table of the database. Every table has an entry: a test looks for those that are missing. */
export interface TableEntry {
  table: string;
  /** The column that says which shop a row belongs to; null: the rows name no shop and stay when one is erased. */
  shop: "shop_id" | "shop" | "id" | null;
  /** In this order. Empty: why there is nobody in it. */
  person: PersonalRows[] | string;
}

const ofCustomer = (title: string, erase: PersonalRows["erase"] = "delete"): PersonalRows[] => [
  { rows: ({ customers }) => `customer_id = ANY(${customers}::bigint[])`, erase, title },
];
const ofOrder = (title: string, column: string, erase: PersonalRows["erase"]): PersonalRows[] => [
  { rows: ({ orders }) => `${column} = ANY(${orders}::bigint[])`, erase, title },
];
const ofToken = (title: string): PersonalRows[] => [
  { rows: ({ tokens }) => `token = ANY(${tokens}::text[])`, erase: "delete", title },
];
/** A pass over customers that stopped at the person goes on from before them. */
const atCustomer = (which: string): PersonalRows[] => [
  {
    rows: ({ customers }) => `${which} AND position = ANY(${customers}::bigint[])`,
    erase: { set: "position = position - 1" },
    title: null,
  },
];
/** Names the merchant's own systems use for the person, and for nobody else. */
const ownNames = ({ customers, emails, phones, externals }: Keys): string =>
  `(customer_id = ANY(${customers}::bigint[]) OR (kind = 'customer_id' AND value = ANY(${customers}::text[]))
    OR (customer_id IS NULL AND contenders <@ ${customers}::bigint[] AND (kind = 'email' AND value = ANY(${emails}::text[])
      OR kind = 'phone' AND ltrim(value, '+') = ANY(${phones}::text[]) OR kind = 'external_id' AND value = ANY(${externals}::text[]))))`;
const underNames = (column: string, keys: Keys): string =>
  `${column} IN (SELECT id FROM api_identifiers WHERE shop_id = $1 AND ${ownNames(keys)})`;
/**
 * What was said under the person's addresses. What a customer who has one of them by now said is that customer's: an unsubscribe of theirs
 * that went along would be lost.
 */
const underAddresses = ({ customers, emails, phones }: Keys): string =>
  `((address = ANY(${emails}::text[]) OR address = ANY(${phones}::text[]))
    AND NOT EXISTS (SELECT FROM customers c WHERE c.shop_id = $1 AND lower(btrim(c.email)) = address
      AND c.deleted_at IS NULL AND c.id <> ALL(${customers}::bigint[]))
    AND NOT EXISTS (SELECT FROM profiles p WHERE p.shop_id = $1 AND regexp_replace(p.phone, '\\D', '', 'g') = address
      AND p.customer_id <> ALL(${customers}::bigint[])))`;
const guestClues = (customers: string): string =>
  `ARRAY(SELECT 'customer ' || id FROM unnest(${customers}::bigint[]) AS given (id))`;
const nameless = "amounts and products of an order, without a word about who";

/** What is left of a member until the platform has confirmed that they are out: the address and the platform's own id. */
const LEAVE = `member = false, exception = NULL, email = NULL, first_name = NULL, last_name = NULL, rejection = NULL, attempts = 0,
  revision = revision + 1, received_at = NULL, due_at = CASE WHEN acked_email IS NOT NULL THEN now() END`;

/**
 * Every table, in the order in which they are erased: profiles before audience members, so that nothing is projected behind the
 * erasure. Orders stay for the shop's totals, without anything that names the person; see the README.
 */
export const TABLES: readonly TableEntry[] = [
  { table: "profile_queue", shop: "shop_id", person: ofCustomer("waiting") },
  { table: "recommendation_queue", shop: "shop_id", person: ofCustomer("waitingForRecommendations") },
  // That somebody's lists change says nothing about them that the export does not have.
  {
    table: "recommendation_changes",
    shop: "shop_id",
    person: ofCustomer("").map((rows) => ({ ...rows, title: null })),
  },
  { table: "recommendation_models", shop: "shop_id", person: "figures about all customers together" },
  {
    table: "recommendation_trainings",
    shop: "shop_id",
    person: "until when a process trains the shop",
  },
  { table: "recommendation_rules", shop: "shop_id", person: "the merchant's rules" },
  { table: "product_recommendations", shop: "shop_id", person: "counts of buyers, without who" },
  { table: "popular_recommendations", shop: "shop_id", person: "counts of orders, without whose" },
  { table: "recommendation_settings", shop: "shop_id", person: "the merchant's settings" },
  { table: "retention", shop: "shop_id", person: "the merchant's settings" },
  { table: "storefront_lists", shop: "shop_id", person: "which lists of products Shopify was told" },
  {
    table: "recommendation_feedback",
    shop: "shop_id",
    person: [
      {
        // A browser that was the person's once was theirs before they signed in, too.
        rows: ({ customers, clients, tokens }) =>
          `(customer_id = ANY(${customers}::bigint[]) OR (customer_id IS NULL AND (client_id = ANY(${clients}::text[]) OR client_id IN
            (SELECT client_id FROM recommendation_feedback WHERE shop_id = $1 AND customer_id = ANY(${customers}::bigint[])
             UNION SELECT client_id FROM visitor_claims WHERE shop_id = $1 AND token = ANY(${tokens}::text[])))))`,
        erase: "delete",
        title: "feedbackOnRecommendations",
      },
    ],
  },
  {
    table: "recommendation_arms",
    shop: "shop_id",
    person: [
      {
        // A browser that nobody signed in on is the person's by the cart that became an order.
        rows: ({ customers, clients, tokens }) =>
          `(customer_id = ANY(${customers}::bigint[]) OR (customer_id IS NULL AND substr(subject, 8) IN (SELECT unnest(${clients}::text[])
            UNION SELECT client_id FROM visitor_claims WHERE shop_id = $1 AND token = ANY(${tokens}::text[]))))`,
        erase: "delete",
        title: "armsOfComparisons",
      },
    ],
  },
  { table: "timers", shop: "shop_id", person: ofCustomer("timers") },
  {
    table: "customers",
    shop: "shop_id",
    person: [{ rows: ({ customers }) => `id = ANY(${customers}::bigint[])`, erase: "delete", title: "customer" }],
  },
  { table: "consents", shop: "shop_id", person: ofCustomer("consents") },
  {
    table: "platform_consents",
    shop: "shop_id",
    person: [
      {
        rows: (keys) => underAddresses(keys),
        erase: "delete",
        title: "consentsAtPlatforms",
      },
    ],
  },
  {
    table: "consent_evidence",
    shop: "shop_id",
    person: [
      {
        rows: (keys) => underAddresses(keys),
        erase: "delete",
        title: "consentEvidence",
      },
    ],
  },
  {
    table: "errands",
    shop: "shop_id",
    person: [
      {
        rows: (keys) =>
          `kind <> 'forget' AND (customer_id = ANY(${keys.customers}::bigint[]) OR ${underAddresses(keys)})`,
        erase: "delete",
        title: "errandsToPlatforms",
      },
    ],
  },
  { table: "customer_tags", shop: "shop_id", person: ofCustomer("tags") },
  { table: "customer_addresses", shop: "shop_id", person: ofCustomer("addresses") },
  { table: "customer_locales", shop: "shop_id", person: ofCustomer("language") },
  { table: "customer_metafields", shop: "shop_id", person: ofCustomer("metafields") },
  { table: "metafield_definitions", shop: "shop_id", person: "names and types of metafields the merchant defined" },
  { table: "purchasing_summaries", shop: "shop_id", person: ofCustomer("totalsCountedByShopify") },
  {
    table: "customer_merges",
    shop: "shop_id",
    person: [
      {
        rows: ({ customers }) => `(deleted_id = ANY(${customers}::bigint[]) OR kept_id = ANY(${customers}::bigint[]))`,
        erase: "delete",
        title: "merges",
      },
    ],
  },
  {
    table: "profile_links",
    shop: "shop_id",
    person: [
      {
        rows: ({ customers }) => `(low_id = ANY(${customers}::bigint[]) OR high_id = ANY(${customers}::bigint[]))`,
        erase: "delete",
        title: "linkedProfiles",
      },
    ],
  },
  {
    table: "duplicate_pairs",
    shop: "shop_id",
    person: [
      {
        rows: ({ customers }) => `(low_id = ANY(${customers}::bigint[]) OR high_id = ANY(${customers}::bigint[]))`,
        erase: "delete",
        title: "likelyDuplicates",
      },
    ],
  },
  {
    table: "duplicate_models",
    shop: "shop_id",
    person: "weights, and hashes of values with how many persons have them, of three and more",
  },
  { table: "profile_names", shop: "shop_id", person: ofCustomer("names").map((rows) => ({ ...rows, title: null })) },
  { table: "profiles", shop: "shop_id", person: ofCustomer("profile") },
  { table: "memberships", shop: "shop_id", person: ofCustomer("segments") },
  { table: "membership_changes", shop: "shop_id", person: ofCustomer("segmentChanges") },
  { table: "automation_standings", shop: "shop_id", person: ofCustomer("saidByAutomations") },
  {
    table: "automation_attempts",
    shop: "shop_id",
    person: [
      {
        rows: ({ customers }) =>
          `run_id IN (SELECT id FROM automation_runs WHERE shop_id = $1 AND customer_id = ANY(${customers}::bigint[]))`,
        erase: "delete",
        title: "automationAttempts",
      },
    ],
  },
  { table: "automation_runs", shop: "shop_id", person: ofCustomer("automationRuns") },
  { table: "automation_tags", shop: "shop_id", person: ofCustomer("tagsPutOnByAutomations") },
  {
    table: "audience_members",
    shop: "shop_id",
    person: [
      {
        rows: ({ customers }) => `customer_id = ANY(${customers}::bigint[])`,
        erase: { set: LEAVE },
        title: "audiences",
      },
      {
        rows: ({ customers }) => `customer_id = ANY(${customers}::bigint[]) AND acked_email IS NULL`,
        erase: "delete",
        title: null,
      },
    ],
  },
  { table: "segment_events", shop: "shop_id", person: ofCustomer("segmentEventsToPlatforms") },
  {
    table: "orders",
    shop: "shop_id",
    person: [
      ...ofOrder("orders", "id", {
        set: `customer_id = NULL, name = NULL, email = NULL, phone = NULL, cart_token = NULL, checkout_token = NULL,
          discount_codes = '{}', tags = '{}', guest_of = NULL, guest_clues = '{}', guest_pending = false`,
      }),
      // Somebody else's, or nobody's, that were looked up by something the person had too.
      {
        rows: ({ customers }) => `guest_clues && ${guestClues(customers)}`,
        erase: { set: "guest_of = NULL, guest_clues = '{}', guest_pending = true" },
        title: null,
      },
    ],
  },
  { table: "order_lines", shop: "shop_id", person: ofOrder("orderLines", "order_id", { set: "title = NULL" }) },
  { table: "refund_transactions", shop: "shop_id", person: nameless },
  { table: "refund_lines", shop: "shop_id", person: nameless },
  { table: "checkouts", shop: "shop_id", person: ofToken("checkouts") },
  { table: "carts", shop: "shop_id", person: ofToken("carts") },
  {
    table: "deletions",
    shop: "shop_id",
    person: [
      {
        rows: ({ tokens }) => `(kind LIKE 'checkout%' AND id = ANY(${tokens}::text[]))`,
        erase: "delete",
        title: null,
      },
    ],
  },
  {
    table: "events",
    shop: "shop_id",
    person: [
      {
        rows: (keys) =>
          `(customer_id = ANY(${keys.customers}::bigint[]) OR (customer_id IS NULL AND client_id = ANY(${keys.clients}::text[]))
            OR (customer_id IS NULL AND ${underNames("identifier_id", keys)}))`,
        erase: "delete",
        title: "events",
      },
    ],
  },
  {
    table: "visitor_claims",
    shop: "shop_id",
    person: [
      {
        rows: ({ tokens, clients }) => `(token = ANY(${tokens}::text[]) OR client_id = ANY(${clients}::text[]))`,
        erase: "delete",
        title: "browsersAndTheirCarts",
      },
    ],
  },
  {
    table: "profile_traits",
    shop: "shop_id",
    person: [{ rows: (keys) => underNames("identifier_id", keys), erase: "delete", title: "traits" }],
  },
  {
    table: "api_identifier_links",
    shop: "shop_id",
    person: [
      {
        rows: (keys) => `(${underNames("identifier_id", keys)} OR ${underNames("other_id", keys)})`,
        erase: "delete",
        title: null,
      },
    ],
  },
  {
    table: "visitor_queue",
    shop: "shop_id",
    person: [{ rows: ({ clients }) => `client_id = ANY(${clients}::text[])`, erase: "delete", title: null }],
  },
  {
    table: "api_identifiers",
    shop: "shop_id",
    person: [
      { rows: ownNames, erase: "delete", title: "namesToldByTheMerchant" },
      {
        // Whoever else could be meant by the name may be the only one now.
        rows: ({ customers }) => `contenders && ${customers}::bigint[]`,
        erase: { set: "contenders = '{}', pending = true" },
        title: null,
      },
    ],
  },
  { table: "trait_types", shop: "shop_id", person: "names and types of the shop's own traits" },
  { table: "api_keys", shop: "shop_id", person: "hashes of the merchant's own keys" },
  { table: "opening_balances", shop: "shop_id", person: ofCustomer("totalsToldByShopify") },
  { table: "back_fill_lines", shop: "shop_id", person: ofOrder("linesBeingRead", "order_id", { set: "title = NULL" }) },
  { table: "back_fill_refunds", shop: "shop_id", person: "numbers of refunds that are still to be read" },
  { table: "quality_findings", shop: "shop_id", person: ofCustomer("findings") },
  {
    table: "privacy_exports",
    shop: "shop_id",
    person: [
      {
        rows: (keys) =>
          `request_id IN (SELECT id FROM privacy_requests WHERE shop_id = $1 AND ${exportRequests(keys)})`,
        erase: "delete",
        title: null,
      },
    ],
  },
  {
    table: "privacy_requests",
    shop: "shop_id",
    person: [
      {
        rows: exportRequests,
        erase: {
          set: `customer_id = NULL, email = NULL, phone = NULL, order_ids = '{}', subject = NULL, state = 'done',
            done_at = coalesce(done_at, now())`,
        },
        title: "privacyRequests",
      },
    ],
  },
  { table: "inbox", shop: "shop", person: "bodies are looked through one by one and emptied" },
  { table: "dead_letters", shop: "shop", person: "those of emptied bodies are deleted with them" },
  { table: "dead_letter_replays", shop: "shop", person: "counts of what came of a replay" },
  { table: "erased", shop: "shop_id", person: "keyed hashes of who was erased, so that they stay so" },
  { table: "back_fills", shop: "shop_id", person: atCustomer("kind = 'totals'") },
  { table: "drift_looks", shop: "shop_id", person: "counts of what was compared" },
  { table: "quality_sweeps", shop: "shop_id", person: atCustomer("true") },
  { table: "products", shop: "shop_id", person: "the shop's goods" },
  { table: "product_variants", shop: "shop_id", person: "the shop's goods" },
  { table: "collections", shop: "shop_id", person: "the shop's goods" },
  { table: "inventory_levels", shop: "shop_id", person: "the shop's goods" },
  {
    table: "sync_log",
    shop: "shop_id",
    person: [
      {
        rows: ({ customers }) => `members ?| ${customers}::text[]`,
        erase: { set: ({ customers }) => `members = members - ${customers}::text[]` },
        title: null,
      },
    ],
  },
  // The bytes are sealed and cannot be looked into, so every file of the shop goes.
  {
    table: "segment_export_parts",
    shop: "shop_id",
    person: [{ rows: ({ customers }) => `cardinality(${customers}::bigint[]) > 0`, erase: "delete", title: null }],
  },
  {
    table: "segment_exports",
    shop: "shop_id",
    person: [{ rows: ({ customers }) => `cardinality(${customers}::bigint[]) > 0`, erase: "delete", title: null }],
  },
  {
    table: "hook_calls",
    shop: "shop_id",
    // What a platform's call names by the platform's own id alone is asked for within minutes.
    person: [
      {
        rows: (keys) => `EXISTS (SELECT FROM unnest(addresses) AS named (address) WHERE ${underAddresses(keys)})`,
        erase: "delete",
        title: "callsOfPlatforms",
      },
    ],
  },
  { table: "oauth_attempts", shop: "shop_id", person: "who of the shop's staff connects a platform, for minutes" },
  { table: "vendor_batches", shop: "shop_id", person: "digests of what a platform is writing, for minutes" },
  { table: "destination_hooks", shop: "shop_id", person: "addresses of our own that platforms call" },
  {
    table: "permissions_given_up",
    shop: "shop_id",
    person: "the merchant's own accounts, until they are forgotten at the platform",
  },
  {
    table: "comparisons",
    shop: "shop_id",
    // A stranger's id at Mailchimp follows from the address; one at Klaviyo names nobody once the profile is deleted there.
    person: [
      {
        rows: ({ customers, emails }) =>
          `(members ?| ${customers}::text[] OR strangers && ARRAY(SELECT md5(given) FROM unnest(${emails}::text[]) AS given))`,
        erase: {
          set: ({ customers, emails }) => `members = members - ${customers}::text[],
            strangers = ARRAY(SELECT unnest(strangers) EXCEPT SELECT md5(given) FROM unnest(${emails}::text[]) AS given)`,
        },
        title: null,
      },
    ],
  },
  { table: "audiences", shop: "shop_id", person: "reports hold counts" },
  { table: "destinations", shop: "shop_id", person: "the merchant's own accounts" },
  { table: "automations", shop: "shop_id", person: "what the merchant wants done, and where" },
  {
    table: "audit_log",
    shop: "shop_id",
    person: "what staff changed of the shop's settings, and rules the merchant wrote",
  },
  { table: "segment_versions", shop: "shop_id", person: "rules the merchant wrote" },
  { table: "segment_schedules", shop: "shop_id", person: "rules the merchant wrote" },
  { table: "backtests", shop: "shop_id", person: "rules the merchant wrote, and how many they were true for" },
  { table: "segment_builds", shop: "shop_id", person: atCustomer("true") },
  { table: "segment_days", shop: "shop_id", person: "figures about all members together" },
  { table: "segment_findings", shop: "shop_id", person: "what is doubtful about the merchant's rules" },
  { table: "segment_watches", shop: "shop_id", person: "when a segment is looked at next" },
  { table: "segments", shop: "shop_id", person: "rules the merchant wrote" },
  { table: "content_versions", shop: "shop_id", person: "texts the merchant wrote" },
  { table: "content_blocks", shop: "shop_id", person: "texts the merchant wrote" },
  { table: "content_feeds", shop: "shop_id", person: "names and times of feeds" },
  { table: "sessions", shop: "shop", person: "sealed tokens of the shop's staff" },
  { table: "shops", shop: "id", person: "the shop itself" },
  { table: "erasures", shop: null, person: "the proof: keyed hashes, times and counts" },
  { table: "erased_shops", shop: null, person: "keyed hashes of shops that were erased" },
  { table: "_prisma_migrations", shop: null, person: "the database's own history" },
];

/** Requests for the person's data: what was asked for and not built yet cannot be built any more. */
function exportRequests({ customers, emails }: Keys): string {
  return `kind = 'data_request' AND (customer_id = ANY(${customers}::bigint[])
    OR (customer_id IS NULL AND lower(btrim(email)) = ANY(${emails}::text[])))`;
}
