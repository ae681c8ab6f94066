import { useNavigate } from "@remix-run/react";
import { Bleed, BlockStack, Card, DataTable, InlineGrid, InlineStack, Link, Select, Text } from "@shopify/polaris";
import { t } from "../../texts/text.ts";
import { AdminPage } from "../admin-page.tsx";
import { NothingYet } from "../nothing-yet.tsx";
import { useComingSearch } from "../use-coming-search.ts";
import { useLiveRefresh } from "../use-live-refresh.ts";
import { OverlapPicture, SET_LOOKS } from "./overlap-picture.tsx";
import { overlapUrl, readOverlapUrl } from "./overlap-url.ts";
import type { OverlapView, RegionView } from "./overlap-view.ts";

const REFRESH_MS = 10_000;

/** Which customers two or three segments share, as a picture and counted. */
export function OverlapPage({ view }: { view: OverlapView }) {
  useLiveRefresh(REFRESH_MS);
  return (
    <AdminPage
      title={t("Overlap of segments")}
      subtitle={t("Who is in several of them, and who is in one alone. Each number leads to the customers it counts.")}
      backAction={{ content: t("Segments"), url: "/app/segments" }}
    >
      {view.chosen.length === 0 ? (
        <TooFew />
      ) : (
        <BlockStack gap="400">
          <Choice view={view} />
          <InlineGrid columns={{ xs: 1, md: 2 }} gap="400" alignItems="start">
            <Circles view={view} />
            <Regions view={view} />
          </InlineGrid>
        </BlockStack>
      )}
    </AdminPage>
  );
}

function TooFew() {
  return (
    <Card>
      <NothingYet
        heading={t("There are not two segments to compare yet")}
        action={{ content: t("Create segment"), url: "/app/segments/library" }}
        sentence={t("As soon as there are, you see here how many customers they share.")}
      />
    </Card>
  );
}

const NOBODY = "";

function Choice({ view }: { view: OverlapView }) {
  const { choices } = view;
  const coming = useComingSearch();
  const chosen = coming ? readOverlapUrl(coming) : view.chosen;
  const navigate = useNavigate();
  const labels = [t("First segment"), t("Second segment"), t("Third segment")];
  const choose = (place: number, value: string): void => {
    const next = [...chosen.slice(0, place), ...(value === NOBODY ? [] : [Number(value)]), ...chosen.slice(place + 1)];
    void navigate(overlapUrl(next), { replace: true, preventScrollReset: true });
  };
  if (choices.length < 2) return null;
  return (
    <Card>
      <InlineGrid columns={{ xs: 1, sm: choices.length > 2 ? 3 : 2 }} gap="300">
        {labels.slice(0, Math.min(3, choices.length)).map((label, place) => (
          <Select
            key={label}
            label={label}
            value={String(chosen[place] ?? NOBODY)}
            options={[
              ...(place === 2 ? [{ label: t("None|segment"), value: NOBODY }] : []),
              ...choices.map(({ id, name }) => ({
                label: name,
                value: String(id),
                disabled: chosen.includes(id) && chosen[place] !== id,
              })),
            ]}
            onChange={(value) => choose(place, value)}
          />
        ))}
      </InlineGrid>
    </Card>
  );
}

function Circles({ view: { picture, sets, caveat, outside } }: { view: OverlapView }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Picture")}
        </Text>
        {picture ? (
          <OverlapPicture picture={picture} />
        ) : (
          <Text as="p" tone="subdued">
            {t("Nobody is in any of them now.")}
          </Text>
        )}
        <BlockStack gap="100">
          {sets.map(({ id, letter, name, members, shared }, place) => (
            <InlineStack key={id} gap="200" wrap={false} blockAlign="start">
              <Swatch place={place} letter={letter} />
              <Text as="p" breakWord>
                <Link url={`/app/segments/${id}`}>{name}</Link>
                {": "}
                {shared === null ? members : `${members}, ${shared}`}
              </Text>
            </InlineStack>
          ))}
        </BlockStack>
        <Text as="p" tone="subdued">
          {caveat} {outside}
        </Text>
      </BlockStack>
    </Card>
  );
}

function Swatch({ place, letter }: { place: number; letter: string }) {
  const look = SET_LOOKS[place];
  return (
    <svg width="20" height="20" aria-hidden="true" style={{ flex: "none" }}>
      <circle
        cx="10"
        cy="10"
        r="9"
        fill={look?.fill}
        fillOpacity="0.45"
        stroke={look?.stroke}
        strokeDasharray={look?.dashes}
        strokeWidth="1.5"
      />
      <text
        x="10"
        y="10"
        textAnchor="middle"
        dominantBaseline="central"
        fontSize="11"
        fontWeight="650"
        fill={look?.stroke}
      >
        {letter}
      </text>
    </svg>
  );
}

function Regions({ view: { regions, sets } }: { view: OverlapView }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("Every combination")}
        </Text>
        <Bleed marginInline="300" marginBlockEnd="200">
          <DataTable
            columnContentTypes={["text", "numeric", "numeric"]}
            headings={[t("In which of them"), t("Customers|how many"), t("Share")]}
            rows={regions.map((region) => [
              <div key={region.url} style={{ whiteSpace: "normal", minWidth: "9rem" }}>
                <BlockStack gap="100">
                  <Link url={region.url} removeUnderline>
                    {region.words}
                  </Link>
                  <Bar region={region} letters={sets.map(({ letter }) => letter)} />
                </BlockStack>
              </div>,
              <Text key="customers" as="span" numeric>
                {region.customers}
              </Text>,
              <Text key="share" as="span" numeric>
                {region.share}
              </Text>,
            ])}
          />
        </Bleed>
      </BlockStack>
    </Card>
  );
}

/** A dot for each segment they are in, a ring for each they are not in, and a bar as long as they are many. */
function Bar({ region: { inside, length }, letters }: { region: RegionView; letters: readonly string[] }) {
  return (
    <div aria-hidden="true" style={{ display: "flex", alignItems: "center", gap: "var(--p-space-200)" }}>
      <svg width={18 * letters.length} height="16" style={{ flex: "none" }}>
        {letters.map((letter, place) => (
          <circle
            key={letter}
            cx={18 * place + 8}
            cy="8"
            r="6"
            fill={inside[place] ? SET_LOOKS[place]?.stroke : "none"}
            stroke={SET_LOOKS[place]?.stroke}
            strokeWidth="1.5"
          />
        ))}
      </svg>
      <div style={{ flex: "1" }}>
        <div
          style={{
            width: `${length}%`,
            minWidth: length > 0 ? "2px" : 0,
            height: "8px",
            borderRadius: "var(--p-border-radius-100)",
            background: "var(--p-color-bg-fill-brand)",
          }}
        />
      </div>
    </div>
  );
}
