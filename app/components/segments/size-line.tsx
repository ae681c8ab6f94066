import { Text } from "@shopify/polaris";

const WIDTH = 72;
const HEIGHT = 20;

export interface SizeLineProps {
  sizes: readonly number[];
  /** How it began and ended. */
  words: string;
  /** Every size in words, for whoever does not see the line. */
  daily: string;
}

/** A segment's size over its last days, drawn from nobody up to the most there were, so that little looks like little. */
export function SizeLine({ sizes, words, daily }: SizeLineProps) {
  const most = Math.max(1, ...sizes);
  const points = sizes.map((size, at) => {
    const x = (at / Math.max(1, sizes.length - 1)) * (WIDTH - 2) + 1;
    const y = HEIGHT - 1 - (size / most) * (HEIGHT - 2);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <div>
      <svg width={WIDTH} height={HEIGHT} role="img" aria-label={words} style={{ maxWidth: "100%" }}>
        <title>{words}</title>
        <polyline points={points.join(" ")} fill="none" stroke="var(--p-color-text-info)" strokeWidth="1.5" />
      </svg>
      <Text as="p" visuallyHidden>
        {daily}
      </Text>
    </div>
  );
}
