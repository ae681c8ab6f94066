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
  items: { id: string; title: string; price: string; reason: string; image: string | null }[];
  /** Why there is nothing. */
  trouble: string | null;
}

interface Subject {
  customerId: string;
  productId: string;
}

/** What a customer, a visitor, or anybody beside a product would be shown now, with why and how sure. */
export function PreviewCard() {
  const fetcher = useFetcher<PreviewView>();
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const [viewer, setViewer] = useState<Viewer>(nobody);
  const [subject, setSubject] = useState<Subject>({ customerId: "", productId: "" });
  useEffect(() => {
    const query = new URLSearchParams({ customer: subject.customerId, product: subject.productId });
    void latest.current.load(`/app/recommendations/preview?${query}`);
  }, [subject]);
  const shown = fetcher.data;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("Preview")}
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

function Shown({ view: { title, status, sentence, items, trouble } }: { view: PreviewView }) {
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
      </BlockStack>
      {items.map((item) => (
        <Fragment key={item.id}>
          <Divider />
          <InlineStack gap="300" blockAlign="center" wrap={false}>
            <Thumbnail source={item.image ?? ImageIcon} alt="" size="small" />
            <BlockStack gap="050">
              <Text as="p" fontWeight="medium">
                {item.title}
              </Text>
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
