import { useFetcher, useNavigation, useSubmit } from "@remix-run/react";
import { Banner, BlockStack, Card, Layout, List, Select, Text, TextField } from "@shopify/polaris";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { ContentProblem } from "../../content/explain-fault.ts";
import type { Fallbacks } from "../../content/scope.ts";
import type { BlockPreview, BlockSaved } from "../../jobs/content-admin.server.ts";
import { describeProblem } from "../../segment/language/diagnostics.ts";
import { AdminPage } from "../admin-page.tsx";
import { EditorLoading } from "../rule/editor-loading.tsx";
import { SaveBar } from "../save-bar.tsx";
import { DeleteBlockModal, PublishBlockModal } from "./block-modals.tsx";
import { BlockPreviewCard } from "./block-preview-card.tsx";
import { BlockVersionsCard } from "./block-versions-card.tsx";
import { type BlockEditorView, placeName } from "./content-view.ts";
import { FallbacksCard } from "./fallbacks-card.tsx";
import { nobody, type Viewer } from "./viewer-field.tsx";
import { t } from "../../texts/text.ts";

/** Typing pauses this long before the preview follows. */
const PREVIEW_AFTER_MS = 400;
const PLACES = ["storefront", "email"] as const;

// The code editor touches the document as soon as it is loaded, so the server never loads it.
const LiquidField = lazy(async () => ({ default: (await import("./liquid-field.tsx")).LiquidField }));

