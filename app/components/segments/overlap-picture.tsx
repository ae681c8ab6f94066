import { Link, Text } from "@shopify/polaris";
import type { Picture } from "./overlap-view.ts";

/** Told apart by their letters and lines too, not by colour alone. */
export const SET_LOOKS = [
  { fill: "var(--p-color-bg-fill-info)", stroke: "var(--p-color-text-info)", dashes: undefined },
  { fill: "var(--p-color-bg-fill-caution)", stroke: "var(--p-color-text-caution)", dashes: "6 4" },
  { fill: "var(--p-color-bg-fill-success-secondary)", stroke: "var(--p-color-text-success)", dashes: "2 4" },
] as const;

/** Segments as circles, as large as they are and overlapping as they do; each number leads to the customers it counts. */
export function OverlapPicture({ picture }: { picture: Picture }) {
  const { width, height, circles, labels, words } = picture;
  return (
    <div style={{ position: "relative", maxWidth: "26rem", marginInline: "auto", width: "100%" }}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words} style={{ display: "block", width: "100%" }}>
        {circles.map(({ place, x, y, r }) => (
          <circle
            key={place}
            cx={x}
            cy={y}
            r={r}
            fill={SET_LOOKS[place]?.fill}
            fillOpacity="0.45"
            stroke={SET_LOOKS[place]?.stroke}
            strokeDasharray={SET_LOOKS[place]?.dashes}
            strokeWidth="2"
          />
        ))}
        {circles.map(({ place, letter, at }) => (
          <text
            key={place}
            x={at.x}
            y={at.y}
            textAnchor="middle"
            dominantBaseline="central"
            fontSize="15"
            fontWeight="650"
            fill={SET_LOOKS[place]?.stroke}
          >
            {letter}
          </text>
        ))}
      </svg>
      {labels.map(({ x, y, text, words: label, url }) => (
        <div
          key={url}
          style={{
            position: "absolute",
            left: `${(100 * x) / width}%`,
            top: `${(100 * y) / height}%`,
            transform: "translate(-50%, -50%)",
          }}
        >
          <Link url={url} accessibilityLabel={label} monochrome removeUnderline>
            <Text as="span" variant="headingSm" numeric>
              {text}
            </Text>
          </Link>
        </div>
      ))}
    </div>
  );
}
