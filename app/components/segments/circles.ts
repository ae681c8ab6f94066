/** A circle in the units of the picture. */
export interface Circle {
  x: number;
  y: number;
  r: number;
}

/** Sets as circles. Regions are told by masks: bit 2^n stands for the set with index n. */
export interface Drawing {
  /** In the order of the sets; null: nobody is in it. */
  circles: (Circle | null)[];
  /** Where to write in a region, and how far the next line is from there; regions that are too narrow are left out. */
  spots: Map<number, Spot>;
  /** The share of the whole that lies in another region than it ought to. */
  error: number;
  width: number;
  height: number;
}

interface Spot {
  x: number;
  y: number;
  room: number;
}

/** The larger side of a picture. */
const SIZE = 400;
const MARGIN = 6;
/** Points along the larger side where regions are measured: in the end, and while circles are moved about. */
const FINE = 120;
const COARSE = 50;

/**
 * Draws two or three sets as circles whose areas are as their sizes. Two overlap exactly as much as they share. Three cannot always: they
 * are put where each two overlap as they should, and then moved for as long as the seven regions come nearer to what they ought to be.
 * @param regions how many are in each region, by mask; 0 and more
 */
export function drawSets(sets: number, regions: ReadonlyMap<number, number>): Drawing | null {
  const sizes = Array.from({ length: sets }, (_, set) => sizeOf(regions, 1 << set));
  const shown = sizes.flatMap((size, set) => (size > 0 ? [set] : []));
  const largest = Math.max(...sizes);
  if (shown.length === 0) return null;
  // In units in which the largest circle has the radius 1, all sets at first.
  const radii = shown.map((set) => Math.sqrt((sizes[set] ?? 0) / largest));
  const apart = (a: number, b: number): number => {
    const [one = 0, other = 0] = [shown[a], shown[b]];
    const shared = sizeOf(regions, (1 << one) | (1 << other)) / largest;
    return distanceFor(radii[a] ?? 0, radii[b] ?? 0, shared * Math.PI);
  };
  const placed = place(radii, apart);
  const wanted = new Map<number, number>();
  for (const [mask, count] of regions) {
    if (mask === 0) continue;
    const own = shown.reduce((bits, set, index) => bits | (mask & (1 << set) ? 1 << index : 0), 0);
    wanted.set(own, (wanted.get(own) ?? 0) + count);
  }
  const circles = placed.length === 3 ? improved(placed, wanted) : placed;
  const { fitted, width, height } = fit(circles);
  const { spots, error } = measured(fitted, wanted, FINE);
  const back = (own: number): number =>
    shown.reduce((bits, set, index) => bits | (own & (1 << index) ? 1 << set : 0), 0);
  return {
    circles: sizes.map((_, set) => fitted[shown.indexOf(set)] ?? null),
    spots: new Map([...spots].map(([own, spot]) => [back(own), spot])),
    error,
    width,
    height,
  };
}

/** How many are in all of these sets, whatever else they are in. */
function sizeOf(regions: ReadonlyMap<number, number>, sets: number): number {
  return [...regions].reduce((sum, [mask, count]) => ((mask & sets) === sets ? sum + count : sum), 0);
}

