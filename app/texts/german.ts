import { automations } from "./german/automations.ts";

import { content } from "./german/content.ts";
import { data } from "./german/data.ts";
import { destinations } from "./german/destinations.ts";
import { everywhere } from "./german/everywhere.ts";
import { overview } from "./german/overview.ts";
import { profiles } from "./german/profiles.ts";
import { recommendations } from "./german/recommendations.ts";
import { rules } from "./german/rules.ts";
import { segments } from "./german/segments.ts";
import { settings } from "./german/settings.ts";
import { shell } from "./german/shell.ts";

/**
 * Every text of the admin, as English has it, in German; one file for each part. Where English has one word for two things, the key says
 * after a bar which is meant, and English is without it: `"Open|a door"`.
 */
export const german = {
  ...shell,
  ...everywhere,
  ...rules,
  ...segments,
  ...automations,
  ...content,
  ...data,
  ...recommendations,
  ...profiles,
  ...overview,
  ...destinations,
  ...settings,
} as const;