/** A block's Liquid, what it is for any customer, what stands in for what is missing, and its versions. */
export function BlockEditor({ view, answered }: { view: BlockEditorView; answered: BlockSaved | undefined }) {
  const [name, setName] = useState(view.name);
  const [handle, setHandle] = useState("");
  const [place, setPlace] = useState(view.place);
  const [source, setSource] = useState(view.source);
  const [fallbacks, setFallbacks] = useState(view.fallbacks);
  const [viewer, setViewer] = useState<Viewer>(nobody);
  // The editor is made anew when these change, and what was undone and marked in it would be gone.
  const [segmentNames] = useState(view.segmentNames);
  const [traitNames] = useState(view.traitNames);
  const [asking, setAsking] = useState<"publish" | "delete" | null>(null);
  // What is written here is written over this version; after a publication of one's own, over that.
  const [over, setOver] = useState(view.live?.number ?? 0);
  // Nothing that is loaded later may stand in the page while it becomes alive: the preview changes it meanwhile.
  const [mounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const submit = useSubmit();
  const navigation = useNavigation();
  const busy = navigation.state !== "idle" && navigation.formMethod === "POST";
  const { preview, loading } = useBlockPreview({ source, fallbacks, place, customerId: viewer.customerId });
  const problems = preview?.outcome === "shown" || preview?.outcome === "refused" ? preview.problems : NO_PROBLEMS;

  const isNew = view.id === 0;
  const written = { source, fallbacks: JSON.stringify(fallbacks) };
  const changed =
    name.trim() !== view.name || source !== view.live?.source || spelled(fallbacks) !== spelled(view.live.fallbacks);
  const send = (intent: string, more: Record<string, string> = {}): void =>
    submit({ intent, name, ...written, ...more }, { method: "post" });

  const create = (): void => send("create", { handle, place });
  // A draft keeps the name too.
  const unkept =
    name.trim() !== view.name ||
    source !== view.source ||
    spelled(fallbacks) !== spelled(view.fallbacks) ||
    handle !== "" ||
    place !== view.place;

  useEffect(() => {
    if (answered) setAsking(null);
    if (answered?.outcome === "published") setOver(answered.version);
  }, [answered]);

  return (
    <AdminPage
      title={isNew ? t("New block") : view.name}
      backAction={{ content: t("Content"), url: "/app/content" }}
      primaryAction={
        isNew
          ? {
              content: t("Create block"),
              disabled: name.trim() === "",
              loading: busy,
              onAction: create,
            }
          : { content: t("Publish"), disabled: !changed || !allWell(preview), onAction: () => setAsking("publish") }
      }
      secondaryActions={isNew ? [] : [{ content: t("Delete"), destructive: true, onAction: () => setAsking("delete") }]}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Outcome answered={answered} />
            {view.draft !== null && (
              <Banner
                tone="info"
                title={t("This is a draft; what is live is another")}
                action={{
                  content: t("Throw the draft away"),
                  onAction: () => {
                    send("discard");
                    setSource(view.live?.source ?? "");
                    setFallbacks(view.live?.fallbacks ?? {});
                  },
                }}
              >
                {view.draft}
              </Banner>
            )}
            <Card>
              <BlockStack gap="400">
                <TextField label={t("Name")} autoComplete="off" maxLength={100} value={name} onChange={setName} />
                {isNew && (
                  <>
                    <TextField
                      label={t("Handle")}
                      autoComplete="off"
                      maxLength={63}
                      value={handle}
                      onChange={setHandle}
                      placeholder={t("Made of the name")}
                      helpText={t("By which themes and other tools ask for the block. It stays.")}
                    />
                    <Select
                      label={t("Where it stands")}
                      options={PLACES.map((one) => ({ value: one, label: placeName(one) }))}
                      value={place}
                      onChange={(value) => setPlace(value === "email" ? "email" : "storefront")}
                      helpText={t("In e-mails addresses are whole, and lists of products are tables.")}
                    />
                  </>
                )}
                {mounted ? (
                  <Suspense fallback={<EditorLoading />}>
                    <LiquidField
                      value={source}
                      onChange={setSource}
                      segmentNames={segmentNames}
                      traitNames={traitNames}
                      problems={problems}
                    />
                  </Suspense>
                ) : (
                  <EditorLoading />
                )}
                <Problems problems={problems} />
                {!isNew && (
                  <Text as="p" tone="subdued" variant="bodySm" breakWord>
                    {view.place === "email"
                      ? t("E-mail block with the handle {handle}", { handle: view.handle })
                      : t("Storefront block with the handle {handle}", { handle: view.handle })}
                  </Text>
                )}
              </BlockStack>
            </Card>
            <FallbacksCard source={source} fallbacks={fallbacks} onChange={setFallbacks} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <BlockPreviewCard preview={preview} loading={loading} viewer={viewer} onViewer={setViewer} />
            {view.versions.length > 0 && (
              <BlockVersionsCard
                versions={view.versions}
                onRestore={(version) => {
                  setSource(version.source);
                  setFallbacks(version.fallbacks);
                }}
              />
            )}
          </BlockStack>
        </Layout.Section>
      </Layout>
      <SaveBar
        id="block"
        changed={unkept && navigation.formData?.get("intent") !== "discard"}
        busy={busy}
        onSave={() => (isNew ? create() : send("draft"))}
        onDiscard={() => {
          setName(view.name);
          setHandle("");
          setPlace(view.place);
          setSource(view.source);
          setFallbacks(view.fallbacks);
        }}
      />
      {asking === "publish" && (
        <PublishBlockModal
          handle={view.handle}
          busy={busy}
          onClose={() => setAsking(null)}
          onPublish={(message) => send("publish", { message, over: String(over) })}
        />
      )}
      {asking === "delete" && (
        <DeleteBlockModal
          name={view.name}
          busy={busy}
          onClose={() => setAsking(null)}
          onDelete={() => send("delete")}
        />
      )}
    </AdminPage>
  );
}

/** The same for the same values: the database keeps them in an order of its own. */
function spelled(fallbacks: Fallbacks): string {
  return JSON.stringify(Object.entries(fallbacks).toSorted());
}

const NO_PROBLEMS: readonly ContentProblem[] = [];

/** Whether what is written could be read. */
function allWell(preview: BlockPreview | null): boolean {
  return preview?.outcome === "shown" || preview?.outcome === "unknown_customer";
}

interface Previewed {
  source: string;
  fallbacks: Fallbacks;
  place: string;
  customerId: string;
}

/** Follows when typing pauses. */
function useBlockPreview({ source, fallbacks, place, customerId }: Previewed): {
  preview: BlockPreview | null;
  loading: boolean;
} {
  const fetcher = useFetcher<BlockPreview>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const kept = JSON.stringify(fallbacks);
  useEffect(() => {
    const timer = setTimeout(() => {
      const options = { method: "post", action: "/app/content/preview" } as const;
      const asked = latest.current.submit({ source, fallbacks: kept, place, customerId }, options);
      // One that is overtaken by the next ends with an error that is nobody's.
      void Promise.resolve(asked).catch(() => {});
    }, PREVIEW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [source, kept, place, customerId]);
  return { preview: fetcher.data ?? null, loading: fetcher.state !== "idle" };
}

function Problems({ problems }: { problems: readonly ContentProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <List>
      {problems.map((problem) => (
        <List.Item key={`${problem.start} ${problem.message}`}>
          <Text as="span" tone={problem.severity === "error" ? "critical" : "caution"}>
            {describeProblem(problem)}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}

function Outcome({ answered }: { answered: BlockSaved | undefined }) {
  switch (answered?.outcome) {
    case "refused":
      return <Banner tone="critical" title={answered.reason} />;
    case "published":
      return <Banner tone="success" title={t("Version {number} is live", { number: answered.version })} />;
    case "unchanged":
      return <Banner tone="info" title={t("The live version says the same already")} />;
    case "saved":
      return <Banner tone="success" title={t("The draft is saved")} />;
    default:
      return null;
  }
}
