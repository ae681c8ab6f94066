import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, InlineStack, Link, SkeletonBodyText, Text } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import type { Person } from "../../jobs/people.server.ts";
import { t } from "../../texts/text.ts";
import { AdminModal } from "../admin-modal.tsx";
import type { Asked } from "./asked.ts";

export interface EnteredModalProps {
  text: string;
  /** The end of the day, as an ISO instant. */
  at: string;
  day: string;
  onClose(): void;
}

/** Who would have entered on a day of the past, some at a time. */
export function EnteredModal({ text, at, day, onClose }: EnteredModalProps) {
  const { data, submit, state } = useFetcher<Asked>();
  const [people, setPeople] = useState<Person[]>([]);
  const ask = (after: string | null): void =>
    submit({ text, at, ...(after !== null && { after }) }, { method: "post", action: "/app/segments/preview" });

  const latest = useRef(submit);
  latest.current = submit;
  useEffect(() => {
    setPeople([]);
    latest.current({ text, at }, { method: "post", action: "/app/segments/preview" });
  }, [text, at]);
  useEffect(() => {
    if (data?.kind === "entered" && data.outcome === "found") setPeople((known) => [...known, ...data.people]);
  }, [data]);

  const found = data?.kind === "entered" ? data : null;
  const more = found?.outcome === "found" ? found.more : null;
  return (
    <AdminModal onClose={onClose} title={t("Would have entered up to {day}", { day })}>
      <BlockStack gap="300">
        <Text as="p" tone="subdued">
          {t("In the 24 hours before, on the events known today.")}
        </Text>
        {found?.outcome === "refused" && (
          <Text as="p" tone="critical">
            {found.problems[0]}
          </Text>
        )}
        {people.length === 0 && found?.outcome !== "refused" && (found ? null : <SkeletonBodyText lines={3} />)}
        {people.length === 0 && found?.outcome === "found" && <Text as="p">{t("Nobody who is still there.")}</Text>}
        {people.map(({ customerId, name }) => (
          <Link key={customerId} url={`/app/profiles/${customerId}`} removeUnderline>
            {name}
          </Link>
        ))}
        {more !== null && (
          <InlineStack>
            <Button loading={state !== "idle"} onClick={() => ask(more)}>
              {t("Show more")}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </AdminModal>
  );
}
