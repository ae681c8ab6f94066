import { useFetcher, useNavigation, useSubmit } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { memo, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { PublishAnswer } from "../../jobs/publish-answer.ts";
import type { RemovalAnswer } from "../../jobs/segment-removal.server.ts";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { RuleEditor } from "../rule/rule-editor.tsx";
import { SaveBar } from "../save-bar.tsx";
import { type Status, StatusBadge } from "../status-badge.tsx";
import { useLiveRefresh } from "../use-live-refresh.ts";
import type { Asked } from "./asked.ts";
import { AutomationsCard } from "./automations-card.tsx";
import { BacktestCard } from "./backtest-card.tsx";
import { CREATED, type EditorView } from "./editor-view.ts";
import { overlapUrl } from "./overlap-url.ts";
import { PreviewCard } from "./preview-card.tsx";
import type { PreviewView } from "./preview-view.ts";
import { FindingsCard } from "./findings-card.tsx";
import { FreshnessCard } from "./freshness-card.tsx";
import { PublishModal } from "./publish-modal.tsx";
import { RemoveModal } from "./remove-modal.tsx";
import { ScheduleBanner } from "./schedule-banner.tsx";
import { VersionsCard } from "./versions-card.tsx";

const COUNT_AFTER_MS = 400;
const COUNT_AGAIN_MS = 60_000;
const LOOK_MS = 5_000;
const REFRESH_MS = 5_000;

/** A segment's rule in three faces, what it would change, and its versions. */
export function SegmentEditor({
  view,
  answered,
}: {
  view: EditorView;
  answered: PublishAnswer | RemovalAnswer | undefined;
}) {
  const [name, setName] = useState(view.name);
  const [text, setText] = useState(view.text);
  // Whether somebody is about to publish, and whether at a moment that they set.
  const [publishing, setPublishing] = useState<"now" | "later" | null>(null);
  const [removing, setRemoving] = useState(false);
  // What is written here is written over this version; after a publication of one's own, over that.
  const [based, setBased] = useState(view.version);
  // The rule as it was last read here or sent, and as it is written now.
  const sent = useRef(text);
  const written = useRef(text);
  written.current = text;
  const submit = useSubmit();
  const navigation = useNavigation();
  const busy = navigation.state !== "idle" && navigation.formMethod === "POST";
  const intent = navigation.formData?.get("intent");
  // What only follows the rule is drawn when nobody waits for a letter to appear.
  const followed = useDeferredValue(text);
  // What a publication moves is no more to come once it is decided.
  const decided = `${view.version} ${view.row?.state.tone === "attention"}`;
  const { preview, isOfText, loading } = usePreview(text, view.id, decided);
  // Whoever publishes goes by figures of the very rule.
  const counted = isOfText ? preview : null;
  useLiveRefresh(REFRESH_MS);

  const isNew = view.id === 0;
  const { schedule, calendar } = view;
  const renamed = name.trim() !== view.name;
  const changed = text !== view.liveText || renamed;
  const rewritten = text !== view.text;
  const readable = preview?.outcome === "read";
  const unready = !changed || !readable || name.trim() === "";
  const send = (
    intent: "draft" | "discard" | "publish" | "schedule" | "unschedule" | "remove",
    more: Record<string, string> = {},
  ): void => {
    sent.current = text;
    submit({ intent, segmentId: String(view.id), name, text, ...more }, { method: "post" });
  };
  const create = (): void => send("publish", { message: CREATED });
  const keep = (): void => {
    if (isNew) create();
    else if (rewritten) send("draft");
    // A name is part of what is published, and has no draft.
    else setPublishing("now");
  };

  // The same until something of it changes, so that the header is not drawn anew for every letter.
  const latest = useRef(create);
  latest.current = create;
  const waiting = busy && publishing !== null;
  const header = useMemo(() => {
    const schedule = { content: t("Schedule"), disabled: unready, onAction: () => setPublishing("later") };
    const language = { content: t("Rule language"), url: "/app/segments/language" };
    const rare = [
      { content: t("Export"), url: `/app/segments/${view.id}/exports` },
      { content: t("Overlap"), url: overlapUrl([view.id]) },
      language,
      { content: t("Remove"), destructive: true, onAction: () => setRemoving(true) },
    ];
    return {
      title: isNew ? t("New segment") : view.name,
      backAction: { content: t("Segments"), url: "/app/segments" },
      primaryAction: {
        content: isNew ? t("Create segment") : t("Publish"),
        disabled: unready,
        loading: waiting,
        onAction: () => (isNew ? latest.current() : setPublishing("now")),
      },
      secondaryActions: isNew ? [schedule, language] : [schedule],
      actionGroups: isNew ? [] : [{ title: t("More actions"), actions: rare }],
    };
  }, [isNew, view.id, view.name, unready, waiting]);

  useEffect(() => {
    if (answered) setRemoving(false);
    const done = answered?.outcome === "published" || answered?.outcome === "unchanged";
    if (done || answered?.outcome === "scheduled") setPublishing(null);
    if (answered?.outcome === "published") setBased(answered.version);
  }, [answered]);
  // What was read anew stands here, in the one spelling in which it is kept, unless somebody went on writing.
  useEffect(() => {
    if (written.current !== sent.current) return;
    sent.current = view.text;
    setText(view.text);
    setBased(view.version);
  }, [view.text, view.version]);

  return (
    <AdminPage fullWidth {...header}>
      <BlockStack gap="400">
        <Outcome answered={answered} />
        {view.findings.length > 0 && <FindingsCard findings={view.findings} segmentId={view.id} />}
        {schedule && (
          <ScheduleBanner
            schedule={schedule}
            liveText={view.liveText ?? ""}
            onChange={() => {
              setText(schedule.text);
              if (schedule.name !== null) setName(schedule.name);
              setPublishing(schedule.review ? "now" : "later");
            }}
            onCancel={() => send("unschedule")}
          />
        )}
        {view.draft !== null && (
          <Banner
            tone="info"
            title={t("This is a draft; the live rule is another")}
            action={{
              content: t("Throw the draft away"),
              onAction: () => {
                send("discard");
                setText(view.liveText ?? "");
              },
            }}
          >
            {view.draft}
          </Banner>
        )}
        {view.fill !== null && (
          <Banner tone="info" title={t("Fill in what stands in braces")}>
            {t("It takes {what}.", { what: view.fill })}
          </Banner>
        )}
        <RuleEditor
          text={text}
          onChange={setText}
          vocabulary={view.vocabulary}
          head={
            <TextField
              label={t("Name")}
              autoComplete="off"
              maxLength={100}
              value={name}
              onChange={setName}
              {...(renamed && !isNew && { helpText: t("It is called that once this is published.") })}
            />
          }
          beside={<PreviewCard preview={preview} loading={loading} segmentId={view.id} membersUrl={view.membersUrl} />}
          last={
            <>
              {view.row && <FreshnessCard state={view.row.state} behind={view.row.behind} />}
              {view.row && <AudiencesCard segmentId={view.id} audiences={view.row.audiences} />}
              {!isNew && <AutomationsCard segmentId={view.id} automations={view.automations} />}
              {view.versions.length > 0 && <VersionsCard versions={view.versions} onRestore={setText} />}
            </>
          }
          below={<BacktestCard text={followed} segmentId={view.id} versions={view.versions} />}
        />
      </BlockStack>
      <SaveBar
        id="segment"
        changed={(rewritten || renamed) && intent !== "discard"}
        busy={busy}
        onSave={keep}
        onDiscard={() => {
          setText(view.text);
          setName(view.name);
          setBased(view.version);
        }}
      />
      {removing && view.removal && (
        <RemoveModal
          name={view.name}
          removal={view.removal}
          busy={busy}
          onClose={() => setRemoving(false)}
          onRemove={(lists, exits) => send("remove", { lists, exits })}
        />
      )}
      {publishing && (
        <PublishModal
          preview={counted}
          liveText={view.liveText}
          text={counted?.outcome === "read" ? counted.text : text}
          answered={answered}
          busy={busy}
          begun={{
            message: schedule?.message ?? (isNew ? CREATED : ""),
            moment:
              publishing === "later"
                ? (schedule?.moment ?? { begins: calendar.proposed, until: null })
                : { begins: null, until: null },
          }}
          calendar={calendar}
          onClose={() => setPublishing(null)}
          onPublish={(message, confirmed, announced, moment) =>
            send(moment.begins ? "schedule" : "publish", {
              message,
              version: String(based),
              confirmed: String(confirmed),
              ...(announced && { announced: "on" }),
              ...moment.begins,
              ...(moment.until && { untilDate: moment.until.date, untilTime: moment.until.time }),
            })
          }
        />
      )}
    </AdminPage>
  );
}

const AudiencesCard = memo(function AudiencesCard({ segmentId, audiences }: AudiencesCardProps) {
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t("Audiences")}
          </Text>
          <Button variant="plain" url={`/app/destinations?segment=${segmentId}`}>
            {audiences.length === 0 ? t("Choose a platform") : t("See destinations")}
          </Button>
        </InlineStack>
        {audiences.length === 0 ? (
          <Text as="p" tone="subdued">
            {t("Nothing is sent anywhere. At a platform its members can become an audience.")}
          </Text>
        ) : (
          <InlineStack gap="100">
            {audiences.map((audience) => (
              <StatusBadge key={audience.text} status={audience} />
            ))}
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
});

interface AudiencesCardProps {
  segmentId: number;
  audiences: readonly Status[];
}

/**
 * Counts again when typing pauses, soon after `decided` is another, and while the page is looked at every minute, or sooner where no
 * answer came.
 * @returns what was counted last, and whether it is of this very text: while somebody writes it is of what stood there before
 */
function usePreview(
  text: string,
  segmentId: number,
  decided: string,
): { preview: PreviewView | null; isOfText: boolean; loading: boolean } {
  const fetcher = useFetcher<Asked>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const [preview, setPreview] = useState<Extract<Asked, { kind: "preview" }> | null>(null);
  const isOfText = preview?.of === text;
  const counted = useRef(isOfText);
  counted.current = isOfText;
  const standing = useRef(decided);
  standing.current = decided;
  useEffect(() => {
    if (text.trim() === "") {
      setPreview(null);
      return;
    }
    let countedAt = 0;
    let countedAs = "";
    const count = (): void => {
      countedAt = Date.now();
      countedAs = standing.current;
      latest.current.submit(
        { text, segmentId: String(segmentId) },
        { method: "post", action: "/app/segments/preview" },
      );
    };
    const first = setTimeout(count, COUNT_AFTER_MS);
    const again = setInterval(() => {
      const isOld = countedAs !== standing.current || Date.now() - countedAt >= COUNT_AGAIN_MS;
      const isDue = !counted.current || isOld;
      if (isDue && document.visibilityState === "visible" && latest.current.state === "idle") count();
    }, LOOK_MS);
    return () => {
      clearTimeout(first);
      clearInterval(again);
    };
  }, [text, segmentId]);
  useEffect(() => {
    if (fetcher.data?.kind === "preview") setPreview(fetcher.data);
  }, [fetcher.data]);
  return { preview, isOfText, loading: fetcher.state !== "idle" };
}

function Outcome({ answered }: { answered: PublishAnswer | RemovalAnswer | undefined }) {
  switch (answered?.outcome) {
    case "refused":
      return <Banner tone="critical" title={answered.reason} />;
    case "published":
      return (
        <Banner tone="success" title={t("Version {number} is live", { number: answered.version })}>
          {t("Everybody is decided anew; audiences follow.")}
        </Banner>
      );
    default:
      return null;
  }
}
