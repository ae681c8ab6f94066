import type { AdminActions } from "./jobs/admin-actions.server.ts";
import type { AdminReads } from "./jobs/admin-reads.server.ts";
import type { AutomationAdmin } from "./jobs/automation-admin.server.ts";
import type { ExportAdmin } from "./jobs/export-admin.server.ts";
import type { DestinationAdmin } from "./jobs/destination-admin.server.ts";
import type { ContentAdmin } from "./jobs/content-admin.server.ts";
import type { OAuthAdmin } from "./jobs/oauth-admin.server.ts";
import type { RecommendationAdmin } from "./jobs/recommendation-admin.server.ts";
import type { RetentionAdmin } from "./jobs/retention-admin.server.ts";
import type { SegmentAdmin } from "./jobs/segment-admin.server.ts";
import type { Shopify } from "./shopify.server.ts";

// The Remix build is a second copy of every module, so whatever has state reaches the routes through here.
declare module "@remix-run/node" {
  interface AppLoadContext {
    shopify: Shopify;
    /** What the pages show. */
    muster: AdminReads;
    /** What the pages change. */
    actions: AdminActions;
    /** What the pages about segments read and change. */
    segments: SegmentAdmin;
    /** What pages about a segment's automations read and change. */
    automations: AutomationAdmin;
    /** What pages read and ask about files of segments. */
    exports: ExportAdmin;
    /** What the pages about one connection read and change. */
    connections: DestinationAdmin;
    /** Connecting a platform by permission. */
    oauth: OAuthAdmin;
    /** What the pages about content read and change. */
    content: ContentAdmin;
    /** What the page about how long things are kept reads and changes. */
    retention: RetentionAdmin;
    /** What the page about recommendations reads and changes. */
    recommendations: RecommendationAdmin;
    /** One line for an error that no route expected. */
    logError(error: unknown): void;
  }
}
