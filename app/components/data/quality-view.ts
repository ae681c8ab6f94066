import type { QualityAnswer } from "../../jobs/admin-reads.server.ts";
import type { Format } from "../../platform/format.ts";
import { findingDetail, findingWords } from "../finding-words.ts";
import { profilesUrl } from "../profiles/profiles-url.ts";
import { profileName } from "../profile-words.ts";

export interface FindingView {
  code: string;
  title: string;
  meaning: string;
  count: string;
  samples: { url: string; name: string; detail: string | null }[];
  /** How many profiles are not among the samples; null: none. */
  more: string | null;
  /** The list of all of them. */
  url: string;
}

export function qualityView(
  findings: Extract<QualityAnswer, { outcome: "found" }>["findings"],
  format: Format,
): FindingView[] {
  return findings.map(({ code, count, samples }) => ({
    code,
    ...findingWords(code),
    count: format.number(count),
    samples: samples.map(({ detail, ...profile }) => ({
      url: `/app/profiles/${profile.customerId}`,
      name: profileName(profile),
      detail: detail === null ? null : findingDetail(code, detail),
    })),
    more: count > samples.length ? format.number(count - samples.length) : null,
    url: profilesUrl({ query: "", rule: `data_quality_findings CONTAINS '${code}'` }),
  }));
}