/** How far apart the centres of two circles are that share an area. Those that share nothing stand a little apart. */
function distanceFor(a: number, b: number, area: number): number {
  const smaller = Math.PI * Math.min(a, b) ** 2;
  if (area <= 0) return (a + b) * 1.04;
  if (area >= smaller) return Math.abs(a - b);
  let [near, far] = [Math.abs(a - b), a + b];
  for (let step = 0; step < 50; step += 1) {
    const middle = (near + far) / 2;
    if (lens(a, b, middle) > area) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

/** The area that two circles share (https://mathworld.wolfram.com/Circle-CircleIntersection.html, equation 14). */
function lens(a: number, b: number, distance: number): number {
  if (distance >= a + b) return 0;
  if (distance <= Math.abs(a - b)) return Math.PI * Math.min(a, b) ** 2;
  const angle = (own: number, other: number): number =>
    Math.acos(Math.max(-1, Math.min(1, (distance ** 2 + own ** 2 - other ** 2) / (2 * distance * own))));
  const kite = (-distance + a + b) * (distance + a - b) * (distance - a + b) * (distance + a + b);
  return a ** 2 * angle(a, b) + b ** 2 * angle(b, a) - Math.sqrt(Math.max(0, kite)) / 2;
}

/** The first and the second beside each other, the third above or below where its distances to both meet, as far as they do. */
function place(radii: readonly number[], apart: (a: number, b: number) => number): Circle[] {
  const [a = 0, b, c] = radii;
  const circles = [{ x: 0, y: 0, r: a }];
  if (b === undefined) return circles;
  const base = apart(0, 1);
  circles.push({ x: base, y: 0, r: b });
  if (c === undefined) return circles;
  const [left, right] = [apart(0, 2), apart(1, 2)];
  const x = base === 0 ? left : (left ** 2 - right ** 2 + base ** 2) / (2 * base);
  circles.push({ x, y: Math.sqrt(Math.max(0, left ** 2 - x ** 2)), r: c });
  return circles;
}

/** Moves one circle at a time by ever smaller steps while that lessens what lies in the wrong region. */
function improved(circles: readonly Circle[], wanted: ReadonlyMap<number, number>): Circle[] {
  let best = circles.map((circle) => ({ ...circle }));
  let error = measured(best, wanted, COARSE).error;
  for (let step = 0.3; step > 0.01; step /= 2) {
    let moved = true;
    for (let round = 0; moved && round < 6; round += 1) {
      moved = false;
      for (let index = 0; index < best.length; index += 1) {
        for (const [dx, dy] of [
          [step, 0],
          [-step, 0],
          [0, step],
          [0, -step],
        ] as const) {
          const tried = best.map((circle, at) =>
            at === index ? { ...circle, x: circle.x + dx, y: circle.y + dy } : circle,
          );
          const next = measured(tried, wanted, COARSE).error;
          if (next >= error) continue;
          [best, error, moved] = [tried, next, true];
        }
      }
    }
  }
  return best;
}

function fit(circles: readonly Circle[]): { fitted: Circle[]; width: number; height: number } {
  const { left, top, width, height } = frameOf(circles);
  const scale = (SIZE - 2 * MARGIN) / Math.max(width, height);
  const fitted = circles.map(({ x, y, r }) => ({
    x: rounded((x - left) * scale + MARGIN),
    y: rounded((y - top) * scale + MARGIN),
    r: rounded(r * scale),
  }));
  return { fitted, width: rounded(width * scale + 2 * MARGIN), height: rounded(height * scale + 2 * MARGIN) };
}

function frameOf(circles: readonly Circle[]): { left: number; top: number; width: number; height: number } {
  const left = Math.min(...circles.map(({ x, r }) => x - r));
  const top = Math.min(...circles.map(({ y, r }) => y - r));
  const width = Math.max(...circles.map(({ x, r }) => x + r)) - left;
  const height = Math.max(...circles.map(({ y, r }) => y + r)) - top;
  return { left, top, width, height };
}

/** Looks at points of a grid: which region each is in, and how far it is from the nearest line. */
function measured(
  circles: readonly Circle[],
  wanted: ReadonlyMap<number, number>,
  points: number,
): { spots: Map<number, Spot>; error: number } {
  const { left, top, width, height } = frameOf(circles);
  const cell = Math.max(width, height) / points;
  const areas = new Map<number, number>();
  const spots = new Map<number, Spot>();
  for (let y = top + cell / 2; y < top + height; y += cell) {
    for (let x = left + cell / 2; x < left + width; x += cell) {
      let mask = 0;
      let room = Infinity;
      for (let index = 0; index < circles.length; index += 1) {
        const circle = circles[index];
        if (!circle) continue;
        const toLine = circle.r - Math.sqrt((x - circle.x) ** 2 + (y - circle.y) ** 2);
        if (toLine > 0) mask |= 1 << index;
        room = Math.min(room, Math.abs(toLine));
      }
      if (mask === 0) continue;
      areas.set(mask, (areas.get(mask) ?? 0) + 1);
      if (room > (spots.get(mask)?.room ?? 0)) spots.set(mask, { x, y, room });
    }
  }
  const drawn = [...areas.values()].reduce((sum, area) => sum + area, 0);
  const total = [...wanted.values()].reduce((sum, count) => sum + count, 0);
  let wrong = 0;
  for (const mask of new Set([...areas.keys(), ...wanted.keys()])) {
    wrong += Math.abs((areas.get(mask) ?? 0) / drawn - (wanted.get(mask) ?? 0) / total);
  }
  // What is missing in one region is too much in another.
  return { spots, error: wrong / 2 };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
