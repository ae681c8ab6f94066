import { Link } from "@shopify/polaris";
import { t } from "../../texts/text.ts";

/** A segment's size at the end of its last days, and now. */
export interface SizeView {
  days: { at: string; day: string; short: string; size: number; shown: string }[];
  /** How it began and ended. */
  words: string;
}

const WIDTH = 72;
const HEIGHT = 20;

export interface SizeLineProps {
  segment: string;
  line: SizeView;
  onOpen(): void;
}

/** A segment's size, drawn from nobody up to the most there were, so that little looks like little; pressed, it shows the days. */
export function SizeLine({ segment, line: { days, words }, onOpen }: SizeLineProps) {
  const most = Math.max(1, ...days.map(({ size }) => size));
  const points = days.map(({ size }, at) => {
    const x = (at / Math.max(1, days.length - 1)) * (WIDTH - 2) + 1;
    const y = HEIGHT - 1 - (size / most) * (HEIGHT - 2);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <Link onClick={onOpen} accessibilityLabel={t("{line}: show the days of {segment}", { line: words, segment })}>
      <svg width={WIDTH} height={HEIGHT} aria-hidden style={{ maxWidth: "100%", display: "block" }}>
        <title>{words}</title>
        <polyline points={points.join(" ")} fill="none" stroke="var(--p-color-text-info)" strokeWidth="1.5" />
      </svg>
    </Link>
  );
}
