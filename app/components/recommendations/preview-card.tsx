import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, Divider, InlineStack, Spinner, Text, Thumbnail } from "@shopify/polaris";
import { ImageIcon } from "@shopify/polaris-icons";
import { Fragment, useEffect, useRef, useState } from "react";
import { nobody, type Viewer, ViewerField } from "../content/viewer-field.tsx";
import { StatusBadge, type Status } from "../status-badge.tsx";
import { ProductField } from "./product-field.tsx";
import { t } from "../../texts/text.ts";

export interface PreviewView {
  /** What is shown to whom, in words. */
  title: string;
  status: Status | null;
  sentence: string;
  items: { id: string; title: string; price: string; reason: string; image: string | null; isNew: boolean }[];
  /** What rules that are not saved change; null where none were tried. */
  change: string | null;
  /** Why there is nothing. */
  trouble: string | null;
}

interface Subject {
  customerId: string;
  productId: string;
}

const ASK_AFTER_MS = 400;

/**
 * What a customer, a visitor, or anybody beside a product would be shown now, with why and how sure.
 * @param rules as they are typed, before they are saved; without them the saved ones count
 */
export function PreviewCard({ rules }: { rules?: object }) {
  const fetcher = useFetcher<PreviewView>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const [viewer, setViewer] = useState<Viewer>(nobody);
  const [subject, setSubject] = useState<Subject>({ customerId: "", productId: "" });
  const typed = rules === undefined ? null : JSON.stringify(rules);
  useEffect(() => {
    const query = new URLSearchParams({ customer: subject.customerId, product: subject.productId });
    if (typed !== null) query.set("rules", typed);
    const ask = (): void => {
      // What is saved, or typed on, meanwhile ends the question; the next one is asked anyway.
      void Promise.resolve(latest.current.load(`/app/recommendations/preview?${query}`)).catch(() => {});
    };
    const timer = setTimeout(ask, typed === null ? 0 : ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [subject, typed]);
  const shown = fetcher.data;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {rules === undefined ? t("Preview") : t("With these rules, before they are saved")}
          </Text>
          {fetcher.state !== "idle" && <Spinner size="small" accessibilityLabel={t("The list is being read")} />}
        </InlineStack>
        <ViewerField
          viewer={viewer}
          onViewer={(next) => {
            setViewer(next);
            setSubject({ customerId: next.customerId, productId: "" });
          }}
        />
        <ProductField
          label={t("Or beside a product")}
          onChoose={({ id }) => {
            setViewer(nobody());
            setSubject({ customerId: "", productId: id });
          }}
        />
        <div aria-live="polite">{shown && <Shown view={shown} />}</div>
        {shown && (
          <InlineStack>
            <Button onClick={() => setSubject({ ...subject })}>{t("Read again")}</Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

function Shown({ view: { title, status, sentence, items, change, trouble } }: { view: PreviewView }) {
  if (trouble !== null) return <Banner tone="info" title={trouble} />;
  return (
    <BlockStack gap="300">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm">
            {title}
          </Text>
          {status && <StatusBadge status={status} />}
        </InlineStack>
        <Text as="p" tone="subdued">
          {sentence}
        </Text>
        {change !== null && <Text as="p">{change}</Text>}
      </BlockStack>
      {items.map((item) => (
        <Fragment key={item.id}>
          <Divider />
          <InlineStack gap="300" blockAlign="center" wrap={false}>
            <Thumbnail source={item.image ?? ImageIcon} alt="" size="small" />
            <BlockStack gap="050">
              <InlineStack gap="200" blockAlign="center">
                <Text as="p" fontWeight="medium">
                  {item.title}
                </Text>
                {item.isNew && <StatusBadge status={{ tone: "info", text: t("Comes in") }} />}
              </InlineStack>
              <Text as="p" tone="subdued">
                {item.price} · {item.reason}
              </Text>
            </BlockStack>
          </InlineStack>
        </Fragment>
      ))}
    </BlockStack>
  );
}
