import { useNavigation, useSubmit } from "@remix-run/react";
import { Banner, BlockStack, Box, Card, Checkbox, Text } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import type { RetentionSaved } from "../../jobs/retention-admin.server.ts";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { SaveBar } from "../save-bar.tsx";
import { useAnswer } from "../use-answer.ts";
import { KeptField } from "./kept-field.tsx";
import type { KeptView, RetentionView } from "./retention-view.ts";

/** How long everything is kept that is kept for a while only. What a shorter time would delete is told before it is saved. */
export function RetentionPage({ view }: { view: RetentionView }) {
  const submit = useSubmit();
  const { state, formData } = useNavigation();
  const answer = useAnswer<RetentionSaved>();
  const kept = Object.fromEntries(view.kinds.map(({ kind, days }) => [kind, days]));
  const [typed, setTyped] = useState(kept);
  const [agreed, setAgreed] = useState(false);
  const [missed, setMissed] = useState(false);
  const [sent, setSent] = useState(kept);
  const saved = useRef<HTMLDivElement>(null);
  const busy = state !== "idle" && formData !== undefined;
  const changed = view.kinds.some(({ kind, days }) => typed[kind] !== days);
  const shortened = view.kinds.some((one) => isShorter(one, typed[one.kind] ?? ""));
  const reasons = answer?.outcome === "refused" ? answer.reasons : {};

  useEffect(() => {
    if (answer?.outcome !== "saved") return;
    setAgreed(false);
    saved.current?.focus();
  }, [answer]);

  const save = (): void => {
    setMissed(shortened && !agreed);
    if (shortened && !agreed) return;
    setSent(typed);
    submit(typed, { method: "post" });
  };
  const discard = (): void => {
    setTyped(kept);
    setAgreed(false);
    setMissed(false);
  };
  return (
    <AdminPage
      title={t("What is kept how long")}
      subtitle={t("What is older is deleted once a day, a little at a time, and cannot be brought back.")}
      backAction={{ content: t("Settings"), url: "/app/settings" }}
      narrowWidth
    >
      <SaveBar id="retention" changed={changed} busy={busy} onSave={save} onDiscard={discard} />
      <BlockStack gap="400">
        {answer?.outcome === "saved" && !changed && (
          <div ref={saved} tabIndex={-1} style={{ outline: "none" }}>
            <Banner tone="success" title={t("Saved. What is older goes within a day.")} />
          </div>
        )}
        {answer?.outcome === "refused" && (
          <Banner tone="critical" title={t("Nothing was saved: see below what has to be another number")} />
        )}
        <Card>
          <BlockStack gap="600">
            {view.kinds.map((one) => (
              <KeptField
                key={one.kind}
                kept={one}
                days={typed[one.kind] ?? ""}
                shorter={isShorter(one, typed[one.kind] ?? "")}
                error={typed[one.kind] === sent[one.kind] ? reasons[one.kind] : undefined}
                onChange={(days) => setTyped((before) => ({ ...before, [one.kind]: days }))}
              />
            ))}
          </BlockStack>
        </Card>
        {shortened && (
          <Card>
            <Checkbox
              label={t("Delete what is older")}
              helpText={t("It cannot be brought back. How much that is stands beneath each number.")}
              checked={agreed}
              onChange={(now) => {
                setAgreed(now);
                setMissed(false);
              }}
              {...(missed && { error: t("Tick this first: with a shorter time things are deleted.") })}
            />
          </Card>
        )}
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            {t("Files of a segment, exports of a customer’s data and daily figures of segments go after a fixed time.")}
          </Text>
        </Box>
      </BlockStack>
    </AdminPage>
  );
}

function isShorter({ days: kept }: KeptView, typed: string): boolean {
  const days = typed.trim() === "" ? Infinity : Number(typed);
  return Number.isFinite(days) && days < (kept === "" ? Infinity : Number(kept));
}
